//! How much scores are to be trusted: one factor for each size of text, so that the chances
//! of texts from sources that the model has not seen are right as often as they say.

use std::collections::BTreeMap;

use assay_operators::linear::{
    language::Languages,
    table::{SIZES, TRUST_AT, Tally, size},
};

use crate::corpus::Row;

/// Texts of one source and language that are looked at.
const MOST: usize = 100;
/// Texts of a size without which its factor is that of the next smaller size.
const ENOUGH: usize = 200;
/// Factors that are tried, in eighths of a doubling: from a quarter to sixteen.
const TRIED: std::ops::RangeInclusive<i16> = -16..=32;

/// The bytes of a model with the factors that fit `rows`, which it must not have seen;
/// `None` if they are no model.
#[must_use]
pub fn trusted(model: &[u8], rows: &[Row]) -> Option<Vec<u8>> {
    let trust = fit(rows, &Languages::parse(model)?);
    let mut out = model.to_vec();
    for (bytes, factor) in out[TRUST_AT..].chunks_exact_mut(4).zip(trust) {
        bytes.copy_from_slice(&factor.to_le_bytes());
    }
    Some(out)
}

/// The factors under which the true languages of `rows` are likeliest.
fn fit(rows: &[Row], languages: &Languages<'_>) -> [f32; SIZES] {
    let tallies = tallies(rows, languages);
    let mut trust = [1.0; SIZES];
    let mut last = 1.0;
    for (own, tallies) in trust.iter_mut().zip(&tallies) {
        if ENOUGH <= tallies.len() {
            last = likeliest(tallies, languages);
        }
        *own = last;
    }
    trust
}

/// What the first texts of each source and language add up to, by size.
fn tallies<'r>(rows: &'r [Row], languages: &Languages<'_>) -> [Vec<(&'r str, Tally)>; SIZES] {
    let mut tallies = [const { Vec::new() }; SIZES];
    let mut counts = BTreeMap::<(&str, &str), usize>::new();
    for row in rows {
        let count = counts.entry((&row.source, &row.lang)).or_default();
        *count += 1;
        if *count <= MOST {
            let code = row.lang.split_once('-').map_or(row.lang.as_str(), |(code, _)| code);
            let tally = languages.tally(&row.text, usize::MAX);
            tallies[size(tally.known)].push((code, tally));
        }
    }
    tallies
}

fn likeliest(tallies: &[(&str, Tally)], languages: &Languages<'_>) -> f32 {
    let mut best = (f64::INFINITY, 1.0);
    for step in TRIED {
        let factor = (f32::from(step) / 8.0).exp2();
        let chance = |(code, tally): &(&str, Tally)| {
            languages.chance(tally, code, f64::from(factor)).map(|chance| chance.max(1e-6).ln())
        };
        let loss = -tallies.iter().filter_map(chance).sum::<f64>();
        if loss < best.0 {
            best = (loss, factor);
        }
    }
    best.1
}
