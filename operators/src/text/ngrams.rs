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

    /// Takes the places from `shorter` that the next one follows directly, each with its
    /// number among them.
    fn take_adjacent(&mut self, shorter: &[Place]) {
        self.places.resize(shorter.len(), Place { at: 0, run: 0 });
        let mut kept = 0;
        for (number, &[here, next]) in (0..).zip(shorter.array_windows()) {
            self.places[kept] = Place { at: here.at, run: number };
            kept += usize::from(here.at + 1 == next.at);
        }
        self.places.truncate(kept);
    }

    /// Drops the runs that occur once by `counts`, and numbers the others anew.
    ///
    /// Neither loop branches on what is kept: it is as good as random.
    fn keep_repeated(&mut self, counts: &[u32], renumbered: &mut Vec<u32>) {
        let mut next = 0;
        self.counts.resize(counts.len(), 0);
        renumbered.clear();
        renumbered.extend(counts.iter().map(|&count| {
            let number = next;
            self.counts[number as usize] = count;
            next += u32::from(1 < count);
            number
        }));
        self.counts.truncate(next as usize);
        let mut kept = 0;
        for at in 0..self.places.len() {
            let Place { at: word, run } = self.places[at];
            self.places[kept] = Place { at: word, run: renumbered[run as usize] };
            kept += usize::from(1 < counts[run as usize]);
        }
        self.places.truncate(kept);
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
        let Self { runs, counts, renumbered, pieces, pairs, .. } = self;
        let mut pieces = pieces.start(text, words.len());
        counts.clear();
        counts.resize(words.len(), 0);
        let places = &mut runs[0].places;
        places.extend((0..).zip(words).map(|(at, word)| {
            let run = pieces.number(word.span);
            counts[run as usize] += 1;
            Place { at, run }
        }));
        runs[0].keep_repeated(&counts[..pieces.len()], renumbered);
        for n in 1..LONGEST {
            let (shorter, longer) = runs.split_at_mut(n);
            let (shorter, longer) = (&shorter[n - 1].places, &mut longer[0]);
            if shorter.is_empty() {
                break;
            }
            longer.take_adjacent(shorter);
            let mut pairs = pairs.start(longer.places.len());
            counts.clear();
            counts.resize(longer.places.len(), 0);
            for place in &mut longer.places {
                // Until here, the number of the place among the shorter ones.
                let first = place.run as usize;
                place.run = pairs.number(shorter[first].run, shorter[first + 1].run);
                counts[place.run as usize] += 1;
            }
            longer.keep_repeated(&counts[..pairs.len()], renumbered);
        }
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
