//! Measured values against limits.

use std::fmt;

use serde::Serialize;

use super::value::Value;

/// What the limits say about a measurement.
#[derive(Debug, Clone, PartialEq)]
pub enum Judgement {
    /// Inside every limit, or there is none.
    Within,
    /// These limits were broken, in the order in which they were asked.
    Outside(Vec<Breach>),
    /// Nothing was measured, so no limit can speak.
    Unmeasured,
}

/// A broken limit and the value that broke it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Breach {
    /// Name of the measured field; `value` for operators with one limit.
    pub field: &'static str,
    /// The measured number.
    pub value: f64,
    /// The limit it broke.
    pub limit: Limit,
}

/// A limit. The limit itself is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// The value must not be smaller.
    AtLeast(f64),
    /// The value must not be larger.
    AtMost(f64),
}

impl Judgement {
    /// Judges `value` by an optional lower and an optional upper limit.
    #[must_use]
    pub fn between(value: &Value, min: Option<f64>, max: Option<f64>) -> Self {
        Self::of("value", value, min, max)
    }

    /// Judges `value`, measured as `field`, by an optional lower and an optional upper limit.
    #[must_use]
    pub fn of(field: &'static str, value: &Value, min: Option<f64>, max: Option<f64>) -> Self {
        let Some(value) = value.as_f64() else { return Self::Unmeasured };
        let limit = match (min, max) {
            (Some(min), _) if value < min => Limit::AtLeast(min),
            (_, Some(max)) if max < value => Limit::AtMost(max),
            _ => return Self::Within,
        };
        Self::Outside(vec![Breach { field, value, limit }])
    }

    /// This judgement and the one of a further limit: every broken limit speaks. A further
    /// value that is missing changes nothing.
    #[must_use]
    pub fn and(self, next: Self) -> Self {
        match (self, next) {
            (Self::Outside(mut all), Self::Outside(more)) => {
                all.extend(more);
                Self::Outside(all)
            }
            (Self::Within, outside @ Self::Outside(_)) => outside,
            (first, _) => first,
        }
    }

    /// Judges `value` by a lower limit.
    #[must_use]
    pub fn at_least(value: &Value, min: f64) -> Self {
        Self::between(value, Some(min), None)
    }

    /// Judges `value` by an upper limit.
    #[must_use]
    pub fn at_most(value: &Value, max: f64) -> Self {
        Self::between(value, None, Some(max))
    }
}

impl fmt::Display for Breach {
    /// As the ledger stores it: `>= 50`, and `digits <= 0.3` for a field of several.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field {
            "value" => self.limit.fmt(f),
            field => write!(f, "{field} {}", self.limit),
        }
    }
}

impl fmt::Display for Limit {
    /// As the ledger stores it: `>= 50` or `<= 0.9`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(limit) => write!(f, ">= {limit}"),
            Self::AtMost(limit) => write!(f, "<= {limit}"),
        }
    }
}
