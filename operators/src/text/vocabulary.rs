//! How often each different word of a text occurs.
//!
//! Words are told apart by a 64-bit hash of their lower-case form: among a million
//! different words, two share one with a chance below one in ten million.

use xxhash_rust::xxh3::xxh3_64;

use super::{lazy::Reuse, words::Word};

/// Counts of the different words of one text.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// Occurrences of each word, in order of first occurrence.
    counts: Vec<u32>,
    hashes: Vec<u64>,
    /// Place in `counts` plus one, 0 if free; a power of two long, at most half full.
    table: Vec<u32>,
    lower: String,
}

impl Reuse for Vocabulary {
    fn empty(&mut self) {
        self.counts.clear();
        self.hashes.clear();
        self.table.clear();
    }
}

impl Vocabulary {
    /// How often each different word occurs, in order of first occurrence.
    #[must_use]
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// Adds the words of `text`.
    pub(crate) fn fill(&mut self, text: &str, words: &[Word]) {
        const SMALLEST: usize = 256;
        self.table.resize(SMALLEST, 0);
        for word in words {
            let hash = self.hash(text, word);
            self.add(hash);
        }
    }

    fn add(&mut self, hash: u64) {
        let mask = self.table.len() - 1;
        let mut slot = place(hash, mask);
        while let Some(known) = (self.table[slot] as usize).checked_sub(1) {
            if self.hashes[known] == hash {
                self.counts[known] += 1;
                return;
            }
            slot = (slot + 1) & mask;
        }
        self.counts.push(1);
        self.hashes.push(hash);
        self.table[slot] = u32::try_from(self.counts.len()).unwrap_or(u32::MAX);
        if self.table.len() < self.counts.len() * 2 {
            self.grow();
        }
    }

    fn grow(&mut self) {
        let mask = self.table.len() * 2 - 1;
        self.table.clear();
        self.table.resize(mask + 1, 0);
        for (at, &hash) in (1_u32..).zip(&self.hashes) {
            let mut slot = place(hash, mask);
            while self.table[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            self.table[slot] = at;
        }
    }

    fn hash(&mut self, text: &str, word: &Word) -> u64 {
        let (from, to) = (word.span.start as usize, word.span.end as usize);
        if to - from <= 16 {
            let block = block(text.as_bytes(), from, to);
            if block & NOT_ASCII == 0 || has_one_case(block, to - from) {
                return hash_block(block, to - from);
            }
        }
        self.lower.clear();
        self.lower.extend(text[from..to].chars().flat_map(char::to_lowercase));
        match self.lower.as_bytes() {
            short if short.len() <= 16 => hash_block(block(short, 0, short.len()), short.len()),
            long => xxh3_64(long),
        }
    }
}

pub(super) const NOT_ASCII: u128 = u128::from_le_bytes([0x80; 16]);

/// Up to 16 bytes as a number, zeros behind them.
pub(super) fn block(bytes: &[u8], from: usize, to: usize) -> u128 {
    // What follows in the text is cut off, which is faster than copying the word.
    match bytes[from..].first_chunk::<16>() {
        Some(block) if from < to => {
            u128::from_le_bytes(*block) & (u128::MAX >> (128 - 8 * (to - from)))
        }
        _ => {
            let mut block = [0; 16];
            block[..to - from].copy_from_slice(&bytes[from..to]);
            u128::from_le_bytes(block)
        }
    }
}

/// Whether a word is of characters from U+3000 to U+9FFF, which have no lower case.
fn has_one_case(block: u128, length: usize) -> bool {
    let bytes = block.to_le_bytes();
    length.is_multiple_of(3)
        && bytes[..length].iter().step_by(3).all(|byte| matches!(byte, 0xe3..=0xe9))
}

/// Hash of up to 16 bytes, `A` to `Z` as `a` to `z`. Different words are different before
/// the last step, which folds 128 bits into 64.
pub(super) fn hash_block(block: u128, length: usize) -> u64 {
    let [low, high] = halves(block).map(lower_case);
    // The first 128 bits of the fraction of pi.
    let product = u128::from(low ^ 0x243f_6a88_85a3_08d3)
        * u128::from(high ^ 0x1319_8a2e_0370_7344 ^ (length as u64).rotate_left(32));
    let [low, high] = halves(product);
    low ^ high
}

/// `A` to `Z` as `a` to `z` in eight bytes at once; the compiler takes the loop apart.
const fn lower_case(bytes: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // The highest bit of a byte says whether the others are at least `A`, or beyond `Z`.
    let others = bytes & (EACH * 0x7f);
    let from_a = others + EACH * (0x80 - b'A' as u64);
    let beyond_z = others + EACH * (0x7f - b'Z' as u64);
    bytes | ((from_a ^ beyond_z) & !bytes & (EACH * 0x80)) >> 2
}

#[expect(clippy::cast_possible_truncation, reason = "the half is meant")]
fn halves(number: u128) -> [u64; 2] {
    [number as u64, (number >> 64) as u64]
}

#[expect(clippy::cast_possible_truncation, reason = "the mask is shorter")]
fn place(hash: u64, mask: usize) -> usize {
    (hash ^ hash >> 32) as usize & mask
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_capitals_of_ascii_have_a_lower_case() {
        for byte in 0..=255_u8 {
            for place in 0..8 {
                let mut bytes = [b'Z', 0xda, b'[', b'@', 0x80, 0xff, 0, b'a'];
                bytes[place] = byte;
                let lower = lower_case(u64::from_le_bytes(bytes));
                bytes.make_ascii_lowercase();
                assert_eq!(lower.to_le_bytes(), bytes);
            }
        }
    }
    use crate::text::words::{WordView, split};

    fn counts(text: &str) -> Vec<u32> {
        let (mut words, mut vocabulary) = (Vec::new(), Vocabulary::default());
        split(text, WordView::Uax29, &mut words);
        vocabulary.fill(text, &words);
        vocabulary.counts().to_vec()
    }

    #[test]
    fn case_does_not_matter() {
        assert_eq!(counts("The the ÉTÉ été tide THE"), [3, 2, 1]);
        assert_eq!(counts("Donaudampfschifffahrt donaudampfSCHIFFFAHRT"), [2]);
    }

    #[test]
    fn every_ideograph_counts() {
        assert_eq!(counts("潮水潮，Ａ ａ"), [2, 1, 2]);
    }

    #[test]
    fn many_different_words_are_kept_apart() {
        let words: Vec<String> = (0..50_000).map(|number| format!("w{number}")).collect();
        assert_eq!(counts(&words.join(" ")), vec![1; 50_000]);
    }

    proptest! {
        #[test]
        fn counts_are_those_of_a_map(text in "([a-cA-C]{1,2} |[一-三]|[éÉ]{1,9} |\\PC){0,60}") {
            let mut words = Vec::new();
            split(&text, WordView::Uax29, &mut words);
            let mut map = BTreeMap::new();
            for word in words {
                *map.entry(word.span.of(&text).to_lowercase()).or_insert(0_u32) += 1;
            }
            let (mut ours, mut theirs) = (counts(&text), map.into_values().collect::<Vec<_>>());
            ours.sort_unstable();
            theirs.sort_unstable();
            prop_assert_eq!(ours, theirs);
        }
    }
}
