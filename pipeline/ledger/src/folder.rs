//! Where things stand in a run folder.

use std::path::{Path, PathBuf};

/// A run folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    root: PathBuf,
}

/// Kept rows.
pub const DATA: &str = "data";
/// Rows set aside, with their text.
pub const QUARANTINE: &str = "quarantine";
/// Rows left out, if asked for.
pub const DROPPED: &str = "dropped";
/// What was measured.
pub const FACTS: &str = "ledger/facts";
/// What was decided.
pub const DECISIONS: &str = "ledger/decisions";
/// Groups of related rows.
pub const GROUPS: &str = "ledger/groups";
/// Bounded samples of text.
pub const EXCERPTS: &str = "excerpts";

impl Folder {
    /// The run folder at `root`, which need not exist.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What is below the folder at `relative`, with `/` between.
    #[must_use]
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The record of the run, written last.
    #[must_use]
    pub fn run_json(&self) -> PathBuf {
        self.root.join("run.json")
    }

    /// The list of the run's files with their hashes.
    #[must_use]
    pub fn manifest(&self) -> PathBuf {
        self.root.join("manifest.jsonl")
    }

    /// The page.
    #[must_use]
    pub fn report(&self) -> PathBuf {
        self.root.join("report.html")
    }

    /// What a run needs while it works, and to resume.
    #[must_use]
    pub fn work(&self) -> PathBuf {
        self.root.join(".work")
    }

    /// Path of a table file of input file `file` and part `part`, below `table`.
    #[must_use]
    pub fn part(table: &str, file: &str, part: u64) -> String {
        format!("{table}/{file}-{part:05}.parquet")
    }
}
