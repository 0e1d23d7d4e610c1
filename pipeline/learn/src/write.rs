//! The bytes of a model, as `assay_operators::linear::table` reads them.

use assay_operators::linear::{
    script::Script,
    table::{ANY_SCRIPT, DIMS, MAGIC, MIDDLE, ROW, SIZES, START_STEPS, TRUST_AT, WAYS, place},
};

use crate::train::Learnt;

/// A class with the script of its texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// As the corpus calls it.
    pub name: String,
    /// `None` for any.
    pub script: Option<Script>,
    /// Logarithm of the factor of its chance before reading.
    pub start: f32,
}

/// Share of numbers that are cut off for the others to keep their precision.
pub(crate) const CUT_OFF: f64 = 0.002;

/// Rounds what was learnt to bytes.
#[must_use]
pub fn bytes(classes: &[Class], slots: &[u64], learnt: &Learnt) -> Vec<u8> {
    #[expect(clippy::cast_possible_truncation, reason = "one of these numbers")]
    let [rows, weights] =
        [extent(&learnt.rows, CUT_OFF), extent(&learnt.weights, 0.0)].map(|size| size as f32);
    let (step, weight_step) = (rows / f32::from(MIDDLE), weights / 32767.0);
    let buckets = slots.len() / WAYS;
    let mut out = MAGIC.to_vec();
    out.extend(u32::try_from(buckets).unwrap_or(u32::MAX).to_le_bytes());
    out.extend(u32::try_from(classes.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend((step * weight_step).to_bits().to_le_bytes());
    debug_assert_eq!(out.len(), TRUST_AT);
    for _ in 0..SIZES {
        out.extend(1.0_f32.to_le_bytes());
    }
    for number in &learnt.bias {
        out.extend(rounded(number / step, i16::MAX).to_le_bytes());
    }
    for class in classes {
        out.push(u8::try_from(class.name.len()).unwrap_or(u8::MAX));
        out.extend(class.name.as_bytes());
        out.push(class.script.map_or(ANY_SCRIPT, |script| script as u8));
        #[expect(clippy::cast_possible_truncation, reason = "cast saturates")]
        let start = (class.start * START_STEPS as f32).round() as i8;
        out.extend(start.to_le_bytes());
    }
    for number in &learnt.weights {
        out.extend(rounded(number / weight_step, i16::MAX).to_le_bytes());
    }
    for &hash in slots {
        let check = if hash == 0 { 0 } else { place(hash, buckets as u64).1 };
        out.extend(check.to_le_bytes());
    }
    debug_assert_eq!(learnt.rows.len(), slots.len() * DIMS);
    for row in learnt.rows.chunks_exact(DIMS) {
        let (low, high) = row.split_at(ROW);
        let nibble = |number: &f32| {
            // Of the odd numbers from -15 to 15 the nearest.
            let odd = (number / step - 1.0) / 2.0;
            rounded(odd, i16::MAX).clamp(-8, 7) + 8
        };
        let pairs = low.iter().zip(high).map(|(low, high)| nibble(low) | (nibble(high) << 4));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "eight bits")]
        out.extend(pairs.map(|pair| pair as u8));
    }
    out
}

/// The size that all but a share of `cut_off` of the numbers stay within.
pub(crate) fn extent<N: Copy + Into<f64>>(numbers: &[N], cut_off: f64) -> f64 {
    let sizes = numbers.iter().map(|&number| number.into().abs());
    let mut sizes: Vec<f64> = sizes.filter(|size| 0.0 < *size).collect();
    sizes.sort_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place")]
    let place = (sizes.len() as f64 * (1.0 - cut_off)) as usize;
    sizes.get(place.min(sizes.len().saturating_sub(1))).copied().unwrap_or(1.0)
}

fn rounded(number: f32, most: i16) -> i16 {
    #[expect(clippy::cast_possible_truncation, reason = "cast saturates")]
    let whole = number.round() as i16;
    whole.clamp(-most, most)
}
