//! Values that do not come from the text of the document.

pub mod column;
pub mod expression;
pub mod imported;

use crate::contract::{OptionsError, in_order};

/// Limits of any number, below zero too.
fn check_limits(min: Option<f64>, max: Option<f64>) -> Result<(), OptionsError> {
    for (key, limit) in [("min", min), ("max", max)] {
        if limit.is_some_and(|limit| !limit.is_finite()) {
            return Err(OptionsError::new(key, "is not a finite number", "write a number"));
        }
    }
    match (min, max) {
        (Some(min), Some(max)) => in_order(min, max),
        _ => Ok(()),
    }
}
