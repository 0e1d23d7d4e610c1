#![doc = include_str!("short_lines.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind,
        Judgement, OptionsError, Source, Span, Support, Value,
    },
    text::lines::Line,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<ShortLines>::new();

/// Measures the share of non-blank lines that are short.
#[derive(Debug)]
pub struct ShortLines {
    measuring: Measuring,
    limits: Limits,
}

/// Measuring options of [`ShortLines`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// Most characters of a short line.
    pub characters: u32,
}

/// Limits of [`ShortLines`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Largest allowed share of short lines: 0 allows none, 1 allows all.
    pub max: Fraction,
}

impl Default for Measuring {
    fn default() -> Self {
        Self { characters: 30 }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { max: Fraction::percent(67) }
    }
}

impl Gauge for ShortLines {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "short_lines",
        version: 1,
        summary: "finds pages of short lines: menus, tables, lists of names",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Float,
            unit: "share",
            what: "the share of non-blank lines that are short",
        }],
        support: Support::AnyText,
        source: Source {
            work: "Penedo et al. 2024, The FineWeb Datasets, section 3.6",
            url: "https://arxiv.org/abs/2406.17557",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("short_lines.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { measuring, limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let (mut short, mut all) = (0, 0);
        for line in document.non_blank_lines() {
            all += 1;
            short += u64::from(self.is_short(document, *line));
        }
        out[0] = Value::share(short, all);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_most(&measured[0], self.limits.max.get())
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        let lines = document.non_blank_lines().filter(|line| self.is_short(document, **line));
        spans.extend(lines.map(|line| line.trimmed));
    }
}

impl ShortLines {
    fn is_short(&self, document: &Document<'_>, line: Line) -> bool {
        let line = line.trimmed.of(document.text());
        let most = self.measuring.characters as usize;
        // A character takes four bytes at most, so that long lines need no counting.
        line.len() <= most || line.len() / 4 <= most && line.chars().count() <= most
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, located, measured};

    #[test]
    fn characters_count_not_bytes() {
        let (short, long) = ("短".repeat(30), "长".repeat(31));
        assert_eq!(measured(KIND, &format!("{short}\n{long}")), [Value::Float(0.5)]);
    }

    #[test]
    fn white_space_around_a_line_does_not_make_it_longer() {
        assert_eq!(located(KIND, &format!("  Home{}\n\n", " ".repeat(40))), ["Home"]);
    }

    #[test]
    fn nothing_to_measure_is_neither_zero_nor_one() {
        assert_eq!(judged(KIND, "", " \n\n"), Judgement::Unmeasured);
    }
}
