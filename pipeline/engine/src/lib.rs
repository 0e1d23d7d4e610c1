//! Runs plans on DataFusion: reads, measures, relates, decides and writes.
//!
//! The flow of a run is in [`run`](fn@run); the passes are the modules in its order:
//! `input`, `measure`, `relate`, `decide`, `write`.

mod assets;
#[cfg(feature = "cluster")]
mod cluster;
mod decide;
mod derive;
mod error;
mod event;
mod excerpts;
mod explain;
mod import;
mod input;
mod measure;
mod preview;
mod ready;
mod relate;
mod run;
mod scan;
mod scope;
mod session;
mod sql;
mod stage;
mod write;

#[cfg(feature = "cluster")]
pub use cluster::{
    ClusterOptions, ExecutorOptions, SchedulerOptions, Token, serve_executor, serve_scheduler,
};
pub use error::EngineError;
pub use event::{Observer, Progress, RunEvent};
pub use explain::{Evidence, Explanation, explain};
pub use preview::{AgainstPreview, Preview, StepPreview, preview};
pub use run::{MeasuredOnly, RunOptions, RunResult, measure_only, run};
