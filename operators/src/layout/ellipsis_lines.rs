#![doc = include_str!("ellipsis_lines.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::counts_blank_lines;
use crate::contract::{
    AnyGauge, Card, Dialect, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind,
    Judgement, OptionsError, Source, Span, Support, Value,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<EllipsisLines>::new();

/// Measures the share of non-blank lines that end with an ellipsis.
#[derive(Debug)]
pub struct EllipsisLines {
    dialect: Dialect,
    limits: Limits,
}

/// Measuring options of [`EllipsisLines`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// Whose formulas are followed.
    pub dialect: Dialect,
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
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "ellipsis_lines",
        version: 3,
        summary: "finds pages of teasers: lines that are cut off with an ellipsis",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Float,
            unit: "share",
            what: "the share of lines that end with an ellipsis",
        }],
        support: Support::AnyText,
        source: Source {
            work: "Rae et al. 2021, Scaling Language Models (Gopher), quality filters",
            url: "https://arxiv.org/abs/2112.11446",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("ellipsis_lines.md"),
    };

    fn new(Measuring { dialect }: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { dialect, limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let shown = document.non_blank_lines().count();
        if 0 < shown {
            let all = if counts_blank_lines(self.dialect) { document.lines().len() } else { shown };
            out[0] = Value::share(self.endings(document).count() as u64, all as u64);
        }
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_most(&measured[0], self.limits.max.get())
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        spans.extend(self.endings(document));
    }
}

impl EllipsisLines {
    /// The ellipses at the ends of lines, in order; a longer run counts as a whole.
    fn endings<'t>(&self, document: &Document<'t>) -> impl Iterator<Item = Span> + use<'t> {
        let (text, dialect) = (document.text(), self.dialect);
        document.non_blank_lines().filter_map(move |line| {
            let trimmed = line.trimmed.of(text);
            let ends = match dialect {
                Dialect::Datatrove | Dialect::Paper => ends_in(trimmed, &["...", "…"]),
                Dialect::Dclm => ends_in(trimmed, &["...", ". . .", "…"]),
                Dialect::Dolma => ends_in(trimmed, &["…"]) && line.is_flush_right(text),
                Dialect::Nemo => ends_in(trimmed, &NEMO_MARKS) || says_read_more(trimmed),
            };
            if !ends {
                return None;
            }
            let end = line.trimmed.end as usize;
            let length = trimmed.len() - trimmed.trim_end_matches(['.', '…']).len();
            // Marks that are no ellipses are shown by their last character.
            let last = trimmed.chars().next_back().map_or(0, char::len_utf8);
            Some(Span::new(end - length.max(last), end))
        })
    }
}

/// The marks of `NeMo` Curator that do not end in another of them.
const NEMO_MARKS: [&str; 6] = ["...", "…", "[...]", "(...)", "[…]", "-»"];

fn ends_in(line: &str, marks: &[&str]) -> bool {
    marks.iter().any(|mark| line.ends_with(mark))
}

fn says_read_more(line: &str) -> bool {
    const PHRASE: &[u8] = b"read more";
    let bytes = line.as_bytes();
    let bytes = bytes.strip_suffix(b"..").unwrap_or(bytes);
    let start = bytes.len().saturating_sub(PHRASE.len());
    bytes[start..].eq_ignore_ascii_case(PHRASE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, located, measured, measured_with};

    #[test]
    fn dialects_count_different_things() {
        let text = "a...\nb…\n\nc. . .\nRead More\nd… ";
        for (dialect, share) in [
            ("datatrove", 3.0 / 6.0),
            ("dclm", 4.0 / 5.0),
            ("dolma", 1.0 / 6.0),
            ("nemo", 4.0 / 5.0),
            ("paper", 3.0 / 5.0),
        ] {
            let options = format!("dialect = '{dialect}'");
            assert_eq!(measured_with(KIND, &options, text), [Value::Float(share)], "{dialect}");
        }
    }

    #[test]
    fn both_forms_count_before_white_space() {
        assert_eq!(measured(KIND, "so...\nand so… \n\nstop.\nend.."), [Value::Float(0.4)]);
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
