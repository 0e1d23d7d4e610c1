#![doc = include_str!("lexicon.md")]

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Asset, Assets, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge,
        GaugeKind, Judgement, OptionsError, Quantity, Source, Span, Support, Value, in_order,
    },
    text::{
        entries::{self, Entry},
        phrases::{Phrases, TooLong},
    },
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<Lexicon>::new();

/// Measures how much of a text stands on a list in a file.
#[derive(Debug)]
pub struct Lexicon {
    file: Asset,
    categories: Vec<String>,
    phrases: Phrases,
    /// Weight of each entry that is searched for.
    weights: Vec<f64>,
    limits: Limits,
}

/// Measuring options of [`Lexicon`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// The list: an entry a line, then, if need be, a tab, its category, a tab and its weight.
    pub file: Option<Asset>,
    /// Only entries of these categories count; if none is named, all do.
    pub categories: Vec<String>,
}

/// Limits of [`Lexicon`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Smallest share of characters in entries allowed; any if not set.
    pub min: Option<Fraction>,
    /// Largest share of characters in entries allowed; any if not set.
    pub max: Option<Fraction>,
    /// Most places where an entry stands; any number if not set.
    pub max_places: Option<u64>,
    /// Fewest different entries allowed; any number if not set.
    pub min_entries: Option<u64>,
    /// Most different entries allowed; any number if not set.
    pub max_entries: Option<u64>,
    /// Largest sum of weights allowed; any if not set.
    pub max_weight: Option<Quantity>,
}

impl Gauge for Lexicon {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "lexicon",
        version: 1,
        summary: "finds texts with too much or too little of a word list in a file of your own",
        fields: FIELDS,
        support: Support::AnyText,
        source: Source {
            work: "common practice (lists of bad words, of terms); what is counted is our own",
            url: "",
            fidelity: Fidelity::Own,
        },
        guide: include_str!("lexicon.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        if let (Some(min), Some(max)) = (limits.min, limits.max) {
            in_order(min.get(), max.get())?;
        }
        let Some(file) = measuring.file else {
            let fix = "name a file with an entry on each line";
            return Err(OptionsError::new("file", "is not set", fix));
        };
        Ok(Self {
            file,
            categories: measuring.categories,
            phrases: Phrases::default(),
            weights: Vec::new(),
            limits,
        })
    }

    fn load(&mut self, assets: &Assets) -> Result<(), OptionsError> {
        let mut entries = entries::read("file", assets.text("file", &self.file)?)?;
        let known: BTreeSet<&str> = entries.iter().map(|entry| entry.category).collect();
        if let Some(unknown) = self.categories.iter().find(|name| !known.contains(name.as_str())) {
            let fix = match crate::registry::nearest_of(unknown, known) {
                Some(near) => format!("did you mean {near:?}?"),
                None => "write categories as the file does, behind a tab".to_owned(),
            };
            let problem = format!("holds {unknown:?}, which no entry of the file has");
            return Err(OptionsError::new("categories", problem, fix));
        }
        entries.retain(|entry| {
            self.categories.is_empty() || self.categories.iter().any(|name| name == entry.category)
        });
        self.phrases = Phrases::new(entries.iter().map(|entry| entry.text))
            .map_err(|TooLong(number)| too_long(&entries[number]))?;
        self.weights = entries.iter().map(|entry| entry.weight).collect();
        Ok(())
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let counts = document.characters();
        let visible = counts.all - counts.white_space;
        if visible == 0 {
            return;
        }
        let text = document.text();
        let (mut inside, mut places, mut different, mut weight) = (0, 0_usize, 0_usize, 0.0);
        document.with_marks(self.weights.len(), |seen| {
            for found in self.phrases.find(text) {
                let characters = found.span.of(text).chars();
                inside += characters.filter(|character| !character.is_whitespace()).count() as u64;
                places += 1;
                weight += self.weights[found.phrase];
                different += usize::from(!seen[found.phrase]);
                seen[found.phrase] = true;
            }
        });
        out[0] = Value::share(inside, visible);
        out[1] = Value::count(places);
        out[2] = Value::count(different);
        out[3] = Value::Float(weight);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let limits = &self.limits;
        let count = |limit: Option<u64>| limit.map(|count| count as f64);
        let share = |limit: Option<Fraction>| limit.map(f64::from);
        let (min, max) = (count(limits.min_entries), count(limits.max_entries));
        let most = limits.max_weight.map(f64::from);
        Judgement::between(&measured[0], share(limits.min), share(limits.max))
            .and(Judgement::of("places", &measured[1], None, count(limits.max_places)))
            .and(Judgement::of("entries", &measured[2], min, max))
            .and(Judgement::of("weight", &measured[3], None, most))
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        spans.extend(self.phrases.find(document.text()).map(|found| found.span));
    }
}

const FIELDS: &[Field] = &[
    Field {
        name: "value",
        kind: FieldKind::Float,
        unit: "share",
        what: "the share of characters in entries of the list",
    },
    Field {
        name: "places",
        kind: FieldKind::Int,
        unit: "places",
        what: "the number of places where an entry of the list stands",
    },
    Field {
        name: "entries",
        kind: FieldKind::Int,
        unit: "entries",
        what: "the number of different entries of the list",
    },
    Field {
        name: "weight",
        kind: FieldKind::Float,
        unit: "weight",
        what: "the sum of the weights of all places",
    },
];

fn too_long(entry: &Entry<'_>) -> OptionsError {
    let problem =
        format!("has an entry of more than {} characters on line {}", Phrases::LONGEST, entry.line);
    OptionsError::new("file", problem, "list words and short phrases")
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::{
        contract::{BoundGauge, Workspace},
        testing::{bound, refused},
    };

    fn loaded(list: &[u8], options: &str) -> Result<BoundGauge, OptionsError> {
        let mut assets = Assets::default();
        let file = assets.add(list);
        let mut gauge = bound(KIND, &format!("file = '{file}'\n{options}")).unwrap();
        gauge.load(&assets).map(|()| gauge)
    }

    fn measured(list: &[u8], options: &str, text: &str) -> Vec<Value> {
        let mut out = vec![Value::Missing; FIELDS.len()];
        loaded(list, options).unwrap().measure(&Workspace::new().open_text(text), &mut out);
        out
    }

    fn problem(list: &[u8], options: &str) -> String {
        let error = loaded(list, options).unwrap_err();
        format!("{} {}", error.key, error.problem)
    }

    const LIST: &str = "# harbour\nlow tide\tsea\t2\n退潮\tsea\r\n\nboat\tships\n";

    #[test]
    fn places_entries_characters_and_weights_are_counted() {
        let expected = [Value::Float(16.0 / 17.0), Value::Int(3), Value::Int(2), Value::Float(5.0)];
        assert_eq!(measured(LIST.as_bytes(), "", "退潮 LOW TIDE, low tide"), expected);
    }

    #[test]
    fn categories_are_chosen() {
        let places = |options| measured(LIST.as_bytes(), options, "boats, a boat, 退潮").remove(1);
        assert_eq!(places(""), Value::Int(2));
        assert_eq!(places("categories = ['ships']"), Value::Int(1));
        let unknown = problem(LIST.as_bytes(), "categories = ['ship']");
        assert_eq!(unknown, "categories holds \"ship\", which no entry of the file has");
    }

    #[test]
    fn files_that_cannot_work_are_refused_with_their_line() {
        let long = "一".repeat(Phrases::LONGEST + 1);
        let long = format!("a\n# b\n{long}\n");
        assert_eq!(
            problem(long.as_bytes(), ""),
            "file has an entry of more than 200 characters on line 3"
        );
        assert_eq!(problem(b"a\n\xff", ""), "file names a file that is not UTF-8 at byte 2");
        assert_eq!(refused(KIND, ""), "file");
        assert_eq!(refused(KIND, "min = 0.5\nmax = 0.2"), "min");
    }

    #[test]
    fn long_lists_with_repetitions_work() {
        let mut list = String::from("\u{feff}");
        for number in 0..100_000 {
            write!(list, "词{}\r\nWord{number}\r\n", number % 50_000).unwrap();
        }
        let counted = measured(list.as_bytes(), "", "词7，word99999 word100000");
        assert_eq!(counted[1..3], [Value::Int(2), Value::Int(2)]);
    }
}
