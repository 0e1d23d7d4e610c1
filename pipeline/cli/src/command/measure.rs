//! `assay measure`: row-aligned measurements without deciding.

use std::{ffi::OsString, fmt::Write, path::PathBuf};

use clap::Args;

use super::{block_on, run::stop_on_signal};
use crate::{Exit, app::Common, error::CliError, recipe::plan_alone, terminal};

/// Measure a corpus row by row, without deciding anything.
#[derive(Debug, Args)]
pub(crate) struct Measure {
    /// Files or folders to read.
    #[arg(value_name = "PATH", required = true)]
    input: Vec<String>,

    /// Operators to apply with their default options, between commas.
    #[arg(long, value_name = "IDS", value_delimiter = ',', required = true)]
    operators: Vec<String>,

    /// The Parquet file to write.
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,

    /// The column that holds the text.
    #[arg(long, value_name = "COLUMN")]
    text: Option<String>,
}

impl Measure {
    pub(crate) fn run(&self, common: &Common, arguments: &[OsString]) -> Result<Exit, CliError> {
        let mut recipe = String::from("recipe = \"measure\"\n[output]\nexcerpts = false\n");
        if let Some(text) = &self.text {
            let _ = write!(recipe, "[input]\ntext = {text:?}\n");
        }
        for operator in &self.operators {
            let _ = write!(recipe, "[[step]]\nname = {operator:?}\noperator = {operator:?}\n");
        }
        let plan = plan_alone("--operators", &recipe)?;
        let work = self.out.with_extension("assay-work");
        let options = common.run_options(self.input.clone(), work.clone(), arguments)?;
        let found = block_on(common.threads(), async {
            tokio::spawn(stop_on_signal(options.progress.clone()));
            Ok(assay_engine::measure_only(&plan, &options, &self.out).await?)
        })?;
        std::fs::remove_dir_all(&work)
            .map_err(CliError::io(format!("{} cannot be removed", work.display())))?;
        if !common.quiet {
            terminal::say(format_args!("{} rows measured: {}", found.rows, self.out.display()));
            for part in &found.unreadable {
                terminal::say(format_args!("{} could not be read: {}", part.file, part.error));
            }
        }
        let whole = found.broken == 0 && found.unreadable.is_empty();
        Ok(if whole { Exit::Ok } else { Exit::Quarantined })
    }
}
