//! `assay run`: the main job.

use std::{ffi::OsString, sync::Arc};

use assay_engine::{Progress, RunResult};
use assay_ledger::{Folder, RunRecord, schema::problem};
use clap::Args;

use super::{PageLanguage, block_on};
use crate::{
    Exit,
    app::Common,
    error::CliError,
    recipe::{Planned, RecipeArgs},
    terminal,
};

/// Measure, decide and write a corpus as a recipe says. The same command resumes.
#[derive(Debug, Args)]
pub(crate) struct Run {
    #[command(flatten)]
    recipe: RecipeArgs,

    /// Accept a run that keeps no row.
    #[arg(long)]
    allow_empty: bool,

    /// Language of the report [default: that of the terminal].
    #[arg(long, value_enum)]
    lang: Option<PageLanguage>,
}

impl Run {
    pub(crate) fn run(&self, common: &Common, arguments: &[OsString]) -> Result<Exit, CliError> {
        let Planned { plan, inputs, out } = self.recipe.read()?;
        let mut options = common.run_options(inputs, out.clone(), arguments)?;
        options.allow_empty = self.allow_empty;
        let language = PageLanguage::or_usual(self.lang);
        let (record, fresh) = block_on(common.threads(), async {
            tokio::spawn(stop_on_signal(options.progress.clone()));
            let (record, fresh) = match assay_engine::run(&plan, &options).await? {
                RunResult::Done(record) => (record, true),
                RunResult::UpToDate(record) => (record, false),
            };
            let folder = Folder::new(&out);
            if fresh || self.lang.is_some() || !folder.report().exists() {
                assay_report::write_report(&folder, language).await?;
            }
            Ok((record, fresh))
        })?;
        if common.json {
            terminal::data(format_args!("{}\n", to_json(record.as_ref())?))?;
        } else if !common.quiet {
            if !fresh {
                terminal::say("up to date: nothing has changed since this run was finished");
            }
            terminal::say(assay_report::summary_text(&record, terminal::width()));
            terminal::say(format_args!("report: {}", Folder::new(&out).report().display()));
        }
        Ok(exit_of(&record))
    }
}

fn exit_of(record: &RunRecord) -> Exit {
    let broken = record.reasons.iter().any(|reason| problem::quarantines(&reason.step));
    if broken || !record.unreadable.is_empty() { Exit::Quarantined } else { Exit::Ok }
}

pub(super) fn to_json(value: &impl serde::Serialize) -> Result<String, CliError> {
    serde_json::to_string_pretty(value)
        .map_err(|error| CliError::Io { what: "JSON".into(), source: error.into() })
}

/// The first signal asks the run to finish the units at hand, the second ends it at once;
/// both leave a folder that resumes.
pub(super) async fn stop_on_signal(progress: Arc<Progress>) {
    if signalled().await.is_err() {
        return;
    }
    progress.stop();
    terminal::say("\nstopping after the units at hand; press Ctrl-C again to stop at once");
    if signalled().await.is_ok() {
        std::process::exit(Exit::Interrupted as i32);
    }
}

/// Waits for Ctrl-C, or for the polite request that schedulers of batch jobs send.
async fn signalled() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let kind = tokio::signal::unix::SignalKind::terminate();
        let mut terminate = tokio::signal::unix::signal(kind)?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
