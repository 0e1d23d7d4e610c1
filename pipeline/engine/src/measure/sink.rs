//! Writes measured rows as facts: one file per unit, row-aligned with the input.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, AsArray, RecordBatch, StructArray},
    datatypes::{DataType, Field, Fields, Int64Type, Schema, SchemaRef},
};
use assay_ledger::{
    FileRecord, Folder, TableWriter, WriterSettings, folder,
    schema::{self, BYTES, KEY, KEY_BYTES, PROBLEM},
};
use assay_plan::BoundStep;
use datafusion::{
    common::{DataFusionError, Result, exec_err},
    execution::{SendableRecordBatchStream, TaskContext},
};
use futures::StreamExt;
use serde::{Deserialize, Serialize};

use super::{
    compiled::{FIXED, is_signature, measured_fields},
    function::MEASURED,
};
use crate::{
    input::unit_name,
    scan::{IDENTITY, Unreadable},
    stage::{Outcome, PartitionWork, UnitReport, progress_of, report_schema, report_stream},
};

/// What the sink says of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FactsReport {
    /// The facts file.
    pub file: FileRecord,
    /// The signatures file, if a step signs.
    pub signatures: Option<FileRecord>,
}

impl FactsReport {
    /// The files that were written.
    pub(crate) fn files(&self) -> impl Iterator<Item = &FileRecord> {
        std::iter::once(&self.file).chain(&self.signatures)
    }
}

/// Flattens the measured struct and writes the facts of each partition, which must be
/// the rows of one unit in order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FactsSink {
    pub folder: Folder,
}

/// What a row says of its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Expected {
    file: String,
    group: u64,
    first_row: u64,
    rows: u64,
}

/// The schema of facts that the steps of a plan measure.
pub(crate) fn facts_schema(steps: &[BoundStep]) -> SchemaRef {
    let mut fields = schema::facts_base();
    fields.extend(measured_fields(steps));
    Arc::new(Schema::new(fields))
}

fn facts_of(measured: &Fields) -> SchemaRef {
    let mut fields = schema::facts_base();
    let measured = measured.iter().skip(FIXED).filter(|field| !is_signature(field));
    fields.extend(measured.map(|field| field.as_ref().clone()));
    Arc::new(Schema::new(fields))
}

fn signatures_of(measured: &Fields) -> Option<SchemaRef> {
    let mut fields = vec![Field::new(schema::ROW, DataType::Int64, false)];
    let signatures = measured.iter().filter(|field| is_signature(field));
    fields.extend(signatures.map(|field| field.as_ref().clone()));
    (1 < fields.len()).then(|| Arc::new(Schema::new(fields)))
}

/// How facts are written.
pub(crate) fn facts_settings() -> WriterSettings {
    WriterSettings {
        // Hashes do not repeat, and rows only grow: a dictionary would cost and gain nothing.
        plain_columns: [schema::ROW, KEY, schema::CONTENT, BYTES, KEY_BYTES].map(Into::into).into(),
        metadata: None,
    }
}

/// How signatures are written: they hardly repeat.
pub(super) fn signatures_settings(schema: &SchemaRef) -> WriterSettings {
    let plain = schema.fields().iter().map(|field| match field.data_type() {
        DataType::List(item) => format!("{}.list.{}", field.name(), item.name()),
        _ => field.name().clone(),
    });
    WriterSettings { plain_columns: plain.collect(), metadata: None }
}

impl PartitionWork for FactsSink {
    fn name(&self) -> &'static str {
        "FactsSink"
    }

    fn schema(&self) -> SchemaRef {
        report_schema()
    }

    fn run(
        &self,
        mut rows: SendableRecordBatchStream,
        context: &Arc<TaskContext>,
    ) -> SendableRecordBatchStream {
        let (folder, progress) = (self.folder.clone(), progress_of(context));
        report_stream(async move {
            let mut sink: Option<Sink> = None;
            while let Some(batch) = rows.next().await {
                let batch = match batch {
                    Ok(batch) => batch,
                    Err(error) => return lost(error),
                };
                if batch.num_rows() == 0 {
                    continue;
                }
                let sink = match &mut sink {
                    Some(sink) => sink,
                    None => sink.insert(Sink::open(&folder, &batch)?),
                };
                let text_bytes = sink.write(&batch)?;
                progress.add(batch.num_rows() as u64, text_bytes);
            }
            let Some(sink) = sink else { return exec_err!("a unit without rows was measured") };
            let unit = unit_name(&sink.expected.file, sink.expected.group);
            let report = sink.finish()?;
            let report = serde_json::to_string(&report)
                .map_err(|error| DataFusionError::External(Box::new(error)))?;
            Ok(UnitReport { unit, outcome: Outcome::Done(report) })
        })
    }
}

/// A unit that cannot be decoded is a result; anything else is not.
fn lost(error: DataFusionError) -> Result<UnitReport> {
    match Unreadable::of(&error) {
        Some(it) => {
            let outcome = Outcome::Unreadable(it.reason.clone());
            Ok(UnitReport { unit: it.unit.clone(), outcome })
        }
        None => Err(error),
    }
}

struct Sink {
    writer: TableWriter,
    schema: SchemaRef,
    signatures: Option<(TableWriter, SchemaRef)>,
    expected: Expected,
    next_row: u64,
}

impl Sink {
    fn open(folder: &Folder, batch: &RecordBatch) -> Result<Self> {
        let (row, expected) = first(batch);
        let Expected { file, group, .. } = &expected;
        if row != expected.first_row {
            return exec_err!("{file} row {row} begins no work unit");
        }
        let measured = measured(batch)?;
        let schema = facts_of(measured.fields());
        let path = Folder::part(folder::FACTS, file, *group);
        let writer = TableWriter::create(folder, &path, schema.clone(), &facts_settings())
            .map_err(crate::EngineError::from)?;
        let signatures = signatures_of(measured.fields()).map(|schema| {
            let path = Folder::part(folder::SIGNATURES, file, *group);
            TableWriter::create(folder, &path, schema.clone(), &signatures_settings(&schema))
                .map(|writer| (writer, schema))
        });
        let signatures = signatures.transpose().map_err(crate::EngineError::from)?;
        Ok(Self { writer, schema, signatures, expected, next_row: row })
    }

    /// Appends rows and returns the bytes of their text.
    fn write(&mut self, batch: &RecordBatch) -> Result<u64> {
        let (row, found) = first(batch);
        if found != self.expected || row != self.next_row {
            let wanted = &self.expected.file;
            let file = &found.file;
            return exec_err!("{file} row {row} came where {wanted} row {} was due", self.next_row);
        }
        self.next_row += batch.num_rows() as u64;
        let measured = measured(batch)?;
        let field = |name: &str| measured.column_by_name(name).cloned();
        let scanned = |at: usize| Some(batch.column(at).clone());
        let columns = [
            scanned(0),
            scanned(1),
            field(KEY),
            field(schema::CONTENT),
            scanned(IDENTITY),
            scanned(IDENTITY + 1),
            scanned(IDENTITY + 2),
            field(BYTES),
            field(KEY_BYTES),
            field(PROBLEM),
        ];
        let rest = measured.columns().iter().skip(FIXED).cloned();
        let mut columns: Vec<ArrayRef> = columns.into_iter().flatten().chain(rest).collect();
        let signatures = columns.split_off(self.schema.fields().len());
        let facts = RecordBatch::try_new(self.schema.clone(), columns)?;
        if let Some((writer, schema)) = &mut self.signatures {
            let columns = scanned(1).into_iter().chain(signatures).collect();
            let signatures = RecordBatch::try_new(schema.clone(), columns)?;
            writer.write(&signatures).map_err(crate::EngineError::from)?;
        }
        self.writer.write(&facts).map_err(crate::EngineError::from)?;
        let bytes = facts.column_by_name(BYTES).map(|column| column.as_primitive::<Int64Type>());
        let total = bytes.and_then(arrow::compute::sum).unwrap_or(0);
        Ok(total.unsigned_abs())
    }

    fn finish(self) -> Result<FactsReport> {
        let rows = self.writer.rows();
        if rows != self.expected.rows {
            let Expected { file, rows: wanted, .. } = &self.expected;
            return exec_err!("{file}: {rows} rows were measured, the footer says {wanted}");
        }
        let signatures = self.signatures.map(|(writer, _)| writer.finish()).transpose();
        Ok(FactsReport {
            file: self.writer.finish().map_err(crate::EngineError::from)?,
            signatures: signatures.map_err(crate::EngineError::from)?,
        })
    }
}

fn measured(batch: &RecordBatch) -> Result<&StructArray> {
    match batch.column_by_name(MEASURED).and_then(|column| column.as_struct_opt()) {
        Some(measured) => Ok(measured),
        None => exec_err!("the rows were not measured"),
    }
}

/// The first row, and what it says of its unit.
fn first(batch: &RecordBatch) -> (u64, Expected) {
    let number = |at: usize| batch.column(at).as_primitive::<Int64Type>().value(0).unsigned_abs();
    let file = batch.column(0).as_string::<i32>().value(0).to_owned();
    (number(1), Expected { file, group: number(2), first_row: number(3), rows: number(4) })
}
