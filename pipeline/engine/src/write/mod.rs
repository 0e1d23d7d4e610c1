//! Pass 3: the rows that stay, and those that are set aside, as they came.

mod edit;
mod task;

pub(crate) use task::{WriteReport, WriteTask};
