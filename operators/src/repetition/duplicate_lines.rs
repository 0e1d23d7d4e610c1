#![doc = include_str!("duplicate_lines.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{GOPHER, ends, locate_pieces, measure_pieces, ratio};
use crate::contract::{
    AnyGauge, Card, Dialect, Document, Field, FieldKind, Fraction, Gauge, GaugeKind, Judgement,
    OptionsError, Span, Support, Value,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<DuplicateLines>::new();

/// Measures how many lines, and how much of the text, are copies of other lines.
#[derive(Debug)]
pub struct DuplicateLines {
    measuring: Measuring,
    limits: Limits,
}

/// Measuring options of [`DuplicateLines`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// Whose formulas are followed.
    pub dialect: Dialect,
}

/// Limits of [`DuplicateLines`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Largest allowed share of duplicate lines.
    pub max: Fraction,
    /// Most characters in duplicate lines allowed, per character of the text.
    pub max_chars: Fraction,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max: Fraction::percent(30), max_chars: Fraction::percent(20) }
    }
}

impl Gauge for DuplicateLines {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "duplicate_lines",
        version: 2,
        summary: "finds texts that say the same line again and again",
        fields: &[
            Field {
                name: "value",
                kind: FieldKind::Float,
                unit: "share",
                what: "the share of lines that are copies",
            },
            ratio("chars", "the characters of these lines to those of the text"),
        ],
        support: Support::AnyText,
        source: GOPHER,
        guide: include_str!("duplicate_lines.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { measuring, limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let dialect = self.measuring.dialect;
        measure_pieces(document, document.line_pieces(ends(dialect)), dialect, out);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let Limits { max, max_chars } = self.limits;
        let chars = Judgement::of("chars", &measured[1], None, Some(max_chars.get()));
        Judgement::at_most(&measured[0], max.get()).and(chars)
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        let dialect = self.measuring.dialect;
        locate_pieces(document, document.line_pieces(ends(dialect)), dialect, spans);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, located, located_with, measured, measured_with};

    #[test]
    fn the_first_of_equal_lines_is_no_copy() {
        assert_eq!(
            measured(KIND, "tide\nsea\n\ntide\npier"),
            [Value::Float(0.25), Value::Float(4.0 / 19.0)]
        );
        assert_eq!(located(KIND, "tide\nsea\ntide\npier"), ["tide"]);
    }

    #[test]
    fn dialects_count_different_things() {
        let text = "a\n\nb \na\nb ";
        for (dialect, lines, chars) in [
            ("datatrove", 0.5, 3.0 / 10.0),
            ("dclm", 1.0, 1.0),
            ("dolma", 1.0, 6.0 / 4.0),
            ("nemo", 0.5, 0.5),
            ("paper", 1.0, 1.0),
        ] {
            let options = format!("dialect = '{dialect}'");
            let wanted = [Value::Float(lines), Value::Float(chars)];
            assert_eq!(measured_with(KIND, &options, text), wanted, "{dialect}");
        }
    }

    #[test]
    fn dclm_compares_stripped_lines() {
        let text = "tide\n\ttide \n\u{3000}\nsea\npier\r\n";
        for (dialect, lines, chars) in
            [("dclm", 0.5, 8.0 / 15.0), ("nemo", 0.0, 0.0), ("paper", 0.0, 0.0)]
        {
            let options = format!("dialect = '{dialect}'");
            let wanted = [Value::Float(lines), Value::Float(chars)];
            assert_eq!(measured_with(KIND, &options, text), wanted, "{dialect}");
        }
        assert_eq!(located_with(KIND, "dialect = 'dclm'", text), ["tide", "tide"]);
    }

    #[test]
    fn the_limit_itself_is_within() {
        let text = "a\nb\nc\nd\ne\nf\ng\na\nb\nc";
        assert_eq!(judged(KIND, "max-chars = 1", text), Judgement::Within);
        assert!(matches!(judged(KIND, "max = 0.29", text), Judgement::Outside(_)));
    }

    #[test]
    fn characters_have_a_limit_of_their_own() {
        let text = "the same long line\na\nb\nc\nd\nthe same long line";
        let Judgement::Outside(all) = judged(KIND, "", text) else { panic!("within") };
        assert_eq!(all[0].to_string(), "chars <= 0.2");
    }
}
