//! Runs the work of a stage on the units that are not done yet.

use std::{collections::HashMap, time::Instant};

use futures::StreamExt;

use super::{Engine, Journal, Make, Outcome, WorkKey};
use crate::{
    EngineError, Progress,
    event::{Observer, RunEvent},
    input::Unit,
};

/// What a stage needs from the run.
pub(crate) struct Stage<'r> {
    pub name: &'static str,
    pub engine: &'r dyn Engine,
    pub journal: Option<&'r Journal>,
    /// Whether the output of a unit may be taken for the new one while it is replaced.
    pub replaces: bool,
    pub progress: &'r Progress,
    pub observer: &'r Observer,
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
    make: Make<'_>,
) -> Result<Finished, EngineError> {
    let started = Instant::now();
    let mut outcomes: Vec<Option<Outcome>> = Vec::with_capacity(units.len());
    let mut missing = Vec::new();
    // Place among all units, and unit, by name.
    let mut awaited: HashMap<String, (usize, &Unit)> = HashMap::new();
    for (place, unit) in units.iter().enumerate() {
        let known = stage.journal.and_then(|journal| journal.find(&key(unit)));
        if let Some(report) = known.filter(|report| valid(report)) {
            outcomes.push(Some(Outcome::Done(report.to_owned())));
        } else {
            missing.push(unit.clone());
            awaited.insert(unit.name(), (place, unit));
            outcomes.push(None);
        }
    }
    let resumed = (units.len() - missing.len()) as u64;
    stage.progress.restart();
    (stage.observer)(RunEvent::StageStarted {
        stage: stage.name,
        units: units.len() as u64,
        rows: missing.iter().map(|unit| unit.rows).sum(),
        resumed,
    });
    if !missing.is_empty() {
        if let Some(journal) = stage.journal.filter(|_| stage.replaces) {
            // What is redone is not what the journal says from here on.
            for unit in &missing {
                journal.forget(&key(unit))?;
            }
        }
        let mut reports = stage.engine.run(&missing, make);
        // Whatever fails, more of the same will not help: leaving stops the rest.
        while let Some(report) = reports.next().await.transpose()? {
            let Some((place, unit)) = awaited.remove(&report.unit) else {
                let problem = format!("{} was reported and not asked for", report.unit);
                return Err(EngineError::Broken(problem));
            };
            if let (Outcome::Done(report), Some(journal)) = (&report.outcome, stage.journal) {
                journal.record(&key(unit), report)?;
            }
            outcomes[place] = Some(report.outcome);
        }
    }
    let outcomes: Option<Vec<Outcome>> = outcomes.into_iter().collect();
    let Some(outcomes) = outcomes else {
        return Err(if stage.progress.stopping() {
            EngineError::Interrupted
        } else {
            EngineError::Broken("the work on a unit was lost".into())
        });
    };
    let seconds = started.elapsed().as_secs_f64();
    (stage.observer)(RunEvent::StageFinished { stage: stage.name, seconds });
    Ok(Finished { outcomes, seconds, resumed })
}
