//! How many hashes a sketch needs.

use crate::contract::{Fraction, curve};

/// The chance up to which a pair half as similar as asked may be proposed.
pub(crate) const MOST_STRAYS: f64 = 1.0 / 16.0;

/// Bands and rows of the sketch with the fewest hashes that
///
/// * misses a pair of this `similarity` with a chance of at most `miss`, and
/// * proposes a pair half as similar with a chance of at most one in sixteen.
///
/// Among equals the one with more rows, whose curve is steeper. `None` if there is none with
/// up to `max_hashes` hashes.
///
/// The second condition is needed since the first alone is met with fewest hashes by one row,
/// which proposes nearly everything.
#[must_use]
pub fn choose(similarity: Fraction, miss: Fraction, max_hashes: u32) -> Option<(u32, u32)> {
    let similarity = similarity.get();
    let settings = (1..=max_hashes).rev().filter_map(|rows| {
        let fits = |bands: &u32| 1.0 - curve(*bands, rows, similarity) <= miss.get();
        let bands = (1..=max_hashes / rows).find(fits)?;
        (curve(bands, rows, similarity / 2.0) <= MOST_STRAYS).then_some((bands, rows))
    });
    settings.min_by_key(|(bands, rows)| bands * rows)
}
