//! Why a source cannot be ingested at all. Broken records are rows, not errors.

use std::{io, path::PathBuf};

use arrow::{datatypes::DataType, error::ArrowError};
use assay_ledger::LedgerError;
use thiserror::Error;

/// A source that cannot be ingested.
#[derive(Debug, Error)]
pub enum IngestError {
    /// The operating system said no.
    #[error("{path} cannot be read: {source}")]
    Open {
        /// The source.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// Nothing can be read from the source, not even its start.
    #[error("{path} is damaged from its start ({reason}); fetch it again, or leave it out")]
    Unreadable {
        /// The source.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// The header cannot name the columns.
    #[error("{path}, line 1: {problem}; give every column a name of its own in the header")]
    Header {
        /// The source.
        path: PathBuf,
        /// What is wrong with the header.
        problem: String,
    },
    /// Two columns of an Arrow file have one name.
    #[error("{path} has two columns called {column:?}; rename one of them")]
    Twice {
        /// The source.
        path: PathBuf,
        /// The name.
        column: String,
    },
    /// A column has a name that is needed here.
    #[error("{path} has a column called {column:?}, a name kept for broken records; rename it")]
    Reserved {
        /// The source.
        path: PathBuf,
        /// The name.
        column: String,
    },
    /// A type without a place in Parquet.
    #[error("{path}: column {column:?} is {kind}, which Parquet cannot hold; cast it or drop it")]
    ColumnType {
        /// The source.
        path: PathBuf,
        /// The column.
        column: String,
        /// Its type.
        kind: DataType,
    },
    /// A record beyond what a column can hold.
    #[error("{path}: record {row} is longer than 2 GiB; split it, or leave the file out")]
    TooLong {
        /// The source.
        path: PathBuf,
        /// Number of the record, from 0.
        row: u64,
    },
    /// Names that are data.
    #[error(
        "{path} has more than {most} different fields; \
         if field names are data, put them into a list of name and value"
    )]
    TooWide {
        /// The source.
        path: PathBuf,
        /// Most columns.
        most: usize,
    },
    /// The second reading met other bytes than the first.
    #[error("{path} changed while it was read; run again when nothing writes to it")]
    Changed {
        /// The source.
        path: PathBuf,
    },
    /// Columns do not fit together.
    #[error("{path}: {source}")]
    Arrow {
        /// The source.
        path: PathBuf,
        /// The reason.
        source: ArrowError,
    },
    /// The Parquet file cannot be written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl IngestError {
    /// Wraps an operating system error: `IngestError::open(path)`.
    pub(crate) fn open(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Open { path, source }
    }

    /// Wraps an Arrow error: `IngestError::arrow(path)`.
    pub(crate) fn arrow(path: impl Into<PathBuf>) -> impl FnOnce(ArrowError) -> Self {
        let path = path.into();
        move |source| Self::Arrow { path, source }
    }

    /// Whether the disk is full.
    #[must_use]
    pub fn is_out_of_disk(&self) -> bool {
        matches!(self, Self::Ledger(source) if source.is_out_of_disk())
    }
}
