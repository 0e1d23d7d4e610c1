//! Shingles: overlapping runs of words.

use super::minhash::mixed;
use crate::{
    contract::{Document, Sketch},
    text::{characters, words::WordView},
};

/// The different shingles of one document, in memory that is reused.
#[derive(Debug, Default)]
pub struct Shingles {
    hashes: Vec<u64>,
}

impl Shingles {
    /// Replaces what is held by the shingles of `document`.
    pub fn fill(&mut self, sketch: &Sketch, document: &Document<'_>) {
        self.hashes.clear();
        each(sketch, document, |shingle| self.hashes.push(shingle));
        self.hashes.sort_unstable();
        self.hashes.dedup();
    }

    /// Hashes of the shingles, in ascending order, each once.
    #[must_use]
    pub fn hashes(&self) -> &[u64] {
        &self.hashes
    }
}

/// Calls `found` with the hash of every shingle, in order.
pub(super) fn each(sketch: &Sketch, document: &Document<'_>, mut found: impl FnMut(u64)) {
    let words = document.words(WordView::Uax29);
    let (of_word, of_character) = (u64::from(sketch.characters), u64::from(sketch.words));
    let full = of_word * of_character;
    let hash = |word: &crate::text::words::Word| {
        let lower = word.span.of(document.text()).to_lowercase();
        xxhash_rust::xxh3::xxh3_64(lower.as_bytes())
    };
    let weight = |word: &crate::text::words::Word| {
        let text = word.span.of(document.text());
        let unspaced = text.chars().next().is_some_and(characters::is_unspaced);
        if unspaced { of_character * u64::from(word.chars) } else { of_word }
    };
    let run = |words: &[crate::text::words::Word]| {
        words.iter().fold(0, |run, word| mixed(run ^ hash(word)))
    };
    let (mut from, mut length, mut any) = (0, 0, false);
    for (at, word) in words.iter().enumerate() {
        length += weight(word);
        while full <= length {
            found(run(&words[from..=at]));
            any = true;
            length -= weight(&words[from]);
            from += 1;
        }
    }
    if !any && !words.is_empty() {
        found(run(words));
    }
}
