//! What runs plans: this process, or a cluster.

use std::{panic::AssertUnwindSafe, sync::Arc};

use datafusion::{
    common::Result, execution::TaskContext, physical_plan::ExecutionPlan, prelude::SessionContext,
};
use futures::{FutureExt, StreamExt, stream::BoxStream};
use tokio::task::JoinSet;

use super::UnitReport;
use crate::{EngineError, Progress, error::unwrapped, input::Unit};

/// Builds the plan whose partitions do the work on these units.
pub(crate) type Make<'m> = &'m (dyn Fn(&[Unit]) -> Result<Arc<dyn ExecutionPlan>> + Sync);

/// Runs plans. What comes out does not depend on which engine it is.
pub(crate) trait Engine: Send + Sync {
    /// Where queries over narrow rows are made.
    fn session(&self) -> &SessionContext;

    /// Does the work on every unit and says of each what became of it, in any order.
    /// Ends early if the run is to stop.
    fn run<'r>(
        &'r self,
        units: &'r [Unit],
        make: Make<'r>,
    ) -> BoxStream<'r, Result<UnitReport, EngineError>>;
}

/// This process: a few partitions at a time.
pub(crate) struct Local {
    pub session: SessionContext,
    /// Units that are worked on at a time.
    pub threads: usize,
    pub progress: Arc<Progress>,
}

impl Engine for Local {
    fn session(&self) -> &SessionContext {
        &self.session
    }

    fn run<'r>(
        &'r self,
        units: &'r [Unit],
        make: Make<'r>,
    ) -> BoxStream<'r, Result<UnitReport, EngineError>> {
        let plan = match make(units) {
            Ok(plan) => plan,
            Err(error) => return futures::stream::iter([Err(unwrapped(error))]).boxed(),
        };
        let context = self.session.task_ctx();
        let mut next = 0;
        let mut running: JoinSet<Result<UnitReport, EngineError>> = JoinSet::new();
        futures::stream::poll_fn(move |waker| {
            while running.len() < self.threads && next < units.len() && !self.progress.stopping() {
                running.spawn(one(plan.clone(), next, context.clone()));
                next += 1;
            }
            running.poll_join_next(waker).map(|joined| {
                joined.map(|joined| {
                    joined.unwrap_or_else(|error| Err(EngineError::Broken(error.to_string())))
                })
            })
        })
        .boxed()
    }
}

/// Runs one partition; a panic becomes an error, so that the run ends in order.
async fn one(
    plan: Arc<dyn ExecutionPlan>,
    partition: usize,
    context: Arc<TaskContext>,
) -> Result<UnitReport, EngineError> {
    let work = async {
        let mut reports = plan.execute(partition, context).map_err(unwrapped)?;
        let mut last = None;
        while let Some(batch) = reports.next().await {
            last = UnitReport::read(&batch.map_err(unwrapped)?)?.pop();
        }
        last.ok_or_else(|| EngineError::Broken("a unit made no report".into()))
    };
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|_| {
        Err(EngineError::Broken("a task panicked; its message stands above".into()))
    })
}
