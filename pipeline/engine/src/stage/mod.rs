//! Running one stage: a plan with one partition per work unit, whose rows say what
//! was done. Retry, resume and order are ours; an [`Engine`] only runs partitions.

mod engine;
mod journal;
mod node;
mod report;
mod runner;

pub(crate) use engine::{Engine, Local, Make};
pub(crate) use journal::{Journal, WorkKey};
pub(crate) use node::{
    PartitionExec, PartitionWork, Task, UnitTask, progress_of, unit_source, units_of,
};
pub(crate) use report::{Outcome, UnitReport, report_schema, report_stream};
pub(crate) use runner::{Finished, Stage, run_stage};
