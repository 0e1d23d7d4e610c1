#![doc = include_str!("long_lines.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Card, Document, Fidelity, Field, FieldKind, Gauge, GaugeKind, Judgement,
        OptionsError, Source, Span, Support, Value,
    },
    text::lines::Line,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<LongLines>::new();

/// Counts the lines that are long.
#[derive(Debug)]
pub struct LongLines {
    measuring: Measuring,
    limits: Limits,
}

/// Measuring options of [`LongLines`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// Fewest characters of a long line.
    pub characters: u32,
}

/// Limits of [`LongLines`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Fewest long lines.
    pub min: u32,
}

impl Default for Measuring {
    fn default() -> Self {
        Self { characters: 200 }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { min: 3 }
    }
}

impl Gauge for LongLines {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "long_lines",
        version: 1,
        summary: "finds pages without running text, by the number of their long lines",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Int,
            unit: "lines",
            what: "the number of long lines",
        }],
        support: Support::AnyText,
        source: Source {
            work: "Xue et al. 2021, mT5: a massively multilingual text-to-text transformer (mC4)",
            url: "https://arxiv.org/abs/2010.11934",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("long_lines.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { measuring, limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let mut lines = document.non_blank_lines().peekable();
        if lines.peek().is_some() {
            out[0] = Value::count(lines.filter(|line| self.is_long(document, **line)).count());
        }
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_least(&measured[0], f64::from(self.limits.min))
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        let lines = document.non_blank_lines().filter(|line| self.is_long(document, **line));
        spans.extend(lines.map(|line| line.trimmed));
    }
}

impl LongLines {
    fn is_long(&self, document: &Document<'_>, line: Line) -> bool {
        let line = line.trimmed.of(document.text());
        let fewest = self.measuring.characters as usize;
        // A character takes four bytes at most, so that most lines need no counting.
        fewest <= line.len() && (fewest <= line.len() / 4 || fewest <= line.chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, located, measured};

    #[test]
    fn characters_count_not_bytes() {
        let (long, short) = ("长".repeat(200), "短".repeat(199));
        assert_eq!(measured(KIND, &format!("{long}\n{short}")), [Value::Int(1)]);
        assert_eq!(measured(KIND, &"a".repeat(800)), [Value::Int(1)]);
    }

    #[test]
    fn spans_cover_the_long_lines() {
        let long = "a".repeat(200);
        assert_eq!(located(KIND, &format!("short\n {long} \n")), [long]);
    }

    #[test]
    fn nothing_to_measure_is_not_zero() {
        assert_eq!(judged(KIND, "", " \n\n"), Judgement::Unmeasured);
    }
}
