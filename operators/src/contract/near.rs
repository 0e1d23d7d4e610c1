//! What the engine is told about near-duplicates.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Against, Fraction};

/// Documents that share most of their shingles.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Near {
    /// How candidates are proposed.
    pub sketch: Sketch,
    /// The Jaccard similarity that a proposed pair must reach when it is compared exactly.
    pub similarity: Fraction,
    /// Which member of a group stays: facts columns with `asc` or `desc`, best first; ties
    /// go to the earlier row.
    pub prefer: Vec<String>,
    /// What becomes of the members of a group.
    pub keep: Keep,
    /// What becomes of pairs that differ in details, such as numbers, names or dates.
    pub templates: Templates,
    /// What documents are compared with besides each other.
    pub against: Against,
}

/// Shingles of a document, and how many hashes of them stand for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Sketch {
    /// Keys of a document; documents that share one are compared.
    pub bands: u32,
    /// Hashes that make one key.
    pub rows: u32,
    /// Length of a shingle in words, where words are set apart by spaces.
    pub words: u32,
    /// Length of a shingle in characters, where they are not.
    pub characters: u32,
    /// Chooses the hash functions.
    pub seed: u64,
}

impl Sketch {
    /// The chance that two documents with this Jaccard similarity share a key:
    /// 1 − (1 − J^rows)^bands.
    #[must_use]
    pub fn chance(&self, jaccard: f64) -> f64 {
        curve(self.bands, self.rows, jaccard)
    }

    /// How many hashes a document has.
    #[must_use]
    pub fn hashes(&self) -> u32 {
        self.bands.saturating_mul(self.rows)
    }
}

/// The chance that two documents share a key, of `bands` keys of `rows` hashes each.
pub(crate) fn curve(bands: u32, rows: u32, jaccard: f64) -> f64 {
    let exponent = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
    1.0 - (1.0 - jaccard.clamp(0.0, 1.0).powi(exponent(rows))).powi(exponent(bands))
}

/// What becomes of the members of a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// One stays.
    #[default]
    KeepOne,
    /// None stays.
    DropAll,
    /// All stay; the ledger names the group.
    Annotate,
}

/// What becomes of near-duplicates that differ in details.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Templates {
    /// They stay, with a label.
    #[default]
    Keep,
    /// They are treated as all other near-duplicates.
    Remove,
}
