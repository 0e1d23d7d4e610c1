#![doc = include_str!("alphabetic_words.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::split_by;
use crate::{
    contract::{
        AnyGauge, Card, Dialect, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind,
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// Whose formulas are followed.
    pub dialect: Dialect,
    /// What counts as a word; left out, what the dialect says.
    pub words: Option<WordView>,
}

impl Measuring {
    fn view(self) -> WordView {
        self.words.unwrap_or(split_by(self.dialect))
    }
}

/// Limits of [`AlphabeticWords`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Smallest allowed share of words with a letter: 0 allows none, 1 asks for all.
    pub min: Fraction,
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
        version: 3,
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

    fn support(&self) -> Support {
        Self::CARD.support.counting(self.measuring.words)
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let words = document.words(self.measuring.view());
        let alphabetic = words.iter().filter(|word| word.has_letter).count();
        out[0] = Value::share(alphabetic as u64, words.len() as u64);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_least(&measured[0], self.limits.min.get())
    }

    /// The words that hold no letter: they are what a text is dropped for.
    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        let words = document.words(self.measuring.view()).iter();
        spans.extend(words.filter(|word| !word.has_letter).map(|word| word.span));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, located, measured, measured_with};

    #[test]
    fn dialects_count_different_things() {
        let text = "we met: 12/7, at 9";
        for (dialect, share) in
            [("datatrove", 3.0 / 7.0), ("dclm", 0.6), ("dolma", 0.6), ("nemo", 0.6), ("paper", 0.5)]
        {
            let options = format!("dialect = '{dialect}'");
            assert_eq!(measured_with(KIND, &options, text), [Value::Float(share)], "{dialect}");
        }
    }

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
