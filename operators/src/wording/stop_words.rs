#![doc = include_str!("stop_words.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::split_by;
use crate::{
    contract::{
        AnyGauge, Card, Dialect, Document, Fidelity, Field, FieldKind, Gauge, GaugeKind, Judgement,
        OptionsError, Source, Span, Support, Value,
    },
    text::words::{self, WordView},
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<StopWords>::new();

/// Counts how many of a list of common words occur.
#[derive(Debug)]
pub struct StopWords {
    dialect: Dialect,
    list: Vec<String>,
    /// By first byte, in either case: which words of the list open with it, as bits.
    opens: [u64; 256],
    limits: Limits,
}

/// Measuring options of [`StopWords`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// Whose formulas are followed.
    pub dialect: Dialect,
    /// The words to look for.
    pub stop_words: Vec<String>,
}

/// Limits of [`StopWords`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Fewest words of the list that must occur.
    pub min: u64,
}

impl Default for Measuring {
    fn default() -> Self {
        let gopher = ["the", "be", "to", "of", "and", "that", "have", "with"];
        Self { dialect: Dialect::default(), stop_words: gopher.map(str::to_owned).into() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { min: 2 }
    }
}

impl Gauge for StopWords {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "stop_words",
        version: 3,
        summary: "finds English texts that are not made of sentences: lists of names, tags, code",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Int,
            unit: "words",
            what: "the number of stop words that occur",
        }],
        support: Support::English,
        source: Source {
            work: "Rae et al. 2021, Scaling Language Models (Gopher), quality filters",
            url: "https://arxiv.org/abs/2112.11446",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("stop_words.md"),
    };

    fn new(
        Measuring { dialect, stop_words: list }: Measuring,
        limits: Limits,
    ) -> Result<Self, OptionsError> {
        check(&list)?;
        if counts_once(dialect) && (list.len() as u64) < limits.min {
            return Err(OptionsError::new(
                "min",
                format!("is {}, but `stop-words` has fewer words", limits.min),
                "lower `min` or list more words",
            ));
        }
        let mut opens = [0; 256];
        for (at, word) in list.iter().enumerate() {
            let first = word.as_bytes()[0];
            opens[usize::from(first.to_ascii_lowercase())] |= 1 << at;
            opens[usize::from(first.to_ascii_uppercase())] |= 1 << at;
        }
        Ok(Self { dialect, list, opens, limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        if document.is_blank() {
            return;
        }
        let mut found = 0;
        self.places(document, |_| found += 1);
        out[0] = Value::Int(found);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_least(&measured[0], self.limits.min as f64)
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        self.places(document, |span| spans.push(span));
    }
}

impl StopWords {
    /// Calls `each` with every place that counts, in order.
    fn places(&self, document: &Document<'_>, mut each: impl FnMut(Span)) {
        let (once, folded) = (counts_once(self.dialect), folds_case(self.dialect));
        let bytes = document.text().as_bytes();
        let mut missing = u64::MAX >> (64 - self.list.len());
        for word in document.words(split_by(self.dialect)) {
            let Span { start, end } = word.span;
            let text = &bytes[start as usize..end as usize];
            let mut candidates = self.opens[usize::from(text[0])] & missing;
            while candidates != 0 {
                let at = candidates.trailing_zeros() as usize;
                candidates &= candidates - 1;
                let stop = self.list[at].as_bytes();
                let equal = if folded { stop.eq_ignore_ascii_case(text) } else { stop == text };
                if equal {
                    if once {
                        missing &= !(1 << at);
                    }
                    each(word.span);
                }
            }
            if missing == 0 {
                break;
            }
        }
    }
}

/// Whether different words are counted, not occurrences.
const fn counts_once(dialect: Dialect) -> bool {
    matches!(dialect, Dialect::Datatrove | Dialect::Paper)
}

/// Whether `A` to `Z` count as `a` to `z`.
const fn folds_case(dialect: Dialect) -> bool {
    matches!(dialect, Dialect::Dclm | Dialect::Paper)
}

fn check(list: &[String]) -> Result<(), OptionsError> {
    let refuse = |problem, fix| Err(OptionsError::new("stop-words", problem, fix));
    if list.is_empty() || 64 < list.len() {
        let problem = format!("has {} words", list.len());
        return refuse(problem, "give 1 to 64 words, or remove the key to use Gopher's");
    }
    for (at, word) in list.iter().enumerate() {
        let mut split = Vec::new();
        words::split(word, WordView::Uax29, &mut split);
        if split.len() != 1 || split[0].span.of(word) != word {
            return refuse(format!("has {word:?}, which is not one word"), "write single words");
        }
        if list[..at].iter().any(|other| other.eq_ignore_ascii_case(word)) {
            return refuse(format!("has {word:?} twice"), "write every word once");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, located, measured, measured_with, refused};

    #[test]
    fn different_words_are_counted_not_occurrences() {
        assert_eq!(measured(KIND, "the the the"), [Value::Int(1)]);
    }

    #[test]
    fn case_matters_and_parts_of_words_do_not_count() {
        assert_eq!(located(KIND, "The bee and the theory"), ["and", "the"]);
    }

    #[test]
    fn dialects_count_different_things() {
        let text = "The sea and the tide and, (to) be";
        for (dialect, found) in
            [("datatrove", 4), ("dclm", 4), ("dolma", 3), ("nemo", 3), ("paper", 4)]
        {
            let options = format!("dialect = '{dialect}'");
            assert_eq!(measured_with(KIND, &options, text), [Value::Int(found)], "{dialect}");
        }
    }

    #[test]
    fn other_languages_are_unmeasured() {
        assert_eq!(measured(KIND, "Прилив ушёл"), [Value::Missing]);
    }

    #[test]
    fn the_limit_itself_is_within() {
        assert_eq!(judged(KIND, "", "the sea and me"), Judgement::Within);
    }

    #[test]
    fn lists_that_cannot_work_are_refused() {
        assert_eq!(refused(KIND, "stop-words = []"), "stop-words");
        assert_eq!(refused(KIND, "stop-words = ['of course', 'a']"), "stop-words");
        assert_eq!(refused(KIND, "stop-words = ['a', 'A']"), "stop-words");
        assert_eq!(refused(KIND, "min = 9"), "min");
        assert!(crate::testing::bound(KIND, "dialect = 'dolma'\nmin = 9").is_ok());
    }
}
