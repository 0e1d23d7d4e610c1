//! What a relating step found: which rows do not stay, and which row stays instead.

use std::{collections::BTreeMap, fs::File, ops::Range, sync::Arc};

use arrow::{
    array::AsArray,
    datatypes::{DataType, Field, Int64Type, Schema, SchemaRef},
};
use assay_ledger::{Folder, LedgerError};
use parquet::{arrow::arrow_reader::ParquetRecordBatchReaderBuilder, file::statistics::Statistics};
use serde::{Deserialize, Serialize};

use crate::EngineError;

/// Rows that do not stay, in order of their number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Members {
    /// Number of the step.
    pub step: usize,
    /// The file below the run folder; `None` if every row stays.
    pub path: Option<String>,
}

/// Number of a row, and number of the row that stays instead.
pub(crate) static MEMBERS: std::sync::LazyLock<SchemaRef> = std::sync::LazyLock::new(|| {
    Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("kept", DataType::Int64, false),
    ]))
});

impl Members {
    /// Rows with a number in `ids` that do not stay, with the row that stays instead.
    /// Only the row groups that can hold such rows are read.
    pub(crate) fn removed(
        &self,
        folder: &Folder,
        ids: Range<i64>,
    ) -> Result<BTreeMap<i64, i64>, EngineError> {
        let mut removed = BTreeMap::new();
        let Some(relative) = &self.path else { return Ok(removed) };
        let path = folder.path(relative);
        let file = File::open(&path).map_err(EngineError::io("opened", &path))?;
        let table = |source| LedgerError::Table { path: path.clone(), source };
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(table)?;
        let groups = reader.metadata().row_groups().iter().enumerate();
        let groups = groups.filter(|(_, group)| match group.column(0).statistics() {
            Some(Statistics::Int64(range)) => {
                range.min_opt().is_none_or(|min| *min < ids.end)
                    && range.max_opt().is_none_or(|max| ids.start <= *max)
            }
            _ => true,
        });
        let groups = groups.map(|(number, _)| number).collect();
        for batch in reader.with_row_groups(groups).build().map_err(table)? {
            let batch =
                batch.map_err(|source| LedgerError::Arrow { path: path.clone(), source })?;
            let id = batch.column(0).as_primitive::<Int64Type>().values();
            let kept = batch.column(1).as_primitive::<Int64Type>().values();
            let pairs = id.iter().copied().zip(kept.iter().copied());
            removed.extend(pairs.filter(|(id, _)| ids.contains(id)));
        }
        Ok(removed)
    }
}
