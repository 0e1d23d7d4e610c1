//! What can go wrong with a run folder.

use std::{io, path::PathBuf};

use thiserror::Error;

/// A run folder that cannot be read, written or believed.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// The operating system said no.
    #[error("{path} cannot be {doing}: {source}")]
    Io {
        /// What was being done, as a participle.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// A Parquet file is damaged or was not written by this tool.
    #[error("{path} is not a readable table: {source}")]
    Table {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: parquet::errors::ParquetError,
    },
    /// Columns do not fit together.
    #[error("{path}: {source}")]
    Arrow {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: arrow::error::ArrowError,
    },
    /// A JSON file is damaged.
    #[error("{path} is not valid: {source}")]
    Json {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: serde_json::Error,
    },
    /// There is no run here.
    #[error("{path} holds no finished run (no run.json); run `assay run RECIPE -o {path}` first")]
    NoRun {
        /// The folder.
        path: PathBuf,
    },
    /// Written by a newer version.
    #[error("{path} has format {found}, this version reads up to {known}; use a newer assay")]
    Format {
        /// The file.
        path: PathBuf,
        /// Major version found.
        found: u32,
        /// Major version known.
        known: u32,
    },
}

impl LedgerError {
    /// Wraps an operating system error: `LedgerError::io("opened", path)`.
    pub fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }

    /// Whether the disk is full.
    #[must_use]
    pub fn is_out_of_disk(&self) -> bool {
        match self {
            Self::Io { source, .. } => is_full(source),
            Self::Table { source, .. } => says_full(&source.to_string()),
            _ => false,
        }
    }
}

/// Whether the operating system says that there is no room left.
#[must_use]
pub fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Whether a message, all that is left of an error that went through another library,
/// says that there is no room left.
#[must_use]
pub fn says_full(message: &str) -> bool {
    ["No space left on device", "Disk quota exceeded"].iter().any(|it| message.contains(it))
}
