#![doc = include_str!("character_shares.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::{
    AnyGauge, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind, Judgement,
    NoOptions, OptionsError, Source, Support, Value,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<CharacterShares>::new();

/// Measures which share of a text each class of characters has.
#[derive(Debug)]
pub struct CharacterShares {
    limits: Limits,
}

/// Limits of [`CharacterShares`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Smallest share of letters allowed; any if not set.
    pub min_letters: Option<Fraction>,
    /// Largest share of digits allowed; any if not set.
    pub max_digits: Option<Fraction>,
    /// Largest share of punctuation allowed; any if not set.
    pub max_punctuation: Option<Fraction>,
    /// Largest share of symbols allowed; any if not set.
    pub max_symbols: Option<Fraction>,
    /// Largest share of letters in upper case allowed; any if not set.
    pub max_upper: Option<Fraction>,
    /// Largest share of white space allowed; any if not set.
    pub max_white_space: Option<Fraction>,
    /// Largest share of control characters allowed; any if not set.
    pub max_control: Option<Fraction>,
    /// Largest share of U+FFFD allowed; any if not set.
    pub max_replacement: Option<Fraction>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            min_letters: Some(Fraction::percent(20)),
            max_digits: Some(Fraction::percent(60)),
            max_punctuation: Some(Fraction::percent(60)),
            max_symbols: Some(Fraction::percent(60)),
            max_upper: None,
            max_white_space: Some(Fraction::percent(80)),
            max_control: Some(Fraction::percent(10)),
            max_replacement: Some(Fraction::percent(1)),
        }
    }
}

const LETTERS: usize = 0;
const DIGITS: usize = 1;
const PUNCTUATION: usize = 2;
const SYMBOLS: usize = 3;
const UPPER: usize = 4;
const WHITE_SPACE: usize = 5;
const CONTROL: usize = 6;
const REPLACEMENT: usize = 7;

impl Gauge for CharacterShares {
    type Measuring = NoOptions;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "character_shares",
        version: 1,
        summary: "finds texts of digits, punctuation, capitals, blanks or undecodable characters",
        fields: &[
            share("value", "the share of letters"),
            share("digits", "the share of digits and other numbers"),
            share("punctuation", "the share of punctuation"),
            share("symbols", "the share of symbols"),
            share("upper", "the share of letters in upper case, of all letters"),
            share("white_space", "the share of white space, of all characters"),
            share("control", "the share of control and format characters"),
            share("replacement", "the share of replacement characters"),
        ],
        support: Support::AnyText,
        source: Source {
            work: "common practice; classes of the Unicode Character Database, limits our own",
            url: "https://www.unicode.org/reports/tr44/",
            fidelity: Fidelity::Own,
        },
        guide: include_str!("character_shares.md"),
    };

    fn new(_: NoOptions, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let counts = document.characters();
        let visible = counts.all - counts.white_space;
        if visible == 0 {
            return;
        }
        out[LETTERS] = Value::share(counts.letters + counts.marks, visible);
        out[DIGITS] = Value::share(counts.digits, visible);
        out[PUNCTUATION] = Value::share(counts.punctuation, visible);
        out[SYMBOLS] = Value::share(counts.symbols, visible);
        out[UPPER] = Value::share(counts.upper, counts.letters);
        out[WHITE_SPACE] = Value::share(counts.white_space, counts.all);
        out[CONTROL] = Value::share(counts.control, visible);
        out[REPLACEMENT] = Value::share(counts.replacement, visible);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let limits = &self.limits;
        let max = |slot: usize, max: Option<Fraction>| {
            Judgement::of(Self::CARD.fields[slot].name, &measured[slot], None, max.map(f64::from))
        };
        Judgement::of("value", &measured[LETTERS], limits.min_letters.map(f64::from), None)
            .and(max(DIGITS, limits.max_digits))
            .and(max(PUNCTUATION, limits.max_punctuation))
            .and(max(SYMBOLS, limits.max_symbols))
            .and(max(UPPER, limits.max_upper))
            .and(max(WHITE_SPACE, limits.max_white_space))
            .and(max(CONTROL, limits.max_control))
            .and(max(REPLACEMENT, limits.max_replacement))
    }
}

const fn share(name: &'static str, what: &'static str) -> Field {
    Field { name, kind: FieldKind::Float, unit: "share", what }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        contract::{Breach, Limit},
        testing::{judged, measured},
    };

    #[test]
    fn every_field_has_its_share() {
        let text = "Ab\u{301} 1 ?+\u{7}\u{fffd}质";
        let eighth = |count: f64| Value::Float(count / 9.0);
        let [third, fifth] = [1.0 / 3.0, 2.0 / 11.0].map(Value::Float);
        let [one, four] = [1.0, 4.0].map(eighth);
        let expected = [&four, &one, &one, &one, &third, &fifth, &one, &one].map(Clone::clone);
        assert_eq!(measured(KIND, text), expected);
    }

    #[test]
    fn a_broken_limit_speaks_with_its_field() {
        let breach = Breach { field: "digits", value: 0.75, limit: Limit::AtMost(0.6) };
        assert_eq!(judged(KIND, "", "1a23"), Judgement::Outside(vec![breach]));
        assert_eq!(breach.to_string(), "digits <= 0.6");
    }

    #[test]
    fn without_letters_there_is_no_share_of_capitals() {
        assert_eq!(measured(KIND, "12")[UPPER], Value::Missing);
        assert_eq!(judged(KIND, "min-letters = 0\nmax-digits = 1", "12"), Judgement::Within);
    }
}
