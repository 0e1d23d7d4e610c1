//! Derives the facts of one unit.

use std::sync::Arc;

use assay_ledger::{FileRecord, Folder, TableWriter, batches, folder};
use serde::{Deserialize, Serialize};

use super::{Derivers, column::read_columns, ready::Given};
use crate::{
    EngineError, Progress, decide::PlanText, import::Values, input::Unit, measure::facts_settings,
    ready::Ready, stage::Task,
};

/// Replaces what was derived in the facts of a unit.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DeriveTask {
    pub folder: Folder,
    pub plan: PlanText,
    /// Imported values, by step.
    pub imports: Vec<Values>,
    /// Identifies what is derived.
    pub derived: String,
}

/// What the facts of a unit hold now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeriveReport {
    /// The facts file.
    pub file: FileRecord,
    /// What was derived.
    pub derived: String,
}

impl Task for DeriveTask {
    fn run(&self, unit: &Unit, progress: &Progress) -> Result<String, EngineError> {
        let derivers = self.ready()?;
        let path = unit.path_in(folder::FACTS);
        let schema = derivers.schema().clone();
        let mut writer = TableWriter::create(&self.folder, &path, schema, &facts_settings())?;
        let ids = unit.ids();
        let columns = read_columns(unit, &derivers.columns())?;
        let mut given = Given { columns, ..Given::default() };
        for import in &self.imports {
            given.imported.insert(import.step.clone(), import.read(&self.folder, &ids)?);
        }
        for batch in batches(&self.folder.path(&path), None)? {
            writer.write(&derivers.derive(unit, &batch?, &given)?)?;
        }
        progress.add(unit.rows, 0);
        let report = DeriveReport { file: writer.finish()?, derived: self.derived.clone() };
        serde_json::to_string(&report).map_err(|error| EngineError::Broken(error.to_string()))
    }
}

impl DeriveTask {
    /// The deriving steps; a second call with the same plan is free.
    fn ready(&self) -> Result<Arc<Derivers>, EngineError> {
        static READY: Ready<Derivers> = Ready::new();
        READY.get(self.plan.as_str(), || Derivers::new(self.plan.judge()?.plan()))
    }
}
