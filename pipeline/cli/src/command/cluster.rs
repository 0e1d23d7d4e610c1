//! `assay scheduler` and `assay executor`: the other processes of a cluster.

#[cfg(feature = "cluster")]
mod roles;
#[cfg(not(feature = "cluster"))]
mod without;

#[cfg(feature = "cluster")]
pub(crate) use roles::{Executor, Scheduler, options};
#[cfg(not(feature = "cluster"))]
pub(crate) use without::{Executor, Scheduler, not_built};
