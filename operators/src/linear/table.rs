//! The table of a linear model: what each gram says, and how sums of it become chances.
//!
//! Grams have 32 numbers of four bits each and classes 32 numbers too; the score of a class
//! is the product of its numbers with the mean of those of the grams. Only grams that were
//! chosen in training are in the table: four to a bucket, each with 16 bits to know it by.

use std::{
    array,
    sync::atomic::{AtomicU32, Ordering},
};

use pulp::Arch;

pub use super::batch::Adder;
use super::{
    batch::{Slots, Triples},
    familiar::Familiar,
    grams::{self, Bytes, Gram},
    scores::{Powers, Scoring, WholeScoring, product},
    script::Script,
    shapes::Shape,
};

/// Numbers of a gram.
pub const DIMS: usize = 32;
/// Bytes of a gram: the first half of its numbers in the low four bits, the second in the high.
pub const ROW: usize = DIMS / 2;
/// A number `n` of a gram stands for `2 n - MIDDLE`, which is as often below 0 as above.
pub const MIDDLE: i16 = 15;
/// Grams that share a bucket.
pub const WAYS: usize = 4;
/// Most classes a model may have.
pub const MOST_CLASSES: usize = 160;
/// Numbers of confidence: one for each power of two of the count of grams.
pub const SIZES: usize = 12;
/// First bytes of every table.
pub const MAGIC: &[u8; 8] = b"ASSAYLM2";
/// Where the numbers of confidence stand in the bytes of a model, four bytes each.
pub const TRUST_AT: usize = MAGIC.len() + 12;
/// Stands for "letters of any script" in a class.
pub const ANY_SCRIPT: u8 = 0xff;

/// The number of the table that was read last.
static LAST: AtomicU32 = AtomicU32::new(0);

/// A model, read from its bytes.
#[derive(Debug)]
pub struct Table<'b> {
    /// Tells this table from others.
    number: u32,
    classes: Vec<Class<'b>>,
    /// Numbers of the classes.
    whole_weights: Vec<[i16; DIMS]>,
    /// The same.
    weights: Vec<[f64; DIMS]>,
    /// What every text has.
    bias: [i16; DIMS],
    /// From sums of products to scores.
    scale: f64,
    /// How much scores are trusted, by the size of the text.
    trust: [f64; SIZES],
    slots: Slots<'b>,
    triples: Triples,
}

/// One answer of a model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Class<'b> {
    /// As the model calls it.
    pub name: &'b str,
    /// Script of its texts; `None` for any.
    pub script: Option<Script>,
    /// What is known of its chance before reading, as the logarithm of a factor.
    pub start: f64,
}

/// Steps of [`Class::start`] to one.
pub const START_STEPS: f64 = 16.0;

/// What a text adds up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Sums of the numbers of known grams.
    pub sums: [i64; DIMS],
    /// Grams that the model knows.
    pub known: u32,
    /// All grams.
    pub seen: u32,
    /// Bytes by script.
    pub bytes: Bytes,
    /// What its shapes say, if they were looked at.
    pub shape: Shape,
}

impl Default for Tally {
    fn default() -> Self {
        let (bytes, shape) = (Bytes::default(), Shape::default());
        Self { sums: [0; DIMS], known: 0, seen: 0, bytes, shape }
    }
}

impl Tally {
    /// Adds what another text adds up to.
    pub fn add(&mut self, other: &Self) {
        for (sum, more) in self.sums.iter_mut().zip(&other.sums) {
            *sum += more;
        }
        self.known += other.known;
        self.seen += other.seen;
        for (sum, more) in self.bytes.letters.iter_mut().zip(&other.bytes.letters) {
            *sum += more;
        }
        self.bytes.signs += other.bytes.signs;
        self.shape.add(other.shape);
    }
}

/// Where in a table of `buckets` buckets a gram belongs, and the bits it is known by there.
#[must_use]
#[inline]
pub fn place(hash: u64, buckets: u64) -> (usize, u16) {
    let bucket = (((hash >> 32) * buckets) >> 32) as usize;
    #[expect(clippy::cast_possible_truncation, reason = "the lowest bits")]
    let check = (hash as u16).max(1);
    (bucket, check)
}

impl<'b> Table<'b> {
    /// Reads a model; `None` if the bytes are none.
    #[must_use]
    pub fn parse(bytes: &'b [u8]) -> Option<Self> {
        let mut rest = Rest(bytes);
        if rest.take(MAGIC.len())? != MAGIC {
            return None;
        }
        let buckets = rest.u32()?;
        let count = rest.u32()? as usize;
        let scale = f64::from(f32::from_bits(rest.u32()?));
        let mut trust = [0.0; SIZES];
        for one in &mut trust {
            *one = f64::from(f32::from_bits(rest.u32()?));
        }
        let mut bias = [0; DIMS];
        for one in &mut bias {
            *one = rest.i16()?;
        }
        let mut classes = Vec::new();
        for _ in 0..count {
            let length = rest.take(1)?[0];
            let name = str::from_utf8(rest.take(usize::from(length))?).ok()?;
            let script = match rest.take(1)?[0] {
                ANY_SCRIPT => None,
                number => Some(*Script::ALL.get(usize::from(number))?),
            };
            let start = f64::from(rest.take(1)?[0].cast_signed()) / START_STEPS;
            classes.push(Class { name, script, start });
        }
        let mut whole_weights = vec![[0; DIMS]; count];
        for weight in whole_weights.as_flattened_mut() {
            *weight = rest.i16()?;
        }
        let weights = whole_weights.iter().map(|weights| weights.map(f64::from)).collect();
        let checks = rest.take(buckets as usize * WAYS * 2)?.as_chunks().0;
        let rows = rest.take(buckets as usize * WAYS * ROW)?.as_chunks().0;
        let whole = rest.0.is_empty() && 0 < buckets && count <= MOST_CLASSES;
        let slots = Slots { arch: Arch::new(), checks, rows };
        whole.then(|| {
            let triples = Triples::of(&slots);
            let number = LAST.fetch_add(1, Ordering::Relaxed).wrapping_add(1).max(1);
            Self { number, classes, whole_weights, weights, bias, scale, trust, slots, triples }
        })
    }

    /// The answers, in the order of their scores.
    #[must_use]
    pub fn classes(&self) -> &[Class<'b>] {
        &self.classes
    }

    /// What texts are added up in, one after the other.
    #[must_use]
    pub fn adder(&self) -> Adder<'_> {
        Adder::new(self.slots, &self.triples, None)
    }

    /// The same, with words that were met before.
    pub(super) fn adder_with<'t>(&'t self, familiar: &'t mut Familiar) -> Adder<'t> {
        familiar.prepare(self.number);
        Adder::new(self.slots, &self.triples, Some(familiar))
    }

    /// Adds up what the grams of `text` say.
    #[must_use]
    pub fn tally(&self, text: &str, adder: &mut Adder<'_>) -> Tally {
        let bytes = grams::give(text, adder);
        let (mut sums, known, seen) = adder.finish();
        for sum in &mut sums {
            *sum = *sum * 2 - i64::from(known) * i64::from(MIDDLE);
        }
        Tally { sums, known, seen, bytes, shape: Shape::default() }
    }

    /// The score of each of `classes`, given by number, in as many of `scores`.
    pub fn score(&self, tally: &Tally, classes: &[usize], scores: &mut [f64]) {
        let sums = array::from_fn(|place| tally.sums[place] + i64::from(self.bias[place]));
        let arch = self.slots.arch;
        if let Some(sums) = WholeScoring::sums(&sums) {
            let weights = &self.whole_weights;
            arch.dispatch(WholeScoring { sums, weights, classes, scores: &mut *scores });
        } else {
            let (sums, weights) = (sums.map(|sum| sum as f64), &self.weights);
            arch.dispatch(Scoring { sums, weights, classes, scores: &mut *scores });
        }
        for score in scores {
            *score = *score * self.scale / f64::from(tally.known + 1);
        }
    }

    /// Makes the chances of scores, in their place.
    pub fn chances(&self, scores: &mut [f64]) {
        let most = largest(scores);
        for score in &mut *scores {
            *score -= most;
        }
        let sum = self.slots.arch.dispatch(Powers(&mut *scores));
        for score in scores {
            *score /= sum;
        }
    }

    /// How much the scores of a text of so many known grams are trusted.
    #[must_use]
    pub fn trust(&self, known: u32) -> f64 {
        self.trust[size(known)]
    }

    /// What one gram says for class number `class` against the mean of all, before the mean
    /// over grams is taken; `None` if the model does not know it.
    #[must_use]
    pub fn contribution(&self, gram: &Gram, class: usize) -> Option<f64> {
        let row = self.slots.row(gram.hash)?;
        let numbers = row.iter().map(|pair| pair & 15).chain(row.iter().map(|pair| pair >> 4));
        let mut signed = [0.0; DIMS];
        for (signed, number) in signed.iter_mut().zip(numbers) {
            *signed = f64::from(i16::from(number) * 2 - MIDDLE);
        }
        let all: f64 = self.weights.iter().map(|weights| product(&signed, weights)).sum();
        let mean = all / self.classes.len() as f64;
        Some((product(&signed, &self.weights[class]) - mean) * self.scale)
    }
}

/// The largest of numbers, which are none that cannot be compared.
#[must_use]
pub(super) fn largest(numbers: &[f64]) -> f64 {
    let larger = |a: f64, b: f64| if a < b { b } else { a };
    let (fours, rest) = numbers.as_chunks::<4>();
    let mut most = [f64::NEG_INFINITY; 4];
    for four in fours {
        most = array::from_fn(|place| larger(most[place], four[place]));
    }
    rest.iter().chain(&most).copied().fold(f64::NEG_INFINITY, larger)
}

/// Which number of confidence is for a text of so many known grams.
#[must_use]
pub fn size(known: u32) -> usize {
    ((known + 1).ilog2() as usize).min(SIZES - 1)
}

struct Rest<'b>(&'b [u8]);

impl<'b> Rest<'b> {
    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(*self.take(4)?.first_chunk()?))
    }

    fn i16(&mut self) -> Option<i16> {
        Some(i16::from_le_bytes(*self.take(2)?.first_chunk()?))
    }
}
