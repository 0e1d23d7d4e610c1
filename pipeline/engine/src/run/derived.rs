//! Between measuring and relating: facts that are derived.

use assay_ledger::folder;

use super::{passes::Passes, prepare::is_there};
use crate::{
    EngineError,
    derive::{DeriveReport, DeriveTask},
    input::Unit,
    stage::{Finished, Outcome, PartitionExec, Stage, UnitTask, WorkKey, run_stage, unit_source},
};

/// What is derived where nothing is.
const NOTHING: &str = "nothing";

impl Passes<'_> {
    /// The journal's slot for derived facts. Beside the slot of the facts as they were
    /// measured: of both the one speaks whose file is there, and what is derived can change
    /// without a word about what was measured.
    pub(super) fn derived_key(unit: &Unit, measured: String) -> WorkKey {
        let slot = format!("{} derived", unit.path_in(folder::FACTS));
        WorkKey { slot, fingerprint: measured }
    }

    /// What the journal knows of the derived facts of a unit, if they are there.
    pub(super) fn known(&self, key: &WorkKey) -> Option<DeriveReport> {
        let report = self.prepared.journal.find(key)?;
        let report: DeriveReport = serde_json::from_str(report).ok()?;
        is_there(self.folder, &report.file).then_some(report)
    }

    /// Puts what is derived into the facts of the units that were measured. `key` gives the
    /// slot of their derived facts.
    pub(super) async fn derive(
        &mut self,
        units: &[Unit],
        mut finished: Finished,
        key: impl Fn(&Unit) -> WorkKey,
    ) -> Result<Finished, EngineError> {
        let derived = self.plan.derived_hash();
        let outdated = |unit: &Unit| self.known(&key(unit)).is_some_and(|it| it.derived != NOTHING);
        let done = |outcome: &Outcome| matches!(outcome, Outcome::Done(_));
        let places: Vec<usize> = (0..units.len())
            .filter(|at| done(&finished.outcomes[*at]))
            .filter(|at| derived.is_some() || outdated(&units[*at]))
            .collect();
        if places.is_empty() {
            return Ok(finished);
        }
        let units: Vec<Unit> = places.iter().map(|at| units[*at].clone()).collect();
        let derived = derived.unwrap_or_else(|| NOTHING.to_owned());
        let task = DeriveTask {
            folder: self.folder.clone(),
            plan: self.text.clone(),
            derived: derived.clone(),
        };
        let valid = |report: &str| {
            serde_json::from_str(report).is_ok_and(|report: DeriveReport| {
                report.derived == derived && is_there(self.folder, &report.file)
            })
        };
        let stage = Stage { replaces: false, ..self.stage("derive") };
        let ran = run_stage(&stage, &units, &key, valid, &move |todo| {
            Ok(PartitionExec::plan(unit_source(todo)?, std::sync::Arc::new(UnitTask(task.clone()))))
        })
        .await?;
        self.time("derive", &ran);
        for (at, outcome) in places.into_iter().zip(ran.outcomes) {
            finished.outcomes[at] = outcome;
        }
        Ok(finished)
    }
}
