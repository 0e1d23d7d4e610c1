#![doc = include_str!("expression.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check_limits;
use crate::contract::{
    AnyGauge, Card, Derived, Document, Fidelity, Field, FieldKind, Gauge, GaugeKind, Judgement,
    OptionsError, Source, Support, Value,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<Expression>::new();

/// Computes a number from what other steps measured.
#[derive(Debug)]
pub struct Expression {
    sql: String,
    limits: Limits,
}

/// Measuring options of [`Expression`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// SQL over the columns of one document, such as `words__value / bytes`.
    pub sql: Option<String>,
}

/// Limits of [`Expression`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Smallest value allowed; any if not set.
    pub min: Option<f64>,
    /// Largest value allowed; any if not set.
    pub max: Option<f64>,
}

impl Gauge for Expression {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "expression",
        version: 1,
        summary: "computes a number in SQL from what other steps measured",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Float,
            unit: "number",
            what: "the value of the expression",
        }],
        support: Support::AnyText,
        source: Source { work: "our own", url: "", fidelity: Fidelity::Own },
        guide: include_str!("expression.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        check_limits(limits.min, limits.max)?;
        match measuring.sql {
            Some(sql) if !sql.trim().is_empty() => Ok(Self { sql, limits }),
            _ => {
                let fix = "write what to compute: sql = \"words__value / bytes\"";
                Err(OptionsError::new("sql", "is missing", fix))
            }
        }
    }

    fn derived(&self) -> Option<Derived> {
        Some(Derived::Expression(self.sql.clone()))
    }

    fn measure(&self, _: &Document<'_>, _: &mut [Value]) {}

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::between(&measured[0], self.limits.min, self.limits.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{bound, refused};

    #[test]
    fn a_value_is_judged_by_limits_that_may_be_below_zero() {
        let gauge = bound(KIND, "sql = 'bytes - 5'\nmin = -2.5\nmax = 0").unwrap();
        assert_eq!(gauge.derived(), Some(Derived::Expression("bytes - 5".to_owned())));
        assert_eq!(gauge.judge(&[Value::Float(-2.5)]), Judgement::Within);
        assert!(matches!(gauge.judge(&[Value::Float(0.1)]), Judgement::Outside(_)));
    }

    #[test]
    fn options_that_cannot_work_are_refused() {
        assert_eq!(refused(KIND, ""), "sql");
        assert_eq!(refused(KIND, "sql = ' '"), "sql");
        assert_eq!(refused(KIND, "sql = 'bytes'\nmin = nan"), "min");
        assert_eq!(refused(KIND, "sql = 'bytes'\nmin = 2\nmax = 1"), "min");
    }
}
