//! Pass 1: the facts and signatures of the input, and of what it is compared with.

use std::{collections::BTreeMap, sync::Arc};

use arrow::array::{AsArray, RecordBatch};
use assay_ledger::{
    FileRecord, Folder, Unreadable, batches, folder,
    schema::{PROBLEM, problem},
};
use assay_plan::Plan;

use super::{
    super::{derived::derived_key, prepare::is_there, references::unreadable_reference},
    Measured, Passes, parse,
};
use crate::{
    EngineError,
    input::Unit,
    measure::{FactsReport, FactsSink, MeasurePlan, measured, signs},
    scan::UnitScan,
    stage::{Finished, Outcome, PartitionExec, WorkKey, run_stage, unit_source},
};

/// Raised when the fixed columns of the facts, or the normal form, change.
const FACTS: u32 = 1;

impl Passes<'_> {
    /// Pass 1. Units that cannot be decoded are read again row group by row group, and
    /// what still cannot be read is recorded.
    pub(in crate::run) async fn measure(&mut self) -> Result<Measured, EngineError> {
        let nothing = Measured { units: Vec::new(), reports: Vec::new() };
        self.measure_more(nothing, self.prepared.corpus.units()).await
    }

    /// `measured` less units that could not be written, but with those of their row groups
    /// that can be measured by themselves.
    pub(in crate::run) async fn without(
        &mut self,
        measured: Measured,
        mut lost: BTreeMap<usize, String>,
    ) -> Result<Measured, EngineError> {
        let mut rest = Measured { units: Vec::new(), reports: Vec::new() };
        let mut again = Vec::new();
        for (at, unit) in measured.units.into_iter().enumerate() {
            match (lost.remove(&at), measured.reports.get(at)) {
                (None, Some(report)) => {
                    rest.reports.push(report.clone());
                    rest.units.push(unit);
                }
                (reason, _) => again.extend(self.split(unit, reason.unwrap_or_default())),
            }
        }
        self.measure_more(rest, again).await
    }

    async fn measure_more(
        &mut self,
        mut measured: Measured,
        mut units: Vec<Unit>,
    ) -> Result<Measured, EngineError> {
        while !units.is_empty() {
            let finished = self.measure_units(&units).await?;
            let mut again = Vec::new();
            for (unit, outcome) in units.into_iter().zip(finished.outcomes) {
                match outcome {
                    Outcome::Done(report) => {
                        let mut report: FactsReport = parse(&report)?;
                        report.signatures = report.signatures.or_else(|| self.signatures(&unit));
                        measured.reports.push(report);
                        measured.units.push(unit);
                    }
                    Outcome::Unreadable(reason) => again.extend(self.split(unit, reason)),
                }
            }
            units = again;
        }
        let mut order: Vec<_> = measured.units.into_iter().zip(measured.reports).collect();
        order.sort_by_key(|(unit, _)| (unit.ordinal, unit.group));
        let (units, reports) = order.into_iter().unzip();
        self.derive(Measured { units, reports }).await
    }

    /// The row groups of a unit that could not be read; one alone is lost.
    fn split(&mut self, unit: Unit, reason: String) -> Vec<Unit> {
        if unit.groups == 1 {
            self.unreadable.push(Unreadable {
                file: unit.file,
                first_row: Some(unit.first_row),
                rows: Some(unit.rows),
                error: reason,
            });
            return Vec::new();
        }
        unit.split(&self.prepared.corpus.group_rows(unit.ordinal))
    }

    async fn measure_units(&mut self, units: &[Unit]) -> Result<Finished, EngineError> {
        let key = |unit: &Unit| {
            let key = self.measured_key(unit);
            let derived = derived_key(&key);
            // What was derived was measured first.
            if self.known(&derived).is_some() && self.is_signed(unit) { derived } else { key }
        };
        let finished = self.measure_as(self.plan, units, key, self.folder).await?;
        self.time("measure", &finished);
        Ok(finished)
    }

    /// Measures `units` under `plan`, with their facts below `folder`.
    async fn measure_as(
        &self,
        plan: &Plan,
        units: &[Unit],
        key: impl Fn(&Unit) -> WorkKey,
        folder: &Folder,
    ) -> Result<Finished, EngineError> {
        let parts = self.parts;
        let plan = MeasurePlan::of(plan, parts);
        let valid = |report: &str| {
            serde_json::from_str(report)
                .is_ok_and(|report: FactsReport| report.files().all(|it| is_there(folder, it)))
        };
        run_stage(&self.stage("measure"), units, key, valid, &move |todo| {
            let scan = PartitionExec::plan(unit_source(todo)?, Arc::new(UnitScan { parts }));
            let sink = FactsSink { folder: folder.clone() };
            Ok(PartitionExec::plan(measured(scan, &plan)?, Arc::new(sink)))
        })
        .await
    }

    /// Measures what the input is compared with, but for what earlier runs did.
    pub(in crate::run) async fn measure_references(&mut self) -> Result<(), EngineError> {
        let prepared = self.prepared;
        for reference in &prepared.references {
            let plan = reference.plan(self.plan);
            let folder = self.folder.below(reference.corpus.folder());
            let known = |unit: &Unit| reference.earlier.as_ref().is_some_and(|it| it.knows(unit));
            let (known, new): (Vec<Unit>, Vec<Unit>) =
                reference.corpus.units().into_iter().partition(known);
            let mut all = Vec::new();
            if let Some(earlier) = reference.earlier.as_ref().filter(|_| !known.is_empty()) {
                let task = earlier.task(self.folder, MeasurePlan::of(&plan, self.parts));
                let finished = self.unjournaled("reuse", &known, task).await?;
                self.time("reuse", &finished);
                all.extend(known.iter().zip(finished.outcomes));
            }
            if !new.is_empty() {
                let hash = plan.text_hash();
                let key = |unit: &Unit| self.facts_key(unit, &hash);
                let finished = self.measure_as(&plan, &new, key, &folder).await?;
                self.time("measure against", &finished);
                all.extend(new.iter().zip(finished.outcomes));
            }
            let mut broken = 0;
            for (unit, outcome) in all {
                if let Outcome::Unreadable(reason) = outcome {
                    return Err(unreadable_reference(&unit.file, &reason));
                }
                broken += broken_rows(&folder, unit)?;
            }
            if 0 < broken {
                self.warnings.push(format!(
                    "{broken} rows of {} could not be read, so that nothing was compared with them",
                    reference.path
                ));
            }
        }
        Ok(())
    }

    /// The journal's slot for the facts of a unit as they are measured in the text.
    pub(in crate::run) fn measured_key(&self, unit: &Unit) -> WorkKey {
        self.facts_key(unit, &self.plan.text_hash())
    }

    /// The journal's slot for facts that a plan with this hash measures.
    fn facts_key(&self, unit: &Unit, hash: &str) -> WorkKey {
        let parts = self.parts;
        WorkKey {
            slot: unit.path_in(folder::FACTS),
            fingerprint: format!("{FACTS} {hash} {} {} {parts}", unit.version, unit.rows),
        }
    }

    /// Whether the signatures that the plan needs of a unit are there.
    fn is_signed(&self, unit: &Unit) -> bool {
        let any = self.steps.iter().any(|step| signs(step).is_some());
        !any || self.signatures(unit).is_some_and(|file| is_there(self.folder, &file))
    }

    /// The signatures of a unit, as they were recorded when it was measured.
    fn signatures(&self, unit: &Unit) -> Option<FileRecord> {
        let report = self.prepared.journal.find(&self.measured_key(unit))?;
        serde_json::from_str::<FactsReport>(report).ok()?.signatures
    }
}

/// Rows of a measured unit that are there but could not be measured.
fn broken_rows(folder: &Folder, unit: &Unit) -> Result<u64, EngineError> {
    let facts = Folder::part(folder::FACTS, &unit.file, unit.group);
    let mut facts = batches(&folder.path(&facts), Some(&[PROBLEM]))?;
    facts.try_fold(0, |broken, batch| Ok(broken + broken_in(&batch?)))
}

/// Rows of these facts that could not be measured: not UTF-8, broken, too long.
pub(in crate::run) fn broken_in(facts: &RecordBatch) -> u64 {
    let problems = facts.column_by_name(PROBLEM).and_then(|it| it.as_string_opt::<i32>());
    let problems = problems.into_iter().flatten().flatten();
    problems.filter(|it| problem::quarantines(it)).count() as u64
}
