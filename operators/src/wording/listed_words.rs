#![doc = include_str!("listed_words.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Asset, Assets, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge,
        GaugeKind, Judgement, OptionsError, Source, Span, Support, Value, in_order,
    },
    text::{phrases::Phrases, words::WordView},
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<ListedWords>::new();

/// Measures which share of the words stands on a list.
#[derive(Debug)]
pub struct ListedWords {
    list: Vec<String>,
    file: Option<Asset>,
    phrases: Option<Phrases>,
    limits: Limits,
}

/// Measuring options of [`ListedWords`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// Words and phrases to look for; A to Z count as a to z.
    pub list: Vec<String>,
    /// A file with more of them, one a line.
    pub file: Option<Asset>,
}

/// Limits of [`ListedWords`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Smallest share of listed words allowed; any if not set.
    pub min: Option<Fraction>,
    /// Largest share of listed words allowed; any if not set.
    pub max: Option<Fraction>,
}

impl Gauge for ListedWords {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "listed_words",
        version: 1,
        summary: "finds texts with too many or too few words of a list of your own",
        fields: &[
            Field {
                name: "value",
                kind: FieldKind::Float,
                unit: "share",
                what: "the share of listed words",
            },
            Field {
                name: "places",
                kind: FieldKind::Int,
                unit: "places",
                what: "the number of places where the list was found",
            },
        ],
        support: Support::AnyText,
        source: Source {
            work: "RedPajama-Data v2 2023, rps_doc_stop_word_fraction and rps_doc_ldnoobw_words",
            url: "https://github.com/togethercomputer/RedPajama-Data",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("listed_words.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        if let (Some(min), Some(max)) = (limits.min, limits.max) {
            in_order(min.get(), max.get())?;
        }
        let Measuring { list, file } = measuring;
        if list.iter().any(|word| word.trim() != word || word.is_empty()) {
            let problem = "has an entry that is empty or has white space around it";
            return Err(OptionsError::new("list", problem, "trim it"));
        }
        let phrases = searched("list", list.iter().map(String::as_str))?;
        Ok(Self { list, file, phrases, limits })
    }

    fn load(&mut self, assets: &Assets) -> Result<(), OptionsError> {
        let Some(file) = &self.file else { return Ok(()) };
        let lines = assets.text("file", file)?.lines().map(str::trim);
        let list = self.list.iter().map(String::as_str);
        self.phrases = searched("file", list.chain(lines.filter(|line| !line.is_empty())))?;
        Ok(())
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let Some(phrases) = &self.phrases else { return };
        let words = document.words(WordView::Uax29);
        if words.is_empty() {
            return;
        }
        let (mut listed, mut places, mut rest) = (0, 0, words);
        for place in phrases.find(document.text()) {
            places += 1;
            rest = &rest[rest.partition_point(|word| word.span.end <= place.start)..];
            let inside = rest.partition_point(|word| word.span.start < place.end);
            listed += inside as u64;
            rest = &rest[inside..];
        }
        out[0] = Value::share(listed, words.len() as u64);
        out[1] = Value::Int(places);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let Limits { min, max } = self.limits;
        Judgement::between(&measured[0], min.map(f64::from), max.map(f64::from))
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        if let Some(phrases) = &self.phrases {
            spans.extend(phrases.find(document.text()));
        }
    }
}

/// The entries made ready; nothing if there are none. `key` gave the last of them.
fn searched<'w>(
    key: &str,
    words: impl Iterator<Item = &'w str>,
) -> Result<Option<Phrases>, OptionsError> {
    let mut words = words.peekable();
    if words.peek().is_none() {
        return Ok(None);
    }
    let too_long = || OptionsError::new(key, "is too long to be searched for", "list fewer words");
    Phrases::new(words).map(Some).ok_or_else(too_long)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        contract::Workspace,
        testing::{bound, refused},
    };

    fn listed(list: &str, text: &str) -> Vec<Value> {
        let mut out = vec![Value::Missing; 2];
        bound(KIND, list).unwrap().measure(&Workspace::new().open_text(text), &mut out);
        out
    }

    #[test]
    fn a_phrase_counts_with_all_its_words() {
        let list = "list = ['the', 'low tide']";
        let expected = [Value::Float(0.6), Value::Int(2)];
        assert_eq!(listed(list, "Low tide, the boats lay"), expected);
    }

    #[test]
    fn every_ideograph_is_a_word() {
        assert_eq!(listed("list = ['退潮']", "退潮了吗"), [Value::Float(0.5), Value::Int(1)]);
    }

    #[test]
    fn a_word_is_counted_once() {
        assert_eq!(listed("list = ['new-', '-york']", "new--york")[0], Value::Float(1.0));
    }

    #[test]
    fn a_file_adds_its_lines_to_the_list() {
        let mut assets = Assets::default();
        let file = assets.add(*b"low tide\r\n\n boats \n");
        let mut gauge = bound(KIND, &format!("list = ['the']\nfile = '{file}'")).unwrap();
        let mut out = vec![Value::Missing; 2];
        gauge.load(&assets).unwrap();
        gauge.measure(&Workspace::new().open_text("Low tide, the boats lay"), &mut out);
        assert_eq!(out, [Value::Float(0.8), Value::Int(3)]);
    }

    #[test]
    fn lists_that_cannot_work_are_refused() {
        assert_eq!(refused(KIND, "list = ['a ']"), "list");
        assert_eq!(refused(KIND, "min = 0.5\nmax = 0.2"), "min");
    }
}
