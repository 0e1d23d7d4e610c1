//! Values that no text is needed for: the engine puts them beside what was measured.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a value comes from, if not from the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Derived {
    /// SQL over the columns of the facts.
    Expression(String),
    /// A column of the corpus, by its dotted path.
    Column(String),
    /// A column of tables of the user's own.
    Imported(Imported),
}

/// A column of tables that an option names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// How a row of the tables finds its document.
    pub by: By,
    /// The column with the user's own id, where that is how.
    pub key: String,
    /// The column with the value.
    pub column: String,
}

/// How a row of a table finds its document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// By the columns `file` and `row`, as the ledger has them.
    #[default]
    Row,
    /// By the user's own id.
    Id,
}
