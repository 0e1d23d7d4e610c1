//! Imported values in the order of the documents: written once, read by range.

use std::{
    fs::File,
    ops::Range,
    sync::{Arc, LazyLock},
};

use arrow::{
    array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch},
    datatypes::{DataType, Field, Float64Type, Int64Type, Schema, SchemaRef},
};
use assay_ledger::{FileRecord, Folder, LedgerError, TableWriter, WriterSettings};
use parquet::{arrow::arrow_reader::ParquetRecordBatchReaderBuilder, file::statistics::Statistics};
use serde::{Deserialize, Serialize};

use crate::EngineError;

/// Number of a row in the run, and its value.
pub(super) static VALUES: LazyLock<SchemaRef> = LazyLock::new(|| {
    Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("value", DataType::Float64, true),
    ]))
});

/// Rows that are written at a time.
const PENDING: usize = 8192;

/// The values of a step, in order of row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Values {
    /// Name of the step.
    pub step: String,
    /// The file below the run folder.
    pub path: String,
}

impl Values {
    /// Values of the rows with a number in `ids`, in order. Only the row groups that can
    /// hold such rows are read.
    pub(crate) fn read(
        &self,
        folder: &Folder,
        ids: &Range<i64>,
    ) -> Result<Vec<(i64, Option<f64>)>, EngineError> {
        let path = folder.path(&self.path);
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
        let mut found = Vec::new();
        for batch in reader.with_row_groups(groups).build().map_err(table)? {
            let batch =
                batch.map_err(|source| LedgerError::Arrow { path: path.clone(), source })?;
            let id = batch.column(0).as_primitive::<Int64Type>().values();
            let value = batch.column(1).as_primitive::<Float64Type>();
            let pairs = id.iter().copied().zip(value.iter());
            found.extend(pairs.filter(|(id, _)| ids.contains(id)));
        }
        Ok(found)
    }
}

/// Writes values as they come.
pub(super) struct ValuesWriter {
    writer: TableWriter,
    ids: Vec<i64>,
    values: Vec<Option<f64>>,
}

impl ValuesWriter {
    pub(super) fn create(folder: &Folder, path: &str) -> Result<Self, EngineError> {
        let plain_columns = ["id", "value"].map(Into::into).into();
        let settings = WriterSettings { plain_columns, metadata: None };
        let writer = TableWriter::create(folder, path, VALUES.clone(), &settings)?;
        Ok(Self { writer, ids: Vec::new(), values: Vec::new() })
    }

    pub(super) fn push(&mut self, id: i64, value: Option<f64>) -> Result<(), EngineError> {
        self.ids.push(id);
        self.values.push(value);
        if PENDING <= self.ids.len() { self.flush() } else { Ok(()) }
    }

    pub(super) fn finish(mut self) -> Result<FileRecord, EngineError> {
        self.flush()?;
        Ok(self.writer.finish()?)
    }

    fn flush(&mut self) -> Result<(), EngineError> {
        let ids = std::mem::take(&mut self.ids);
        let values: Float64Array = std::mem::take(&mut self.values).into();
        let columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(ids)), Arc::new(values)];
        let batch = RecordBatch::try_new(VALUES.clone(), columns);
        let batch = batch.map_err(|error| EngineError::Broken(error.to_string()))?;
        Ok(self.writer.write(&batch)?)
    }
}

/// `value` of a column of values at `row`.
pub(super) fn value(column: &ArrayRef, row: usize) -> Option<f64> {
    let column = column.as_primitive::<Float64Type>();
    column.is_valid(row).then(|| column.value(row))
}
