//! Runs of words that occur more than once.
//!
//! A run of n words can only occur twice if the two runs of n - 1 words in it do. So runs
//! are numbered by pairs of the numbers one word shorter, and only those that can still be
//! repeated are looked at: exact, without a string or a hash of one being kept.

use super::{
    interner::{Pairs, Pieces},
    lazy::Reuse,
    words::Word,
};

/// The longest runs that are looked for, in words.
pub const LONGEST: usize = 10;

/// The repeated runs of one text.
#[derive(Debug, Default)]
pub struct Ngrams {
    /// Characters of the words up to each place, beginning with 0.
    chars: Vec<u64>,
    /// Runs of one word and more.
    runs: [Runs; LONGEST],
    /// How often each number occurs while a length is being looked at.
    counts: Vec<u32>,
    renumbered: Vec<u32>,
    pieces: Pieces,
    pairs: Pairs,
}

/// All occurrences of the runs of one length that occur more than once.
#[derive(Debug, Default)]
pub struct Runs {
    places: Vec<Place>,
    counts: Vec<u32>,
}

/// One occurrence of a repeated run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Number of its first word.
    pub at: u32,
    /// Which run it is: numbers follow the order of first occurrences, from 0.
    pub run: u32,
}

impl Runs {
    /// The places in order.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// How often each run occurs, by its number.
    #[must_use]
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    fn clear(&mut self) {
        self.places.clear();
        self.counts.clear();
    }
}

impl Ngrams {
    /// Number of words of the text.
    #[must_use]
    pub fn words(&self) -> usize {
        self.chars.len().saturating_sub(1)
    }

    /// Characters of the words from `from` up to `to`, nothing between them.
    #[must_use]
    pub fn chars(&self, from: usize, to: usize) -> u64 {
        self.chars[to] - self.chars[from]
    }

    /// Repeated runs of `n` words, 1 to [`LONGEST`].
    #[must_use]
    pub fn runs(&self, n: usize) -> &Runs {
        &self.runs[n - 1]
    }

    /// Finds the repeated runs among `words` of `text`.
    pub fn fill(&mut self, text: &str, words: &[Word]) {
        let mut sum = 0;
        self.chars.push(sum);
        self.chars.extend(words.iter().map(|word| {
            sum += u64::from(word.chars);
            sum
        }));
        self.pieces.reset(words.len());
        let places = &mut self.runs[0].places;
        places.extend((0..).zip(words).map(|(at, word)| {
            let run = self.pieces.number(text, word.span);
            Place { at, run }
        }));
        let kinds = self.pieces.len();
        self.keep_repeated(0, kinds);
        for n in 1..LONGEST {
            let (shorter, longer) = self.runs.split_at_mut(n);
            let (shorter, longer) = (&shorter[n - 1].places, &mut longer[0].places);
            if shorter.is_empty() {
                break;
            }
            self.pairs.reset(shorter.len());
            longer.extend(shorter.windows(2).filter(|two| two[0].at + 1 == two[1].at).map(|two| {
                let run = self.pairs.number(two[0].run, two[1].run);
                Place { at: two[0].at, run }
            }));
            let kinds = self.pairs.len();
            self.keep_repeated(n, kinds);
        }
    }

    /// Drops the runs that occur once, and numbers the others anew.
    fn keep_repeated(&mut self, length: usize, kinds: usize) {
        let Runs { places, counts } = &mut self.runs[length];
        self.counts.clear();
        self.counts.resize(kinds, 0);
        for place in &*places {
            self.counts[place.run as usize] += 1;
        }
        self.renumbered.clear();
        self.renumbered.extend(self.counts.iter().map(|&count| {
            if 1 < count {
                counts.push(count);
            }
            // Only read for those that are kept.
            u32::try_from(counts.len()).unwrap_or(u32::MAX).wrapping_sub(1)
        }));
        places.retain_mut(|place| {
            let old = place.run as usize;
            place.run = self.renumbered[old];
            1 < self.counts[old]
        });
    }
}

impl Reuse for Ngrams {
    fn empty(&mut self) {
        self.chars.clear();
        self.runs.iter_mut().for_each(Runs::clear);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;
    use crate::text::words::{self, WordView};

    fn found(text: &str) -> (Ngrams, Vec<&str>) {
        let mut words = Vec::new();
        words::split(text, WordView::Whitespace, &mut words);
        let mut ngrams = Ngrams::default();
        ngrams.fill(text, &words);
        (ngrams, words.iter().map(|word| word.span.of(text)).collect())
    }

    #[test]
    fn runs_are_numbered_by_their_first_occurrence() {
        let (ngrams, _) = found("a b c a b d b c");
        let runs = ngrams.runs(2);
        let places: Vec<(u32, u32)> = runs.places().iter().map(|p| (p.at, p.run)).collect();
        assert_eq!(places, [(0, 0), (1, 1), (3, 0), (6, 1)]);
        assert_eq!((runs.counts(), ngrams.chars(0, 3)), (&[2, 2][..], 3));
        assert_eq!(ngrams.runs(3).places(), []);
    }

    proptest! {
        #[test]
        fn runs_are_those_that_counting_finds(text in "[ab一 ]{0,60}") {
            let (ngrams, words) = found(&text);
            for n in 1..=LONGEST {
                let mut counts = HashMap::new();
                words.windows(n).for_each(|run| *counts.entry(run).or_insert(0_u32) += 1);
                let wanted = words.windows(n).enumerate().filter(|(_, run)| 1 < counts[run]);
                let wanted: Vec<(usize, u32)> = wanted.map(|(at, run)| (at, counts[run])).collect();
                let runs = ngrams.runs(n);
                let places = runs.places().iter();
                let had: Vec<(usize, u32)> =
                    places.map(|p| (p.at as usize, runs.counts()[p.run as usize])).collect();
                prop_assert_eq!(had, wanted);
            }
        }
    }
}
