#![doc = include_str!("ellipsis_lines.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::{
    AnyGauge, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind, Judgement,
    NoOptions, OptionsError, Source, Span, Support, Value,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<EllipsisLines>::new();

/// Measures the share of non-blank lines that end with an ellipsis.
#[derive(Debug)]
pub struct EllipsisLines {
    limits: Limits,
}

/// Limits of [`EllipsisLines`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Largest allowed share of lines with an ellipsis: 0 allows none, 1 allows all.
    pub max: Fraction,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max: Fraction::percent(30) }
    }
}

impl Gauge for EllipsisLines {
    type Measuring = NoOptions;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "ellipsis_lines",
        version: 1,
        summary: "finds pages of teasers: lines that are cut off with an ellipsis",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Float,
            unit: "share",
            what: "the share of non-blank lines that end with an ellipsis",
        }],
        support: Support::AnyText,
        source: Source {
            work: "Rae et al. 2021, Scaling Language Models (Gopher), quality filters",
            url: "https://arxiv.org/abs/2112.11446",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("ellipsis_lines.md"),
    };

    fn new(_: NoOptions, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let all = document.non_blank_lines().count() as u64;
        out[0] = Value::share(endings(document).count() as u64, all);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_most(&measured[0], self.limits.max.get())
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        spans.extend(endings(document));
    }
}

/// The ellipses at the ends of lines, in order; a longer run counts as a whole.
fn endings(document: &Document<'_>) -> impl Iterator<Item = Span> {
    let text = document.text();
    document.non_blank_lines().filter_map(move |line| {
        let trimmed = line.trimmed.of(text);
        if !trimmed.ends_with("...") && !trimmed.ends_with('…') {
            return None;
        }
        let end = line.trimmed.end as usize;
        let length = trimmed.len() - trimmed.trim_end_matches(['.', '…']).len();
        Some(Span::new(end - length, end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, located, measured};

    #[test]
    fn both_forms_count_before_white_space() {
        assert_eq!(measured(KIND, "so...\nand so… \n\nstop.\nend.."), [Value::Float(0.5)]);
    }

    #[test]
    fn spans_cover_the_whole_run() {
        assert_eq!(located(KIND, "一……\ntwo....\n...three"), ["……", "...."]);
    }

    #[test]
    fn nothing_to_measure_is_neither_zero_nor_one() {
        assert_eq!(judged(KIND, "", "\n"), Judgement::Unmeasured);
    }
}
