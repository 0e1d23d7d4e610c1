#![doc = include_str!("mean_word_length.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Card, Document, Fidelity, Field, FieldKind, Gauge, GaugeKind, Judgement,
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
    /// What counts as a word.
    pub words: WordView,
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
        version: 1,
        summary: "finds texts whose words are too short or too long to be prose",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Float,
            unit: "characters",
            what: "the mean length of a word",
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

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let words = document.words(self.measuring.words);
        let characters = words.iter().map(|word| u64::from(word.chars)).sum();
        out[0] = Value::share(characters, words.len() as u64);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let Limits { min, max } = self.limits;
        Judgement::between(&measured[0], Some(min.get()), Some(max.get()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{measured, refused};

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
