//! What is said where the cluster engine was not built in.

use std::ffi::OsString;

use clap::Args;

use crate::{Exit, app::Common, error::CliError};

/// Hand out the work of runs to executors (in builds with the feature `cluster`).
#[derive(Debug, Args)]
pub(crate) struct Scheduler {
    #[command(flatten)]
    rest: Rest,
}

/// Do work that a scheduler hands out (in builds with the feature `cluster`).
#[derive(Debug, Args)]
pub(crate) struct Executor {
    #[command(flatten)]
    rest: Rest,
}

#[derive(Debug, Args)]
struct Rest {
    /// Whatever follows.
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

impl Scheduler {
    pub(crate) fn run(&self, _: &Common) -> Result<Exit, CliError> {
        self.rest.refuse()
    }
}

impl Executor {
    pub(crate) fn run(&self, _: &Common) -> Result<Exit, CliError> {
        self.rest.refuse()
    }
}

impl Rest {
    fn refuse(&self) -> Result<Exit, CliError> {
        let _ = &self.arguments;
        Err(not_built())
    }
}

/// The error of everything that needs a cluster.
pub(crate) fn not_built() -> CliError {
    CliError::usage(
        "this assay was built without the cluster engine",
        "build it with `cargo build --release --features cluster`",
    )
}
