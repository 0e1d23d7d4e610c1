//! The process that hands out work.

use std::{net::SocketAddr, sync::Arc};

use ballista_core::{
    config::TaskSchedulingPolicy, serde::protobuf::scheduler_grpc_server::SchedulerGrpcServer,
};
use ballista_scheduler::{
    cluster::BallistaCluster, config::SchedulerConfig, scheduler_process::create_scheduler,
};
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use tonic::{service::interceptor::InterceptedService, transport::Server};

use super::{MESSAGE_BYTES, Token, codec::Codec, session_config};
use crate::EngineError;

/// How a scheduler runs.
#[derive(Debug, Clone)]
pub struct SchedulerOptions {
    /// Address to listen at.
    pub bind: SocketAddr,
    /// What members have to show.
    pub token: Token,
}

/// Seconds without a sign of an executor after which its work is given to others.
const EXECUTOR_TIMEOUT: u64 = 60;

/// Serves until the process is interrupted.
///
/// # Errors
///
/// If the address cannot be listened at.
pub async fn serve_scheduler(options: SchedulerOptions) -> Result<(), EngineError> {
    let SchedulerOptions { bind, token } = options;
    let failed = |problem: String| EngineError::Cluster { url: format!("http://{bind}"), problem };
    let sessions = token.clone();
    let config = SchedulerConfig {
        bind_host: bind.ip().to_string(),
        bind_port: bind.port(),
        // Executors ask for work: they need no port of their own for it.
        scheduling_policy: TaskSchedulingPolicy::PullStaged,
        executor_timeout_seconds: EXECUTOR_TIMEOUT,
        no_executors_grace_period_seconds: EXECUTOR_TIMEOUT,
        grpc_server_max_decoding_message_size: MESSAGE_BYTES,
        grpc_server_max_encoding_message_size: MESSAGE_BYTES,
        grpc_client_max_message_size: MESSAGE_BYTES,
        override_physical_codec: Some(Arc::new(Codec::default())),
        override_create_grpc_client_endpoint: Some(token.endpoint()),
        override_config_producer: Some(Arc::new(move || session_config(&sessions))),
        ..SchedulerConfig::default()
    };
    config.validate().map_err(|error| failed(error.to_string()))?;
    let cluster = BallistaCluster::new_from_config(&config).await;
    let cluster = cluster.map_err(|error| failed(error.to_string()))?;
    let scheduler =
        create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, Arc::new(config)).await;
    let scheduler = scheduler.map_err(|error| failed(error.to_string()))?;
    let size = MESSAGE_BYTES as usize;
    let service = SchedulerGrpcServer::new(scheduler)
        .max_decoding_message_size(size)
        .max_encoding_message_size(size);
    Server::builder()
        .add_service(InterceptedService::new(service, token.check()))
        .serve_with_shutdown(bind, async {
            // Without a way to hear the signal, the process ends with it.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        })
        .await
        .map_err(|error| failed(format!("cannot be listened at: {error:?}")))
}
