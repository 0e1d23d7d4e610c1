#![doc = include_str!("han_characters.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::{
    AnyGauge, Card, Document, Fidelity, Field, FieldKind, Gauge, GaugeKind, Judgement, NoOptions,
    OptionsError, Source, Support, Value, in_order,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<HanCharacters>::new();

/// Counts Han characters.
#[derive(Debug)]
pub struct HanCharacters {
    limits: Limits,
}

/// Limits of [`HanCharacters`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Fewest Han characters allowed.
    pub min: u64,
    /// Most Han characters allowed; any number if not set.
    pub max: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { min: 30, max: None }
    }
}

impl Gauge for HanCharacters {
    type Measuring = NoOptions;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "han_characters",
        version: 2,
        summary: "finds Chinese texts that are too short or too long, in Han characters",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Int,
            unit: "characters",
            what: "the number of Han characters",
        }],
        support: Support::Han,
        source: Source {
            work: "the length rule of Gopher, in the unit of Chinese",
            url: "",
            fidelity: Fidelity::Own,
        },
        guide: include_str!("han_characters.md"),
    };

    fn new(_: NoOptions, limits: Limits) -> Result<Self, OptionsError> {
        in_order(limits.min, limits.max.unwrap_or(u64::MAX))?;
        Ok(Self { limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let han = document.characters().han;
        out[0] = Value::Int(i64::try_from(han).unwrap_or(i64::MAX));
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let Limits { min, max } = self.limits;
        Judgement::between(&measured[0], Some(min as f64), max.map(|max| max as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, measured, refused};

    #[test]
    fn only_han_characters_count() {
        assert_eq!(measured(KIND, "第3章, all other words."), [Value::Missing]);
        assert_eq!(measured(KIND, "第三章 3，ok。"), [Value::Int(3)]);
    }

    #[test]
    fn without_a_largest_number_any_length_is_within() {
        assert_eq!(judged(KIND, "", &"字".repeat(1000)), Judgement::Within);
    }

    #[test]
    fn limits_that_exclude_each_other_are_refused() {
        assert_eq!(refused(KIND, "max = 29"), "min");
    }
}
