//! How our nodes travel: name and parameters as JSON, nothing compiled.

use std::{any::Any, sync::Arc};

use ballista_core::serde::BallistaPhysicalExtensionCodec;
use datafusion::{
    common::{DataFusionError, Result, internal_err},
    execution::TaskContext,
    logical_expr::ScalarUDF,
    physical_plan::ExecutionPlan,
};
use datafusion_proto::physical_plan::{PhysicalExtensionCodec, PhysicalProtoConverterExtension};
use serde::{Deserialize, Serialize};

use crate::{
    decide::DecideTask,
    derive::DeriveTask,
    import::IdsTask,
    measure::{FactsSink, Measure, ReuseTask},
    relate::{BandsTask, KeysTask, RevisitTask, SpansTask, StaysTask, WentTask},
    scan::UnitScan,
    stage::{PartitionExec, PartitionWork, UnitTask},
    write::WriteTask,
};

/// Ballista's own nodes, and ours.
#[derive(Debug, Default)]
pub(super) struct Codec(BallistaPhysicalExtensionCodec);

/// Opens the message of a node of ours; no message of Ballista's begins like this.
const MARK: &[u8] = b"assay:";

/// Lists once what travels.
macro_rules! work {
    ($($name:ident: $work:ty),+ $(,)?) => {
        /// Everything that a node of ours does.
        #[derive(Debug, Clone, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Work {
            $($name($work)),+
        }

        impl Work {
            fn of(work: &dyn PartitionWork) -> Option<Self> {
                let work: &dyn Any = work;
                $(if let Some(work) = work.downcast_ref::<$work>() {
                    return Some(Self::$name(work.clone()));
                })+
                None
            }

            fn ready(self) -> Arc<dyn PartitionWork> {
                match self {
                    $(Self::$name(work) => Arc::new(work)),+
                }
            }
        }
    };
}

work! {
    Scan: UnitScan,
    Facts: FactsSink,
    Reuse: UnitTask<ReuseTask>,
    Ids: UnitTask<IdsTask>,
    Derive: UnitTask<DeriveTask>,
    Keys: UnitTask<KeysTask>,
    Bands: UnitTask<BandsTask>,
    Revisit: UnitTask<RevisitTask>,
    Spans: UnitTask<SpansTask>,
    Went: UnitTask<WentTask>,
    Stays: UnitTask<StaysTask>,
    Decide: UnitTask<DecideTask>,
    Write: UnitTask<WriteTask>,
}

impl PhysicalExtensionCodec for Codec {
    fn try_decode(
        &self,
        message: &[u8],
        inputs: &[Arc<dyn ExecutionPlan>],
        context: &TaskContext,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let Some(work) = message.strip_prefix(MARK) else {
            return self.0.try_decode(message, inputs, context, converter);
        };
        let work: Work = serde_json::from_slice(work).map_err(external)?;
        let [child] = inputs else { return internal_err!("a node of assay has one child") };
        Ok(PartitionExec::plan(child.clone(), work.ready()))
    }

    fn try_encode(
        &self,
        node: Arc<dyn ExecutionPlan>,
        message: &mut Vec<u8>,
        converter: &dyn PhysicalProtoConverterExtension,
    ) -> Result<()> {
        let ours = node.downcast_ref::<PartitionExec>();
        let Some(ours) = ours else { return self.0.try_encode(node, message, converter) };
        let Some(work) = Work::of(ours.work.as_ref()) else {
            return internal_err!("{} cannot be sent", ours.work.name());
        };
        message.extend_from_slice(MARK);
        serde_json::to_writer(message, &work).map_err(external)
    }

    fn try_encode_udf(&self, function: &ScalarUDF, message: &mut Vec<u8>) -> Result<()> {
        if function.name() == Measure::NAME {
            message.extend_from_slice(MARK);
        }
        Ok(())
    }

    fn try_decode_udf(&self, name: &str, message: &[u8]) -> Result<Arc<ScalarUDF>> {
        if name == Measure::NAME {
            return Ok(Measure::function());
        }
        self.0.try_decode_udf(name, message)
    }
}

fn external(error: serde_json::Error) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}
