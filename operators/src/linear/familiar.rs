//! Words that were met before, with what their grams say together: a text repeats most of
//! its words, and a corpus nearly all.

use std::fmt;

use super::table::DIMS;

/// Words that are kept: some 400 kB.
const PLACES: usize = 1 << 12;
/// Words whose sums fit sixteen bits together: one of fifteen letters has fewer than 64 grams,
/// of which each has numbers up to fifteen.
pub(super) const MOST_WORDS: usize = 64;

/// The lowest bit of each byte.
const ONES: u128 = u128::MAX / 0xff;
/// What tells the cases of a letter of ASCII apart.
const CASE: u128 = ONES * 0x20;
/// The highest bit of each byte.
const HIGH: u128 = ONES * 0x80;

/// A word of up to fifteen letters of ASCII that nothing else goes on with and that has no
/// capital behind a small letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PlainWord {
    /// Its letters in lower case, the first in the lowest byte; the rest is 0.
    letters: u128,
    pub(super) length: usize,
}

impl PlainWord {
    /// No word.
    pub(super) const NONE: Self = Self { letters: 0, length: 0 };

    /// The word that begins with `text`, if it is a plain one.
    #[inline]
    pub(super) fn at_start(text: &[u8]) -> Option<Self> {
        let bytes = match text.first_chunk() {
            Some(bytes) => u128::from_le_bytes(*bytes),
            None => text.iter().rev().fold(0, |all, byte| (all << 8) | u128::from(*byte)),
        };
        let folded = bytes & !HIGH | CASE;
        let from_a = folded + ONES * (0x80 - u128::from(b'a'));
        let beyond_z = folded + ONES * (0x7f - u128::from(b'z'));
        let letters = from_a & !beyond_z & !bytes & HIGH;
        let bits = (letters ^ HIGH).trailing_zeros() & !7;
        let own = 1_u128.checked_shl(bits)?.wrapping_sub(1);
        let small = bytes & CASE & own;
        let capitals = !bytes & CASE & own;
        let mixed = small != 0 && capitals >> small.trailing_zeros() != 0;
        let next = (bytes >> bits) & 0xff;
        let goes_on = next == u128::from(b'\'') || 0x7f < next;
        if own == 0 || mixed || goes_on {
            return None;
        }
        Some(Self { letters: (bytes | CASE) & own, length: bits as usize / 8 })
    }

    /// Its letters in lower case, and zeros behind them.
    pub(super) fn bytes(self) -> [u8; 16] {
        self.letters.to_le_bytes()
    }

    fn place(self) -> usize {
        #[expect(clippy::cast_possible_truncation, reason = "one half after the other")]
        let (low, high) = (self.letters as u64, (self.letters >> 64) as u64);
        let mixed = (low ^ high.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 40) as usize % PLACES
    }
}

/// What the grams of a word say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said {
    /// Sums of the numbers of known grams.
    pub(super) sums: [u16; DIMS],
    /// Grams that the model knows.
    pub(super) known: u8,
    /// All grams.
    pub(super) seen: u8,
}

/// Words with what they say. A new one takes the place of another.
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

    /// What `word` says, by `ask` if it was not met before.
    #[inline]
    pub(super) fn said(&mut self, word: PlainWord, ask: impl FnOnce() -> Said) -> Option<&Said> {
        let (known, said) = self.entries.get_mut(word.place())?;
        if *known != word.letters {
            *said = ask();
            *known = word.letters;
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

    fn plain(text: &str) -> Option<String> {
        let word = PlainWord::at_start(text.as_bytes())?;
        Some(String::from_utf8(word.bytes()[..word.length].to_vec()).unwrap())
    }

    #[test]
    fn words_are_plain_if_nothing_goes_on_with_them() {
        for text in ["Tide", "Tide.", "TIDE and ebb, ebb and tide", "tide\n", "tide(", "tide9{~`@["]
        {
            assert_eq!(plain(text).as_deref(), Some("tide"), "{text}");
        }
        for text in ["", " tide", "9", "tide's", "tide’s", "naïve", "getName", "@", "[", "`", "{"]
        {
            assert_eq!(plain(text), None, "{text}");
        }
    }

    #[test]
    fn long_words_are_not_plain() {
        for length in 1..40 {
            let word = "z".repeat(length);
            let expected = (length < 16).then(|| word.clone());
            assert_eq!(plain(&word), expected);
            assert_eq!(plain(&format!("{word} and the rest of the text")), expected);
        }
    }

    #[test]
    fn every_byte_of_ascii_is_a_letter_or_none() {
        for byte in 0..128_u8 {
            let text = [byte, b' '];
            let found = PlainWord::at_start(&text).is_some();
            assert_eq!(found, byte.is_ascii_alphabetic(), "{byte}");
        }
    }

    #[test]
    fn what_was_met_before_is_not_asked_again_by_the_same_table() {
        let word = PlainWord::at_start(b"tide").unwrap();
        let said = |known| Said { sums: [0; DIMS], known, seen: 0 };
        let mut familiar = Familiar::default();
        familiar.prepare(1);
        assert_eq!(familiar.said(word, || said(3)), Some(&said(3)));
        assert_eq!(familiar.said(word, || said(4)), Some(&said(3)));
        familiar.prepare(2);
        assert_eq!(familiar.said(word, || said(5)), Some(&said(5)));
    }
}
