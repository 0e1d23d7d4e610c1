#![doc = include_str!("upper_case_lines.md")]

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
pub const KIND: &dyn AnyGauge = &GaugeKind::<UpperCaseLines>::new();

/// Measures which share of the lines is mostly capitals.
#[derive(Debug)]
pub struct UpperCaseLines {
    measuring: Measuring,
    limits: Limits,
}

/// Measuring options of [`UpperCaseLines`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// Share of capitals from which on a line counts.
    pub capitals: Fraction,
}

/// Limits of [`UpperCaseLines`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Largest share of such lines allowed.
    pub max: Fraction,
}

impl Default for Measuring {
    fn default() -> Self {
        Self { capitals: Fraction::percent(50) }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { max: Fraction::percent(50) }
    }
}

impl Gauge for UpperCaseLines {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "upper_case_lines",
        version: 1,
        summary: "finds headlines and notices: lines that are mostly capitals",
        fields: &[
            Field {
                name: "value",
                kind: FieldKind::Float,
                unit: "share",
                what: "the share of lines that are mostly capitals",
            },
            Field {
                name: "mean",
                kind: FieldKind::Float,
                unit: "share",
                what: "the share of capitals in a line, on average",
            },
        ],
        support: Support::AnyText,
        source: Source {
            work: "RedPajama-Data v2 2023, quality signals, rps_lines_uppercase_letter_fraction",
            url: "https://github.com/togethercomputer/RedPajama-Data",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("upper_case_lines.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        if measuring.capitals.get() <= 0.0 {
            let problem = "is 0, so that every line would count";
            return Err(OptionsError::new("capitals", problem, "give a share above 0"));
        }
        Ok(Self { measuring, limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        measure_lines(document.line_counts(), share, self.measuring.capitals, out);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_most(&measured[0], self.limits.max.get())
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        locate_lines(document.line_counts(), share, self.measuring.capitals, spans);
    }
}

fn share(line: &LineCounts) -> f64 {
    f64::from(line.upper) / f64::from(line.visible)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{located, measured, refused};

    #[test]
    fn half_of_a_line_in_capitals_is_enough() {
        assert_eq!(
            located(KIND, "OPEN now\nOPEN today\n\nПРИЛИВ\nNASA的"),
            ["OPEN now", "ПРИЛИВ", "NASA的"]
        );
    }

    #[test]
    fn the_mean_is_over_lines() {
        assert_eq!(measured(KIND, "A\nabc"), [Value::Float(0.5), Value::Float(0.5)]);
    }

    #[test]
    fn a_share_of_nothing_is_refused() {
        assert_eq!(refused(KIND, "capitals = 0"), "capitals");
    }
}
