//! Facts that are not measured in the text: computed from the others, unit by unit, and put
//! in their place among them. No text is read, but columns beside it.

mod column;
mod ready;
mod task;

pub(crate) use column::check_columns;
pub(crate) use ready::Derivers;
pub(crate) use task::{DeriveReport, DeriveTask};
