//! The one shape that all nodes of the engine have: a child with one partition per work
//! unit, and work that turns each of its partitions into another stream.

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
    },
};
use futures::StreamExt;
use serde::{Deserialize, Serialize};

use super::report::{UnitReport, report_schema, report_stream};
use crate::{EngineError, Progress, input::Unit};

/// The units as a plan of one row per partition: the work list is data, so that an engine
/// which hands out partitions hands out units.
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

/// What is done with each partition: plain data, so that another process can do it too.
pub(crate) trait PartitionWork: Any + fmt::Debug + Send + Sync {
    /// Name of the node in plans.
    fn name(&self) -> &'static str;
    /// Columns of the result.
    fn schema(&self) -> SchemaRef;
    /// Turns one partition of the child into one of the result.
    fn run(
        &self,
        input: SendableRecordBatchStream,
        context: &Arc<TaskContext>,
    ) -> SendableRecordBatchStream;
}

/// Does [`PartitionWork`] on each partition of its child.
#[derive(Debug)]
pub(crate) struct PartitionExec {
    child: Arc<dyn ExecutionPlan>,
    pub work: Arc<dyn PartitionWork>,
    properties: Arc<PlanProperties>,
}

impl PartitionExec {
    /// The plan that does `work` on each partition of `child`.
    pub(crate) fn plan(
        child: Arc<dyn ExecutionPlan>,
        work: Arc<dyn PartitionWork>,
    ) -> Arc<dyn ExecutionPlan> {
        let partitions = child.properties().output_partitioning().partition_count();
        let properties = Arc::new(PlanProperties::new(
            EquivalenceProperties::new(work.schema()),
            Partitioning::UnknownPartitioning(partitions),
            EmissionType::Incremental,
            Boundedness::Bounded,
        ));
        Arc::new(Self { child, work, properties })
    }
}

impl DisplayAs for PartitionExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.work.name())
    }
}

impl ExecutionPlan for PartitionExec {
    fn name(&self) -> &str {
        self.work.name()
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.child]
    }

    // Rows must stay with their unit: another partitioning would tear units apart.
    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn replace_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(Self::plan(children.swap_remove(0), self.work.clone()))
    }

    fn with_new_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(Self::plan(children.swap_remove(0), self.work.clone()))
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
        Ok(self.work.run(self.child.execute(partition, context.clone())?, &context))
    }
}

/// A task that is done with one unit after the other; returns its report as JSON.
pub(crate) trait Task: Clone + fmt::Debug + Send + Sync + 'static {
    /// Does the work. Must not depend on anything but the unit and the task's own data.
    fn run(&self, unit: &Unit, progress: &Progress) -> Result<String, EngineError>;
}

/// A [`Task`] for the unit in each partition.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct UnitTask<T>(pub T);

impl<T: Task> PartitionWork for UnitTask<T> {
    fn name(&self) -> &'static str {
        "UnitTask"
    }

    fn schema(&self) -> SchemaRef {
        report_schema()
    }

    fn run(
        &self,
        input: SendableRecordBatchStream,
        context: &Arc<TaskContext>,
    ) -> SendableRecordBatchStream {
        let (task, progress) = (self.0.clone(), progress_of(context));
        report_stream(async move {
            let units = units_of(input).await?;
            let [unit] = units.as_slice() else {
                return Err(EngineError::Broken("a partition must hold one unit".into()).into());
            };
            UnitReport::of(unit.name(), task.run(unit, &progress).map_err(DataFusionError::from))
        })
    }
}

/// The counters of the run that `context` belongs to; in another process, some that
/// nobody reads.
pub(crate) fn progress_of(context: &TaskContext) -> Arc<Progress> {
    context.session_config().get_extension().unwrap_or_default()
}
