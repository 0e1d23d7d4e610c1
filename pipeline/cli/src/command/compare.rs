//! `assay compare`: two runs.

use std::path::PathBuf;

use assay_ledger::Folder;
use clap::Args;

use super::{block_on, run::to_json};
use crate::{Exit, app::Common, error::CliError, terminal};

/// Compare two runs: plans, counts, and rows that were decided differently.
#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// The run folder to start from.
    #[arg(value_name = "LEFT")]
    left: PathBuf,

    /// The run folder to compare with it.
    #[arg(value_name = "RIGHT")]
    right: PathBuf,
}

impl Compare {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, CliError> {
        let (left, right) = (Folder::new(&self.left), Folder::new(&self.right));
        let comparison =
            block_on(common.threads(), async { Ok(assay_report::compare(&left, &right).await?) })?;
        if common.json {
            terminal::data(format_args!("{}\n", to_json(&comparison)?))?;
        } else {
            terminal::data(format_args!("{comparison}\n"))?;
        }
        Ok(Exit::Ok)
    }
}
