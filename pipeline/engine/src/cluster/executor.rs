//! A process that does work.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use arrow_flight::flight_service_server::FlightServiceServer;
use ballista_core::{
    config::TaskSchedulingPolicy, error::BallistaError, utils::create_grpc_server,
};
use ballista_executor::{
    ArrowFlightServerProvider,
    executor_process::{ExecutorProcessConfig, start_executor_process},
    flight_service::BallistaFlightService,
};
use tonic::service::interceptor::InterceptedService;

use super::{MESSAGE_BYTES, Token, codec::Codec, session_config};
use crate::EngineError;

/// How an executor runs.
#[derive(Debug, Clone)]
pub struct ExecutorOptions {
    /// Host and port of the scheduler.
    pub scheduler: (String, u16),
    /// Address at which others fetch what was made here.
    pub bind: SocketAddr,
    /// Name of this machine for the others, if not the address above.
    pub advertise: Option<String>,
    /// Folder for intermediate rows.
    pub work: PathBuf,
    /// Units that are worked on at a time.
    pub threads: usize,
    /// Bytes of memory that queries may use.
    pub memory: u64,
    /// What members have to show.
    pub token: Token,
}

/// Seconds between two looks for intermediate rows that have served, and their age then.
const CLEAN_EVERY: u64 = 600;
const CLEAN_AFTER: u64 = 6 * 3600;

/// Works until the process is interrupted.
///
/// # Errors
///
/// If the scheduler does not answer or the address cannot be listened at.
pub async fn serve_executor(options: ExecutorOptions) -> Result<(), EngineError> {
    let (scheduler_host, scheduler_port) = options.scheduler;
    let url = format!("http://{scheduler_host}:{scheduler_port}");
    std::fs::create_dir_all(&options.work).map_err(EngineError::io("created", &options.work))?;
    let (token, sessions) = (options.token.clone(), options.token.clone());
    let config = ExecutorProcessConfig {
        bind_host: options.bind.ip().to_string(),
        port: options.bind.port(),
        external_host: options.advertise.or_else(|| Some(options.bind.ip().to_string())),
        scheduler_host,
        scheduler_port,
        vcores: options.threads,
        task_scheduling_policy: TaskSchedulingPolicy::PullStaged,
        work_dir: Some(options.work.display().to_string()),
        job_data_ttl_seconds: CLEAN_AFTER,
        job_data_clean_up_interval_seconds: CLEAN_EVERY,
        grpc_max_decoding_message_size: MESSAGE_BYTES,
        grpc_max_encoding_message_size: MESSAGE_BYTES,
        memory_pool_size: Some(options.memory),
        override_physical_codec: Some(Arc::new(Codec::default())),
        override_config_producer: Some(Arc::new(move || session_config(&sessions))),
        override_create_grpc_client_endpoint: Some(token.endpoint()),
        override_arrow_flight_service: Some(flight_service(token)),
        ..ExecutorProcessConfig::default()
    };
    start_executor_process(Arc::new(config))
        .await
        .map_err(|error| EngineError::Cluster { url, problem: error.to_string() })
}

/// Serves intermediate rows to members of the cluster only.
fn flight_service(token: Token) -> Arc<ArrowFlightServerProvider> {
    Arc::new(move |work, address, mut shutdown, settings| {
        let size = MESSAGE_BYTES as usize;
        let service = FlightServiceServer::new(BallistaFlightService::new(work))
            .max_decoding_message_size(size)
            .max_encoding_message_size(size);
        let service = InterceptedService::new(service, token.check());
        tokio::spawn(async move {
            create_grpc_server(&settings)
                .add_service(service)
                .serve_with_shutdown(address, async move { shutdown.recv().await })
                .await
                .map_err(BallistaError::TonicError)
        })
    })
}
