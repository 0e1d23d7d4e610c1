#![doc = include_str!("terminal_punctuation.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind,
        Judgement, OptionsError, Source, Span, Support, Value,
    },
    text::{lines::Line, sentences::is_terminal},
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<TerminalPunctuation>::new();

/// Measures the share of non-blank lines that end as a sentence does.
#[derive(Debug)]
pub struct TerminalPunctuation {
    measuring: Measuring,
    limits: Limits,
}

/// Measuring options of [`TerminalPunctuation`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// Marks that end a line well, beside those that end a sentence.
    pub also: Vec<char>,
    /// Closing quotation marks and brackets that may follow the mark.
    pub closing: Vec<char>,
}

/// Limits of [`TerminalPunctuation`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Smallest allowed share of lines that end with such a mark.
    pub min: Fraction,
}

impl Default for Measuring {
    fn default() -> Self {
        Self { also: vec!['…'], closing: "”’」』》】）".chars().collect() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { min: Fraction::percent(12) }
    }
}

impl Gauge for TerminalPunctuation {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "terminal_punctuation",
        version: 1,
        summary: "finds pages without sentences: few lines end with a full stop or its like",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Float,
            unit: "share",
            what: "the share of non-blank lines that end with terminal punctuation",
        }],
        support: Support::AnyText,
        source: Source {
            work: "Penedo et al. 2024, The FineWeb Datasets, section 3.6",
            url: "https://arxiv.org/abs/2406.17557",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("terminal_punctuation.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { measuring, limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let (mut ended, mut all) = (0, 0);
        for line in document.non_blank_lines() {
            all += 1;
            ended += u64::from(self.ending(document, *line).is_some());
        }
        out[0] = Value::share(ended, all);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_least(&measured[0], self.limits.min.get())
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        spans.extend(document.non_blank_lines().filter_map(|line| self.ending(document, *line)));
    }
}

impl TerminalPunctuation {
    /// The mark that ends `line` well, with what closes after it.
    fn ending(&self, document: &Document<'_>, line: Line) -> Option<Span> {
        let whole = line.trimmed.of(document.text());
        let open = whole.trim_end_matches(|mark| self.measuring.closing.contains(&mark));
        let mark = open.chars().next_back()?;
        let good = is_terminal(mark) || self.measuring.also.contains(&mark);
        let start = line.trimmed.start as usize + open.len() - mark.len_utf8();
        good.then(|| Span::new(start, line.trimmed.end as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, located, measured};

    #[test]
    fn marks_of_every_script_count_before_what_closes_after_them() {
        assert_eq!(
            located(
                KIND,
                "“No.”
他说：“好。”
नहीं। 
Home
so……
（完）"
            ),
            [".”", "。”", "।", "…"]
        );
    }

    #[test]
    fn a_line_of_closing_marks_does_not_end_well() {
        assert_eq!(
            measured(
                KIND,
                "””
。"
            ),
            [Value::Float(0.5)]
        );
    }

    #[test]
    fn the_limit_itself_is_within() {
        let three_of_25 = "Yes.\n".repeat(3) + &"Home\n".repeat(22);
        assert_eq!(judged(KIND, "", &three_of_25), Judgement::Within);
    }

    #[test]
    fn nothing_to_measure_is_neither_zero_nor_one() {
        assert_eq!(judged(KIND, "", " \n\n"), Judgement::Unmeasured);
    }
}
