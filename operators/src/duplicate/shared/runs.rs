//! Runs of words, signed by winnowing.
//!
//! Of the hashes of every half run the smallest of each window is taken, so that two
//! documents with a whole run of words in common have one of them in common (Schleimer,
//! Wilkerson, Aiken 2003, Winnowing: Local Algorithms for Document Fingerprinting).

use std::collections::VecDeque;

use xxhash_rust::xxh3::xxh3_64;

use super::Passage;
use crate::{
    contract::{Cut, Document, Span},
    text::{normal::Key, words::WordView},
};

/// The most words of a run.
pub const MOST_WORDS: u32 = 10_000;

/// 2⁶¹ − 1, a prime.
const PRIME: u64 = (1 << 61) - 1;
/// Bases of the two polynomials, from the digits of π in hexadecimal.
const BASES: [u64; 2] = [0x0243_f6a8_885a_308d, 0x0131_98a2_e037_0734];

/// The words of a document with the marks that follow them, and hashes of all that stands
/// before each.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// From a word to the next, without white space at the end.
    words: Vec<Span>,
    before: [Vec<u64>; 2],
    /// Letters and digits before each word.
    characters: Vec<u32>,
    /// Hashes of half runs, and which of them stand for the document.
    halves: Vec<u64>,
    chosen: Vec<usize>,
    queue: VecDeque<usize>,
    covered: Vec<bool>,
}

impl Runs {
    /// Takes the words of `document`.
    pub(super) fn fill(&mut self, document: &Document<'_>) {
        let text = document.text();
        self.words.clear();
        self.characters.clear();
        self.before.iter_mut().for_each(|hashes| {
            hashes.clear();
            hashes.push(0);
        });
        self.characters.push(0);
        let words = document.words(WordView::Uax29);
        for (at, word) in words.iter().enumerate() {
            let next = words.get(at + 1).map_or(text.len(), |next| next.span.start as usize);
            let with_marks = text[word.span.start as usize..next].trim_end();
            let end = word.span.start as usize + with_marks.len();
            self.words.push(Span::new(word.span.start as usize, end));
            let hash = xxh3_64(with_marks.as_bytes()) % PRIME;
            for (hashes, base) in self.before.iter_mut().zip(BASES) {
                let last = hashes.last().copied().unwrap_or_default();
                hashes.push(add(times(last, base), hash + 1));
            }
            let total = self.characters.last().copied().unwrap_or_default();
            self.characters.push(total.saturating_add(super::characters(with_marks)));
        }
    }

    /// Appends the numbers that a document with these words is signed by.
    pub(super) fn sign(&mut self, length: usize, out: &mut Vec<i64>) {
        self.choose(length);
        out.extend(self.chosen.iter().map(|at| self.halves[*at].cast_signed()));
    }

    /// Appends the runs that cover what is signed by one of `shared`.
    pub(super) fn shared(&mut self, cut: &Cut, text: &str, shared: &[i64], out: &mut Vec<Passage>) {
        let length = cut.length as usize;
        self.choose(length);
        let runs = (self.words.len() + 1).saturating_sub(length);
        self.covered.clear();
        self.covered.resize(runs, false);
        let half = half_of(length);
        for at in &self.chosen {
            if shared.binary_search(&self.halves[*at].cast_signed()).is_ok() {
                let first = (at + half).saturating_sub(length);
                let last = (*at).min(runs.saturating_sub(1));
                if let Some(covered) = self.covered.get_mut(first..=last) {
                    covered.fill(true);
                }
            }
        }
        let powers = BASES.map(|base| power(base, length));
        for first in (0..runs).filter(|at| self.covered[*at]) {
            let end = first + length;
            if self.characters[end] - self.characters[first] < cut.characters {
                continue;
            }
            let [high, low] = self.hash(first, end, powers);
            let (start, last) = (self.words[first].start, self.words[end - 1].end as usize);
            let reach = text[last..].len() - text[last..].trim_start().len();
            out.push(Passage {
                span: Span::new(start as usize, last + reach),
                key: Key {
                    hash: u128::from(high) << 64 | u128::from(low),
                    bytes: last as u64 - u64::from(start),
                },
            });
        }
    }

    /// Chooses the smallest half run of every window, the last one among equals.
    fn choose(&mut self, length: usize) {
        let half = half_of(length);
        let powers = BASES.map(|base| power(base, half));
        let halves = (self.words.len() + 1).saturating_sub(half);
        self.halves.clear();
        for first in 0..halves {
            let [high, low] = self.hash(first, first + half, powers);
            self.halves.push(mixed(high ^ low.rotate_left(32)));
        }
        self.chosen.clear();
        let window = length - half + 1;
        if self.words.len() < length {
            return;
        }
        self.queue.clear();
        for end in 0..halves {
            // Smaller ones towards the end: the first is the smallest of the window.
            while self.queue.back().is_some_and(|at| self.halves[end] <= self.halves[*at]) {
                self.queue.pop_back();
            }
            self.queue.push_back(end);
            let Some(start) = (end + 1).checked_sub(window) else { continue };
            while self.queue.front().is_some_and(|at| *at < start) {
                self.queue.pop_front();
            }
            let smallest = self.queue.front().copied();
            if self.chosen.last().copied() != smallest {
                self.chosen.extend(smallest);
            }
        }
    }

    /// Hashes of the words from `first` to before `end`; `powers` are of the bases, to as many.
    fn hash(&self, first: usize, end: usize, powers: [u64; 2]) -> [u64; 2] {
        [0, 1].map(|which| {
            let before = &self.before[which];
            add(before[end], PRIME - times(before[first], powers[which]))
        })
    }
}

const fn half_of(length: usize) -> usize {
    length.div_ceil(2)
}

/// The sum modulo the prime; neither is above it.
const fn add(one: u64, other: u64) -> u64 {
    let sum = one + other;
    if PRIME <= sum { sum - PRIME } else { sum }
}

/// The product modulo the prime.
#[expect(clippy::cast_possible_truncation, reason = "both parts have at most 64 bits")]
fn times(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    let (high, low) = ((product >> 61) as u64, (product as u64) & PRIME);
    let sum = high + low;
    if PRIME <= sum { sum - PRIME } else { sum }
}

fn power(base: u64, exponent: usize) -> u64 {
    (0..exponent).fold(1, |power, _| times(power, base))
}

/// Spreads the bits of a hash, so that the smallest ones are no particular words.
const fn mixed(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}
