#![doc = include_str!("duplicate_ngrams.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{GOPHER, after_the_first, largest, ratio, stretches, word_chars};
use crate::{
    contract::{
        AnyGauge, Card, Dialect, Document, Fraction, Gauge, GaugeKind, Judgement, OptionsError,
        Span, Support, Value,
    },
    text::{
        ngrams::{Ngrams, Place},
        words::WordView,
    },
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<DuplicateNgrams>::new();

/// Lengths of the runs, in words, in the order of the fields.
const LENGTHS: [usize; 6] = [5, 6, 7, 8, 9, 10];

/// Measures how much of a text stands in long runs of words that are repeated.
#[derive(Debug)]
pub struct DuplicateNgrams {
    measuring: Measuring,
    limits: Limits,
}

/// Measuring options of [`DuplicateNgrams`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// Whose formulas are followed.
    pub dialect: Dialect,
    /// What counts as a word; left out, what the dialect says.
    pub words: Option<WordView>,
}

impl Measuring {
    fn view(self) -> WordView {
        self.words.unwrap_or(self.dialect.words())
    }
}

/// Limits of [`DuplicateNgrams`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Largest allowed part of the text for repeated runs of 5 words.
    pub max_n5: Fraction,
    /// The same for 6 words.
    pub max_n6: Fraction,
    /// The same for 7 words.
    pub max_n7: Fraction,
    /// The same for 8 words.
    pub max_n8: Fraction,
    /// The same for 9 words.
    pub max_n9: Fraction,
    /// The same for 10 words.
    pub max_n10: Fraction,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_n5: Fraction::percent(15),
            max_n6: Fraction::percent(14),
            max_n7: Fraction::percent(13),
            max_n8: Fraction::percent(12),
            max_n9: Fraction::percent(11),
            max_n10: Fraction::percent(10),
        }
    }
}

impl Limits {
    fn in_order(&self) -> [Fraction; 6] {
        [self.max_n5, self.max_n6, self.max_n7, self.max_n8, self.max_n9, self.max_n10]
    }
}

impl Gauge for DuplicateNgrams {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "duplicate_ngrams",
        version: 2,
        summary: "finds texts with long passages that stand in them more than once",
        fields: &[
            ratio("value", "the largest of n5 to n10"),
            ratio("n5", "the characters in repeated runs of 5 words to those of the text"),
            ratio("n6", "the characters in repeated runs of 6 words to those of the text"),
            ratio("n7", "the characters in repeated runs of 7 words to those of the text"),
            ratio("n8", "the characters in repeated runs of 8 words to those of the text"),
            ratio("n9", "the characters in repeated runs of 9 words to those of the text"),
            ratio("n10", "the characters in repeated runs of 10 words to those of the text"),
        ],
        support: Support::SpacedScripts,
        source: GOPHER,
        guide: include_str!("duplicate_ngrams.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { measuring, limits })
    }

    fn support(&self) -> Support {
        Self::CARD.support.counting(self.measuring.words)
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let ngrams = document.ngrams(self.measuring.view());
        for (slot, n) in out[1..].iter_mut().zip(LENGTHS) {
            if n <= ngrams.words() {
                *slot = self.share(document, ngrams, n);
            }
        }
        out[0] = largest(&out[1..]);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let fields = Self::CARD.fields[1..].iter().zip(&measured[1..]).zip(self.limits.in_order());
        let mut judged = fields
            .map(|((field, value), max)| Judgement::of(field.name, value, None, Some(max.get())));
        let first = judged.next().unwrap_or(Judgement::Unmeasured);
        judged.fold(first, Judgement::and)
    }

    /// What is counted of the runs that make up most of the text.
    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        let mut shares: [Value; 7] = Default::default();
        Gauge::measure(self, document, &mut shares);
        let Some(at) = shares[1..].iter().position(|share| *share == shares[0]) else { return };
        let view = self.measuring.view();
        let words = document.words(view);
        self.counted(document, document.ngrams(view), LENGTHS[at], |from, to| {
            spans.push(Span { start: words[from].span.start, end: words[to - 1].span.end });
        });
    }
}

impl DuplicateNgrams {
    fn share(&self, document: &Document<'_>, ngrams: &Ngrams, n: usize) -> Value {
        let (mut chars, mut spaces) = (0, 0);
        match self.measuring.dialect {
            Dialect::Dolma => {
                let length = |at: usize| ngrams.chars(at, at + n);
                let repeated = ngrams.runs(n).places().iter();
                chars = repeated.map(|place| length(place.at as usize)).sum();
                return Value::share(chars, (0..=ngrams.words() - n).map(length).sum());
            }
            _ => self.counted(document, ngrams, n, |from, to| {
                chars += ngrams.chars(from, to);
                spaces += (to - from - 1) as u64;
            }),
        }
        match self.measuring.dialect {
            Dialect::Datatrove => Value::share(chars, document.characters().all),
            Dialect::Nemo => Value::share(chars + spaces, document.characters().all),
            _ => Value::share(chars, word_chars(ngrams)),
        }
    }

    /// Calls `each` with the first word and the word after the last of what counts.
    fn counted(
        &self,
        document: &Document<'_>,
        ngrams: &Ngrams,
        n: usize,
        each: impl FnMut(usize, usize),
    ) {
        let runs = ngrams.runs(n);
        let places = runs.places().iter().copied();
        match self.measuring.dialect {
            Dialect::Datatrove => document.with_marks(runs.counts().len(), |seen| {
                stretches(without_overlap(places, n, seen), n, each);
            }),
            Dialect::Nemo => stretches(after_the_first(places), n, each),
            Dialect::Dclm | Dialect::Dolma | Dialect::Paper => stretches(places, n, each),
        }
    }
}

/// Repetitions of runs met on a walk over the words, on which a repeated run is stepped
/// over as a whole, so that no run inside it is met.
fn without_overlap(
    places: impl Iterator<Item = Place>,
    n: usize,
    met: &mut [bool],
) -> impl Iterator<Item = Place> {
    let mut free = 0;
    places.filter(move |place| {
        let (at, run) = (place.at as usize, place.run as usize);
        if at < free {
            return false;
        }
        let repeats = std::mem::replace(&mut met[run], true);
        if repeats {
            free = at + n;
        }
        repeats
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, located, measured, measured_with};

    const TWICE: &str = "we wait for the tide and we wait for the tide now";

    #[test]
    fn a_repeated_run_counts_from_its_second_time_on_without_spaces() {
        let found = measured(KIND, TWICE);
        assert_eq!(found[1], Value::Float(16.0 / 49.0));
        assert_eq!(found[2], Value::Float(0.0));
        assert_eq!(located(KIND, TWICE), ["we wait for the tide"]);
    }

    #[test]
    fn dialects_count_different_things() {
        for (dialect, n5) in [
            ("datatrove", 16.0 / 49.0),
            ("dclm", 32.0 / 38.0),
            ("dolma", 32.0 / 128.0),
            ("nemo", 20.0 / 49.0),
            ("paper", 32.0 / 38.0),
        ] {
            let options = format!("dialect = '{dialect}'");
            assert_eq!(measured_with(KIND, &options, TWICE)[1], Value::Float(n5), "{dialect}");
        }
    }

    #[test]
    fn what_was_stepped_over_was_not_met() {
        // The walk meets 1 to 5, finds them again as a whole, and so never meets what
        // begins inside the second time.
        let text = "1 2 3 4 5 1 2 3 4 5 x 3 4 5 x y";
        assert_eq!(measured(KIND, text)[1], Value::Float(5.0 / 31.0));
    }

    #[test]
    fn runs_longer_than_the_text_are_unmeasured() {
        let found = measured(KIND, "a b c d e f");
        assert_eq!((&found[2], &found[3]), (&Value::Float(0.0), &Value::Missing));
        assert_eq!(judged(KIND, "", "a b c d"), Judgement::Unmeasured);
    }

    #[test]
    fn every_length_has_its_own_limit() {
        let text = "one two three four five six seven eight nine ten ".repeat(3);
        let options = "max-n5 = 1\nmax-n6 = 1\nmax-n7 = 1\nmax-n8 = 1\nmax-n9 = 1";
        let Judgement::Outside(all) = judged(KIND, options, &text) else { panic!("within") };
        assert_eq!(all[0].to_string(), "n10 <= 0.1");
    }
}
