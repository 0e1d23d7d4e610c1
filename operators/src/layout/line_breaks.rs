#![doc = include_str!("line_breaks.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Card, Document, Fidelity, Field, FieldKind, Gauge, GaugeKind, Judgement,
        OptionsError, Quantity, Source, Support, Value,
    },
    text::words::WordView,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<LineBreaks>::new();

/// Measures how many line feeds there are for each word.
#[derive(Debug)]
pub struct LineBreaks {
    measuring: Measuring,
    limits: Limits,
}

/// Measuring options of [`LineBreaks`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// What counts as a word.
    pub words: WordView,
}

/// Limits of [`LineBreaks`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Most line feeds for each word.
    pub max: Quantity,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max: Quantity::thousandths(300) }
    }
}

impl Gauge for LineBreaks {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "line_breaks",
        version: 1,
        summary: "finds lists: pages with few words for each line feed",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Float,
            unit: "line feeds per word",
            what: "the number of line feeds for each word or mark",
        }],
        support: Support::AnyText,
        source: Source {
            work: "Penedo et al. 2024, The FineWeb Datasets (its code, in datatrove)",
            url: "https://arxiv.org/abs/2406.17557",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("line_breaks.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { measuring, limits })
    }

    fn support(&self) -> Support {
        Self::CARD.support.counting(Some(self.measuring.words))
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let line_feeds = memchr::memchr_iter(b'\n', document.text().as_bytes()).count() as u64;
        out[0] = Value::share(line_feeds, words(document, self.measuring.words));
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_most(&measured[0], self.limits.max.get())
    }
}

/// How many words there are when every mark is a word, as for a tokenizer.
fn words(document: &Document<'_>, view: WordView) -> u64 {
    let words = document.words(view).len() as u64;
    // The other definitions take marks for words, or for parts of words.
    if matches!(view, WordView::Uax29 | WordView::Zh) {
        let characters = document.characters();
        return words + characters.punctuation + characters.symbols;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, measured};

    #[test]
    fn every_line_feed_counts() {
        assert_eq!(measured(KIND, "one two\n\nthree four\n"), [Value::Float(0.75)]);
    }

    #[test]
    fn marks_are_words() {
        assert_eq!(measured(KIND, "a + b!\n"), [Value::Float(0.25)]);
    }

    #[test]
    fn text_without_words_is_unmeasured() {
        assert_eq!(judged(KIND, "", " \n\n"), Judgement::Unmeasured);
    }
}
