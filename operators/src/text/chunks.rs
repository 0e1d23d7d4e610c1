//! Finding what stands between white space, 64 bytes at a time.

use std::ops::Range;

use super::scan;

pub(super) const LETTER: u8 = 1;
pub(super) const DIGIT: u8 = 2;
/// Letter or digit.
pub(super) const PLAIN: u8 = 4;
/// Joins letters: `'` `.` `:`, and no others in ASCII.
pub(super) const MID_LETTER: u8 = 8;
/// Joins digits: `'` `.` `,` `;`.
pub(super) const MID_NUMBER: u8 = 16;
/// `_` joins letters, digits and itself.
pub(super) const EXTEND: u8 = 32;
/// White space.
pub(super) const SPACE: u8 = 64;
/// Part of a character beyond ASCII.
pub(super) const WIDE: u8 = 128;

pub(super) const CLASS: [u8; 256] = {
    let mut table = [WIDE; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => LETTER | PLAIN,
            b'0'..=b'9' => DIGIT | PLAIN,
            b'\'' | b'.' => MID_LETTER | MID_NUMBER,
            b':' => MID_LETTER,
            b',' | b';' => MID_NUMBER,
            b'_' => EXTEND,
            b' ' | b'\t'..=b'\r' => SPACE,
            _ => 0,
        };
        byte += 1;
    }
    table
};

/// What is known of a chunk.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    /// Whether it has characters beyond ASCII.
    pub(super) wide: bool,
    /// Whether it has a letter of ASCII.
    pub(super) letter: bool,
    /// Of a chunk of up to 64 bytes.
    pub(super) stretches: Option<Stretches>,
}

/// Which bytes of a chunk are of some class, the first as the lowest bit.
#[derive(Clone, Copy)]
pub(super) struct Stretches {
    pub(super) letter: u64,
    /// Letters, digits and `_`.
    pub(super) word: u64,
    /// Letters and digits.
    pub(super) plain: u64,
}

/// Calls `each` with the place of everything between ASCII white space.
#[inline(always)]
#[expect(clippy::inline_always, reason = "called for every word")]
pub(super) fn chunks(text: &str, mut each: impl FnMut(Range<usize>, Seen)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let block = Block::of(&bytes[at..]);
        let mut from = block.space.trailing_ones();
        loop {
            let spaces = block.space & u64::MAX.unbounded_shl(from);
            let (chunk, seen) = if spaces != 0 {
                let (start, end) = (from, spaces.trailing_zeros());
                from = (!block.space & u64::MAX.unbounded_shl(end)).trailing_zeros();
                (at + start as usize..at + end as usize, block.seen(start, end))
            } else if from == 0 {
                // The block lies within a longer chunk.
                let (chunk, seen) = long_chunk(bytes, at);
                (at, from) = (chunk.end - 64, 64);
                (chunk, seen)
            } else {
                break;
            };
            each(chunk, seen);
        }
        // A chunk that the block cuts is seen again, from its start.
        at += from as usize;
    }
}

/// The chunk that starts at `at` and is longer than a block.
#[cold]
fn long_chunk(bytes: &[u8], at: usize) -> (Range<usize>, Seen) {
    let class = |byte: &u8| CLASS[usize::from(*byte)];
    let length = bytes[at..].iter().position(|byte| class(byte) & SPACE != 0);
    let chunk = at..length.map_or(bytes.len(), |length| at + length);
    let any = bytes[chunk.clone()].iter().fold(0, |any, byte| any | class(byte));
    (chunk, Seen { wide: any & WIDE != 0, letter: any & LETTER != 0, stretches: None })
}

/// Which of 64 bytes are of some class, the first as the lowest bit.
struct Block {
    space: u64,
    letter: u64,
    /// Letters and digits.
    plain: u64,
    /// Letters, digits and `_`.
    word: u64,
    wide: u64,
}

impl Block {
    /// The first 64 of `bytes`, or all of them with spaces behind.
    #[inline]
    fn of(bytes: &[u8]) -> Self {
        match bytes.first_chunk() {
            Some(block) => Self::new(block),
            None => {
                let mut padded = [b' '; 64];
                padded[..bytes.len()].copy_from_slice(bytes);
                Self::new(&padded)
            }
        }
    }

    #[inline]
    fn new(block: &[u8; 64]) -> Self {
        let letter = mask(block, |byte| (byte | 32).wrapping_sub(b'a') < 26);
        let plain = letter | mask(block, |byte| byte.wrapping_sub(b'0') < 10);
        Self {
            space: mask(block, |byte| (byte == b' ') | (byte.wrapping_sub(b'\t') < 5)),
            letter,
            plain,
            word: plain | mask(block, |byte| byte == b'_'),
            wide: if block.is_ascii() { 0 } else { mask(block, |byte| 128 <= byte) },
        }
    }

    /// What is known of the chunk from place `from` to place `end`.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "called for every word")]
    fn seen(&self, from: u32, end: u32) -> Seen {
        let range = ((1 << (end - from)) - 1) << from;
        let part = |mask: u64| (mask & range) >> from;
        let stretches =
            Stretches { letter: part(self.letter), word: part(self.word), plain: part(self.plain) };
        Seen {
            wide: self.wide & range != 0,
            letter: stretches.letter != 0,
            stretches: Some(stretches),
        }
    }
}

/// The bytes for which `wanted` is true; as a function of its own for every `wanted`, it
/// is vectorised even where it is not inlined.
#[inline]
fn mask(block: &[u8; 64], wanted: impl Fn(u8) -> bool) -> u64 {
    scan::mask(|i| wanted(block[i]))
}
