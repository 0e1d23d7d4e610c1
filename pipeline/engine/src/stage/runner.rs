//! Runs the partitions of a stage, a few at a time.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Instant};

use arrow::array::AsArray;
use datafusion::{common::DataFusionError, execution::TaskContext, physical_plan::ExecutionPlan};
use futures::{FutureExt, StreamExt};
use tokio::task::JoinSet;

use super::{Journal, WorkKey};
use crate::{
    EngineError,
    error::unwrapped,
    event::{Observer, Progress, RunEvent},
    input::Unit,
    scan::Unreadable,
};

/// What a stage needs from the run.
pub(crate) struct Stage<'r> {
    pub name: &'static str,
    pub context: Arc<TaskContext>,
    pub threads: usize,
    pub journal: Option<&'r Journal>,
    pub progress: Arc<Progress>,
    pub observer: Observer,
}

/// What became of a unit.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Its report.
    Done(String),
    /// It failed.
    Failed(DataFusionError),
}

/// What a stage did, in the order of its units.
#[derive(Debug)]
pub(crate) struct Finished {
    pub outcomes: Vec<Outcome>,
    pub seconds: f64,
    pub resumed: u64,
}

/// Runs the plan that `make` builds for the units that the journal does not know.
/// `key` names the work on a unit: whatever can change its report is part of it.
/// `valid` says whether a report from the journal still holds.
pub(crate) async fn run_stage(
    stage: &Stage<'_>,
    units: &[Unit],
    key: impl Fn(&Unit) -> WorkKey,
    valid: impl Fn(&str) -> bool,
    make: impl FnOnce(&[Unit]) -> Result<Arc<dyn ExecutionPlan>, DataFusionError>,
) -> Result<Finished, EngineError> {
    let started = Instant::now();
    let mut outcomes: Vec<Option<Outcome>> = Vec::with_capacity(units.len());
    let mut missing = Vec::new();
    for unit in units {
        let known = stage.journal.and_then(|journal| journal.find(&key(unit)));
        if let Some(report) = known.filter(|report| valid(report)) {
            outcomes.push(Some(Outcome::Done(report.to_owned())));
        } else {
            missing.push((outcomes.len(), unit.clone()));
            outcomes.push(None);
        }
    }
    let resumed = (units.len() - missing.len()) as u64;
    stage.progress.restart();
    (stage.observer)(RunEvent::StageStarted {
        stage: stage.name,
        units: units.len() as u64,
        rows: missing.iter().map(|(_, unit)| unit.rows).sum(),
        resumed,
    });
    let todo: Vec<Unit> = missing.iter().map(|(_, unit)| unit.clone()).collect();
    if !todo.is_empty() {
        if let Some(journal) = stage.journal {
            // What is redone is not what the journal says from here on.
            for unit in &todo {
                journal.forget(&key(unit))?;
            }
        }
        let plan = make(&todo)?;
        let mut results = execute(stage, &plan, todo.len());
        while let Some((partition, outcome)) = results.next().await {
            let Some((slot, unit)) = missing.get(partition) else {
                return Err(EngineError::Broken("a task was lost".into()));
            };
            if let (Outcome::Done(report), Some(journal)) = (&outcome, stage.journal) {
                journal.record(&key(unit), report)?;
            }
            outcomes[*slot] = Some(match outcome {
                // Whatever it is, more of the same will not help: leaving stops the rest.
                Outcome::Failed(error) if Unreadable::of(&error).is_none() => {
                    return Err(unwrapped(error));
                }
                other => other,
            });
        }
    }
    let outcomes: Option<Vec<Outcome>> = outcomes.into_iter().collect();
    let Some(outcomes) = outcomes else { return Err(EngineError::Interrupted) };
    let seconds = started.elapsed().as_secs_f64();
    (stage.observer)(RunEvent::StageFinished { stage: stage.name, seconds });
    Ok(Finished { outcomes, seconds, resumed })
}

/// Results by partition, as they come. Ends early if the run is to stop.
fn execute<'s>(
    stage: &'s Stage<'_>,
    plan: &'s Arc<dyn ExecutionPlan>,
    partitions: usize,
) -> std::pin::Pin<Box<dyn futures::Stream<Item = (usize, Outcome)> + Send + 's>> {
    let mut next = 0;
    let mut running: JoinSet<(usize, Outcome)> = JoinSet::new();
    Box::pin(futures::stream::poll_fn(move |context| {
        while running.len() < stage.threads && next < partitions && !stage.progress.stopping() {
            running.spawn(one(plan.clone(), next, stage.context.clone()));
            next += 1;
        }
        running.poll_join_next(context).map(|joined| {
            joined.map(|joined| {
                joined.unwrap_or_else(|error| {
                    (usize::MAX, Outcome::Failed(DataFusionError::External(Box::new(error))))
                })
            })
        })
    }))
}

/// Runs one partition; a panic becomes an error, so that the run ends in order.
async fn one(
    plan: Arc<dyn ExecutionPlan>,
    partition: usize,
    context: Arc<TaskContext>,
) -> (usize, Outcome) {
    let work = async {
        let mut reports = plan.execute(partition, context)?;
        let mut last = None;
        while let Some(batch) = reports.next().await {
            let batch = batch?;
            last = batch.column(0).as_string::<i32>().iter().flatten().last().map(str::to_owned);
        }
        last.ok_or_else(|| EngineError::Broken("a unit made no report".into()).into())
    };
    let outcome = match AssertUnwindSafe(work).catch_unwind().await {
        Ok(Ok(report)) => Outcome::Done(report),
        Ok(Err(error)) => Outcome::Failed(error),
        Err(_) => {
            let bug = "a task panicked; its message stands above".to_owned();
            Outcome::Failed(EngineError::Broken(bug).into())
        }
    };
    (partition, outcome)
}
