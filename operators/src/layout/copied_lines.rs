#![doc = include_str!("copied_lines.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::{
    AnyGauge, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind, Judgement,
    NoOptions, OptionsError, Source, Span, Support, Value,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<CopiedLines>::new();

/// Measures the share of characters in lines that stood in the document before.
#[derive(Debug)]
pub struct CopiedLines {
    limits: Limits,
}

/// Limits of [`CopiedLines`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Largest allowed share of characters in copied lines: 0 allows none, 1 allows all.
    pub max: Fraction,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max: Fraction::percent(1) }
    }
}

impl Gauge for CopiedLines {
    type Measuring = NoOptions;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "copied_lines",
        version: 1,
        summary: "finds pages that say lines again: menus, frames and templates in the text",
        fields: &[
            Field {
                name: "value",
                kind: FieldKind::Float,
                unit: "share",
                what: "the share of characters in lines that stood before",
            },
            Field {
                name: "lines",
                kind: FieldKind::Int,
                unit: "lines",
                what: "the number of lines that stood before",
            },
        ],
        support: Support::AnyText,
        source: Source {
            work: "Penedo et al. 2024, The FineWeb Datasets, section 3.6",
            url: "https://arxiv.org/abs/2406.17557",
            fidelity: Fidelity::Same,
        },
        guide: include_str!("copied_lines.md"),
    };

    fn new(_: NoOptions, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        if document.non_blank_lines().next().is_none() {
            return;
        }
        let copies = document.copied_lines();
        let text = document.text();
        let again = copies.iter().map(|line| line.whole.of(text).chars().count() as u64).sum();
        let line_feeds = memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64;
        out[0] = Value::share(again, document.characters().all - line_feeds);
        out[1] = Value::count(copies.len());
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_most(&measured[0], self.limits.max.get())
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        spans.extend(document.copied_lines().iter().map(|line| line.trimmed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, located, measured};

    #[test]
    fn the_first_of_equal_lines_is_no_copy() {
        let text = "我们\nus\n\n我们\n我们\n";
        assert_eq!(measured(KIND, text), [Value::Float(0.5), Value::Int(2)]);
        assert_eq!(located(KIND, text), ["我们", "我们"]);
    }

    #[test]
    fn indentation_makes_another_line() {
        assert_eq!(measured(KIND, "end\n  end\n  end")[1], Value::Int(1));
    }

    #[test]
    fn blank_lines_are_no_copies() {
        assert_eq!(measured(KIND, "a\n \n \n \nb"), [Value::Float(0.0), Value::Int(0)]);
    }

    #[test]
    fn nothing_to_measure_is_neither_zero_nor_one() {
        assert_eq!(judged(KIND, "", " \n\n"), Judgement::Unmeasured);
    }
}
