//! Where things stand in a run folder.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

/// A run folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
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
/// Keys by which rows are proposed to be compared, if a step asks for them.
pub const SIGNATURES: &str = "ledger/signatures";
/// What was decided.
pub const DECISIONS: &str = "ledger/decisions";
/// Groups of related rows.
pub const GROUPS: &str = "ledger/groups";
/// Passages that went from rows because other documents have them too.
pub const EDITS: &str = "ledger/edits";
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

    /// The folder that stands in it at `relative`.
    #[must_use]
    pub fn below(&self, relative: &str) -> Self {
        Self { root: self.path(relative) }
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

    /// Path of a table file of input file `file` and part `part`, below `table`. It
    /// mirrors the name of the input as far as a name can be.
    #[must_use]
    pub fn part(table: &str, file: &str, part: u64) -> String {
        let names: Vec<_> = file.split('/').map(portable).collect();
        format!("{table}/{}-{part:05}.parquet", names.join("/"))
    }
}

/// Bytes of a name that leave room for a number and an ending below the usual 255.
const LONGEST: usize = 220;

/// A name that file systems and query engines take: one that is too long, or holds
/// control characters, is shortened or cleared of them and told apart by its hash.
fn portable(name: &str) -> Cow<'_, str> {
    let control = |at: char| at.is_ascii_control();
    if name.len() <= LONGEST && !name.contains(control) {
        return Cow::Borrowed(name);
    }
    let end = name.floor_char_boundary(name.len().min(LONGEST - 33));
    let shown = name[..end].replace(control, "_");
    Cow::Owned(format!("{shown}~{:032x}", xxh3_128(name.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_name_is_mirrored() {
        let path = Folder::part(DATA, "root/sub/语料 1.jsonl.gz", 7);
        assert_eq!(path, "data/root/sub/语料 1.jsonl.gz-00007.parquet");
    }

    #[test]
    fn names_that_cannot_be_mirrored_stay_apart() {
        let long = |last: &str| format!("{}{last}.parquet", "长".repeat(80));
        let names = [long("a"), long("b"), "two\nlines".into(), "two\tlines".into()];
        let paths = names.map(|name| Folder::part(FACTS, &format!("root/{name}"), 0));
        for (at, path) in paths.iter().enumerate() {
            assert!(!paths[..at].contains(path), "{path}");
            assert!(path.split('/').all(|name| name.len() <= 240 && !name.contains('\n')));
        }
    }
}
