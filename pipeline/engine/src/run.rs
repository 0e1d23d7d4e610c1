//! A run from paths to a committed folder.

mod commit;
mod derived;
mod earlier;
mod measure_only;
mod passes;
mod prepare;
mod references;

pub use measure_only::{MeasuredOnly, measure_only};
pub(crate) use prepare::INGEST;
pub(crate) use references::{Reference, survey as survey_references};

use std::{path::PathBuf, sync::Arc};

use assay_ledger::{Folder, RunRecord};
use assay_plan::Plan;

use crate::{EngineError, Observer, Progress};
use passes::{Passes, Written};
use prepare::Prepared;

/// How a run is done; nothing here changes what comes out.
#[derive(Clone)]
pub struct RunOptions {
    /// Paths to read: files, folders, each maybe as `LABEL=PATH`.
    pub inputs: Vec<String>,
    /// The run folder.
    pub out: PathBuf,
    /// Units that are worked on at a time.
    pub threads: usize,
    /// Bytes of memory that the run may use.
    pub max_memory: u64,
    /// Bytes that queries over narrow rows may spill to disk.
    pub max_temp: u64,
    /// The cluster that does the work, if not this process.
    #[cfg(feature = "cluster")]
    pub cluster: Option<crate::ClusterOptions>,
    /// Whether a run that keeps no row is an answer and no error.
    pub allow_empty: bool,
    /// The command as typed, for the record.
    pub command: Vec<String>,
    /// Takes the events.
    pub observer: Observer,
    /// Counters, and the wish to stop.
    pub progress: Arc<Progress>,
}

/// How a run ended well.
#[derive(Debug, Clone, PartialEq)]
pub enum RunResult {
    /// It was done now.
    Done(Box<RunRecord>),
    /// Nothing has changed since it was done.
    UpToDate(Box<RunRecord>),
}

/// Runs `plan`. The folder is committed as a whole when `run.json` is written; the same
/// call after an interruption goes on where it stopped.
pub async fn run(plan: &Plan, options: &RunOptions) -> Result<RunResult, EngineError> {
    crate::decide::check_sql(plan).map_err(first)?;
    let folder = run_folder(options)?;
    let prepared = Prepared::open(plan, options, &folder)?;
    if let Some(record) = prepared.finished(plan, &folder)? {
        return Ok(RunResult::UpToDate(Box::new(record)));
    }
    let mut passes = Passes::new(plan, options, &folder, &prepared).await?;
    passes.measure_references().await?;
    let mut measured = passes.measure().await?;
    let (decided, written) = loop {
        let related = passes.relate(&measured).await?;
        let decided = passes.decide(&measured, related).await?;
        match passes.write(&measured, &decided).await? {
            Written::All(written) => break (decided, written),
            // A row that stays may be the copy of one that is lost: decide again.
            Written::Lost(lost) => measured = passes.without(measured, lost).await?,
        }
    };
    let record = commit::commit(plan, options, &folder, &prepared, passes, &decided, written)?;
    Ok(RunResult::Done(Box::new(record)))
}

/// The folder, by a path that means the same in every process.
fn run_folder(options: &RunOptions) -> Result<Folder, EngineError> {
    let absolute = std::path::absolute(&options.out);
    Ok(Folder::new(absolute.map_err(EngineError::io("found", &options.out))?))
}

/// Rules are checked by the planner of recipes too; here the first problem is enough.
fn first(mut problems: Vec<EngineError>) -> EngineError {
    problems.swap_remove(0)
}
