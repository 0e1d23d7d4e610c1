//! `assay completions`: scripts for shells.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::{Exit, app::App, error::CliError, terminal};

/// Print the completion script of a shell.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self) -> Result<Exit, CliError> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut App::command(), "assay", &mut script);
        terminal::data(String::from_utf8_lossy(&script))?;
        Ok(Exit::Ok)
    }
}
