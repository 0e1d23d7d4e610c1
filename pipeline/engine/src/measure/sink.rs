//! Writes measured rows as facts: one file per unit, row-aligned with the input.

use std::{fmt, sync::Arc};

use arrow::{
    array::{AsArray, RecordBatch},
    datatypes::{Int64Type, Schema, SchemaRef},
};
use assay_ledger::{
    FileRecord, Folder, TableWriter, WriterSettings, folder,
    schema::{self, BYTES, KEY, KEY_BYTES, PROBLEM},
};
use datafusion::{
    common::{DataFusionError, Result, exec_err, tree_node::TreeNodeRecursion},
    execution::{SendableRecordBatchStream, TaskContext},
    physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr},
    physical_plan::{
        DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, ReplaceChildrenOptions,
        execution_plan::{Boundedness, EmissionType},
    },
};
use futures::StreamExt;
use serde::{Deserialize, Serialize};

use super::compiled::{Compiled, FIXED};
use crate::{
    event::Progress,
    stage::{report_schema, report_stream},
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
pub(crate) struct FactsSinkExec {
    input: Arc<dyn ExecutionPlan>,
    folder: Folder,
    /// File, part and rows of each unit; looked up by the first row of a partition.
    expected: Arc<Vec<Expected>>,
    progress: Arc<Progress>,
    properties: Arc<PlanProperties>,
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

impl FactsSinkExec {
    pub(crate) fn new(
        input: Arc<dyn ExecutionPlan>,
        folder: Folder,
        expected: Arc<Vec<Expected>>,
        progress: Arc<Progress>,
    ) -> Self {
        let partitions = input.properties().output_partitioning().partition_count();
        let properties = Arc::new(PlanProperties::new(
            EquivalenceProperties::new(report_schema()),
            Partitioning::UnknownPartitioning(partitions),
            EmissionType::Final,
            Boundedness::Bounded,
        ));
        Self { input, folder, expected, progress, properties }
    }

    fn with_input(&self, input: Arc<dyn ExecutionPlan>) -> Arc<dyn ExecutionPlan> {
        let (expected, progress) = (self.expected.clone(), self.progress.clone());
        Arc::new(Self::new(input, self.folder.clone(), expected, progress))
    }
}

/// The schema of facts measured under `plan`.
pub(crate) fn facts_schema(plan: &Compiled) -> SchemaRef {
    let mut fields = schema::facts_base();
    fields.extend(plan.fields.iter().skip(FIXED).map(|field| field.as_ref().clone()));
    Arc::new(Schema::new(fields))
}

impl DisplayAs for FactsSinkExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FactsSinkExec: {}", folder::FACTS)
    }
}

impl ExecutionPlan for FactsSinkExec {
    fn name(&self) -> &'static str {
        "FactsSinkExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn replace_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self.with_input(children.swap_remove(0)))
    }

    fn with_new_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self.with_input(children.swap_remove(0)))
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let mut rows = self.input.execute(partition, context)?;
        let (folder, expected) = (self.folder.clone(), self.expected.clone());
        let progress = self.progress.clone();
        Ok(report_stream(async move {
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
        }))
    }
}

struct Sink {
    writer: TableWriter,
    schema: SchemaRef,
    expected: Expected,
    next_row: u64,
}

impl Sink {
    fn open(folder: &Folder, expected: &[Expected], batch: &RecordBatch) -> Result<Self> {
        let (file, row) = first(batch);
        let found = expected.iter().find(|unit| unit.first_row == row && unit.file == file);
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
