#![doc = include_str!("fasttext_model.md")]

use std::{
    collections::BTreeSet,
    fmt,
    sync::{Mutex, PoisonError},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Asset, Assets, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge,
        GaugeKind, Judgement, OptionsError, Source, Support, Value, in_order,
    },
    linear::fasttext::{Guess, Model, Ranking, Scores, Way},
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<FasttextModel>::new();

/// Asks a model of fastText for the label of a text.
pub struct FasttextModel {
    measuring: Measuring,
    file: Asset,
    loaded: Option<Loaded>,
    limits: Limits,
}

struct Loaded {
    model: Model,
    names: Vec<&'static str>,
    /// The labels that the options name.
    listed: Vec<Way>,
}

/// Measuring options of [`FasttextModel`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// The model: a file `.bin` or `.ftz` as fastText saves it.
    pub model: Option<Asset>,
    /// Labels of which the most probable is measured; if none is named, of all.
    pub labels: Vec<String>,
    /// What labels open with in the file, and not in what is measured.
    pub prefix: String,
    /// Bytes that are read of a longer text; all if not set.
    pub first_bytes: Option<u32>,
}

impl Default for Measuring {
    fn default() -> Self {
        Self { model: None, labels: Vec::new(), prefix: "__label__".to_owned(), first_bytes: None }
    }
}

/// Limits of [`FasttextModel`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Smallest probability allowed; any if not set.
    pub min: Option<Fraction>,
    /// Largest probability allowed; any if not set.
    pub max: Option<Fraction>,
}

impl Gauge for FasttextModel {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "fasttext_model",
        version: 1,
        summary: "asks a fastText model of your own for language, quality or topic",
        fields: FIELDS,
        support: Support::AnyText,
        source: Source {
            work: "Joulin et al. 2016, Bag of Tricks for Efficient Text Classification (fastText)",
            url: "https://arxiv.org/abs/1607.01759",
            fidelity: Fidelity::Same,
        },
        guide: include_str!("fasttext_model.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        if let (Some(min), Some(max)) = (limits.min, limits.max) {
            in_order(min.get(), max.get())?;
        }
        if measuring.first_bytes == Some(0) {
            let fix = "leave the key out to read whole texts";
            return Err(OptionsError::new("first-bytes", "is 0, so that nothing is read", fix));
        }
        let Some(file) = measuring.model.clone() else {
            let fix = "name a model, or use `language` for languages";
            return Err(OptionsError::new("model", "is not set", fix));
        };
        Ok(Self { measuring, file, loaded: None, limits })
    }

    fn load(&mut self, assets: &Assets) -> Result<(), OptionsError> {
        let model = Model::read(assets.bytes("model", &self.file)?).map_err(|error| {
            let problem = format!("names a file that cannot be used: {error}");
            let fix = "name a file that fastText saved of a supervised model";
            OptionsError::new("model", problem, fix)
        })?;
        let prefix = self.measuring.prefix.as_str();
        let mut listed = Vec::new();
        for name in &self.measuring.labels {
            let is_it = |label: &str| label == name || label.strip_prefix(prefix) == Some(name);
            let label = model.labels().position(is_it);
            listed.push(model.way(label.ok_or_else(|| unknown(name, &model, prefix))?));
        }
        let names = model.labels().map(|label| label.strip_prefix(prefix).unwrap_or(label));
        let names = names.map(kept).collect();
        self.loaded = Some(Loaded { model, names, listed });
        Ok(())
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let Some(loaded) = &self.loaded else { return };
        let text = document.text();
        let most = self.measuring.first_bytes.map_or(usize::MAX, |most| most as usize);
        let text = &text[..text.floor_char_boundary(most)];
        document.with_scores(|scores| loaded.measure(text, scores, out));
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let Limits { min, max } = self.limits;
        Judgement::between(&measured[0], min.map(f64::from), max.map(f64::from))
    }
}

impl Loaded {
    fn measure(&self, text: &str, scores: &mut Scores, out: &mut [Value]) {
        let Some(Ranking { best: Some(best), next }) = self.model.rank(text, scores) else {
            return;
        };
        let listed = self.listed.iter().map(|way| self.model.score(way, scores));
        let score = listed.reduce(f32::max).unwrap_or(best.score);
        if !score.is_finite() {
            return;
        }
        out[0] = probability(score);
        let both = [Some(best), next].into_iter().flatten();
        for (Guess { label, score }, out) in both.zip(out[1..].chunks_mut(2)) {
            out[0] = Value::Label(self.names[label]);
            out[1] = probability(score);
        }
    }
}

impl fmt::Debug for FasttextModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the model.
        f.debug_struct("FasttextModel").field("file", &self.file).finish_non_exhaustive()
    }
}

const FIELDS: &[Field] = &[
    share("value", "the probability of the label"),
    label("label", "the most probable label"),
    share("probability", "the probability of the most probable label"),
    label("runner_up", "the next label"),
    share("runner_up_probability", "the probability of the next label"),
];

const fn label(name: &'static str, what: &'static str) -> Field {
    Field { name, kind: FieldKind::Label, unit: "label of the model", what }
}

const fn share(name: &'static str, what: &'static str) -> Field {
    Field { name, kind: FieldKind::Float, unit: "share", what }
}

/// Six digits, on which machines agree. fastText adds 0.00001, so that it may be above 1.
fn probability(score: f32) -> Value {
    Value::Float((f64::from(score).exp().min(1.0) * 1e6).round() / 1e6)
}

fn unknown(name: &str, model: &Model, prefix: &str) -> OptionsError {
    let labels: Vec<&str> =
        model.labels().map(|label| label.strip_prefix(prefix).unwrap_or(label)).collect();
    let fix = match crate::registry::nearest_of(name, labels.iter().copied()) {
        Some(near) => format!("did you mean {near:?}?"),
        None => format!("it has: {}", labels[..labels.len().min(20)].join(", ")),
    };
    OptionsError::new("labels", format!("holds {name:?}, which the model does not have"), fix)
}

/// The name for as long as the program runs. Names are measured values, which live longer than
/// a model; each different one is kept once, however often models are loaded.
fn kept(name: &str) -> &'static str {
    static KEPT: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut all = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = all.get(name) {
        return known;
    }
    let name: &'static str = String::leak(name.to_owned());
    all.insert(name);
    name
}
