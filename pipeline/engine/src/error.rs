//! Everything that can end a run, each with its place and its cure.

use std::{io, path::PathBuf};

use assay_ingest::IngestError;
use assay_ledger::{LedgerError, is_full, says_full};
use datafusion::error::DataFusionError;
use thiserror::Error;

/// What ended a run.
#[derive(Debug, Error)]
pub enum EngineError {
    /// The input cannot be used.
    #[error("{place}: {problem}\n  {fix}")]
    Input {
        /// File, or file and column.
        place: String,
        /// What is wrong.
        problem: String,
        /// What to do.
        fix: String,
    },
    /// A rule or expression is not valid SQL over the facts.
    #[error("{asker} cannot be used: {problem}\n  SQL: {sql}")]
    Sql {
        /// The rule or step.
        asker: String,
        /// Its SQL.
        sql: String,
        /// What the SQL planner says.
        problem: String,
    },
    /// A gate stopped the run.
    #[error("stopped before any row was written: {problem}\n  {fix}")]
    Gate {
        /// What would have happened.
        problem: String,
        /// What to do.
        fix: String,
    },
    /// Somebody else works in the folder.
    #[error("{path} is in use by another run; wait for it or choose another -o")]
    FolderInUse {
        /// The folder.
        path: PathBuf,
    },
    /// The folder holds something else.
    #[error("{path} is not empty and holds no run of assay\n  choose another -o, or empty it")]
    ForeignFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The user stopped the run.
    #[error("interrupted; the same command goes on from here")]
    Interrupted,
    /// The ledger cannot be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// An input of another format cannot be read.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The query engine failed.
    #[error("the query engine failed: {0}")]
    DataFusion(#[from] DataFusionError),
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
    /// The cluster is not there any more, or could not do the work.
    #[error(
        "the cluster at {url}: {problem}\n  see the scheduler and executors; the same command goes on from here"
    )]
    Cluster {
        /// Address of the scheduler.
        url: String,
        /// What went wrong.
        problem: String,
    },
    /// A promise of the engine was broken: a bug.
    #[error("{0}\n  this is a bug in assay; nothing was committed")]
    Broken(String),
}

impl EngineError {
    /// An input problem: where, what, what to do.
    pub fn input(
        place: impl Into<String>,
        problem: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self::Input { place: place.into(), problem: problem.into(), fix: fix.into() }
    }

    /// SQL that cannot be planned: who asks, what, what is wrong.
    pub(crate) fn sql(asker: &str, sql: &str, problem: String) -> Self {
        Self::Sql { asker: asker.to_owned(), sql: sql.to_owned(), problem }
    }

    /// Wraps an operating system error.
    pub fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }

    /// Whether the disk is full.
    #[must_use]
    pub fn is_out_of_disk(&self) -> bool {
        match self {
            Self::Ledger(error) => error.is_out_of_disk(),
            Self::Ingest(error) => error.is_out_of_disk(),
            Self::Io { source, .. } => is_full(source),
            Self::DataFusion(error) => says_full(&error.to_string()),
            Self::Cluster { problem, .. } => says_full(problem),
            _ => false,
        }
    }
}

/// Carries an [`EngineError`] through DataFusion.
impl From<EngineError> for DataFusionError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::DataFusion(error) => error,
            other => Self::External(Box::new(other)),
        }
    }
}

/// The [`EngineError`] that DataFusion carried, or DataFusion's own.
pub(crate) fn unwrapped(error: DataFusionError) -> EngineError {
    match error {
        DataFusionError::External(inner) => match inner.downcast::<EngineError>() {
            Ok(error) => *error,
            Err(inner) => EngineError::DataFusion(DataFusionError::External(inner)),
        },
        DataFusionError::Context(_, inner) => unwrapped(*inner),
        other => EngineError::DataFusion(other),
    }
}
