#![doc = include_str!("mojibake.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind,
        Judgement, NoOptions, OptionsError, Source, Span, Support, Value,
    },
    text::mojibake::{Damage, damaged},
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<Mojibake>::new();

/// Measures which share of a text was decoded wrongly.
#[derive(Debug)]
pub struct Mojibake {
    limits: Limits,
}

/// Limits of [`Mojibake`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Largest share of characters in wrongly decoded places allowed.
    pub max: Fraction,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max: Fraction::percent(1) }
    }
}

impl Gauge for Mojibake {
    type Measuring = NoOptions;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "mojibake",
        version: 1,
        summary: "finds texts that were decoded with the wrong encoding",
        fields: &[
            Field {
                name: "value",
                kind: FieldKind::Float,
                unit: "share",
                what: "the share of wrongly decoded characters",
            },
            count("latin", "characters of UTF-8 read as Latin-1 or Windows-1252"),
            count("latin_han", "characters of GBK or Big5 read as Latin-1"),
            count("han", "characters of UTF-8 read as GBK, and of memory that was never set"),
            count("replacement", "replacement characters"),
        ],
        support: Support::AnyText,
        source: Source {
            work: "WHATWG Encoding Standard for the encodings; the rules are our own",
            url: "https://encoding.spec.whatwg.org/",
            fidelity: Fidelity::Own,
        },
        guide: include_str!("mojibake.md"),
    };

    fn new(_: NoOptions, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let characters = document.characters();
        let visible = characters.all - characters.white_space;
        if visible == 0 {
            return;
        }
        let mut counts = [0_u64; Damage::COUNT];
        if !characters.is_ascii {
            damaged(document.text(), |damage, _, chars| counts[damage as usize] += chars);
        }
        out[0] = Value::share(counts.iter().sum(), visible);
        for (slot, count) in out[1..].iter_mut().zip(counts) {
            *slot = Value::Int(i64::try_from(count).unwrap_or(i64::MAX));
        }
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_most(&measured[0], self.limits.max.get())
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        damaged(document.text(), |_, span, _| spans.push(span));
    }
}

const fn count(name: &'static str, what: &'static str) -> Field {
    Field { name, kind: FieldKind::Int, unit: "characters", what }
}
