//! `assay run`: the main job.

use std::{ffi::OsString, sync::Arc};

use assay_engine::{Progress, RunOptions, RunResult};
use assay_ledger::{Folder, RunRecord, schema::problem};
use clap::Args;

use super::{PageLanguage, block_on};
use crate::{
    Exit,
    app::Common,
    error::CliError,
    progress::Display,
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
        let progress = Arc::new(Progress::default());
        let options = RunOptions {
            inputs,
            out: out.clone(),
            threads: common.threads(),
            max_memory: common.max_memory(),
            allow_empty: self.allow_empty,
            command: arguments.iter().map(|it| it.to_string_lossy().into_owned()).collect(),
            observer: Display::new(common.quiet).observer(&progress),
            progress: progress.clone(),
        };
        let language = PageLanguage::or_usual(self.lang);
        let (record, fresh) = block_on(common.threads(), async {
            tokio::spawn(stop_on_signal(progress));
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
    if tokio::signal::ctrl_c().await.is_err() {
        return;
    }
    progress.stop();
    terminal::say("\nstopping after the units at hand; press Ctrl-C again to stop at once");
    if tokio::signal::ctrl_c().await.is_ok() {
        std::process::exit(Exit::Interrupted as i32);
    }
}
