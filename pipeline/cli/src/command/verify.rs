//! `assay verify`: whether a run folder is what its record says.

use std::path::PathBuf;

use assay_ledger::Folder;
use clap::Args;

use super::run::to_json;
use crate::{Exit, app::Common, error::CliError, terminal};

/// Check a run folder: hashes, rows against rows, counts against decisions.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The run folder.
    #[arg(value_name = "RUN")]
    run: PathBuf,
}

impl Verify {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, CliError> {
        let findings = assay_ledger::verify(&Folder::new(&self.run))?;
        if common.json {
            terminal::data(format_args!("{}\n", to_json(&findings)?))?;
        } else {
            for finding in &findings {
                terminal::data(format_args!("{}: {}\n", finding.path, finding.problem))?;
            }
        }
        if findings.is_empty() {
            if !common.quiet {
                terminal::say("every file is as the run left it, and the rows balance");
            }
            return Ok(Exit::Ok);
        }
        Ok(Exit::Ledger)
    }
}
