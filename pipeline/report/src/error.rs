//! What can go wrong while a run folder is asked.

use std::{io, path::PathBuf};

use assay_ledger::LedgerError;
use datafusion::error::DataFusionError;
use thiserror::Error;

/// A question that got no answer, or an answer that could not be written.
#[derive(Debug, Error)]
pub enum ReportError {
    /// The run folder cannot be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A file that the manifest names is gone or was cut.
    #[error(
        "{path} is {problem}, but manifest.jsonl names it; \
         `assay verify` checks the folder, the same `assay run` command repairs it"
    )]
    Missing {
        /// The file.
        path: PathBuf,
        /// `missing`, or what its size is and should be.
        problem: String,
    },
    /// A table of the folder cannot be asked.
    #[error("table {table} cannot be opened: {source}; `assay verify` checks the folder")]
    Table {
        /// Name of the table.
        table: &'static str,
        /// The reason.
        source: Box<DataFusionError>,
    },
    /// The query would change something.
    #[error(
        "the ledger is only read, but the query is not a question ({problem}); \
         use SELECT, WITH, SHOW, DESCRIBE or EXPLAIN"
    )]
    ReadOnly {
        /// What it would do.
        problem: String,
    },
    /// The query cannot be planned or failed.
    #[error(
        "the query failed: {source}\n  in: {query}\n  \
         tables: facts, decisions, groups, excerpts, data (`DESCRIBE facts` lists columns)"
    )]
    Query {
        /// The query.
        query: String,
        /// The reason.
        source: Box<DataFusionError>,
    },
    /// An answer has another shape than the table promises.
    #[error(
        "column {column} of an answer is not {expected}; \
         the folder was written by another version, run `assay verify`"
    )]
    Shape {
        /// Position of the column, from 0.
        column: usize,
        /// What was expected.
        expected: &'static str,
    },
    /// A chart cannot be drawn.
    #[error("the chart of {what} cannot be drawn: {problem}; please report this")]
    Chart {
        /// What it shows.
        what: String,
        /// The reason.
        problem: String,
    },
    /// The page cannot be written.
    #[error("{path} cannot be written: {source}; check the folder's permissions and free space")]
    Write {
        /// The page.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
}

impl ReportError {
    /// Wraps an engine error with the query that met it.
    pub(crate) fn query(query: &str) -> impl FnOnce(DataFusionError) -> Self {
        let query = query.split_whitespace().collect::<Vec<_>>().join(" ");
        move |source| Self::Query { query, source: Box::new(source) }
    }
}
