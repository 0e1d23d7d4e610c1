//! The arithmetic of scores and chances, in loops that become vector instructions.

use std::{array, f64::consts::LOG2_E};

use pulp::{Simd, WithSimd};

use super::table::DIMS;

/// Scores of several classes.
pub(super) struct Scoring<'a> {
    /// What a text adds up to; whole numbers.
    pub(super) sums: [f64; DIMS],
    /// Those of all classes.
    pub(super) weights: &'a [[f64; DIMS]],
    /// The classes that are asked.
    pub(super) classes: &'a [usize],
    /// The score of each of them.
    pub(super) scores: &'a mut [f64],
}

impl WithSimd for Scoring<'_> {
    type Output = ();

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is compiled for the processor of its caller")]
    fn with_simd<S: Simd>(self, _: S) {
        for (score, &class) in self.scores.iter_mut().zip(self.classes) {
            *score = product(&self.sums, &self.weights[class]);
        }
    }
}

/// [`Scoring`] of a short text, whose sums fit fewer bits.
pub(super) struct WholeScoring<'a> {
    pub(super) sums: [i16; DIMS],
    pub(super) weights: &'a [[i16; DIMS]],
    pub(super) classes: &'a [usize],
    pub(super) scores: &'a mut [f64],
}

impl WholeScoring<'_> {
    /// The sums, if four products with any weights fit 32 bits together.
    pub(super) fn sums(sums: &[i64; DIMS]) -> Option<[i16; DIMS]> {
        let most = sums.iter().fold(0, |most, sum| most | sum.unsigned_abs());
        #[expect(clippy::cast_possible_truncation, reason = "they are small")]
        (most < 1 << 14).then(|| sums.map(|sum| sum as i16))
    }
}

impl WithSimd for WholeScoring<'_> {
    type Output = ();

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is compiled for the processor of its caller")]
    fn with_simd<S: Simd>(self, _: S) {
        for (score, &class) in self.scores.iter_mut().zip(self.classes) {
            *score = whole_product(&self.sums, &self.weights[class]);
        }
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "it is compiled for the processor of its caller")]
fn whole_product(sums: &[i16; DIMS], weights: &[i16; DIMS]) -> f64 {
    let mut lanes = [0; 8];
    for (sums, weights) in sums.as_chunks::<16>().0.iter().zip(weights.as_chunks::<16>().0) {
        let product = |place| i32::from(sums[place]) * i32::from(weights[place]);
        for (lane, sum) in lanes.iter_mut().enumerate() {
            *sum += product(2 * lane) + product(2 * lane + 1);
        }
    }
    let pairs: [f64; 4] =
        array::from_fn(|lane| f64::from(lanes[lane]) + f64::from(lanes[lane + 4]));
    (pairs[0] + pairs[1]) + (pairs[2] + pairs[3])
}

/// Whole numbers below 2⁵³ for texts of up to 100 MB, so that nothing is rounded; beyond
/// that, the order of the additions is the same on every machine.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it is compiled for the processor of its caller")]
pub(super) fn product(sums: &[f64; DIMS], weights: &[f64; DIMS]) -> f64 {
    let mut lanes = [0.0; 8];
    for (sums, weights) in sums.as_chunks::<8>().0.iter().zip(weights.as_chunks::<8>().0) {
        for lane in 0..8 {
            lanes[lane] += sums[lane] * weights[lane];
        }
    }
    let pairs: [f64; 4] = array::from_fn(|lane| lanes[lane] + lanes[lane + 4]);
    (pairs[0] + pairs[1]) + (pairs[2] + pairs[3])
}

/// Takes the powers of e of numbers that are 0 or less, and tells their sum.
pub(super) struct Powers<'a>(pub(super) &'a mut [f64]);

impl WithSimd for Powers<'_> {
    type Output = f64;

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is compiled for the processor of its caller")]
    fn with_simd<S: Simd>(self, _: S) -> f64 {
        for number in &mut *self.0 {
            *number = power(*number);
        }
        self.0.iter().sum()
    }
}

/// Adding it leaves no room for a fraction, so that the whole part stands in the lowest bits.
const ROUND: f64 = 1.5 * (1_u64 << 52) as f64;
/// ln 2, its first 32 bits and the rest, so that multiples of the first are exact.
const LN_2: [f64; 2] = [0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10];
/// What is less has a power that is as good as 0.
const LEAST: f64 = -700.0;
/// 1 / n! from 12 down to 0. On half of ln 2 the next member of the series is below 2⁻⁵².
const SERIES: [f64; 13] = [
    1.0 / 479_001_600.0,
    1.0 / 39_916_800.0,
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    0.5,
    1.0,
    1.0,
];

/// The power of e of a number that is 0 or less: the same bits on every machine, which the
/// libraries of machines do not promise.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it is compiled for the processor of its caller")]
fn power(number: f64) -> f64 {
    let number = number.max(LEAST);
    let twos = number * LOG2_E + ROUND;
    let whole = twos - ROUND;
    let rest = number - whole * LN_2[0] - whole * LN_2[1];
    let series = SERIES.iter().fold(0.0, |sum, factor| sum * rest + factor);
    // The lowest bits of `twos` go where a number has its exponent.
    f64::from_bits(series.to_bits().wrapping_add(twos.to_bits() << 52))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_those_of_the_library() {
        for step in 0..70_000 {
            let number = f64::from(step) * -0.01;
            let (own, known) = (power(number), number.exp());
            assert!((own - known).abs() <= known * 1e-15, "{number}: {own} {known}");
        }
        assert!(power(f64::NEG_INFINITY) < 1e-300);
    }

    #[test]
    fn products_of_small_sums_are_the_same() {
        let extreme: [i64; DIMS] =
            std::array::from_fn(|lane| if lane % 3 == 0 { 16_383 } else { -16_383 });
        let weights: [i16; DIMS] =
            std::array::from_fn(|lane| if lane % 3 == 0 { 32_767 } else { -32_768 });
        let sums = WholeScoring::sums(&extreme).unwrap();
        let whole = whole_product(&sums, &weights);
        let product = product(&extreme.map(|sum| sum as f64), &weights.map(f64::from));
        assert_eq!(whole.to_bits(), product.to_bits());
        assert_eq!(WholeScoring::sums(&[1 << 14; DIMS]), None);
        assert_eq!(WholeScoring::sums(&[i64::MIN; DIMS]), None);
    }

    #[test]
    fn products_are_exact() {
        let sums: [f64; DIMS] = std::array::from_fn(|lane| 1e9 + lane as f64);
        let weights: [f64; DIMS] = std::array::from_fn(|lane| 32_767.0 - lane as f64);
        let exact: i64 = (0..32).map(|lane| (1_000_000_000 + lane) * (32_767 - lane)).sum();
        assert_eq!(product(&sums, &weights).to_bits(), (exact as f64).to_bits());
    }
}
