//! Measured values against limits.

use std::fmt;

use serde::Serialize;

use super::value::Value;

/// What the limits say about a measurement.
#[derive(Debug, Clone, PartialEq)]
pub enum Judgement {
    /// Inside every limit, or there is none.
    Within,
    /// A limit was broken.
    Outside(Breach),
    /// Nothing was measured, so no limit can speak.
    Unmeasured,
}

/// A broken limit and the value that broke it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Breach {
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
        let Some(value) = value.as_f64() else { return Self::Unmeasured };
        match (min, max) {
            (Some(min), _) if value < min => {
                Self::Outside(Breach { value, limit: Limit::AtLeast(min) })
            }
            (_, Some(max)) if max < value => {
                Self::Outside(Breach { value, limit: Limit::AtMost(max) })
            }
            _ => Self::Within,
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

    /// Judges `value` by an upper limit too. The first broken limit stands, and a further
    /// value that is missing changes nothing.
    #[must_use]
    pub fn and_at_most(self, value: &Value, max: f64) -> Self {
        match (self, Self::at_most(value, max)) {
            (Self::Within, outside @ Self::Outside(_)) => outside,
            (first, _) => first,
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
