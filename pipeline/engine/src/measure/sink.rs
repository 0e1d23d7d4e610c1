//! Writes measured rows as facts: one file per unit, row-aligned with the input.

use std::{collections::HashMap, sync::Arc};

use arrow::{
    array::{AsArray, RecordBatch},
    datatypes::{Int64Type, Schema, SchemaRef},
};
use assay_ledger::{
    FileRecord, Folder, TableWriter, WriterSettings,
    schema::{self, BYTES, KEY, KEY_BYTES, PROBLEM},
};
use datafusion::{
    common::{DataFusionError, Result, exec_err},
    execution::SendableRecordBatchStream,
};
use futures::StreamExt;
use serde::{Deserialize, Serialize};

use super::compiled::{Compiled, FIXED};
use crate::{
    event::Progress,
    stage::{PartitionWork, report_schema, report_stream},
};

/// What the sink says of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FactsReport {
    /// The facts file.
    pub file: FileRecord,
}

/// Flattens the measured struct and writes the facts of each partition, which must be
/// the rows of one unit in order.
#[derive(Debug)]
pub(crate) struct FactsSink {
    pub folder: Folder,
    /// The units, by file and first row.
    pub expected: Arc<HashMap<(String, u64), Expected>>,
    pub progress: Arc<Progress>,
}

/// What the sink checks a partition against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Expected {
    pub file: String,
    pub first_row: u64,
    pub rows: u64,
    /// Path of the facts file below the run folder.
    pub path: String,
}

/// The schema of facts measured under `plan`.
pub(crate) fn facts_schema(plan: &Compiled) -> SchemaRef {
    let mut fields = schema::facts_base();
    fields.extend(plan.fields.iter().skip(FIXED).map(|field| field.as_ref().clone()));
    Arc::new(Schema::new(fields))
}

impl PartitionWork for FactsSink {
    fn name(&self) -> &'static str {
        "FactsSink"
    }

    fn schema(&self) -> SchemaRef {
        report_schema()
    }

    fn run(&self, mut rows: SendableRecordBatchStream) -> SendableRecordBatchStream {
        let (folder, expected) = (self.folder.clone(), self.expected.clone());
        let progress = self.progress.clone();
        report_stream(async move {
            let mut sink: Option<Sink> = None;
            while let Some(batch) = rows.next().await {
                let batch = batch?;
                if batch.num_rows() == 0 {
                    continue;
                }
                let sink = match &mut sink {
                    Some(sink) => sink,
                    None => sink.insert(Sink::open(&folder, &expected, &batch)?),
                };
                let text_bytes = sink.write(&batch)?;
                progress.add(batch.num_rows() as u64, text_bytes);
            }
            let Some(sink) = sink else { return exec_err!("a unit without rows was measured") };
            let file = sink.finish()?;
            serde_json::to_string(&FactsReport { file })
                .map_err(|error| DataFusionError::External(Box::new(error)))
        })
    }
}

struct Sink {
    writer: TableWriter,
    schema: SchemaRef,
    expected: Expected,
    next_row: u64,
}

impl Sink {
    fn open(
        folder: &Folder,
        expected: &HashMap<(String, u64), Expected>,
        batch: &RecordBatch,
    ) -> Result<Self> {
        let (file, row) = first(batch);
        let found = expected.get(&(file.to_owned(), row));
        let Some(found) = found else { return exec_err!("{file} row {row} begins no work unit") };
        let measured = batch.column(5).as_struct();
        let mut fields = schema::facts_base();
        fields.extend(measured.fields().iter().skip(FIXED).map(|field| field.as_ref().clone()));
        let schema = Arc::new(Schema::new(fields));
        let settings = WriterSettings {
            // Hashes do not repeat, and rows only grow: a dictionary would cost and gain nothing.
            plain_columns: [schema::ROW, KEY, schema::CONTENT, BYTES, KEY_BYTES]
                .map(Into::into)
                .into(),
            metadata: None,
        };
        let writer = TableWriter::create(folder, &found.path, schema.clone(), &settings)
            .map_err(crate::EngineError::from)?;
        Ok(Self { writer, schema, expected: found.clone(), next_row: row })
    }

    /// Appends rows and returns the bytes of their text.
    fn write(&mut self, batch: &RecordBatch) -> Result<u64> {
        let (file, row) = first(batch);
        if file != self.expected.file || row != self.next_row {
            let Expected { file: wanted, .. } = &self.expected;
            return exec_err!("{file} row {row} came where {wanted} row {} was due", self.next_row);
        }
        self.next_row += batch.num_rows() as u64;
        let measured = batch.column(5).as_struct();
        let field = |name: &str| measured.column_by_name(name).cloned();
        let columns = [
            Some(batch.column(0).clone()),
            Some(batch.column(1).clone()),
            field(KEY),
            field(schema::CONTENT),
            Some(batch.column(2).clone()),
            Some(batch.column(3).clone()),
            Some(batch.column(4).clone()),
            field(BYTES),
            field(KEY_BYTES),
            field(PROBLEM),
        ];
        let measured_columns = measured.columns().iter().skip(FIXED).cloned();
        let columns = columns.into_iter().flatten().chain(measured_columns).collect();
        let facts = RecordBatch::try_new(self.schema.clone(), columns)?;
        self.writer.write(&facts).map_err(crate::EngineError::from)?;
        let bytes = facts.column_by_name(BYTES).map(|column| column.as_primitive::<Int64Type>());
        let total = bytes.and_then(arrow::compute::sum).unwrap_or(0);
        Ok(total.unsigned_abs())
    }

    fn finish(self) -> Result<FileRecord> {
        let rows = self.writer.rows();
        if rows != self.expected.rows {
            let Expected { path, rows: wanted, .. } = &self.expected;
            return exec_err!("{path}: {rows} rows were measured, the footer says {wanted}");
        }
        Ok(self.writer.finish().map_err(crate::EngineError::from)?)
    }
}

fn first(batch: &RecordBatch) -> (&str, u64) {
    let file = batch.column(0).as_string::<i32>().value(0);
    let row = batch.column(1).as_primitive::<Int64Type>().value(0);
    (file, row.unsigned_abs())
}
