#![doc = include_str!("sentence_count.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::{
    AnyGauge, Card, Document, Fidelity, Field, FieldKind, Gauge, GaugeKind, Judgement, NoOptions,
    OptionsError, Source, Span, Support, Value,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<SentenceCount>::new();

/// Counts the sentences of a document.
#[derive(Debug)]
pub struct SentenceCount {
    limits: Limits,
}

/// Limits of [`SentenceCount`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Fewest sentences.
    pub min: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { min: 5 }
    }
}

impl Gauge for SentenceCount {
    type Measuring = NoOptions;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "sentence_count",
        version: 1,
        summary: "finds texts that are too short, in sentences",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Int,
            unit: "sentences",
            what: "the document's length",
        }],
        support: Support::AnyText,
        source: Source {
            work: "Raffel et al. 2020, Exploring the Limits of Transfer Learning (C4)",
            url: "https://arxiv.org/abs/1910.10683",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("sentence_count.md"),
    };

    fn new(_: NoOptions, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        if document.non_blank_lines().next().is_some() {
            out[0] = Value::count(document.sentences().len());
        }
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_least(&measured[0], f64::from(self.limits.min))
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        spans.extend(document.sentences());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, located, measured};

    #[test]
    fn sentences_are_counted_line_by_line() {
        assert_eq!(measured(KIND, "One. Two\nthree.\n\n四。五"), [Value::Int(5)]);
    }

    #[test]
    fn spans_cover_the_sentences() {
        assert_eq!(located(KIND, "One. (Two.)\n"), ["One.", "(Two.)"]);
    }

    #[test]
    fn no_sentence_is_zero_and_nothing_is_no_answer() {
        assert_eq!(measured(KIND, "***"), [Value::Int(0)]);
        assert_eq!(judged(KIND, "", " \n"), Judgement::Unmeasured);
    }
}
