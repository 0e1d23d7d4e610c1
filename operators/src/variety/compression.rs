#![doc = include_str!("compression.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::{
    AnyGauge, Card, Document, Fidelity, Field, FieldKind, Gauge, GaugeKind, Judgement, NoOptions,
    OptionsError, Quantity, Source, Support, Value, in_order,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<Compression>::new();

/// Compares the compressed length of a text with its length.
#[derive(Debug)]
pub struct Compression {
    limits: Limits,
}

/// Limits of [`Compression`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Smallest ratio allowed; any if not set. Texts that repeat themselves are below.
    pub min: Option<Quantity>,
    /// Largest ratio allowed; any if not set. Random characters are above.
    pub max: Option<Quantity>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { min: Some(Quantity::thousandths(100)), max: None }
    }
}

impl Gauge for Compression {
    type Measuring = NoOptions;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "compression",
        version: 1,
        summary: "finds texts that repeat themselves, by how short they compress",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Float,
            unit: "bytes per byte",
            what: "the compressed length per byte of text",
        }],
        support: Support::AnyText,
        source: Source {
            work: "common practice (zlib length by raw length); compressor and limits are our own",
            url: "",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("compression.md"),
    };

    fn new(_: NoOptions, limits: Limits) -> Result<Self, OptionsError> {
        if let (Some(min), Some(max)) = (limits.min, limits.max) {
            in_order(min.get(), max.get())?;
        }
        Ok(Self { limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let raw = document.text().len() as u64;
        if let Some(compressed) = document.compressed_length() {
            out[0] = Value::share(compressed as u64, raw);
        }
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let Limits { min, max } = self.limits;
        Judgement::between(&measured[0], min.map(f64::from), max.map(f64::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, measured, refused};

    #[test]
    fn repetition_makes_a_text_shorter() {
        let once = "The tide went out before dawn and the boats lay in the mud. ";
        let ratio = |text: &str| measured(KIND, text)[0].as_f64().unwrap();
        assert!(ratio(&once.repeat(100)) < 0.03);
        assert!(0.8 < ratio(once));
    }

    #[test]
    fn a_very_short_text_grows() {
        assert!(matches!(judged(KIND, "max = 1", "a"), Judgement::Outside(_)));
    }

    #[test]
    fn limits_that_exclude_each_other_are_refused() {
        assert_eq!(refused(KIND, "min = 3\nmax = 2"), "min");
    }
}
