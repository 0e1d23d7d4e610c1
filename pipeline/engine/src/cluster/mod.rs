//! Runs on a cluster of other processes, through Ballista: the same stages, the same
//! plans, the same bytes.
//!
//! A scheduler hands out partitions, executors do the work on them, and the process that
//! was started by the user drives the run: it finds the input, keeps the journal and
//! commits. All of them see the run folder and the input under the same absolute paths.
//!
//! Nodes travel as data ([`codec`]). Adaptive planning is off: with it a job hangs when an
//! executor is lost. One partition is one task, so that little is repeated then.

mod client;
mod codec;
mod executor;
mod scheduler;
mod token;

pub(crate) use client::Cluster;
pub use executor::{ExecutorOptions, serve_executor};
pub use scheduler::{SchedulerOptions, serve_scheduler};
pub use token::Token;

use std::sync::Arc;

use ballista_core::{
    config::{BALLISTA_ADAPTIVE_PLANNER_ENABLED, BALLISTA_CLIENT_GRPC_MAX_MESSAGE_SIZE},
    extension::SessionConfigExt,
};
use datafusion::prelude::SessionConfig;

use codec::Codec;

/// Where a run is sent.
#[derive(Debug, Clone)]
pub struct ClusterOptions {
    /// Address of the scheduler: `http://HOST:PORT`.
    pub url: String,
    /// Proves that the run may be sent there.
    pub token: Token,
}

/// Most bytes of a message between processes. Plans are small; wide reports are not.
const MESSAGE_BYTES: u32 = 128 << 20;

/// Settings of every session that plans or runs something for the cluster.
fn session_config(token: &Token) -> SessionConfig {
    SessionConfig::new_with_ballista()
        .with_ballista_physical_extension_codec(Arc::new(Codec::default()))
        .with_ballista_override_create_grpc_client_endpoint(token.endpoint())
        .set_bool(BALLISTA_ADAPTIVE_PLANNER_ENABLED, false)
        .set_str("ballista.scheduler.max_partitions_per_task", "1")
        .set_str(BALLISTA_CLIENT_GRPC_MAX_MESSAGE_SIZE, &MESSAGE_BYTES.to_string())
}
