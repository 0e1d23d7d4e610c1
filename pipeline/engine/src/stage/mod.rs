//! Running one stage: a plan with one partition per work unit, whose rows say what
//! was done. Retry, resume and order are ours; the engine only runs partitions.

mod journal;
mod node;
mod runner;

pub(crate) use journal::{Journal, WorkKey};
pub(crate) use node::{
    PartitionExec, PartitionWork, Task, UnitTask, report_schema, report_stream, unit_source,
    units_of,
};
pub(crate) use runner::{Finished, Outcome, Stage, run_stage};
