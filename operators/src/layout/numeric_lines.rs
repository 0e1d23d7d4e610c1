#![doc = include_str!("numeric_lines.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{locate_lines, measure_lines};
use crate::{
    contract::{
        AnyGauge, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind,
        Judgement, OptionsError, Source, Span, Support, Value,
    },
    text::line_counts::LineCounts,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<NumericLines>::new();

/// Measures which share of the lines is mostly digits.
#[derive(Debug)]
pub struct NumericLines {
    measuring: Measuring,
    limits: Limits,
}

/// Measuring options of [`NumericLines`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// Share of digits from which on a line counts.
    pub digits: Fraction,
}

/// Limits of [`NumericLines`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Largest share of such lines allowed.
    pub max: Fraction,
}

impl Default for Measuring {
    fn default() -> Self {
        Self { digits: Fraction::percent(50) }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { max: Fraction::percent(50) }
    }
}

impl Gauge for NumericLines {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "numeric_lines",
        version: 1,
        summary: "finds tables and lists of numbers: lines that are mostly digits",
        fields: &[
            Field {
                name: "value",
                kind: FieldKind::Float,
                unit: "share",
                what: "the share of lines that are mostly digits",
            },
            Field {
                name: "mean",
                kind: FieldKind::Float,
                unit: "share",
                what: "the share of digits in a line, on average",
            },
        ],
        support: Support::AnyText,
        source: Source {
            work: "RedPajama-Data v2 2023, quality signals, rps_lines_numerical_chars_fraction",
            url: "https://github.com/togethercomputer/RedPajama-Data",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("numeric_lines.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        if measuring.digits.get() <= 0.0 {
            let problem = "is 0, so that every line would count";
            return Err(OptionsError::new("digits", problem, "give a share above 0"));
        }
        Ok(Self { measuring, limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        measure_lines(document.line_counts(), share, self.measuring.digits, out);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_most(&measured[0], self.limits.max.get())
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        locate_lines(document.line_counts(), share, self.measuring.digits, spans);
    }
}

fn share(line: &LineCounts) -> f64 {
    f64::from(line.digits) / f64::from(line.visible)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{located, measured, refused};

    #[test]
    fn half_of_a_line_in_digits_is_enough() {
        assert_eq!(
            located(KIND, "12.5 m\n\n第12章\n５６元\nin the year 2024"),
            ["12.5 m", "第12章", "５６元"]
        );
    }

    #[test]
    fn the_mean_is_over_lines() {
        assert_eq!(measured(KIND, "1\nabc"), [Value::Float(0.5), Value::Float(0.5)]);
    }

    #[test]
    fn a_share_of_nothing_is_refused() {
        assert_eq!(refused(KIND, "digits = 0"), "digits");
    }
}
