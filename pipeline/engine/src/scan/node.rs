//! The corpus as a DataFusion node.
//!
//! The work list is data: the node's child has one partition per unit, with the unit
//! as its row, so that an engine which hands out partitions hands out units.

use std::{any::Any, fmt, sync::Arc};

use arrow::{
    array::{AsArray, RecordBatch, StringArray},
    datatypes::{DataType, Field, Schema, SchemaRef},
};
use datafusion::{
    common::{DataFusionError, Result, tree_node::TreeNodeRecursion},
    datasource::memory::MemorySourceConfig,
    execution::{SendableRecordBatchStream, TaskContext},
    physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr},
    physical_plan::{
        DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, ReplaceChildrenOptions,
        execution_plan::{Boundedness, EmissionType},
        stream::RecordBatchStreamAdapter,
    },
};
use futures::{StreamExt, TryStreamExt, stream};

use super::{
    reader::read_roles,
    text::{scan_schema, to_scan_batch},
};
use crate::input::Unit;

/// The units as a plan of one row per partition.
pub(crate) fn unit_source(units: &[Unit]) -> Result<Arc<dyn ExecutionPlan>> {
    let schema = Arc::new(Schema::new(vec![Field::new("unit", DataType::Utf8, false)]));
    let mut partitions = Vec::with_capacity(units.len());
    for unit in units {
        let text = serde_json::to_string(unit)
            .map_err(|error| DataFusionError::External(Box::new(error)))?;
        let column = Arc::new(StringArray::from(vec![text]));
        partitions.push(vec![RecordBatch::try_new(schema.clone(), vec![column])?]);
    }
    Ok(MemorySourceConfig::try_new_exec(&partitions, schema, None)?)
}

/// The units in the rows of `stream`.
pub(crate) async fn units_of(mut stream: SendableRecordBatchStream) -> Result<Vec<Unit>> {
    let mut units = Vec::new();
    while let Some(batch) = stream.next().await {
        for text in batch?.column(0).as_string::<i32>().iter().flatten() {
            units.push(
                serde_json::from_str(text)
                    .map_err(|error| DataFusionError::External(Box::new(error)))?,
            );
        }
    }
    Ok(units)
}

/// Reads identity, declared fields and text of every row of its units.
#[derive(Debug)]
pub(crate) struct UnitScanExec {
    units: Arc<dyn ExecutionPlan>,
    parts: usize,
    schema: SchemaRef,
    properties: Arc<PlanProperties>,
}

impl UnitScanExec {
    /// Reads `units`, each document with up to `parts` text columns.
    pub(crate) fn new(units: Arc<dyn ExecutionPlan>, parts: usize) -> Self {
        let schema = scan_schema(parts);
        let partitions = units.properties().output_partitioning().partition_count();
        let properties = Arc::new(PlanProperties::new(
            EquivalenceProperties::new(schema.clone()),
            Partitioning::UnknownPartitioning(partitions),
            EmissionType::Incremental,
            Boundedness::Bounded,
        ));
        Self { units, parts, schema, properties }
    }
}

impl DisplayAs for UnitScanExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnitScanExec: text columns={}", self.parts)
    }
}

impl ExecutionPlan for UnitScanExec {
    fn name(&self) -> &'static str {
        "UnitScanExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.units]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn replace_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(Self::new(children.swap_remove(0), self.parts)))
    }

    fn with_new_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(Self::new(children.swap_remove(0), self.parts)))
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
        let units = self.units.execute(partition, context)?;
        let schema = self.schema.clone();
        let streams = async move {
            let units = units_of(units).await?;
            Ok::<_, DataFusionError>(
                stream::iter(units).map(move |unit| scan(unit, schema.clone())).flatten(),
            )
        };
        Ok(Box::pin(RecordBatchStreamAdapter::new(
            self.schema.clone(),
            stream::once(streams).try_flatten(),
        )))
    }
}

fn scan(unit: Unit, schema: SchemaRef) -> impl futures::Stream<Item = Result<RecordBatch>> + Send {
    let (reader, error) = match read_roles(&unit, None) {
        Ok(reader) => (Some(reader), None),
        Err(error) => (None, Some(Err(unreadable(error)))),
    };
    let mut row = unit.first_row;
    let batches = reader.into_iter().flatten().map(move |batch| {
        let batch = batch.map_err(|error| unreadable(error.to_string()))?;
        let out = to_scan_batch(&unit, &batch, row, &schema)?;
        row += batch.num_rows() as u64;
        Ok(out)
    });
    stream::iter(error.into_iter().chain(batches))
}

fn unreadable(error: String) -> DataFusionError {
    DataFusionError::External(Box::new(Unreadable(error)))
}

/// Foreign bytes that could not be decoded; the unit is lost, the run goes on.
#[derive(Debug)]
pub(crate) struct Unreadable(pub String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

impl Unreadable {
    /// What could not be decoded, if that is what `error` is about.
    pub(crate) fn of(error: &DataFusionError) -> Option<&str> {
        match error {
            DataFusionError::External(inner) => {
                let inner: &(dyn std::error::Error + 'static) = inner.as_ref();
                inner.downcast_ref::<Self>().map(|it| it.0.as_str())
            }
            DataFusionError::Context(_, inner) => Self::of(inner),
            DataFusionError::ArrowError(inner, _) => {
                let _: &dyn Any = inner;
                None
            }
            _ => None,
        }
    }
}
