//! `assay gc`: removes what a run no longer needs.

use std::{fs, path::PathBuf};

use assay_ledger::{Folder, RunRecord};
use clap::Args;

use crate::{Exit, app::Common, error::CliError, terminal};

/// Remove working files of a finished run. It can then be read, but inputs that were
/// ingested have to be ingested again to resume or to explain with text.
#[derive(Debug, Args)]
pub(crate) struct Gc {
    /// The run folder.
    #[arg(value_name = "RUN")]
    run: PathBuf,
}

impl Gc {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, CliError> {
        let folder = Folder::new(&self.run);
        // Only a finished run can do without them.
        RunRecord::read(&folder.run_json())?;
        let work = folder.work();
        if work.exists() {
            fs::remove_dir_all(&work)
                .map_err(CliError::io(format!("{} cannot be removed", work.display())))?;
        }
        if !common.quiet {
            terminal::say(format_args!("removed {}", work.display()));
        }
        Ok(Exit::Ok)
    }
}
