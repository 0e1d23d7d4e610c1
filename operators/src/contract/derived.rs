//! Values that no text is needed for: the engine puts them beside what was measured.

use serde::Serialize;

/// Where a value comes from, if not from the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Derived {
    /// SQL over the columns of the facts.
    Expression(String),
}
