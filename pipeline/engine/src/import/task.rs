//! Collects the ids of the documents.

use std::sync::{Arc, LazyLock};

use arrow::{
    array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray},
    datatypes::{DataType, Field, Int64Type, Schema, SchemaRef},
};
use assay_ledger::{
    FileRecord, Folder, TableWriter, WriterSettings, batches, folder,
    schema::{ID, ROW},
};
use serde::{Deserialize, Serialize};

use crate::{EngineError, Progress, input::Unit, stage::Task};

/// Id of a document, and number of its row in the run.
pub(super) static IDS: LazyLock<SchemaRef> = LazyLock::new(|| {
    Arc::new(Schema::new(vec![
        Field::new("key", DataType::Utf8, false),
        Field::new("id", DataType::Int64, false),
    ]))
});

/// Writes the ids of a unit's documents.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct IdsTask {
    pub folder: Folder,
    /// Where they go, below the run folder.
    pub table: String,
}

/// What was collected of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct IdsReport {
    pub file: FileRecord,
}

impl Task for IdsTask {
    fn run(&self, unit: &Unit, _: &Progress) -> Result<String, EngineError> {
        let path = format!("{}/{:06}-{:05}.parquet", self.table, unit.ordinal, unit.group);
        let settings =
            WriterSettings { plain_columns: ["key", "id"].map(Into::into).into(), metadata: None };
        let mut writer = TableWriter::create(&self.folder, &path, IDS.clone(), &settings)?;
        let facts = self.folder.path(&unit.path_in(folder::FACTS));
        for facts in batches(&facts, Some(&[ROW, ID]))? {
            writer.write(&ids(unit, &facts?)?)?;
        }
        let report = IdsReport { file: writer.finish()? };
        serde_json::to_string(&report).map_err(|error| EngineError::Broken(error.to_string()))
    }
}

fn ids(unit: &Unit, facts: &RecordBatch) -> Result<RecordBatch, EngineError> {
    let rows = facts.column_by_name(ROW).and_then(|it| it.as_primitive_opt::<Int64Type>());
    let keys = facts.column_by_name(ID).and_then(|it| it.as_string_opt::<i32>());
    let (Some(rows), Some(keys)) = (rows, keys) else {
        return Err(EngineError::Broken("the facts lack a fixed column".into()));
    };
    let named = || (0..keys.len()).filter(|at| keys.is_valid(*at));
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(named().map(|at| keys.value(at)))),
        Arc::new(Int64Array::from_iter_values(
            named().map(|at| unit.id(rows.value(at).unsigned_abs())),
        )),
    ];
    RecordBatch::try_new(IDS.clone(), columns)
        .map_err(|error| EngineError::Broken(error.to_string()))
}
