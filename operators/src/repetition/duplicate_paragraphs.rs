#![doc = include_str!("duplicate_paragraphs.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{GOPHER, ends, locate_pieces, measure_pieces, ratio};
use crate::contract::{
    AnyGauge, Card, Dialect, Document, Field, FieldKind, Fraction, Gauge, GaugeKind, Judgement,
    OptionsError, Span, Support, Value,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<DuplicateParagraphs>::new();

/// Measures how many paragraphs, and how much of the text, are copies of other paragraphs.
#[derive(Debug)]
pub struct DuplicateParagraphs {
    measuring: Measuring,
    limits: Limits,
}

/// Measuring options of [`DuplicateParagraphs`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// Whose formulas are followed.
    pub dialect: Dialect,
}

/// Limits of [`DuplicateParagraphs`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Largest allowed share of duplicate paragraphs.
    pub max: Fraction,
    /// Most characters in duplicate paragraphs allowed, per character of the text.
    pub max_chars: Fraction,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max: Fraction::percent(30), max_chars: Fraction::percent(20) }
    }
}

impl Gauge for DuplicateParagraphs {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "duplicate_paragraphs",
        version: 2,
        summary: "finds texts that say the same paragraph again and again",
        fields: &[
            Field {
                name: "value",
                kind: FieldKind::Float,
                unit: "share",
                what: "the share of paragraphs that are copies",
            },
            ratio("chars", "the characters of these paragraphs to those of the text"),
        ],
        support: Support::AnyText,
        source: GOPHER,
        guide: include_str!("duplicate_paragraphs.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        if measuring.dialect == Dialect::Dolma {
            return Err(OptionsError::new(
                "dialect",
                "is dolma, which does not look at paragraphs",
                "leave the step out, or choose another dialect",
            ));
        }
        Ok(Self { measuring, limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let dialect = self.measuring.dialect;
        measure_pieces(document, document.paragraph_pieces(ends(dialect)), dialect, out);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let Limits { max, max_chars } = self.limits;
        let chars = Judgement::of("chars", &measured[1], None, Some(max_chars.get()));
        Judgement::at_most(&measured[0], max.get()).and(chars)
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        let dialect = self.measuring.dialect;
        locate_pieces(document, document.paragraph_pieces(ends(dialect)), dialect, spans);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, located, located_with, measured, measured_with, refused};

    #[test]
    fn paragraphs_stand_between_blank_lines() {
        let text = "one\ntwo\n\n\nthree\n\none\ntwo\n\nfour\n";
        assert_eq!(measured(KIND, text), [Value::Float(0.25), Value::Float(7.0 / 31.0)]);
        assert_eq!(located(KIND, text), ["one\ntwo"]);
    }

    #[test]
    fn dclm_compares_stripped_paragraphs() {
        let text = "one\ntwo \n\n\n one\ntwo\n\n \n\nsix\n\nten";
        for (dialect, paragraphs, chars) in
            [("dclm", 0.5, 14.0 / 20.0), ("nemo", 0.0, 0.0), ("paper", 0.0, 0.0)]
        {
            let options = format!("dialect = '{dialect}'");
            let wanted = [Value::Float(paragraphs), Value::Float(chars)];
            assert_eq!(measured_with(KIND, &options, text), wanted, "{dialect}");
        }
        assert_eq!(located_with(KIND, "dialect = 'dclm'", text), ["one\ntwo", "one\ntwo"]);
    }

    #[test]
    fn a_single_line_feed_parts_no_paragraphs() {
        assert_eq!(measured(KIND, "a\na\na"), [Value::Float(0.0), Value::Float(0.0)]);
    }

    #[test]
    fn dolma_has_no_such_rule() {
        assert_eq!(refused(KIND, "dialect = 'dolma'"), "dialect");
    }

    #[test]
    fn nothing_to_measure_is_neither_zero_nor_one() {
        assert_eq!(judged(KIND, "", " \n\n\n"), Judgement::Unmeasured);
    }
}
