#![doc = include_str!("upper_case_words.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind,
        Judgement, NoOptions, OptionsError, Source, Span, Support, Value,
    },
    text::words::{Word, WordView},
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<UpperCaseWords>::new();

/// Measures which share of the words is in upper case.
#[derive(Debug)]
pub struct UpperCaseWords {
    limits: Limits,
}

/// Limits of [`UpperCaseWords`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Largest share of words in upper case allowed.
    pub max: Fraction,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max: Fraction::percent(50) }
    }
}

impl Gauge for UpperCaseWords {
    type Measuring = NoOptions;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "upper_case_words",
        version: 2,
        summary: "finds texts written in capitals",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Float,
            unit: "share",
            what: "the share of words in upper case",
        }],
        support: Support::SpacedScripts,
        source: Source {
            work: "RedPajama-Data v2 2023, quality signals, rps_doc_frac_all_caps_words",
            url: "https://github.com/togethercomputer/RedPajama-Data",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("upper_case_words.md"),
    };

    fn new(_: NoOptions, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let words = document.words(WordView::Uax29);
        // Most texts hold a few capitals only, and counts of characters are there anyway.
        let upper = match document.characters().upper {
            0 => 0,
            _ => words.iter().filter(|word| is_upper(document.text(), word)).count(),
        };
        out[0] = Value::share(upper as u64, words.len() as u64);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_most(&measured[0], self.limits.max.get())
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        let words = document.words(WordView::Uax29).iter();
        spans.extend(words.filter(|w| is_upper(document.text(), w)).map(|word| word.span));
    }
}

/// Whether a word holds letters in upper case and none in lower case.
fn is_upper(text: &str, word: &Word) -> bool {
    if !word.has_letter {
        return false;
    }
    let word = word.span.of(text);
    let mut any = false;
    for character in word.chars() {
        if character.is_lowercase() {
            return false;
        }
        any |= character.is_uppercase();
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{located, measured};

    #[test]
    fn a_word_may_hold_digits_but_no_small_letter() {
        assert_eq!(located(KIND, "The R2D2 of NASA, É 12 iOS I'M"), ["R2D2", "NASA", "É", "I'M"]);
    }

    #[test]
    fn scripts_without_case_have_no_capitals() {
        assert_eq!(measured(KIND, "בית ספר"), [Value::Float(0.0)]);
    }
}
