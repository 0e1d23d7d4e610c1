#![doc = include_str!("word_entropy.md")]

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
pub const KIND: &dyn AnyGauge = &GaugeKind::<WordEntropy>::new();

/// Measures how evenly a text uses its words.
#[derive(Debug)]
pub struct WordEntropy {
    measuring: Measuring,
    limits: Limits,
}

/// Measuring options of [`WordEntropy`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// What counts as a word.
    pub words: WordView,
}

/// Limits of [`WordEntropy`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Smallest entropy allowed, in nats; any if not set.
    pub min: Option<Quantity>,
    /// Largest entropy allowed, in nats; any if not set.
    pub max: Option<Quantity>,
}

impl Gauge for WordEntropy {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "word_entropy",
        version: 1,
        summary: "finds texts whose words are too predictable or too random",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Float,
            unit: "nats",
            what: "the entropy of the words",
        }],
        support: Support::AnyText,
        source: Source {
            work: "RedPajama-Data v2 2023, quality signals, rps_doc_unigram_entropy",
            url: "https://github.com/togethercomputer/RedPajama-Data",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("word_entropy.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        if let (Some(min), Some(max)) = (limits.min, limits.max) {
            in_order(min.get(), max.get())?;
        }
        Ok(Self { measuring, limits })
    }

    fn support(&self) -> Support {
        Self::CARD.support.counting(Some(self.measuring.words))
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let counts = document.vocabulary(self.measuring.words).counts();
        if !counts.is_empty() {
            out[0] = Value::Float(entropy(counts));
        }
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let Limits { min, max } = self.limits;
        Judgement::between(&measured[0], min.map(f64::from), max.map(f64::from))
    }
}

/// `ln N - (sum of c ln c) / N`, the same as `-sum of p ln p`. Words that occur once add
/// nothing to the sum, so most cost nothing.
fn entropy(counts: &[u32]) -> f64 {
    let all: u64 = counts.iter().map(|&count| u64::from(count)).sum();
    let repeated = counts.iter().filter(|&&count| 1 < count);
    let sum: f64 = repeated.map(|&count| f64::from(count) * f64::from(count).ln()).sum();
    ((all as f64).ln() - sum / all as f64).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{measured, refused};

    fn nats(text: &str) -> f64 {
        measured(KIND, text)[0].as_f64().unwrap()
    }

    #[test]
    fn words_used_evenly_have_the_entropy_of_their_number() {
        assert!((nats("one two three four") - 4_f64.ln()).abs() < 1e-12);
        assert!((nats("来去来去来去") - 2_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn one_word_has_none() {
        assert!(nats("no No NO") < f64::EPSILON);
    }

    #[test]
    fn it_is_the_sum_over_shares() {
        let [a, b] = [0.75_f64, 0.25];
        assert!((nats("a a a b") - (-a * a.ln() - b * b.ln())).abs() < 1e-12);
    }

    #[test]
    fn limits_that_exclude_each_other_are_refused() {
        assert_eq!(refused(KIND, "min = 3\nmax = 2"), "min");
    }
}
