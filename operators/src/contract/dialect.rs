//! Whose reading of a published rule is followed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::text::words::WordView;

/// Whose formulas a rule of Gopher follows. The projects that state its limits measure
/// different things; each operator's guide says what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// datatrove, the code of `FineWeb`.
    #[default]
    Datatrove,
    /// DCLM's mappers.
    Dclm,
    /// Dolma's taggers.
    Dolma,
    /// `NeMo` Curator's filters.
    Nemo,
    /// The paper's own words, read as closely as they allow.
    Paper,
}

impl Dialect {
    /// What counts as a word.
    #[must_use]
    pub const fn words(self) -> WordView {
        match self {
            Self::Datatrove => WordView::Tokens,
            Self::Dclm | Self::Paper => WordView::Uax29,
            Self::Dolma | Self::Nemo => WordView::Whitespace,
        }
    }
}
