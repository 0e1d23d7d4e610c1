//! `manifest.jsonl`: the files of a run, in order of path. A file that it does not
//! name does not belong to the run.

use std::{fs, path::Path};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use crate::{LedgerError, run::replace};

/// One written file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileRecord {
    /// Path below the run folder, with `/` between.
    pub path: String,
    /// Rows.
    pub rows: u64,
    /// Bytes on disk.
    pub bytes: u64,
    /// 128-bit XXH3 of its bytes, 32 hexadecimal digits.
    pub xxh3: String,
}

/// The files of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    files: Vec<FileRecord>,
}

impl Manifest {
    /// Sorted by path, so that it does not depend on who finished first.
    #[must_use]
    pub fn new(mut files: Vec<FileRecord>) -> Self {
        files.sort();
        Self { files }
    }

    /// The files in order of path.
    #[must_use]
    pub fn files(&self) -> &[FileRecord] {
        &self.files
    }

    /// The file at `path`.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&FileRecord> {
        let at = self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        self.files.get(at)
    }

    /// Files of the table at `table`, such as [`crate::folder::FACTS`].
    pub fn of<'m>(&'m self, table: &'m str) -> impl Iterator<Item = &'m FileRecord> {
        self.files.iter().filter(move |file| {
            file.path.strip_prefix(table).is_some_and(|rest| rest.starts_with('/'))
        })
    }

    /// Reads a manifest.
    pub fn read(path: &Path) -> Result<Self, LedgerError> {
        let text = fs::read_to_string(path).map_err(LedgerError::io("read", path))?;
        let parsed: Result<Vec<FileRecord>, _> = text.lines().map(serde_json::from_str).collect();
        let files = parsed.map_err(|source| LedgerError::Json { path: path.into(), source })?;
        Ok(Self::new(files))
    }

    /// Writes the manifest in one step and returns its XXH3.
    pub fn write(&self, path: &Path) -> Result<String, LedgerError> {
        let mut text = Vec::new();
        for file in &self.files {
            serde_json::to_writer(&mut text, file)
                .map_err(|source| LedgerError::Json { path: path.into(), source })?;
            text.push(b'\n');
        }
        replace(path, &text)?;
        Ok(format!("{:032x}", xxh3_128(&text)))
    }
}
