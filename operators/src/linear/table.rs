//! The table of a linear model: what each gram says, and how sums of it become chances.
//!
//! Grams have 32 numbers of four bits each and classes 32 numbers too; the score of a class
//! is the product of its numbers with the mean of those of the grams. Only grams that were
//! chosen in training are in the table: four to a bucket, each with 16 bits to know it by.

use super::{
    grams::{self, Bytes, Gram},
    script::Script,
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
/// Sums of this many rows fit eight bits.
const FLUSH: u32 = 17;
const LANES: u64 = 0x0001_0001_0001_0001;

/// A model, read from its bytes.
#[derive(Debug)]
pub struct Table<'b> {
    classes: Vec<Class<'b>>,
    /// Classes × [`DIMS`].
    weights: Vec<i16>,
    /// What every text has.
    bias: [i16; DIMS],
    /// From sums of products to scores.
    scale: f64,
    /// How much scores are trusted, by the size of the text.
    trust: [f64; SIZES],
    buckets: u64,
    checks: &'b [u8],
    rows: &'b [u8],
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
}

impl Default for Tally {
    fn default() -> Self {
        Self { sums: [0; DIMS], known: 0, seen: 0, bytes: Bytes::default() }
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
        let mut weights = Vec::new();
        for _ in 0..count * DIMS {
            weights.push(rest.i16()?);
        }
        let slots = buckets as usize * WAYS;
        let checks = rest.take(slots * 2)?;
        let rows = rest.take(slots * ROW)?;
        let whole = rest.0.is_empty() && 0 < buckets && count <= MOST_CLASSES;
        let buckets = u64::from(buckets);
        whole.then_some(Self { classes, weights, bias, scale, trust, buckets, checks, rows })
    }

    /// The answers, in the order of their scores.
    #[must_use]
    pub fn classes(&self) -> &[Class<'b>] {
        &self.classes
    }

    /// Adds up what the grams of `text` say.
    #[must_use]
    pub fn tally(&self, text: &str) -> Tally {
        let mut tally = Tally::default();
        let mut near = [0_u8; DIMS];
        let mut pending = 0;
        let (mut seen, mut known) = (0, 0);
        let sums = &mut tally.sums;
        let bytes = grams::grams(text, |gram| {
            seen += 1;
            let Some(row) = self.row(gram.hash) else { return };
            known += 1;
            let (low, high) = near.split_at_mut(ROW);
            for ((low, high), pair) in low.iter_mut().zip(high).zip(row) {
                *low = low.wrapping_add(pair & 15);
                *high = high.wrapping_add(pair >> 4);
            }
            pending += 1;
            if pending == FLUSH {
                flush(sums, &mut near);
                pending = 0;
            }
        });
        flush(sums, &mut near);
        for sum in sums {
            *sum = *sum * 2 - i64::from(known) * i64::from(MIDDLE);
        }
        Tally { known, seen, bytes, ..tally }
    }

    /// The score of class number `class`.
    #[must_use]
    pub fn score(&self, tally: &Tally, class: usize) -> f64 {
        let weights = &self.weights[class * DIMS..][..DIMS];
        let with_bias = tally.sums.iter().zip(&self.bias).map(|(sum, bias)| sum + i64::from(*bias));
        let sum: i64 = with_bias.zip(weights).map(|(sum, w)| sum * i64::from(*w)).sum();
        sum as f64 * self.scale / f64::from(tally.known + 1)
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
        let row = self.row(gram.hash)?;
        let said = |class: usize| {
            let weights = &self.weights[class * DIMS..][..DIMS];
            let numbers = row.iter().map(|pair| pair & 15).chain(row.iter().map(|pair| pair >> 4));
            let signed = numbers.map(|number| i32::from(number) * 2 - i32::from(MIDDLE));
            signed.zip(weights).map(|(number, w)| number * i32::from(*w)).sum::<i32>()
        };
        let all: i64 = (0..self.classes.len()).map(|class| i64::from(said(class))).sum();
        let mean = all as f64 / self.classes.len() as f64;
        Some((f64::from(said(class)) - mean) * self.scale)
    }

    #[inline]
    fn row(&self, hash: u64) -> Option<&'b [u8; ROW]> {
        let (bucket, check) = place(hash, self.buckets);
        let checks = self.checks[bucket * WAYS * 2..].first_chunk()?;
        // Sixteen bits that are zero are found in all four places at once.
        let differ = u64::from_le_bytes(*checks) ^ (u64::from(check) * LANES);
        let zero = differ.wrapping_sub(LANES) & !differ & (LANES << 15);
        if zero == 0 {
            return None;
        }
        let slot = bucket * WAYS + zero.trailing_zeros() as usize / 16;
        self.rows[slot * ROW..].first_chunk()
    }
}

/// Which number of confidence is for a text of so many known grams.
#[must_use]
pub fn size(known: u32) -> usize {
    ((known + 1).ilog2() as usize).min(SIZES - 1)
}

#[inline]
fn flush(sums: &mut [i64; DIMS], near: &mut [u8; DIMS]) {
    for (sum, part) in sums.iter_mut().zip(near) {
        *sum += i64::from(*part);
        *part = 0;
    }
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
