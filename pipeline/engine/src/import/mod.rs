//! Values from the user's own tables, brought into the order of the documents. Narrow rows
//! only; what has to be sorted is sorted by queries that spill.

mod merge;
mod step;
mod table;
mod task;
mod values;

pub(crate) use step::{Import, ImportStep};
pub(crate) use table::check_tables;
pub(crate) use task::{IdsReport, IdsTask};
pub(crate) use values::Values;
