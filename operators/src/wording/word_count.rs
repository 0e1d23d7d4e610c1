#![doc = include_str!("word_count.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::counted;
use crate::{
    contract::{
        AnyGauge, Card, Dialect, Document, Fidelity, Field, FieldKind, Gauge, GaugeKind, Judgement,
        OptionsError, Source, Span, Support, Value, in_order,
    },
    text::words::WordView,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<WordCount>::new();

/// Counts words.
#[derive(Debug)]
pub struct WordCount {
    measuring: Measuring,
    limits: Limits,
}

/// Measuring options of [`WordCount`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// Whose formulas are followed.
    pub dialect: Dialect,
    /// What counts as a word; left out, what the dialect says.
    pub words: Option<WordView>,
}

/// Limits of [`WordCount`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Fewest words allowed.
    pub min: u64,
    /// Most words allowed.
    pub max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { min: 50, max: 100_000 }
    }
}

impl Gauge for WordCount {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "word_count",
        version: 4,
        summary: "finds texts that are too short or too long, in words",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Int,
            unit: "words",
            what: "the document's length",
        }],
        support: Support::SpacedScripts,
        source: Source {
            work: "Rae et al. 2021, Scaling Language Models (Gopher), quality filters",
            url: "https://arxiv.org/abs/2112.11446",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("word_count.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        in_order(limits.min, limits.max)?;
        Ok(Self { measuring, limits })
    }

    fn support(&self) -> Support {
        Self::CARD.support.counting(self.measuring.words)
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        if !document.is_blank() {
            let Measuring { dialect, words } = self.measuring;
            out[0] = Value::count(match (dialect, words) {
                (Dialect::Dclm, None) => dclm_words(document),
                _ => counted(document, words, dialect.words()).count(),
            });
        }
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let Limits { min, max } = self.limits;
        Judgement::between(&measured[0], Some(min as f64), Some(max as f64))
    }
}

/// How many words between ASCII white space, where fastText splits, open with a letter or digit.
fn dclm_words(document: &Document<'_>) -> usize {
    let text = document.text();
    let words = document.words(WordView::Whitespace).iter();
    let counts = |span: Span| {
        let (before, rest) = text.split_at(span.start as usize);
        // Behind any other white space a word of fastText goes on.
        before.bytes().next_back().is_none_or(|byte| byte.is_ascii())
            && rest.starts_with(char::is_alphanumeric)
    };
    words.filter(|word| counts(word.span)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, measured, measured_with, refused};

    #[test]
    fn tokens_that_are_only_punctuation_are_no_words() {
        assert_eq!(measured(KIND, "It's 3.14 -- or so."), [Value::Int(5)]);
    }

    #[test]
    fn dialects_count_different_things() {
        let text = "It's 3.14 -- or so-so.";
        for (options, words) in [
            ("dialect = 'datatrove'", 6),
            ("dialect = 'dclm'", 4),
            ("dialect = 'dclm'\nwords = 'uax29'", 5),
            ("dialect = 'dolma'", 5),
            ("dialect = 'nemo'", 5),
            ("dialect = 'paper'", 5),
            ("words = 'tokens'", 9),
        ] {
            assert_eq!(measured_with(KIND, options, text), [Value::Int(words)], "{options}");
        }
    }

    #[test]
    fn dclm_counts_what_opens_with_a_letter_or_digit() {
        for (text, words) in [
            ("(so \"it\" goes) été 3rd -5 _x", 3),
            ("one\u{a0}word\ttwo\u{3000}- three\u{b}four\u{c}five", 5),
            ("\u{a0}none", 0),
        ] {
            assert_eq!(
                measured_with(KIND, "dialect = 'dclm'", text),
                [Value::Int(words)],
                "{text}"
            );
        }
    }

    #[test]
    fn punctuation_alone_is_no_words_and_nothing_is_no_answer() {
        assert_eq!(measured(KIND, "?!"), [Value::Int(0)]);
        assert_eq!(measured(KIND, " \n"), [Value::Missing]);
    }

    #[test]
    fn text_without_spaces_between_words_is_unmeasured() {
        assert_eq!(measured(KIND, "数据质量"), [Value::Missing]);
    }

    #[test]
    fn the_limits_themselves_are_within() {
        let options = "min = 2\nmax = 2";
        assert_eq!(judged(KIND, options, "two words"), Judgement::Within);
    }

    #[test]
    fn limits_that_exclude_each_other_are_refused() {
        assert_eq!(refused(KIND, "min = 3\nmax = 2"), "min");
    }
}
