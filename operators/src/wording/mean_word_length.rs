#![doc = include_str!("mean_word_length.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{counted, split_by};
use crate::{
    contract::{
        AnyGauge, Card, Dialect, Document, Fidelity, Field, FieldKind, Gauge, GaugeKind, Judgement,
        OptionsError, Quantity, Source, Support, Value, in_order,
    },
    text::words::WordView,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<MeanWordLength>::new();

/// Measures how long words are on average.
#[derive(Debug)]
pub struct MeanWordLength {
    measuring: Measuring,
    limits: Limits,
}

/// Measuring options of [`MeanWordLength`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// Whose formulas are followed.
    pub dialect: Dialect,
    /// What counts as a word; left out, what the dialect says.
    pub words: Option<WordView>,
}

/// Limits of [`MeanWordLength`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Smallest mean allowed, in characters.
    pub min: Quantity,
    /// Largest mean allowed, in characters.
    pub max: Quantity,
}

impl Default for Limits {
    fn default() -> Self {
        Self { min: Quantity::thousandths(3_000), max: Quantity::thousandths(10_000) }
    }
}

impl Gauge for MeanWordLength {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "mean_word_length",
        version: 3,
        summary: "finds texts whose words are too short or too long to be prose",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Float,
            unit: "characters",
            what: "the mean or median length of a word",
        }],
        support: Support::SpacedScripts,
        source: Source {
            work: "Rae et al. 2021, Scaling Language Models (Gopher), quality filters",
            url: "https://arxiv.org/abs/2112.11446",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("mean_word_length.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        in_order(limits.min.get(), limits.max.get())?;
        Ok(Self { measuring, limits })
    }

    fn support(&self) -> Support {
        Self::CARD.support.counting(self.measuring.words)
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let Measuring { dialect, words } = self.measuring;
        let lengths = counted(document, words, split_by(dialect)).map(|word| word.chars);
        out[0] = match dialect {
            Dialect::Dolma => median(&lengths).map_or(Value::Missing, Value::Float),
            _ => {
                let (all, chars) = lengths
                    .fold((0, 0), |(all, chars), length| (all + 1, chars + u64::from(length)));
                Value::share(chars, all)
            }
        };
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let Limits { min, max } = self.limits;
        Judgement::between(&measured[0], Some(min.get()), Some(max.get()))
    }
}

/// The middle of `lengths`, or the mean of the two in the middle.
fn median(lengths: &(impl Iterator<Item = u32> + Clone)) -> Option<f64> {
    let all = lengths.clone().count();
    let longest = lengths.clone().max()?;
    // Halving the range of lengths needs no memory, sorting would.
    let smallest_but = |count: usize| {
        let (mut low, mut high) = (0, longest);
        while low < high {
            let middle = low + (high - low) / 2;
            if lengths.clone().filter(|&length| length <= middle).count() <= count {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        f64::from(low)
    };
    Some(f64::midpoint(smallest_but((all - 1) / 2), smallest_but(all / 2)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{measured, measured_with, refused};

    #[test]
    fn dialects_count_different_things() {
        let text = "don't go, a-bc stop";
        for (dialect, length) in [
            ("datatrove", 14.0 / 6.0),
            ("dclm", 4.0),
            ("dolma", 4.0),
            ("nemo", 4.0),
            ("paper", 2.8),
        ] {
            let options = format!("dialect = '{dialect}'");
            assert_eq!(measured_with(KIND, &options, text), [Value::Float(length)], "{dialect}");
        }
    }

    #[test]
    fn dolma_takes_the_median() {
        let median = |text| measured_with(KIND, "dialect = 'dolma'", text);
        assert_eq!(median("abcdefgh a abc"), [Value::Float(3.0)]);
        assert_eq!(median("abcdefgh a abc ab"), [Value::Float(2.5)]);
        assert_eq!(median(" "), [Value::Missing]);
    }

    #[test]
    fn punctuation_and_spaces_are_not_part_of_a_word() {
        assert_eq!(measured(KIND, "a, bcd."), [Value::Float(2.0)]);
    }

    #[test]
    fn letters_are_counted_not_bytes() {
        assert_eq!(measured(KIND, "été"), [Value::Float(3.0)]);
    }

    #[test]
    fn without_words_there_is_no_mean() {
        assert_eq!(measured(KIND, "?!"), [Value::Missing]);
    }

    #[test]
    fn limits_that_exclude_each_other_or_are_no_numbers_are_refused() {
        assert_eq!(refused(KIND, "min = 11"), "min");
        assert_eq!(refused(KIND, "max = inf"), "max");
    }
}
