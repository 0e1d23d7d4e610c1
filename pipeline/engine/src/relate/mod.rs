//! Pass 2: which rows belong together. Works on narrow rows, never on text.

mod exact;
mod members;
mod rank;
mod task;

pub(crate) use exact::{ExactStep, GroupCount};
pub(crate) use members::Members;
pub(crate) use task::{KeysReport, KeysTask};
