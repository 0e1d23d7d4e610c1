#![doc = include_str!("top_ngrams.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{GOPHER, largest, ratio, stretches, word_chars};
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
pub const KIND: &dyn AnyGauge = &GaugeKind::<TopNgrams>::new();

/// Lengths of the runs, in words, in the order of the fields.
const LENGTHS: [usize; 3] = [2, 3, 4];

/// Measures how much of a text its most frequent short run of words makes up.
#[derive(Debug)]
pub struct TopNgrams {
    measuring: Measuring,
    limits: Limits,
}

/// Measuring options of [`TopNgrams`].
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

/// Limits of [`TopNgrams`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Largest allowed part of the text for the most frequent run of 2 words.
    pub max_n2: Fraction,
    /// The same for 3 words.
    pub max_n3: Fraction,
    /// The same for 4 words.
    pub max_n4: Fraction,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_n2: Fraction::percent(20),
            max_n3: Fraction::percent(18),
            max_n4: Fraction::percent(16),
        }
    }
}

impl Gauge for TopNgrams {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "top_ngrams",
        version: 2,
        summary: "finds texts that are largely one phrase of 2 to 4 words, over and over",
        fields: &[
            ratio("value", "the largest of n2 to n4"),
            ratio("n2", "the characters of the most frequent 2 words to those of the text"),
            ratio("n3", "the characters of the most frequent 3 words to those of the text"),
            ratio("n4", "the characters of the most frequent 4 words to those of the text"),
        ],
        support: Support::SpacedScripts,
        source: GOPHER,
        guide: include_str!("top_ngrams.md"),
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
        let Limits { max_n2, max_n3, max_n4 } = self.limits;
        let most = |at: usize, max: Fraction| {
            Judgement::of(Self::CARD.fields[at].name, &measured[at], None, Some(max.get()))
        };
        most(1, max_n2).and(most(2, max_n3)).and(most(3, max_n4))
    }

    /// The places of the repeated run that makes up most of the text.
    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        let mut shares: [Value; 4] = Default::default();
        Gauge::measure(self, document, &mut shares);
        let view = self.measuring.view();
        let (ngrams, words) = (document.ngrams(view), document.words(view));
        let repeated = shares[1..]
            .iter()
            .zip(LENGTHS)
            .filter_map(|(share, n)| Some((share.as_f64()?, n, self.top(ngrams, n)?)));
        let Some((_, n, top)) = repeated.max_by(|a, b| a.0.total_cmp(&b.0)) else { return };
        stretches(places(ngrams, n, top.run), n, |from, to| {
            spans.push(Span { start: words[from].span.start, end: words[to - 1].span.end });
        });
    }
}

/// The most frequent run of one length.
#[derive(Clone, Copy)]
struct Top {
    run: u32,
    count: u64,
    /// Characters of its words.
    chars: u64,
}

impl TopNgrams {
    fn share(&self, document: &Document<'_>, ngrams: &Ngrams, n: usize) -> Value {
        let dialect = self.measuring.dialect;
        let spaces = n as u64 - 1;
        // If nothing is repeated, the first run is as frequent as any other.
        let top = self.top(ngrams, n);
        let (chars, count) = top.map_or((ngrams.chars(0, n), 1), |top| (top.chars, top.count));
        match (dialect, top) {
            (Dialect::Datatrove, _) => {
                Value::share((chars + spaces) * count, document.characters().all)
            }
            (Dialect::Nemo, None) => Value::share(chars + spaces, document.characters().all),
            (Dialect::Nemo, Some(top)) => {
                let mut free = 0;
                let apart = places(ngrams, n, top.run).filter(|place| {
                    let starts = free <= place.at as usize;
                    if starts {
                        free = place.at as usize + n;
                    }
                    starts
                });
                let removed = (chars + spaces) * apart.count() as u64;
                Value::share(removed, document.characters().all)
            }
            (Dialect::Dolma, _) | (Dialect::Dclm, Some(_)) => {
                Value::share(chars * count, word_chars(ngrams))
            }
            (Dialect::Dclm | Dialect::Paper, None) => Value::share(0, word_chars(ngrams)),
            (Dialect::Paper, Some(top)) => {
                let mut covered = 0;
                stretches(places(ngrams, n, top.run), n, |from, to| {
                    covered += ngrams.chars(from, to);
                });
                Value::share(covered, word_chars(ngrams))
            }
        }
    }

    /// The most frequent run that is repeated: of equally frequent ones the first, or in
    /// DCLM the longest.
    fn top(&self, ngrams: &Ngrams, n: usize) -> Option<Top> {
        let runs = ngrams.runs(n);
        let most = *runs.counts().iter().max()?;
        let chars = |place: &Place| ngrams.chars(place.at as usize, place.at as usize + n);
        let mut tops =
            runs.places().iter().filter(|place| runs.counts()[place.run as usize] == most);
        let first = match self.measuring.dialect {
            Dialect::Dclm => tops.rev().max_by_key(|place| chars(place)),
            _ => tops.next(),
        }?;
        Some(Top { run: first.run, count: u64::from(most), chars: chars(first) })
    }
}

fn places(ngrams: &Ngrams, n: usize, run: u32) -> impl Iterator<Item = Place> {
    ngrams.runs(n).places().iter().copied().filter(move |place| place.run == run)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, located, measured, measured_with};

    #[test]
    fn the_most_frequent_run_counts_with_the_spaces_in_it() {
        let [n2, n3, n4] = [8.0, 7.0, 9.0].map(|chars| Value::Float(chars / 14.0));
        // No run of 3 or 4 words is repeated, so the first one counts once.
        assert_eq!(measured(KIND, "ab c ab c d ef"), [n4.clone(), n2, n3, n4]);
        assert_eq!(located(KIND, "x y z x y"), ["x y", "x y"]);
    }

    #[test]
    fn dialects_count_different_things() {
        let text = "on on on on, off";
        for (dialect, n2) in [
            ("datatrove", 15.0 / 16.0),
            ("dclm", 12.0 / 11.0),
            ("dolma", 8.0 / 12.0),
            ("nemo", 5.0 / 16.0),
            ("paper", 8.0 / 11.0),
        ] {
            let options = format!("dialect = '{dialect}'");
            assert_eq!(measured_with(KIND, &options, text)[1], Value::Float(n2), "{dialect}");
        }
    }

    #[test]
    fn runs_longer_than_the_text_are_unmeasured() {
        let all = Value::Float(1.0);
        assert_eq!(measured(KIND, "a b"), [all.clone(), all, Value::Missing, Value::Missing]);
        assert_eq!(judged(KIND, "", "a"), Judgement::Unmeasured);
    }

    #[test]
    fn every_length_has_its_own_limit() {
        let options = "max-n2 = 1\nmax-n3 = 1\nmax-n4 = 0.99";
        let Judgement::Outside(all) = judged(KIND, options, "a b c d") else { panic!("within") };
        assert_eq!(all[0].to_string(), "n4 <= 0.99");
    }
}
