//! Shingles: overlapping runs of words.
//!
//! A word counts as one of `words`, a character of a script that puts no spaces between words
//! as one of `characters`. A shingle starts at every word and is as short as it can be while
//! it is full: in English it has `words` words, in Chinese `characters` characters, and where
//! both meet it has its share of either.

use super::minhash::mixed;
use crate::{
    contract::{Document, Sketch},
    text::{
        folded::{self, Folder},
        words::WordView,
    },
};

/// The different shingles of one document, in memory that is reused.
#[derive(Debug, Default)]
pub struct Shingles {
    hashes: Vec<u64>,
    folder: Folder,
}

impl Shingles {
    /// Replaces what is held by the shingles of `document`.
    pub fn fill(&mut self, sketch: &Sketch, document: &Document<'_>) {
        let Self { hashes, folder } = self;
        hashes.clear();
        each(sketch, document, folder, |shingle| hashes.push(shingle));
        hashes.sort_unstable();
        hashes.dedup();
    }

    /// Hashes of the shingles, in ascending order, each once.
    #[must_use]
    pub fn hashes(&self) -> &[u64] {
        &self.hashes
    }
}

/// Calls `found` with the hash of every shingle, in order: none for a document without words,
/// one for a document that is shorter than a shingle.
pub(super) fn each(
    sketch: &Sketch,
    document: &Document<'_>,
    folder: &mut Folder,
    mut found: impl FnMut(u64),
) {
    let (text, words) = (document.text(), document.words(WordView::Uax29));
    let mut run = Run::new(sketch);
    for word in words {
        run.push(folder.hash(text, word), folded::unspaced_characters(text, word));
        while run.is_full() {
            found(run.hash());
            run.drop_first();
        }
    }
    if run.first == 0 && !words.is_empty() {
        found(run.hash());
    }
}

/// The most words that a run can have before it is full: see [`Run::is_full`].
pub(crate) const LONGEST: u32 = 64;

/// Words from the start of a shingle up to the word that was read last.
///
/// The words before `at` have the hash `Σ hash · BASE^(words after it)`, modulo 2⁶⁴. A run is
/// the difference of two such sums, so that it costs the same whatever its length is.
struct Run {
    /// Weights of a word, and of a character; `full` of them make a shingle.
    word: u32,
    character: u32,
    full: u32,
    weight: u32,
    first: usize,
    /// One past the last word.
    end: usize,
    /// Of the words before each of the last ones, by place.
    sums: [u64; PLACES],
    /// Of each of the last words, by place.
    weights: [u32; PLACES],
    /// Of the words before `end`.
    sum: u64,
}

const PLACES: usize = 2 * LONGEST as usize;
/// Odd, from the first bits of the golden ratio.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
const POWERS: [u64; PLACES] = {
    let mut powers = [1_u64; PLACES];
    let mut at = 1;
    while at < PLACES {
        powers[at] = powers[at - 1].wrapping_mul(BASE);
        at += 1;
    }
    powers
};

impl Run {
    fn new(sketch: &Sketch) -> Self {
        let [words, characters] =
            [sketch.words, sketch.characters].map(|length| length.clamp(1, LONGEST));
        Self {
            word: characters,
            character: words,
            full: words * characters,
            weight: 0,
            first: 0,
            end: 0,
            sums: [0; PLACES],
            weights: [0; PLACES],
            sum: 0,
        }
    }

    #[inline]
    fn push(&mut self, hash: u64, unspaced: Option<u32>) {
        let weight = unspaced.map_or(self.word, |chars| chars.min(LONGEST) * self.character);
        let place = self.end % PLACES;
        (self.sums[place], self.weights[place]) = (self.sum, weight);
        self.sum = self.sum.wrapping_mul(BASE).wrapping_add(hash);
        self.weight += weight;
        self.end += 1;
    }

    /// Every word has at least the weight of one of `words` or of `characters`, so that a run
    /// that is not full has less than [`LONGEST`] of them.
    #[inline]
    fn is_full(&self) -> bool {
        self.full <= self.weight
    }

    #[inline]
    fn drop_first(&mut self) {
        self.weight -= self.weights[self.first % PLACES];
        self.first += 1;
    }

    #[inline]
    fn hash(&self) -> u64 {
        let before = self.sums[self.first % PLACES];
        let power = POWERS[(self.end - self.first) % PLACES];
        mixed(self.sum.wrapping_sub(before.wrapping_mul(power)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::contract::Workspace;

    const SKETCH: Sketch = Sketch { bands: 13, rows: 6, words: 5, characters: 7, seed: 1 };

    fn shingles(text: &str) -> Vec<u64> {
        let mut found = Vec::new();
        let mut workspace = Workspace::new();
        each(&SKETCH, &workspace.open_text(text), &mut Folder::default(), |it| found.push(it));
        found
    }

    #[test]
    fn english_has_one_for_every_five_words() {
        assert_eq!(shingles("one two three four five").len(), 1);
        assert_eq!(shingles("one two three four five six").len(), 2);
    }

    #[test]
    fn chinese_has_one_for_every_seven_characters() {
        assert_eq!(shingles("潮水退去，渔船停").len(), 1);
        assert_eq!(shingles("潮水退去，渔船停泊").len(), 2);
    }

    #[test]
    fn where_both_meet_each_has_its_share() {
        // Three words are 21 of 35, three characters 15; one of either is not enough.
        assert_eq!(shingles("one two three 潮水退").len(), 1);
        assert_eq!(shingles("one two three 潮水").len(), 1);
        assert_eq!(shingles("one two three 潮水退").len(), 1);
        assert_eq!(shingles("one two three 潮水退去船").len(), 2);
    }

    #[test]
    fn a_short_text_is_one_shingle_and_a_blank_one_none() {
        assert_eq!(shingles("one two").len(), 1);
        assert_ne!(shingles("one two"), shingles("one three"));
        assert!(shingles(" \n—!").is_empty());
    }

    #[test]
    fn case_width_and_punctuation_do_not_matter() {
        let plain = shingles("don't stop the five ABC 12 boats");
        assert_eq!(plain, shingles("“Don’t stop” — the FIVE… ＡＢＣ １２, boats!"));
        assert_eq!(shingles("潮水退去渔船停泊"), shingles("潮水退去。\n渔船 停泊！"));
    }

    #[test]
    fn order_matters() {
        assert_ne!(shingles("one two three four five"), shingles("two one three four five"));
    }

    proptest! {
        #[test]
        fn running_sums_are_the_definition(
            words in prop::collection::vec((any::<u64>(), prop::option::of(1_u32..99)), 0..300),
            lengths in (1_u32..=64, 1_u32..=64),
        ) {
            let sketch = Sketch { words: lengths.0, characters: lengths.1, ..SKETCH };
            let mut run = Run::new(&sketch);
            let mut found = Vec::new();
            for &(hash, unspaced) in &words {
                run.push(hash, unspaced);
                while run.is_full() {
                    found.push((run.first, run.end, run.hash()));
                    run.drop_first();
                }
            }
            let weight = |at: usize| words[at].1.map_or(lengths.1, |chars| chars.min(64) * lengths.0);
            let mut wanted = Vec::new();
            for first in 0..words.len() {
                let full = |end: &usize| lengths.0 * lengths.1 <= (first..*end).map(weight).sum();
                let Some(end) = (first + 1..=words.len()).find(full) else { break };
                let sum = words[first..end].iter().fold(0_u64, |sum, word| {
                    sum.wrapping_mul(BASE).wrapping_add(word.0)
                });
                wanted.push((first, end, mixed(sum)));
            }
            prop_assert_eq!(found, wanted);
        }
    }
}
