#![doc = include_str!("han_ngrams.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{GOPHER, after_the_first, ratio, stretches, word_chars};
use crate::{
    contract::{
        AnyGauge, Card, Document, Fraction, Gauge, GaugeKind, Judgement, NoOptions, OptionsError,
        Span, Support, Value,
    },
    text::{
        ngrams::{Ngrams, Place},
        words::WordView,
    },
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<HanNgrams>::new();

/// Every Han character is a word here, and so is a name or number in other characters.
const VIEW: WordView = WordView::Uax29;

/// Length of a set phrase with its name, and of a clause: the fields `top` and `value`.
const PHRASE: usize = 4;
const CLAUSE: usize = 10;

/// Measures how much of a Chinese text was said in it before.
#[derive(Debug)]
pub struct HanNgrams {
    limits: Limits,
}

/// Limits of [`HanNgrams`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Largest allowed part of the text for runs of 10 characters that stood before.
    pub max: Fraction,
    /// Largest allowed part of the text for the most repeated run of 4 characters.
    pub max_top: Fraction,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max: Fraction::percent(50), max_top: Fraction::percent(35) }
    }
}

impl Gauge for HanNgrams {
    type Measuring = NoOptions;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "han_ngrams",
        version: 2,
        summary: "finds Chinese texts that say the same phrases again and again",
        fields: &[
            ratio("value", "the part of the text in runs of 10 characters that stood before"),
            ratio("top", "the part of the text in its most repeated run of 4 characters"),
        ],
        support: Support::Han,
        source: GOPHER,
        guide: include_str!("han_ngrams.md"),
    };

    fn new(_: NoOptions, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let ngrams = document.ngrams(VIEW);
        for (slot, again) in out.iter_mut().zip([Again::Clauses, Again::Phrase]) {
            if again.length() <= ngrams.words() {
                let mut chars = 0;
                again.stretches(ngrams, |from, to| chars += ngrams.chars(from, to));
                *slot = Value::share(chars, word_chars(ngrams));
            }
        }
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let Limits { max, max_top } = self.limits;
        let most = |at: usize, max: Fraction| {
            Judgement::of(Self::CARD.fields[at].name, &measured[at], None, Some(max.get()))
        };
        most(0, max).and(most(1, max_top))
    }

    /// The repeated clauses, or the phrase if that is what breaks its limit.
    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        let mut shares: [Value; 2] = Default::default();
        Gauge::measure(self, document, &mut shares);
        let is_over =
            |at: usize, max: Fraction| shares[at].as_f64().is_some_and(|is| max.get() < is);
        let only_phrase = is_over(1, self.limits.max_top) && !is_over(0, self.limits.max);
        let again = if only_phrase { Again::Phrase } else { Again::Clauses };
        let words = document.words(VIEW);
        again.stretches(document.ngrams(VIEW), |from, to| {
            spans.push(Span { start: words[from].span.start, end: words[to - 1].span.end });
        });
    }
}

/// What stood in the text before.
#[derive(Debug, Clone, Copy)]
enum Again {
    Clauses,
    Phrase,
}

impl Again {
    const fn length(self) -> usize {
        match self {
            Self::Clauses => CLAUSE,
            Self::Phrase => PHRASE,
        }
    }

    /// Calls `each` with the first word and the word after the last of every stretch.
    fn stretches(self, ngrams: &Ngrams, each: impl FnMut(usize, usize)) {
        let n = self.length();
        let runs = ngrams.runs(n);
        let places = after_the_first(runs.places().iter().copied());
        match self {
            Self::Clauses => stretches(places, n, each),
            Self::Phrase => {
                // Of equally frequent runs the first one: numbers follow the text.
                let most = runs.counts().iter().max();
                let Some(top) = runs.counts().iter().position(|count| Some(count) == most) else {
                    return;
                };
                stretches(places.filter(|place: &Place| place.run as usize == top), n, each);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, located, measured};

    #[test]
    fn what_stands_first_is_no_repetition() {
        let clause = "潮水在黎明前退去之后渔船出海";
        let found = measured(KIND, &format!("{clause}。{clause}，{clause}！"));
        assert_eq!(found[0], Value::Float(2.0 / 3.0));
        assert_eq!(found[1], Value::Float(8.0 / 42.0));
        assert_eq!(located(KIND, &format!("{clause}。今天，{clause}！")), [clause]);
    }

    #[test]
    fn of_phrases_that_are_as_frequent_the_first_counts() {
        let found = measured(KIND, "潮水退去渔船，潮水退去，鱼市渔船出海渔船出海");
        assert_eq!(found[1], Value::Float(4.0 / 20.0));
    }

    #[test]
    fn a_word_in_other_letters_is_one_of_the_run_and_has_its_length() {
        let found = measured(KIND, "港口用WiFi上网，码头用WiFi上网");
        assert_eq!(found[1], Value::Float(7.0 / 18.0));
    }

    #[test]
    fn a_phrase_that_overlaps_itself_counts_once() {
        assert_eq!(measured(KIND, "哈哈哈哈哈哈"), [Value::Missing, Value::Float(5.0 / 6.0)]);
    }

    #[test]
    fn short_and_foreign_texts_are_unmeasured() {
        assert_eq!(judged(KIND, "", "潮水退"), Judgement::Unmeasured);
        assert_eq!(
            measured(KIND, "The tide went out, the tide went out"),
            [Value::Missing, Value::Missing]
        );
    }
}
