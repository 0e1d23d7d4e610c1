//! A node that does one task per unit and says what it did.

use std::{fmt, future::Future, sync::Arc};

use arrow::{
    array::{RecordBatch, StringArray},
    datatypes::{DataType, Field, Schema, SchemaRef},
};
use datafusion::{
    common::{Result, tree_node::TreeNodeRecursion},
    execution::{SendableRecordBatchStream, TaskContext},
    physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr},
    physical_plan::{
        DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, ReplaceChildrenOptions,
        execution_plan::{Boundedness, EmissionType},
        stream::RecordBatchStreamAdapter,
    },
};
use futures::stream;

use crate::{EngineError, input::Unit, scan::units_of};

/// What is done with a unit; returns its report as JSON.
pub(crate) trait Task: fmt::Debug + Send + Sync + 'static {
    /// Does the work. Must not depend on anything but the unit and the task's own data.
    fn run(&self, unit: &Unit) -> Result<String, EngineError>;
}

/// One text per row: what was done, as JSON.
pub(crate) fn report_schema() -> SchemaRef {
    Arc::new(Schema::new(vec![Field::new("report", DataType::Utf8, false)]))
}

/// A stream of the one report that `work` makes.
pub(crate) fn report_stream(
    work: impl Future<Output = Result<String>> + Send + 'static,
) -> SendableRecordBatchStream {
    let once = stream::once(async move {
        let column = Arc::new(StringArray::from(vec![work.await?]));
        Ok(RecordBatch::try_new(report_schema(), vec![column])?)
    });
    Box::pin(RecordBatchStreamAdapter::new(report_schema(), once))
}

/// Runs a [`Task`] for the unit in each partition of its child.
#[derive(Debug)]
pub(crate) struct UnitTaskExec {
    units: Arc<dyn ExecutionPlan>,
    task: Arc<dyn Task>,
    properties: Arc<PlanProperties>,
}

impl UnitTaskExec {
    pub(crate) fn new(units: Arc<dyn ExecutionPlan>, task: Arc<dyn Task>) -> Self {
        let partitions = units.properties().output_partitioning().partition_count();
        let properties = Arc::new(PlanProperties::new(
            EquivalenceProperties::new(report_schema()),
            Partitioning::UnknownPartitioning(partitions),
            EmissionType::Final,
            Boundedness::Bounded,
        ));
        Self { units, task, properties }
    }
}

impl DisplayAs for UnitTaskExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnitTaskExec: {:?}", self.task)
    }
}

impl ExecutionPlan for UnitTaskExec {
    fn name(&self) -> &'static str {
        "UnitTaskExec"
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
        Ok(Arc::new(Self::new(children.swap_remove(0), self.task.clone())))
    }

    fn with_new_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(Self::new(children.swap_remove(0), self.task.clone())))
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
        let task = self.task.clone();
        Ok(report_stream(async move {
            let units = units_of(units).await?;
            let [unit] = units.as_slice() else {
                return Err(EngineError::Broken("a partition must hold one unit".into()).into());
            };
            Ok(task.run(unit)?)
        }))
    }
}
