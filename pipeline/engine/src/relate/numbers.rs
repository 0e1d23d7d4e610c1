//! Writes rows of numbers.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, Int64Array, RecordBatch},
    datatypes::SchemaRef,
};
use assay_ledger::{FileRecord, TableWriter};

use super::{members::PENDING, tables::broken};
use crate::EngineError;

/// A table of `N` columns of numbers, as it is written.
pub(super) struct Numbers<const N: usize> {
    table: TableWriter,
    schema: SchemaRef,
    rows: Vec<[i64; N]>,
}

impl<const N: usize> Numbers<N> {
    pub(super) fn new(table: TableWriter, schema: &SchemaRef) -> Self {
        Self { table, schema: schema.clone(), rows: Vec::new() }
    }

    pub(super) fn push(&mut self, row: [i64; N]) -> Result<(), EngineError> {
        self.rows.push(row);
        if PENDING <= self.rows.len() { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), EngineError> {
        let column = |at: usize| {
            Arc::new(Int64Array::from_iter_values(self.rows.iter().map(|row| row[at]))) as ArrayRef
        };
        let columns = (0..N).map(column).collect();
        let batch = RecordBatch::try_new(self.schema.clone(), columns).map_err(broken)?;
        self.rows.clear();
        Ok(self.table.write(&batch)?)
    }

    pub(super) fn finish(mut self) -> Result<FileRecord, EngineError> {
        self.flush()?;
        Ok(self.table.finish()?)
    }
}
