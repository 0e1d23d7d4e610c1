#![doc = include_str!("unique_words.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind,
        Judgement, OptionsError, Source, Support, Value,
    },
    text::words::WordView,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<UniqueWords>::new();

/// Compares the number of different words with the number of words.
#[derive(Debug)]
pub struct UniqueWords {
    measuring: Measuring,
    limits: Limits,
}

/// Measuring options of [`UniqueWords`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// What counts as a word.
    pub words: WordView,
}

/// Limits of [`UniqueWords`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Smallest share of different words allowed; any if not set.
    pub min: Option<Fraction>,
}

impl Gauge for UniqueWords {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "unique_words",
        version: 1,
        summary: "finds texts that say few different words again and again",
        fields: &[
            Field {
                name: "value",
                kind: FieldKind::Float,
                unit: "share",
                what: "the number of different words per word",
            },
            Field {
                name: "unique",
                kind: FieldKind::Int,
                unit: "words",
                what: "the number of different words",
            },
        ],
        support: Support::AnyText,
        source: Source {
            work: "RedPajama-Data v2 2023, quality signals, rps_doc_frac_unique_words",
            url: "https://github.com/togethercomputer/RedPajama-Data",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("unique_words.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { measuring, limits })
    }

    fn support(&self) -> Support {
        Self::CARD.support.counting(Some(self.measuring.words))
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let words = document.words(self.measuring.words).len() as u64;
        if words == 0 {
            return;
        }
        let unique = document.vocabulary(self.measuring.words).counts().len();
        out[0] = Value::share(unique as u64, words);
        out[1] = Value::count(unique);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::between(&measured[0], self.limits.min.map(f64::from), None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::measured;

    #[test]
    fn case_does_not_make_a_word_different() {
        assert_eq!(measured(KIND, "The sea, the SEA!"), [Value::Float(0.5), Value::Int(2)]);
    }

    #[test]
    fn every_ideograph_is_a_word() {
        assert_eq!(measured(KIND, "来来往往。"), [Value::Float(0.5), Value::Int(2)]);
    }
}
