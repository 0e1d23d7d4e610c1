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

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(similarity: u8, miss: u8) -> Option<(u32, u32)> {
        choose(Fraction::percent(similarity), Fraction::percent(miss), 256)
    }

    #[test]
    fn fewer_hashes_would_miss_or_stray() {
        for (similarity, miss) in [(80, 2), (70, 2), (90, 1), (95, 5), (75, 10)] {
            let (bands, rows) = chosen(similarity, miss).unwrap();
            let (at, limit) = (f64::from(similarity) / 100.0, f64::from(miss) / 100.0);
            for (b, r) in (1..=256).flat_map(|b| (1..=256 / b).map(move |r| (b, r))) {
                let fits = 1.0 - curve(b, r, at) <= limit && curve(b, r, at / 2.0) <= MOST_STRAYS;
                let better = b * r < bands * rows || b * r == bands * rows && rows < r;
                assert!(!(fits && better), "{b} × {r} is better than {bands} × {rows}");
            }
        }
    }

    #[test]
    fn what_no_sketch_can_do_is_said() {
        assert_eq!([chosen(50, 2), chosen(0, 2), chosen(80, 0)], [None; 3]);
        assert_eq!(chosen(100, 0), Some((1, 4)));
    }

    #[test]
    fn the_curve_is_that_of_the_table_of_fineweb() {
        // 14 bands of 8 rows, at similarities 0.5 to 0.9.
        let wanted = [(0.5, 0.053), (0.6, 0.211), (0.7, 0.565), (0.8, 0.924)];
        for (jaccard, chance) in wanted {
            assert!((curve(14, 8, jaccard) - chance).abs() < 0.001, "{jaccard}");
        }
    }
}
