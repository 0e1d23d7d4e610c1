//! Sends the stages of a run to a scheduler.

use std::sync::Arc;

use ballista_core::{
    config::BallistaConfig,
    execution_plans::execute_physical_plan,
    extension::{SessionConfigExt, SessionStateExt},
    utils::{GrpcClientConfig, create_grpc_client_endpoint},
};
use datafusion::{
    execution::{SendableRecordBatchStream, SessionStateBuilder},
    prelude::SessionContext,
};
use datafusion_proto::protobuf::PhysicalPlanNode;
use futures::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};

use super::{ClusterOptions, session_config};
use crate::{
    EngineError, Progress,
    input::Unit,
    stage::{Engine, Make, UnitReport},
};

/// A cluster, as the run that drives it sees it.
pub(crate) struct Cluster {
    session: SessionContext,
    url: String,
    progress: Arc<Progress>,
}

/// Units that are sent as one job. Reports come when a job is done, so this is what an
/// interruption costs at most, times [`JOBS`].
const WAVE: usize = 64;
/// Jobs at a time, so that executors are not idle while one ends.
const JOBS: usize = 4;

impl Cluster {
    /// Finds the scheduler.
    pub(crate) async fn connect(
        options: &ClusterOptions,
        partitions: usize,
        progress: Arc<Progress>,
    ) -> Result<Self, EngineError> {
        let url = options.url.clone();
        let lost = |problem: String| EngineError::Cluster { url: options.url.clone(), problem };
        let config = session_config(&options.token)
            .with_target_partitions(partitions)
            .with_ballista_job_name("assay");
        let grpc = GrpcClientConfig::from(&config.ballista_config());
        let endpoint = create_grpc_client_endpoint(url.clone(), Some(&grpc));
        let endpoint = endpoint.map_err(|error| lost(format!("is no address: {error}")))?;
        endpoint.connect().await.map_err(|error| {
            lost(format!("no scheduler answers there ({})", root_cause(&error)))
        })?;
        let state = SessionStateBuilder::new().with_default_features().with_config(config).build();
        let session = SessionContext::new_with_state(state.upgrade_for_ballista(url.clone())?);
        Ok(Self { session, url, progress })
    }

    /// Does the work on a few units as one job.
    async fn wave(&self, units: &[Unit], make: Make<'_>) -> Result<Vec<UnitReport>, EngineError> {
        if self.progress.stopping() {
            return Ok(Vec::new());
        }
        let batches = self.submit(units, make).await.map_err(|error| self.lost(&error))?;
        let batches: Vec<_> = batches.try_collect().await.map_err(|error| self.lost(&error))?;
        let mut reports = Vec::with_capacity(units.len());
        for batch in &batches {
            reports.extend(UnitReport::read(batch)?);
        }
        self.progress.add(units.iter().map(|unit| unit.rows).sum(), 0);
        Ok(reports)
    }

    async fn submit(
        &self,
        units: &[Unit],
        make: Make<'_>,
    ) -> datafusion::common::Result<SendableRecordBatchStream> {
        let config = self.session.copied_config();
        execute_physical_plan::<PhysicalPlanNode>(
            self.url.clone(),
            &BallistaConfig::default(),
            make(units)?,
            config.ballista_physical_extension_codec().as_ref(),
            self.session.session_id(),
            config,
        )
        .await
    }

    fn lost(&self, error: &datafusion::error::DataFusionError) -> EngineError {
        EngineError::Cluster { url: self.url.clone(), problem: error.strip_backtrace() }
    }
}

impl Engine for Cluster {
    fn session(&self) -> &SessionContext {
        &self.session
    }

    fn run<'r>(
        &'r self,
        units: &'r [Unit],
        make: Make<'r>,
    ) -> BoxStream<'r, Result<UnitReport, EngineError>> {
        stream::iter(units.chunks(WAVE))
            .map(move |units| self.wave(units, make))
            .buffer_unordered(JOBS)
            .map_ok(|reports| stream::iter(reports.into_iter().map(Ok)))
            .try_flatten()
            .boxed()
    }
}

/// The last of the reasons that an error names: the one of the operating system.
fn root_cause(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}
