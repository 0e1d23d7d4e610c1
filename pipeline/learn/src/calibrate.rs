//! How much scores are to be trusted: one factor for each size of text, so that the chances
//! of texts from sources that the model has not seen are right as often as they say.

use assay_operators::linear::{
    language::Languages,
    table::{SIZES, size},
};

use crate::corpus::Row;

/// Texts of a size without which its factor is that of the next smaller size.
const ENOUGH: usize = 200;
/// Factors that are tried: from a quarter to sixteen.
const TRIED: i32 = 49;

/// The factors under which the true languages of `rows` are likeliest.
pub fn fit(rows: &[Row], model: impl Fn(&[f32; SIZES]) -> Vec<u8>) -> [f32; SIZES] {
    let mut best = [(f64::INFINITY, 1.0_f32); SIZES];
    let mut counts = [0_usize; SIZES];
    for step in 0..TRIED {
        let factor = 2.0_f32.powf(step as f32 / 8.0 - 2.0);
        let bytes = model(&[factor; SIZES]);
        let Some(languages) = Languages::parse(&bytes) else { return [1.0; SIZES] };
        let mut losses = [0.0; SIZES];
        counts = [0; SIZES];
        for row in rows {
            let (code, _) = row.lang.split_once('-').unwrap_or((&row.lang, ""));
            let tally = languages.tally(&row.text, usize::MAX);
            let Some(chance) = languages.chance(&tally, code) else { continue };
            losses[size(tally.known)] -= chance.max(1e-6).ln();
            counts[size(tally.known)] += 1;
        }
        for (best, loss) in best.iter_mut().zip(losses) {
            if loss < best.0 {
                *best = (loss, factor);
            }
        }
    }
    let mut trust = [1.0; SIZES];
    let mut last = None;
    for ((own, (_, factor)), count) in trust.iter_mut().zip(best).zip(counts) {
        if ENOUGH <= count {
            last = Some(factor);
        }
        *own = last.unwrap_or(1.0);
    }
    trust
}
