//! `assay report`: the page of a run.

use std::path::PathBuf;

use assay_ledger::Folder;
use clap::Args;

use super::{PageLanguage, block_on};
use crate::{Exit, app::Common, error::CliError, terminal};

/// Write the report page of a run again, maybe in another language.
#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The run folder.
    #[arg(value_name = "RUN")]
    run: PathBuf,

    /// Language of the page [default: that of the terminal].
    #[arg(long, value_enum)]
    lang: Option<PageLanguage>,
}

impl Report {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, CliError> {
        let folder = Folder::new(&self.run);
        let language = PageLanguage::or_usual(self.lang);
        block_on(common.threads(), async {
            Ok(assay_report::write_report(&folder, language).await?)
        })?;
        if !common.quiet {
            terminal::say(format_args!("report: {}", folder.report().display()));
        }
        Ok(Exit::Ok)
    }
}
