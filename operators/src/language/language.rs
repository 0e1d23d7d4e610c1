#![doc = include_str!("language.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind,
        Judgement, OptionsError, Source, Span, Support, Value,
    },
    linear::{
        language::{Languages, shipped},
        passages::passages,
    },
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<Language>::new();

/// Names the language of a text.
#[derive(Debug)]
pub struct Language {
    model: &'static Languages<'static>,
    sample: usize,
    limits: Limits,
}

/// What [`Language`] reads.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// Bytes that are scored of a longer text, in stretches that are spread evenly.
    pub sample: u32,
}

impl Default for Measuring {
    fn default() -> Self {
        Self { sample: 8192 }
    }
}

/// Limits of [`Language`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Smallest confidence allowed; any if not set.
    pub min_confidence: Option<Fraction>,
    /// Smallest share of the main language allowed; any if not set.
    pub min_share: Option<Fraction>,
}

/// Fewest bytes that can be spread over a text.
const LEAST_SAMPLE: u32 = 1024;
const CONFIDENCE: usize = 2;
const SHARE: usize = 5;

impl Gauge for Language {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "language",
        version: 5,
        summary: "names the language and script of a text, and what else it holds",
        fields: &[
            label("value", "ISO 639 code", "the language"),
            label("script", "ISO 15924 code", "the script"),
            share("confidence", "the chance that the language is right"),
            label("runner_up", "ISO 639 code", "the next likely language"),
            share("runner_up_confidence", "the chance of the next likely language"),
            share("share", "the share of the text in that language"),
            label("other", "ISO 639 code", "the most common other language of passages"),
            share("other_share", "the share of the text in that other language"),
        ],
        support: Support::AnyText,
        source: Source {
            work: "Joulin et al. 2016, Bag of Tricks for Efficient Text Classification (fastText)",
            url: "https://arxiv.org/abs/1607.01759",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("language.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        if measuring.sample < LEAST_SAMPLE {
            return Err(OptionsError::new(
                "sample",
                format!("is {}, which is too little to spread", measuring.sample),
                format!("set it to {LEAST_SAMPLE} or more"),
            ));
        }
        let Some(model) = shipped() else {
            return Err(OptionsError::new(
                "sample",
                "cannot be used: the model of this build is damaged",
                "build again from a clean copy",
            ));
        };
        Ok(Self { model, sample: measuring.sample as usize, limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let reading = document
            .with_familiar(|familiar| self.model.read_with(familiar, document.text(), self.sample));
        let Some(reading) = reading.flatten() else { return };
        let verdict = reading.verdict;
        out[0] = Value::Label(verdict.language);
        out[1] = Value::Label(verdict.script);
        out[CONFIDENCE] = rounded(verdict.confidence);
        if let Some((language, confidence)) = verdict.runner_up {
            out[3] = Value::Label(language);
            out[4] = rounded(confidence);
        }
        out[SHARE] = rounded(reading.share);
        if let Some((language, share)) = reading.other {
            out[6] = Value::Label(language);
            out[7] = rounded(share);
        }
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let Limits { min_confidence, min_share } = self.limits;
        Judgement::of("confidence", &measured[CONFIDENCE], min_confidence.map(f64::from), None)
            .and(Judgement::of("share", &measured[SHARE], min_share.map(f64::from), None))
    }

    /// Passages in another language than the text.
    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        let text = document.text();
        let Some(reading) = self.model.read(text, self.sample) else { return };
        passages(text, self.sample, |passage| {
            let verdict = self.model.judge(&self.model.tally(&text[passage.clone()], usize::MAX));
            if verdict.is_some_and(|verdict| verdict.language != reading.verdict.language) {
                spans.push(Span::new(passage.start, passage.end));
            }
        });
    }
}

/// Four digits, which every machine agrees on.
fn rounded(number: f64) -> Value {
    Value::Float((number * 1e4).round() / 1e4)
}

const fn label(name: &'static str, unit: &'static str, what: &'static str) -> Field {
    Field { name, kind: FieldKind::Label, unit, what }
}

const fn share(name: &'static str, what: &'static str) -> Field {
    Field { name, kind: FieldKind::Float, unit: "share", what }
}
