//! Where the bins of a histogram are, and where a value stands among them.

/// Bins over a range; linear, or logarithmic for counts of a wide range.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scale {
    /// One more than there are bins, ascending.
    edges: Vec<f64>,
    logarithmic: bool,
    whole: bool,
    /// The last bin holds its upper edge, unless a bar for larger values follows.
    closed: bool,
}

/// What is known about the values before they are counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    /// Smallest value.
    pub(crate) min: f64,
    /// Largest value.
    pub(crate) max: f64,
    /// First percentile.
    pub(crate) low: f64,
    /// Last percentile.
    pub(crate) high: f64,
    /// Whether all values are integers.
    pub(crate) whole: bool,
}

/// Most bins of a histogram.
const BINS: u32 = 36;
/// From this ratio on, a range is wide.
const WIDE: f64 = 50.0;

impl Scale {
    /// Bins for a range. What lies beyond the outer percentiles is not spread out.
    pub(crate) fn new(range: Range) -> Self {
        let Range { min, max, low, high, whole } = range;
        // Nearly all values are equal: show the few that are not.
        let (low, high) = if low < high { (low, high) } else { (min, max) };
        let (edges, logarithmic) = if whole {
            let low = low.floor();
            let span = high.floor() - low + 1.0;
            let start = low.max(1.0);
            if 200.0 < span && 0.0 <= low && WIDE * start <= high {
                (logarithmic(start, high.floor() + 1.0, true), true)
            } else {
                let width = (span / f64::from(BINS)).ceil().max(1.0);
                (steps(low, width, (span / width).ceil()), false)
            }
        } else if 0.0 < low && 1.0 < max && WIDE * 20.0 <= high / low {
            (logarithmic(low, high, false), true)
        } else if low < high {
            // An axis that nearly begins at zero begins at zero.
            let low = if 0.0 <= min && low * 20.0 < high { 0.0 } else { low };
            (steps(low, (high - low) / f64::from(BINS), f64::from(BINS)), false)
        } else {
            (vec![low - 0.5, low + 0.5], false)
        };
        let closed = edges.last().is_some_and(|last| max <= *last);
        Self { edges, logarithmic, whole, closed }
    }

    fn bins(&self) -> usize {
        self.edges.len() - 1
    }

    /// Number of bins with the two ends.
    pub(crate) fn places(&self) -> usize {
        self.edges.len() + 1
    }

    /// The place of a value: 0 below the bins, then the bins, then all above.
    pub(crate) fn place(&self, value: f64) -> usize {
        if self.closed && self.last() <= value {
            return self.edges.len() - 1;
        }
        self.edges.partition_point(|edge| *edge <= value)
    }

    /// The range of a bin.
    pub(crate) fn bin(&self, bin: usize) -> (f64, f64) {
        (self.edges[bin], self.edges[bin + 1])
    }

    /// A value that stands for a bin.
    pub(crate) fn middle(&self, bin: usize) -> f64 {
        let (from, to) = self.bin(bin);
        if self.whole {
            ((from + to - 1.0) / 2.0).floor().max(from)
        } else {
            f64::midpoint(from, to)
        }
    }

    /// Where the bins begin.
    pub(crate) fn first(&self) -> f64 {
        self.edges.first().copied().unwrap_or(0.0)
    }

    /// Where the bins end.
    pub(crate) fn last(&self) -> f64 {
        self.edges.last().copied().unwrap_or(1.0)
    }

    /// Whether the scale is logarithmic.
    pub(crate) fn is_logarithmic(&self) -> bool {
        self.logarithmic
    }

    /// Place of a value on the axis, 0 to 1.
    pub(crate) fn position(&self, value: f64) -> f64 {
        let at = |value: f64| if self.logarithmic { value.max(1e-300).ln() } else { value };
        let (first, last) = (at(self.first()), at(self.last()));
        ((at(value) - first) / (last - first)).clamp(0.0, 1.0)
    }

    /// Place of a written value: in the middle of its bar if it has one of its own.
    pub(crate) fn tick(&self, value: f64) -> f64 {
        let own = self.whole
            && !self.logarithmic
            && (self.last() - self.first() - self.bins() as f64).abs() < 0.5;
        if own { self.position(value + 0.5) } else { self.position(value) }
    }

    /// Round values to write on the axis.
    pub(crate) fn ticks(&self) -> Vec<f64> {
        let (first, last) = (self.first(), self.last());
        if self.logarithmic {
            let decades = (first.log10().floor(), last.log10().ceil());
            let few = decades.1 - decades.0 <= 2.0;
            let mut ticks = Vec::new();
            let mut decade = decades.0;
            while decade <= decades.1 {
                for factor in if few { [1.0, 2.0, 5.0].as_slice() } else { &[1.0] } {
                    ticks.push(factor * 10f64.powf(decade));
                }
                decade += 1.0;
            }
            ticks.retain(|tick| first <= *tick && *tick <= last);
            return ticks;
        }
        let rough = (last - first) / 4.0;
        let power = 10f64.powf(rough.log10().floor());
        let nice = [1.0, 2.0, 2.5, 5.0, 10.0];
        let factor = nice.into_iter().find(|factor| rough <= factor * power).unwrap_or(10.0);
        let step = if self.whole { (factor * power).round().max(1.0) } else { factor * power };
        let mut ticks = Vec::new();
        let mut index = (first / step).ceil();
        let end = if self.whole { last - 1.0 } else { last };
        while index * step <= end && ticks.len() < 12 {
            // Multiples of 0.1 are not exact; nobody wants to read 0.30000000000000004.
            ticks.push((index * step * 1e12).round() / 1e12);
            index += 1.0;
        }
        ticks
    }
}

fn steps(first: f64, width: f64, bins: f64) -> Vec<f64> {
    let mut edges = Vec::new();
    let mut index = 0.0;
    while index <= bins {
        edges.push(first + width * index);
        index += 1.0;
    }
    edges
}

fn logarithmic(first: f64, last: f64, whole: bool) -> Vec<f64> {
    let mut edges: Vec<f64> = (0..=BINS)
        .map(|step| first * (last / first).powf(f64::from(step) / f64::from(BINS)))
        .map(|edge| if whole { edge.round() } else { edge })
        .collect();
    edges.dedup();
    edges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(min: f64, low: f64, high: f64, max: f64, whole: bool) -> Range {
        Range { min, max, low, high, whole }
    }

    #[test]
    fn few_whole_values_get_a_bin_each() {
        let scale = Scale::new(range(0.0, 0.0, 5.0, 5.0, true));
        assert_eq!(scale.places(), 8);
        assert_eq!([0.0, 1.0, 5.0].map(|value| scale.place(value)), [1, 2, 6]);
    }

    #[test]
    fn counts_of_a_wide_range_are_logarithmic() {
        let scale = Scale::new(range(0.0, 2.0, 9000.0, 80_000.0, true));
        assert!(scale.is_logarithmic());
        assert_eq!(scale.place(1.0), 0);
        assert_eq!(scale.place(9001.0), scale.places() - 1);
        assert_eq!(scale.ticks(), [10.0, 100.0, 1000.0]);
    }

    #[test]
    fn shares_are_linear_and_the_largest_value_is_in_the_last_bin() {
        let scale = Scale::new(range(0.0, 0.0, 1.0, 1.0, false));
        assert!(!scale.is_logarithmic());
        assert_eq!(scale.place(1.0), scale.places() - 2);
        assert_eq!(scale.ticks(), [0.0, 0.25, 0.5, 0.75, 1.0]);
    }

    #[test]
    fn one_value_is_one_bin() {
        let scale = Scale::new(range(0.3, 0.3, 0.3, 0.3, false));
        assert_eq!((scale.places(), scale.place(0.3)), (3, 1));
    }

    #[test]
    fn every_value_has_a_place() {
        for whole in [true, false] {
            let scale = Scale::new(range(-7.0, -3.0, 12.0, 99.0, whole));
            for value in [-7.0, -3.0, 0.0, 12.0, 13.0, 99.0] {
                assert!(scale.place(value) < scale.places(), "{value}");
            }
        }
    }
}
