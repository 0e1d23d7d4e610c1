//! Between measuring and relating: facts that are derived.

use std::{fmt::Write, sync::Arc, time::Instant};

use assay_ledger::Timing;
use assay_operators::contract::{By, Derived};
use assay_plan::{BoundOperator, BoundStep};
use xxhash_rust::xxh3::xxh3_128;

use super::{
    passes::{Measured, Passes, parse},
    prepare::is_there,
};
use crate::{
    EngineError,
    assets::check_unchanged,
    derive::{DeriveReport, DeriveTask},
    import::{IdsReport, IdsTask, Import, ImportStep},
    input::Unit,
    stage::{Outcome, PartitionExec, Stage, UnitTask, WorkKey, run_stage, unit_source},
};

/// What is derived where nothing is.
const NOTHING: &str = "nothing";
/// Folder for imported values, below the run folder.
const IMPORT: &str = ".work/import";

/// The slot for the facts of a unit with what is derived, beside the slot for what is
/// measured: the file there is of one of the two, and either spares reading text.
pub(super) fn derived_key(measured: &WorkKey) -> WorkKey {
    let WorkKey { slot, fingerprint } = measured.clone();
    WorkKey { slot: format!("{slot} derived"), fingerprint }
}

impl Passes<'_> {
    /// What the journal knows of the derived facts of a unit, if they are there.
    pub(super) fn known(&self, key: &WorkKey) -> Option<DeriveReport> {
        let report = self.prepared.journal.find(key)?;
        let report: DeriveReport = serde_json::from_str(report).ok()?;
        is_there(self.folder, &report.file).then_some(report)
    }

    /// Puts what is derived into the facts of the units that were measured.
    pub(super) async fn derive(&mut self, mut measured: Measured) -> Result<Measured, EngineError> {
        let hash = self.plan.derived_hash();
        let key = |passes: &Self, unit: &Unit| derived_key(&passes.measured_key(unit));
        let outdated = |unit: &Unit| {
            self.known(&key(self, unit)).is_some_and(|known| known.derived != NOTHING)
        };
        if hash.is_none() && !measured.units.iter().any(outdated) {
            return Ok(measured);
        }
        let imports = self.import(&measured.units).await?;
        self.imports = imports.iter().map(|import| import.record.clone()).collect();
        let mut derived = hash.unwrap_or_else(|| NOTHING.to_owned());
        for import in &imports {
            derived = format!("{derived} {}", import.file.xxh3);
        }
        let task = DeriveTask {
            folder: self.folder.clone(),
            plan: self.text.clone(),
            imports: imports.into_iter().map(|import| import.values).collect(),
            derived: derived.clone(),
        };
        let valid = |report: &str| {
            serde_json::from_str(report).is_ok_and(|report: DeriveReport| {
                report.derived == derived && is_there(self.folder, &report.file)
            })
        };
        let stage = Stage { replaces: false, ..self.stage("derive") };
        let key = |unit: &Unit| key(self, unit);
        let finished = run_stage(&stage, &measured.units, key, valid, &move |todo| {
            Ok(PartitionExec::plan(unit_source(todo)?, Arc::new(UnitTask(task.clone()))))
        })
        .await?;
        self.time("derive", &finished);
        for (report, outcome) in measured.reports.iter_mut().zip(finished.outcomes) {
            let Outcome::Done(done) = outcome else {
                return Err(EngineError::Broken("facts of the run cannot be read".into()));
            };
            report.file = parse::<DeriveReport>(&done)?.file;
        }
        Ok(measured)
    }

    /// Brings what the plan imports into the order of the documents.
    async fn import(&mut self, units: &[Unit]) -> Result<Vec<Import>, EngineError> {
        let steps = self.steps.clone();
        let (mut imports, mut ids) = (Vec::new(), None);
        for (number, step) in steps.iter().enumerate() {
            let Some(Derived::Imported(imported)) = step.derived() else { continue };
            let started = Instant::now();
            let key = self.import_key(number, step, units);
            let known = self.prepared.journal.find(&key);
            let known: Option<Import> = known.and_then(|text| serde_json::from_str(text).ok());
            let known = known.filter(|import| is_there(self.folder, &import.file));
            let resumed = u64::from(known.is_some());
            let import = if let Some(import) = known {
                import
            } else {
                check_unchanged(&step.step)?;
                if imported.by == By::Id && ids.is_none() {
                    let table = format!("{IMPORT}/ids");
                    let task = IdsTask { folder: self.folder.clone(), table };
                    let reports = self.task("collect ids", units, task).await?;
                    let files = reports.iter().map(|report| Ok(parse::<IdsReport>(report)?.file));
                    ids = Some(files.collect::<Result<Vec<_>, EngineError>>()?);
                }
                let import = ImportStep {
                    step,
                    imported: &imported,
                    number,
                    folder: self.folder,
                    work: IMPORT,
                    names: &self.prepared.corpus.names(),
                    units,
                    progress: &self.options.progress,
                };
                let ids = ids.as_deref().unwrap_or_default();
                let import = import.import(self.engine.session(), ids).await?;
                let report = serde_json::to_string(&import)
                    .map_err(|error| EngineError::Broken(error.to_string()))?;
                self.prepared.journal.record(&key, &report)?;
                import
            };
            self.timings.push(Timing {
                stage: format!("import {}", step.step.name),
                seconds: started.elapsed().as_secs_f64(),
                units: 1,
                resumed,
            });
            imports.push(import);
        }
        Ok(imports)
    }

    /// What decides the values of a step: its options, its tables, and which row is which.
    fn import_key(&self, number: usize, step: &BoundStep, units: &[Unit]) -> WorkKey {
        let mut rows = self.plan.text_hash();
        for unit in units {
            let Unit { ordinal, file, version, first_row, rows: many, .. } = unit;
            // Writing into a string cannot fail.
            let _ = write!(rows, "\n{ordinal} {file} {version} {first_row} {many}");
        }
        let measuring = match &step.operator {
            BoundOperator::Gauge(gauge) => gauge.measuring().as_str(),
            BoundOperator::Rewriter(_) | BoundOperator::Signer(_) => "",
        };
        WorkKey {
            slot: format!("{IMPORT}/values-{number:02}.parquet"),
            fingerprint: format!("{measuring} {:032x}", xxh3_128(rows.as_bytes())),
        }
    }
}
