//! Percentiles of a stream of any length in little memory, the same for every order.

use std::collections::BTreeMap;

/// Counts values by their leading bits: integers up to 512 exactly, everything else to
/// within 0.4 %. Counting is commutative, so the threads of a query do not matter.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Sketch {
    counts: BTreeMap<i64, u64>,
    measured: u64,
    ends: Option<(f64, f64)>,
}

/// Bits of the fraction that are left out.
const SHIFT: u32 = 52 - 8;

impl Sketch {
    /// Takes a value.
    pub(crate) fn add(&mut self, value: f64) {
        *self.counts.entry(bucket(value)).or_default() += 1;
        self.measured += 1;
        self.ends = Some(match self.ends {
            None => (value, value),
            Some((min, max)) => (min.min(value), max.max(value)),
        });
    }

    /// Takes what another one has seen.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (bucket, count) in &other.counts {
            *self.counts.entry(*bucket).or_default() += count;
        }
        self.measured += other.measured;
        self.ends = match (self.ends, other.ends) {
            (Some(left), Some(right)) => Some((left.0.min(right.0), left.1.max(right.1))),
            (left, right) => left.or(right),
        };
    }

    /// Values seen.
    pub(crate) fn measured(&self) -> u64 {
        self.measured
    }

    /// Smallest and largest value.
    pub(crate) fn ends(&self) -> Option<(f64, f64)> {
        self.ends
    }

    /// The value that `percent` of all values do not exceed.
    pub(crate) fn percentile(&self, percent: u64) -> Option<f64> {
        let (min, max) = self.ends?;
        let rank = (u128::from(self.measured) * u128::from(percent)).div_ceil(100).max(1);
        let mut seen = 0;
        for (bucket, count) in &self.counts {
            seen += u128::from(*count);
            if rank <= seen {
                return Some(value(*bucket).clamp(min, max));
            }
        }
        Some(max)
    }
}

/// Numbers in the order of the values: negative floats count down in their bits.
fn bucket(value: f64) -> i64 {
    let magnitude = i64::try_from(value.abs().to_bits() >> SHIFT).unwrap_or(i64::MAX);
    if value < 0.0 { -magnitude } else { magnitude }
}

/// The value of a bucket that is nearest to zero.
fn value(bucket: i64) -> f64 {
    let magnitude = f64::from_bits(bucket.unsigned_abs() << SHIFT);
    if bucket < 0 { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: impl IntoIterator<Item = f64>) -> Sketch {
        let mut sketch = Sketch::default();
        values.into_iter().for_each(|value| sketch.add(value));
        sketch
    }

    #[test]
    fn small_integers_are_exact() {
        let sketch = of((1..=100).map(f64::from));
        assert_eq!(
            [1, 5, 50, 95, 100].map(|percent| sketch.percentile(percent)),
            [1.0, 5.0, 50.0, 95.0, 100.0].map(Some)
        );
    }

    #[test]
    fn everything_else_is_near() {
        let sketch = of((0..10_000).map(|i| f64::from(i) * 7.3 - 1000.0));
        for percent in [1, 25, 50, 99] {
            let exact = (percent as f64 * 100.0 - 1.0) * 7.3 - 1000.0;
            let found = sketch.percentile(percent).unwrap();
            assert!((found - exact).abs() <= exact.abs() * 0.004, "{percent}: {found} {exact}");
        }
    }

    #[test]
    fn order_and_grouping_do_not_matter() {
        let values: Vec<f64> = (0..500).map(|i| f64::from(i * 37 % 101) / 7.0).collect();
        let whole = of(values.iter().copied());
        assert_eq!(of(values.iter().rev().copied()), whole);
        let mut parts = of(values[..123].iter().copied());
        parts.merge(&of(values[123..].iter().copied()));
        assert_eq!(parts, whole);
    }

    #[test]
    fn nothing_has_no_percentile() {
        assert_eq!(Sketch::default().percentile(50), None);
    }
}
