//! What can go wrong.

use std::path::PathBuf;

use parquet::errors::ParquetError;
use thiserror::Error;

/// Why a command stopped.
#[derive(Debug, Error)]
pub enum Problem {
    /// A file could not be read or written.
    #[error("{path}: {error}")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A corpus is no Parquet file.
    #[error("{path}: {error}")]
    Corpus {
        /// Which one.
        path: PathBuf,
        /// Why.
        error: ParquetError,
    },
    /// A model's bytes cannot be read.
    #[error("{path} is no model")]
    Model {
        /// Which one.
        path: PathBuf,
    },
    /// Nothing is left to learn from.
    #[error("{0}")]
    Empty(&'static str),
    /// The terminal is gone.
    #[error("output: {0}")]
    Output(#[from] std::io::Error),
}
