//! Words and runs of signs that were met before, with what their grams say together: a text
//! repeats most of them, and a corpus nearly all.

use std::fmt;

use super::{
    grams::{EDGE, LINE, TOUCH},
    lanes::{CASE, HIGH, between, first, letters, until},
    table::DIMS,
};

/// Runs that are kept: some 400 kB.
const PLACES: usize = 1 << 12;
/// Runs whose sums fit sixteen bits together: a word of fifteen letters has fewer than 64
/// grams, of which each has numbers up to fifteen; signs have fewer.
pub(super) const MOST_RUNS: usize = 64;
/// Most signs of a run, which leave room for what tells runs apart.
const MOST_SIGNS: usize = 12;

/// What stands in the last byte of signs, where words have 0.
const SIGNS: u8 = 1;
/// A word beside signs that are asked about.
pub(super) const FILLER: u8 = b'a';

/// A run of characters of ASCII that nothing goes on with: a word of up to fifteen letters
/// without a capital behind a small letter, or up to twelve signs with what touches them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Whole {
    /// Letters in lower case, or signs with every digit as one, the first in the lowest byte;
    /// then zeros. Behind signs their number, what stands before and behind them, and
    /// [`SIGNS`].
    key: u128,
    pub(super) length: usize,
}

impl Whole {
    /// Nothing.
    pub(super) const NONE: Self = Self { key: 0, length: 0 };

    /// The word that begins with `text`, if it is whole.
    #[inline]
    pub(super) fn word(text: &[u8]) -> Option<Self> {
        let bytes = first(text);
        let (own, bits) = until(!letters(bytes) & HIGH)?;
        let next = (bytes >> bits) & 0xff;
        let goes_on = next == u128::from(b'\'') || 0x7f < next;
        let small = bytes & CASE & own;
        let capitals = !bytes & CASE & own;
        let mixed = small != 0 && capitals >> small.trailing_zeros() != 0;
        if own == 0 || mixed || goes_on {
            return None;
        }
        Some(Self { key: (bytes | CASE) & own, length: bits / 8 })
    }

    /// The signs that begin with `text`, if they are whole; `before` is what touches them.
    #[inline]
    pub(super) fn signs(text: &[u8], before: u64) -> Option<Self> {
        let bytes = first(text);
        let letters = letters(bytes);
        let low = bytes & !HIGH;
        let spaces = between(low, b' ', b' ') | between(low, b'\t', b'\r');
        let mut others = (letters | spaces | bytes) & HIGH;
        if text.len() < 16 {
            // There are zeros behind the text.
            others |= HIGH << (8 * text.len());
        }
        let (own, bits) = until(others)?;
        let length = bits / 8;
        let next = match text.get(length) {
            None | Some(b'\n') => LINE,
            Some(byte) if byte.is_ascii_alphabetic() => TOUCH,
            Some(byte) if byte.is_ascii() => EDGE,
            Some(_) => return None,
        };
        // An apostrophe may join letters.
        let joins = before == TOUCH && bytes & 0xff == u128::from(b'\'');
        if length == 0 || MOST_SIGNS < length || joins {
            return None;
        }
        // All digits are one.
        let digits = between(low, b'0', b'9') >> 7;
        let signs = bytes & own & !(digits * 0x0f);
        let ends = u128::from(before) << 104 | u128::from(next) << 112;
        let key = signs | (length as u128) << 96 | ends | u128::from(SIGNS) << 120;
        Some(Self { key, length })
    }

    /// A text that has its grams, how long it is, and those of [`FILLER`] so many times.
    pub(super) fn example(self) -> ([u8; 16], usize, u8) {
        let bytes = self.key.to_le_bytes();
        if bytes[15] != SIGNS {
            return (bytes, self.length, 0);
        }
        let [before, next] = [bytes[13], bytes[14]].map(u64::from);
        let opens: &[u8] = match before {
            LINE => &[],
            EDGE => &[FILLER, b' '],
            _ => &[FILLER],
        };
        let closes: &[u8] = match next {
            LINE => &[],
            EDGE => b" ",
            _ => &[FILLER],
        };
        let mut text = [0; 16];
        let mut length = 0;
        for part in [opens, &bytes[..self.length], closes] {
            text[length..length + part.len()].copy_from_slice(part);
            length += part.len();
        }
        (text, length, u8::from(before != LINE) + u8::from(next == TOUCH))
    }

    fn place(self) -> usize {
        #[expect(clippy::cast_possible_truncation, reason = "one half after the other")]
        let (low, high) = (self.key as u64, (self.key >> 64) as u64);
        let mixed = (low ^ high.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 40) as usize % PLACES
    }
}

/// What the grams of a run say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said {
    /// Sums of the numbers of known grams.
    pub(super) sums: [u16; DIMS],
    /// Grams that the model knows.
    pub(super) known: u8,
    /// All grams.
    pub(super) seen: u8,
}

impl Said {
    /// Takes away `times` what something else says.
    pub(super) fn take_away(&mut self, other: &Self, times: u8) {
        for (sum, other) in self.sums.iter_mut().zip(other.sums) {
            *sum -= other * u16::from(times);
        }
        self.known -= other.known * times;
        self.seen -= other.seen * times;
    }
}

/// Runs with what they say. A new one takes the place of another.
#[derive(Default)]
pub(crate) struct Familiar {
    /// Number of the table that all of them were looked up in.
    owner: u32,
    entries: Vec<(u128, Said)>,
}

impl Familiar {
    /// Makes ready for the table of this number, which is not 0.
    pub(super) fn prepare(&mut self, owner: u32) {
        if self.owner != owner {
            self.owner = owner;
            self.entries.clear();
            self.entries.resize(PLACES, (0, Said { sums: [0; DIMS], known: 0, seen: 0 }));
        }
    }

    /// What `run` says, by `ask` if it was not met before.
    #[inline]
    pub(super) fn said(&mut self, run: Whole, ask: impl FnOnce() -> Said) -> Option<&Said> {
        let (known, said) = self.entries.get_mut(run.place())?;
        if *known != run.key {
            *said = ask();
            *known = run.key;
        }
        Some(said)
    }
}

impl fmt::Debug for Familiar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Familiar")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Option<String> {
        let word = Whole::word(text.as_bytes())?;
        let (bytes, length, fillers) = word.example();
        assert_eq!((length, fillers), (word.length, 0));
        Some(String::from_utf8(bytes[..length].to_vec()).unwrap())
    }

    #[test]
    fn words_are_whole_if_nothing_goes_on_with_them() {
        for text in ["Tide", "Tide.", "TIDE and ebb, ebb and tide", "tide\n", "tide(", "tide9{~`@["]
        {
            assert_eq!(word(text).as_deref(), Some("tide"), "{text}");
        }
        for text in ["", " tide", "9", "tide's", "tide’s", "naïve", "getName", "@", "[", "`", "{"]
        {
            assert_eq!(word(text), None, "{text}");
        }
    }

    #[test]
    fn long_runs_are_not_whole() {
        for length in 1..40 {
            let letters = "z".repeat(length);
            let expected = (length < 16).then(|| letters.clone());
            assert_eq!(word(&letters), expected);
            assert_eq!(word(&format!("{letters} and the rest of the text")), expected);
            let signs = "-".repeat(length);
            let expected = (length <= MOST_SIGNS).then_some(length);
            for text in [signs.clone(), format!("{signs} and the rest of the text")] {
                let run = Whole::signs(text.as_bytes(), EDGE);
                assert_eq!(run.map(|run| run.length), expected);
            }
        }
    }

    #[test]
    fn every_byte_of_ascii_is_a_letter_a_sign_or_white_space() {
        for byte in 0..128_u8 {
            let text = [byte, b' '];
            let is_letter = byte.is_ascii_alphabetic();
            let is_space = matches!(byte, b' ' | b'\t'..=b'\r');
            assert_eq!(Whole::word(&text).is_some(), is_letter, "{byte}");
            assert_eq!(Whole::signs(&text, EDGE).is_some(), !is_letter && !is_space, "{byte}");
            assert_eq!(Whole::signs(&[byte], EDGE).is_some(), !is_letter && !is_space, "{byte}");
        }
    }

    #[test]
    fn signs_differ_by_what_touches_them() {
        let example = |text: &str, before| {
            let (bytes, length, fillers) = Whole::signs(text.as_bytes(), before).unwrap().example();
            (String::from_utf8(bytes[..length].to_vec()).unwrap(), fillers)
        };
        assert_eq!(example(", and", TOUCH), ("a, ".to_owned(), 1));
        assert_eq!(example("(9", EDGE), ("a (0".to_owned(), 1));
        assert_eq!(example("1.5\tm", LINE), ("0.0 ".to_owned(), 0));
        assert_eq!(example("-x", TOUCH), ("a-a".to_owned(), 2));
        assert_eq!(example(";\n", TOUCH), ("a;".to_owned(), 1));
        assert_eq!(Whole::signs("'s".as_bytes(), TOUCH), None);
        assert_eq!(Whole::signs(",”".as_bytes(), TOUCH), None);
    }

    #[test]
    fn what_was_met_before_is_not_asked_again_by_the_same_table() {
        let word = Whole::word(b"tide").unwrap();
        let said = |known| Said { sums: [0; DIMS], known, seen: 0 };
        let mut familiar = Familiar::default();
        familiar.prepare(1);
        assert_eq!(familiar.said(word, || said(3)), Some(&said(3)));
        assert_eq!(familiar.said(word, || said(4)), Some(&said(3)));
        familiar.prepare(2);
        assert_eq!(familiar.said(word, || said(5)), Some(&said(5)));
    }
}
