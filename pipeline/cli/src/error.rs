//! What a command can fail with, and the exit code of each.

use std::{io, path::PathBuf};

use assay_engine::EngineError;
use assay_ledger::LedgerError;
use assay_plan::RecipeErrors;
use assay_report::ReportError;
use thiserror::Error;

use crate::Exit;

/// What a command failed with.
#[derive(Debug, Error)]
pub(crate) enum CliError {
    #[error("{problem}\n  {fix}")]
    Usage { problem: String, fix: String },
    #[error(transparent)]
    Recipe(#[from] Box<RecipeErrors>),
    #[error("the recipe {} cannot be read: {source}", path.display())]
    NoRecipe { path: PathBuf, source: io::Error },
    #[error("{}", lines(.0))]
    Rules(Vec<EngineError>),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Report(#[from] ReportError),
    #[error("{what}: {source}")]
    Io { what: String, source: io::Error },
}

impl CliError {
    pub(crate) fn usage(problem: impl Into<String>, fix: impl Into<String>) -> Self {
        Self::Usage { problem: problem.into(), fix: fix.into() }
    }

    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Usage { .. }
            | Self::Report(ReportError::Query { .. } | ReportError::ReadOnly { .. }) => Exit::Usage,
            Self::Recipe(_) | Self::NoRecipe { .. } => Exit::Recipe,
            Self::Rules(errors) => errors.first().map_or(Exit::Recipe, engine),
            Self::Engine(error) => engine(error),
            Self::Ledger(error) | Self::Report(ReportError::Ledger(error)) => ledger(error),
            Self::Report(_) => Exit::Ledger,
            Self::Io { source, .. } => io_exit(source),
        }
    }
}

fn engine(error: &EngineError) -> Exit {
    if error.is_out_of_disk() {
        return Exit::OutOfDisk;
    }
    match error {
        EngineError::Input { .. } | EngineError::Ingest(_) => Exit::Input,
        EngineError::Sql { .. } => Exit::Recipe,
        EngineError::Gate { .. } => Exit::Gate,
        EngineError::FolderInUse { .. } => Exit::FolderInUse,
        EngineError::ForeignFolder { .. } => Exit::Usage,
        EngineError::Interrupted => Exit::Interrupted,
        EngineError::Ledger(error) => ledger(error),
        EngineError::Io { source, .. } => io_exit(source),
        EngineError::DataFusion(error) if error.to_string().contains("Resources exhausted") => {
            Exit::Refused
        }
        EngineError::Cluster { .. } => Exit::EngineLost,
        EngineError::DataFusion(_) | EngineError::Broken(_) => Exit::Bug,
    }
}

fn ledger(error: &LedgerError) -> Exit {
    if error.is_out_of_disk() { Exit::OutOfDisk } else { Exit::Ledger }
}

fn io_exit(error: &io::Error) -> Exit {
    if assay_ledger::is_full(error) { Exit::OutOfDisk } else { Exit::Input }
}

fn lines(errors: &[EngineError]) -> String {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    lines.join("\n")
}
