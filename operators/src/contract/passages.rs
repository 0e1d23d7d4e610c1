//! What the engine is told about passages that documents share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Passages that many documents share, and go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Passages {
    /// What is a passage.
    pub cut: Cut,
    /// From how many documents on a passage goes.
    pub documents: u32,
    /// Where it stays.
    pub keep: KeepPassage,
    /// Which document is the first: facts columns with `asc` or `desc`; ties go to the
    /// earlier row.
    pub prefer: Vec<String>,
}

/// How documents are cut into passages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Cut {
    /// What is a passage.
    pub unit: Unit,
    /// Sentences or words of a passage, where it is made of them.
    pub length: u32,
    /// Letters and digits that a passage has at least; an ideograph counts as three.
    pub characters: u32,
}

/// What is a passage.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, PartialOrd, Ord,
)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Lines that no blank line parts.
    #[default]
    Paragraphs,
    /// What stands between line feeds.
    Lines,
    /// Every run of so many sentences.
    Sentences,
    /// Every run of so many words.
    Words,
}

/// Where a passage stays that many documents share.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeepPassage {
    /// In the first document that has it.
    #[default]
    First,
    /// Nowhere.
    None,
}
