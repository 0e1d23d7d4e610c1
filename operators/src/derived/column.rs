#![doc = include_str!("column.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check_limits;
use crate::contract::{
    AnyGauge, Card, Derived, Document, Fidelity, Field, FieldKind, Gauge, GaugeKind, Judgement,
    OptionsError, Source, Support, Value,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<Column>::new();

/// Takes what a column of the corpus says of a document.
#[derive(Debug)]
pub struct Column {
    column: String,
    limits: Limits,
}

/// Measuring options of [`Column`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// The column, as a dotted path where it is inside another: `meta.score`.
    pub column: String,
}

/// Limits of [`Column`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Smallest value allowed; any if not set.
    pub min: Option<f64>,
    /// Largest value allowed; any if not set.
    pub max: Option<f64>,
}

impl Gauge for Column {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "column",
        version: 1,
        summary: "takes a number or a text from a column of the corpus",
        fields: &[
            Field {
                name: "value",
                kind: FieldKind::Float,
                unit: "number",
                what: "the value of the column",
            },
            Field {
                name: "label",
                kind: FieldKind::Label,
                unit: "text",
                what: "the text of the column",
            },
        ],
        support: Support::AnyText,
        source: Source { work: "our own", url: "", fidelity: Fidelity::Own },
        guide: include_str!("column.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        check_limits(limits.min, limits.max)?;
        let Measuring { column } = measuring;
        if column.trim().is_empty() {
            let fix = "name a column of the corpus: column = \"score\"";
            return Err(OptionsError::new("column", "is missing", fix));
        }
        Ok(Self { column, limits })
    }

    fn derived(&self) -> Option<Derived> {
        Some(Derived::Column(self.column.clone()))
    }

    fn measure(&self, _: &Document<'_>, _: &mut [Value]) {}

    /// A column of texts has no number, and needs none where there is no limit.
    fn judge(&self, measured: &[Value]) -> Judgement {
        match self.limits {
            Limits { min: None, max: None } => Judgement::Within,
            Limits { min, max } => Judgement::between(&measured[0], min, max),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{bound, refused};

    #[test]
    fn only_a_limit_needs_a_number() {
        let open = bound(KIND, "column = 'kind'").unwrap();
        assert_eq!(open.judge(&[Value::Missing, Value::Missing]), Judgement::Within);
        let limited = bound(KIND, "column = 'kind'\nmin = 0.5").unwrap();
        assert_eq!(limited.judge(&[Value::Missing, Value::Missing]), Judgement::Unmeasured);
        assert_eq!(limited.judge(&[Value::Float(0.5), Value::Missing]), Judgement::Within);
    }

    #[test]
    fn options_that_cannot_work_are_refused() {
        assert_eq!(refused(KIND, ""), "column");
        assert_eq!(refused(KIND, "column = 's'\nmin = nan"), "min");
    }
}
