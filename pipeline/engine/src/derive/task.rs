//! Derives the facts of one unit.

use std::sync::Arc;

use assay_ledger::{FileRecord, Folder, TableWriter, folder, read_table};
use serde::{Deserialize, Serialize};

use super::Derivers;
use crate::{
    EngineError, Progress, decide::PlanText, input::Unit, measure::facts_settings, ready::Ready,
    stage::Task,
};

/// Replaces what was derived in the facts of a unit.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DeriveTask {
    pub folder: Folder,
    pub plan: PlanText,
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
        let facts = read_table(&self.folder.path(&path))?;
        let schema = derivers.schema().clone();
        let mut writer = TableWriter::create(&self.folder, &path, schema, &facts_settings())?;
        for batch in &facts {
            writer.write(&derivers.derive(batch)?)?;
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
