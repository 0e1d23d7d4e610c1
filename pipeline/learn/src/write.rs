//! The bytes of a model, as `assay_operators::linear::table` reads them.

use assay_operators::linear::{
    script::Script,
    table::{ANY_SCRIPT, DIMS, MAGIC, SIZES, TRUST_AT, WAYS, place},
};

use crate::train::Learnt;

/// A class with the script of its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// As the corpus calls it.
    pub name: String,
    /// `None` for any.
    pub script: Option<Script>,
}

/// Share of numbers that are cut off for the others to keep their precision.
const CUT_OFF: f64 = 0.0005;

/// Rounds what was learnt to bytes.
#[must_use]
pub fn bytes(classes: &[Class], slots: &[u64], learnt: &Learnt) -> Vec<u8> {
    let step = extent(&learnt.rows, CUT_OFF) / 127.0;
    let weight_step = extent(&learnt.weights, 0.0) / 32767.0;
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
    }
    for number in &learnt.weights {
        out.extend(rounded(number / weight_step, i16::MAX).to_le_bytes());
    }
    for &hash in slots {
        let check = if hash == 0 { 0 } else { place(hash, buckets as u64).1 };
        out.extend(check.to_le_bytes());
    }
    debug_assert_eq!(learnt.rows.len(), slots.len() * DIMS);
    for number in &learnt.rows {
        #[expect(clippy::cast_possible_truncation, reason = "within -127 to 127")]
        let number = rounded(number / step, 127) as i8;
        out.extend(number.to_le_bytes());
    }
    out
}

/// The size that all but a share of `cut_off` of the numbers stay within.
fn extent(numbers: &[f32], cut_off: f64) -> f32 {
    let mut sizes: Vec<f32> = numbers.iter().map(|n| n.abs()).filter(|size| 0.0 < *size).collect();
    sizes.sort_by(f32::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place")]
    let place = (sizes.len() as f64 * (1.0 - cut_off)) as usize;
    sizes.get(place.min(sizes.len().saturating_sub(1))).copied().unwrap_or(1.0)
}

fn rounded(number: f32, most: i16) -> i16 {
    #[expect(clippy::cast_possible_truncation, reason = "cast saturates")]
    let whole = number.round() as i16;
    whole.clamp(-most, most)
}
