#![doc = include_str!("alphabetic_words.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind,
        Judgement, OptionsError, Source, Span, Support, Value,
    },
    text::words::WordView,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<AlphabeticWords>::new();

/// Measures the share of words that hold a letter.
#[derive(Debug)]
pub struct AlphabeticWords {
    measuring: Measuring,
    limits: Limits,
}

/// Measuring options of [`AlphabeticWords`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// What counts as a word.
    pub words: WordView,
}

/// Limits of [`AlphabeticWords`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Smallest allowed share of words with a letter: 0 allows none, 1 asks for all.
    pub min: Fraction,
}

impl Default for Measuring {
    fn default() -> Self {
        Self { words: WordView::Whitespace }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { min: Fraction::percent(80) }
    }
}

impl Gauge for AlphabeticWords {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "alphabetic_words",
        version: 1,
        summary: "finds tables of numbers, price lists and punctuation art",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Float,
            unit: "share",
            what: "the share of words that hold a letter",
        }],
        support: Support::SpacedScripts,
        source: Source {
            work: "Rae et al. 2021, Scaling Language Models (Gopher), quality filters",
            url: "https://arxiv.org/abs/2112.11446",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("alphabetic_words.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { measuring, limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let words = document.words(self.measuring.words);
        let alphabetic = words.iter().filter(|word| word.has_letter).count();
        out[0] = Value::share(alphabetic as u64, words.len() as u64);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_least(&measured[0], self.limits.min.get())
    }

    /// The words that hold no letter: they are what a text is dropped for.
    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        let words = document.words(self.measuring.words).iter();
        spans.extend(words.filter(|word| !word.has_letter).map(|word| word.span));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, located, measured};

    #[test]
    fn one_letter_is_enough_for_a_word() {
        assert_eq!(measured(KIND, "B2 is 4 €"), [Value::Float(0.5)]);
    }

    #[test]
    fn the_evidence_is_the_words_without_a_letter() {
        assert_eq!(located(KIND, "pay 12.50 € now -"), ["12.50", "€", "-"]);
    }

    #[test]
    fn the_limit_itself_is_within() {
        assert_eq!(judged(KIND, "", "a b c d 5"), Judgement::Within);
    }
}
