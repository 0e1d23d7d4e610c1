//! How code is told from prose, whatever language either is in: by the shape of a text, which
//! is its signs and its white space, and of words only how they are spelt.
//!
//! `total += row.len()` is a word, a space, `+=`, a word that `.` touches, and a call. One to
//! three such things in a row are looked up in a small table that was learnt from programs and
//! manuals; the mean of what they say is the logarithm of the odds that a text is code.

use std::ops::Range;

use super::lanes::{CASE, HIGH, first, letters, until};

/// Numbers of a table.
pub const SLOTS: usize = 1 << SLOT_BITS;
/// Bytes of a table: two numbers, then one byte for each slot.
pub const SIZE: usize = 8 + SLOTS;
const SLOT_BITS: u32 = 14;
/// Longest runs of things that are looked up together.
const LONGEST: usize = 3;

/// What a thing is: a sign of ASCII as it is, or one of these.
mod thing {
    pub(super) const LETTER: u8 = b'x';
    pub(super) const CAPITAL: u8 = b'X';
    pub(super) const WORD: u8 = b'a';
    pub(super) const NAME: u8 = b'A';
    pub(super) const CAPITALS: u8 = b'B';
    pub(super) const MIXED: u8 = b'M';
    pub(super) const NUMBER: u8 = b'0';
    pub(super) const FEED: u8 = b'\n';
    pub(super) const FOREIGN: u8 = 1;
    pub(super) const START: u8 = 2;
}

/// What stands before a thing.
mod gap {
    pub(super) const NONE: u8 = 0;
    pub(super) const SPACE: u8 = 1;
    pub(super) const SPACES: u8 = 2;
    /// One and more of an indent: below 4, below 8, deeper.
    pub(super) const INDENT: u8 = 3;
}

/// What the shapes of a text say, before the mean is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shape {
    sum: i64,
    count: u32,
}

impl Shape {
    /// Adds what another text says.
    pub fn add(&mut self, other: Self) {
        self.sum += other.sum;
        self.count += other.count;
    }
}

/// A table of what shapes say.
#[derive(Debug)]
pub struct Shapes<'b> {
    /// From the mean of its numbers to the logarithm of odds.
    scale: f64,
    bias: f64,
    weights: &'b [u8; SLOTS],
}

impl<'b> Shapes<'b> {
    /// Reads a table, which the last [`SIZE`] bytes of a model are; `None` if there are fewer.
    #[must_use]
    pub fn split(bytes: &'b [u8]) -> Option<(&'b [u8], Self)> {
        let (rest, own) = bytes.split_last_chunk::<SIZE>()?;
        let (head, weights) = own.split_first_chunk::<8>()?;
        let (scale, bias) = head.split_first_chunk::<4>()?;
        let number = |bytes: &[u8; 4]| f64::from(f32::from_le_bytes(*bytes));
        let (scale, bias) = (number(scale), number(bias.first_chunk()?));
        Some((rest, Self { scale, bias, weights: weights.first_chunk()? }))
    }

    /// What the shapes of `text` say.
    #[must_use]
    pub fn of(&self, text: &str) -> Shape {
        let mut shape = Shape::default();
        shapes(text, |slot, _| {
            shape.sum += i64::from(self.weights[slot & (SLOTS - 1)].cast_signed());
            shape.count += 1;
        });
        shape
    }

    /// Logarithm of the odds that a text with this shape is code.
    #[must_use]
    pub fn odds(&self, shape: Shape) -> f64 {
        self.bias + self.scale * shape.sum as f64 / f64::from(shape.count.max(1))
    }

    /// What each run of `text` says for code, in order, before the mean is taken.
    pub fn contributions(&self, text: &str, mut each: impl FnMut(Range<usize>, f64)) {
        shapes(text, |slot, range| {
            each(range, self.scale * f64::from(self.weights[slot].cast_signed()));
        });
    }
}

/// Calls `each` with the slot and the bytes of every run of one to three things in `text`.
#[inline]
pub fn shapes(text: &str, mut each: impl FnMut(usize, Range<usize>)) {
    let mut reader = Reader { window: 0, starts: [0; LONGEST], known: 0, each: &mut each };
    reader.take(thing::START, gap::NONE, 0..0);
    let bytes = text.as_bytes();
    let (mut at, mut gap) = (0, gap::NONE);
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        let what = match byte {
            b'\n' => {
                at += 1;
                reader.take(thing::FEED, gap::NONE, start..at);
                (at, gap) = indent(bytes, at);
                continue;
            }
            b' ' | b'\t' | b'\r' => {
                while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\r')) {
                    at += 1;
                }
                gap = if at - start == 1 && byte == b' ' { gap::SPACE } else { gap::SPACES };
                continue;
            }
            b'0'..=b'9' => {
                while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                    at += 1;
                }
                thing::NUMBER
            }
            0..0x80 if !byte.is_ascii_alphabetic() => {
                at += 1;
                byte
            }
            _ => word(text, &mut at),
        };
        reader.take(what, gap, start..at);
        gap = gap::NONE;
    }
    if bytes.last() != Some(&b'\n') {
        reader.take(thing::FEED, gap::NONE, at..at);
    }
}

/// Where the indent that begins at `at` ends, and how deep it is; a tabulator counts four.
#[inline]
fn indent(bytes: &[u8], mut at: usize) -> (usize, u8) {
    let mut depth = 0;
    while let Some(blank @ (b' ' | b'\t' | b'\r')) = bytes.get(at) {
        depth += if *blank == b'\t' { 4 } else { 1 };
        at += 1;
    }
    let gap = match depth {
        0 => gap::NONE,
        1..4 => gap::INDENT,
        4..8 => gap::INDENT + 1,
        _ => gap::INDENT + 2,
    };
    (at, gap)
}

/// Reads the word at `at`, apostrophes inside it included, or a character that is no letter.
#[inline]
fn word(text: &str, at: &mut usize) -> u8 {
    let bytes = text.as_bytes();
    if let Some((thing, length)) = plain_word(&bytes[*at..]) {
        *at += length;
        return thing;
    }
    let mut spelt = Spelt::default();
    loop {
        let start = *at;
        let letters = bytes[start..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        *at += letters;
        let capitals = bytes[start..*at].iter().filter(|byte| **byte < b'a').count();
        if 0 < letters {
            spelt.add(bytes[start] < b'a', capitals, letters - capitals);
        }
        match bytes.get(*at) {
            Some(b'\'') if bytes.get(*at + 1).is_some_and(u8::is_ascii_alphabetic) => *at += 1,
            Some(0x80..) => match foreign(&text[*at..], spelt.is_empty()) {
                Foreign::Letter { capital, length } => {
                    spelt.add(capital, usize::from(capital), usize::from(!capital));
                    *at += length;
                }
                Foreign::Inside { length } => *at += length,
                Foreign::Alone { length } => {
                    *at += length;
                    return thing::FOREIGN;
                }
                Foreign::End => break,
            },
            _ => break,
        }
    }
    spelt.thing()
}

/// Reads a word of up to fifteen letters of ASCII with nothing behind it that may belong to it.
#[inline]
fn plain_word(bytes: &[u8]) -> Option<(u8, usize)> {
    let sixteen = first(bytes);
    let (own, bits) = until(!letters(sixteen) & HIGH)?;
    let next = (sixteen >> bits) & 0xff;
    if own == 0 || next == u128::from(b'\'') || 0x7f < next {
        return None;
    }
    let (cases, capitals) = (CASE & own, !sixteen & CASE & own);
    let thing = match capitals {
        0 if bits == 8 => thing::LETTER,
        0 => thing::WORD,
        _ if bits == 8 => thing::CAPITAL,
        _ if capitals == cases => thing::CAPITALS,
        0x20 => thing::NAME,
        _ => thing::MIXED,
    };
    Some((thing, bits / 8))
}

/// What a character beyond ASCII is to a word.
enum Foreign {
    Letter {
        capital: bool,
        length: usize,
    },
    /// An apostrophe before a letter.
    Inside {
        length: usize,
    },
    /// No letter, where no word is.
    Alone {
        length: usize,
    },
    End,
}

#[inline]
fn foreign(rest: &str, first: bool) -> Foreign {
    let mut characters = rest.chars();
    let Some(character) = characters.next() else { return Foreign::End };
    let length = character.len_utf8();
    if character.is_alphabetic() {
        return Foreign::Letter { capital: character.is_uppercase(), length };
    }
    match character {
        _ if first => Foreign::Alone { length },
        '’' if characters.next().is_some_and(char::is_alphabetic) => Foreign::Inside { length },
        _ => Foreign::End,
    }
}

/// How a word is spelt.
#[derive(Default)]
struct Spelt {
    first_is_capital: bool,
    capitals: usize,
    others: usize,
}

impl Spelt {
    fn is_empty(&self) -> bool {
        self.capitals + self.others == 0
    }

    #[inline]
    fn add(&mut self, first_is_capital: bool, capitals: usize, others: usize) {
        self.first_is_capital |= first_is_capital && self.is_empty();
        self.capitals += capitals;
        self.others += others;
    }

    #[inline]
    fn thing(&self) -> u8 {
        match (self.capitals, self.others) {
            (0, 1) => thing::LETTER,
            (1, 0) => thing::CAPITAL,
            (0, _) => thing::WORD,
            (1, _) if self.first_is_capital => thing::NAME,
            (_, 0) => thing::CAPITALS,
            _ => thing::MIXED,
        }
    }
}

struct Reader<'e, E> {
    /// The last things, sixteen bits each.
    window: u64,
    /// Where they begin, the last one first.
    starts: [usize; LONGEST],
    /// How many there were.
    known: usize,
    each: &'e mut E,
}

impl<E: FnMut(usize, Range<usize>)> Reader<'_, E> {
    #[inline]
    fn take(&mut self, what: u8, gap: u8, range: Range<usize>) {
        self.window = (self.window << 16) | u64::from(gap) << 8 | u64::from(what);
        self.starts = [range.start, self.starts[0], self.starts[1]];
        self.known += 1;
        let [first, second, third] = self.starts;
        (self.each)(slot(self.window & 0xffff, 0), first..range.end);
        if 1 < self.known {
            (self.each)(slot(self.window & 0xffff_ffff, 1), second..range.end);
        }
        if 2 < self.known {
            (self.each)(slot(self.window & 0xffff_ffff_ffff, 2), third..range.end);
        }
    }
}

/// Where a run of `length + 1` things belongs.
#[inline]
fn slot(run: u64, length: usize) -> usize {
    let salted = (run ^ (length as u64) << 56).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (salted ^ (salted >> 32)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (mixed >> (64 - SLOT_BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(text: &str) -> Vec<usize> {
        let mut found = Vec::new();
        shapes(text, |slot, _| found.push(slot));
        found
    }

    #[test]
    fn which_words_and_numbers_stand_there_does_not_matter() {
        assert_eq!(slots("The tide's 12 boats."), slots("Die see'n 9 schiffe."));
        assert_eq!(slots("L’été, 潮水."), slots("Rock, off."));
        for (one, other) in [
            ("a b", "ab"),
            ("Ab", "AB"),
            ("aB", "Ab"),
            ("a.b", "a. b"),
            ("a\nb", "a\n  b"),
            ("a  b", "a b"),
            ("é", "ét"),
        ] {
            assert_ne!(slots(one), slots(other), "{one:?} {other:?}");
        }
    }

    #[test]
    fn runs_cover_what_they_were_read_from() {
        let text = "Où: f(x)\n\t’a’";
        let mut covered = Vec::new();
        shapes(text, |_, range| covered.push(&text[range]));
        for run in ["Où", ":", "f(x", "(x)", "\n\t’", "a’"] {
            assert!(covered.contains(&run), "{run:?} in {covered:?}");
        }
    }

    #[test]
    fn the_mean_of_a_table_is_what_is_said() {
        let mut bytes = b"rest".to_vec();
        bytes.extend(0.5_f32.to_le_bytes());
        bytes.extend((-1.0_f32).to_le_bytes());
        bytes.extend([4; SLOTS]);
        let (rest, table) = Shapes::split(&bytes).unwrap();
        assert_eq!(rest, b"rest");
        let mut shape = table.of("a b");
        assert!((table.odds(shape) - 1.0).abs() < 1e-9);
        shape.add(table.of("The tide went out."));
        assert!((table.odds(shape) - 1.0).abs() < 1e-9);
        assert!((table.odds(Shape::default()) + 1.0).abs() < 1e-9);
        assert!(Shapes::split(&bytes[5..]).is_none());
    }
}
