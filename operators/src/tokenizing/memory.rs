//! Numbers of tokens of pieces that were met before.

use std::fmt;

/// Longest piece that is kept, in bytes.
const LONGEST: usize = 24;
/// Pieces that are kept: one megabyte.
const PLACES: usize = 1 << 15;

/// Short pieces with their numbers of tokens. A new one takes the place of another.
#[derive(Default)]
pub(crate) struct Memory {
    entries: Vec<Entry>,
}

#[derive(Clone, Copy)]
struct Entry {
    /// Number of the tokenizer; 0 for none.
    owner: u32,
    tokens: u16,
    length: u8,
    piece: Letters,
}

/// The bytes of a piece with zeros behind them, eight to a word.
type Letters = [u64; LONGEST / 8];

const EMPTY: Entry = Entry { owner: 0, tokens: 0, length: 0, piece: [0; LONGEST / 8] };

impl Memory {
    /// The number of tokens of `piece`, by `count` if it is not known yet. `owner` stands for
    /// the tokenizer and is not 0.
    #[inline]
    pub(super) fn tokens(
        &mut self,
        owner: u32,
        piece: &str,
        count: impl FnOnce() -> Option<usize>,
    ) -> Option<usize> {
        let bytes = piece.as_bytes();
        if LONGEST < bytes.len() {
            return count();
        }
        if self.entries.is_empty() {
            self.entries.resize(PLACES, EMPTY);
        }
        let piece = letters(bytes);
        let entry = &mut self.entries[place(piece)];
        let same = usize::from(entry.length) == bytes.len() && entry.owner == owner;
        if same && entry.piece == piece {
            return Some(usize::from(entry.tokens));
        }
        let tokens = count()?;
        if let (Ok(number), Ok(length)) = (u16::try_from(tokens), u8::try_from(bytes.len())) {
            *entry = Entry { owner, tokens: number, length, piece };
        }
        Some(tokens)
    }
}

/// The words of at most [`LONGEST`] bytes; the last eight bytes are read once more and moved,
/// so that none is read by itself.
#[inline]
fn letters(bytes: &[u8]) -> Letters {
    let mut letters = [0; LONGEST / 8];
    let (eights, rest) = bytes.as_chunks::<8>();
    for (letters, eight) in letters.iter_mut().zip(eights) {
        *letters = u64::from_le_bytes(*eight);
    }
    if let Some(last) = letters.get_mut(eights.len()) {
        *last = match (bytes.last_chunk::<8>(), rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
            (Some(_), ..) if rest.is_empty() => 0,
            (Some(eight), ..) => u64::from_le_bytes(*eight) >> (64 - 8 * rest.len()),
            (_, Some(first), Some(last)) => {
                let behind = u64::from(u32::from_le_bytes(*last)) << (8 * (rest.len() - 4));
                u64::from(u32::from_le_bytes(*first)) | behind
            }
            _ => rest.iter().rev().fold(0, |all, byte| (all << 8) | u64::from(*byte)),
        };
    }
    letters
}

/// Where a piece belongs: two rounds of multiplication.
#[inline]
fn place([first, second, third]: Letters) -> usize {
    let once = (first ^ second.rotate_left(21) ^ third.rotate_left(43))
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((once ^ (once >> 32)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) as usize % PLACES
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_counted_once_for_each_tokenizer() {
        let mut memory = Memory::default();
        assert_eq!(memory.tokens(1, "tide", || Some(2)), Some(2));
        assert_eq!(memory.tokens(1, "tide", || None), Some(2));
        assert_eq!(memory.tokens(2, "tide", || Some(3)), Some(3));
        assert_eq!(memory.tokens(1, "tides", || None), None);
    }

    #[test]
    fn pieces_of_every_length_are_told_apart() {
        let text = "the tide went out before dawn";
        for length in 0..=LONGEST {
            let mut expected = [0; LONGEST];
            expected[..length].copy_from_slice(&text.as_bytes()[..length]);
            let (words, _) = expected.as_chunks::<8>();
            let words: Vec<u64> = words.iter().map(|word| u64::from_le_bytes(*word)).collect();
            assert_eq!(letters(&text.as_bytes()[..length]).as_slice(), words);
        }
        let mut memory = Memory::default();
        assert_eq!(memory.tokens(1, "a", || Some(1)), Some(1));
        assert_eq!(memory.tokens(1, "a\0", || Some(2)), Some(2));
    }

    #[test]
    fn pieces_that_are_not_kept_are_counted_each_time() {
        let mut memory = Memory::default();
        let long = "ebb and flow, ".repeat(3);
        assert_eq!(memory.tokens(1, &long, || Some(9)), Some(9));
        assert_eq!(memory.tokens(1, &long, || Some(8)), Some(8));
        assert_eq!(memory.tokens(1, "ebb", || Some(100_000)), Some(100_000));
        assert_eq!(memory.tokens(1, "ebb", || Some(1)), Some(1));
    }
}
