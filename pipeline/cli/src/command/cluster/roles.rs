//! The roles, where the cluster engine was built in.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use assay_engine::{
    ClusterOptions, ExecutorOptions, SchedulerOptions, Token, serve_executor, serve_scheduler,
};
use clap::Args;

use crate::{Exit, app::Common, command::block_on, error::CliError, terminal};

/// Hand out the work of runs to executors.
///
/// Runs are sent here with `--cluster http://HOST:PORT`. Every member needs the same
/// token, and sees the input and the run folder under the same absolute paths.
#[derive(Debug, Args)]
pub(crate) struct Scheduler {
    /// Address to listen at; the default is heard on this machine only.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:50050")]
    bind: SocketAddr,
}

/// Do work that a scheduler hands out, as many units at a time as `--threads` says.
#[derive(Debug, Args)]
pub(crate) struct Executor {
    /// Address of the scheduler.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:50050")]
    scheduler: String,

    /// Address at which other members fetch intermediate rows; the default is heard on
    /// this machine only.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:50051")]
    bind: SocketAddr,

    /// Name or address of this machine for the others, if not that of --bind.
    #[arg(long, value_name = "HOST")]
    advertise: Option<String>,

    /// Folder for intermediate rows [default: one below the system's temporary folder].
    #[arg(long, value_name = "DIR")]
    work: Option<PathBuf>,
}

impl Scheduler {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, CliError> {
        let options = SchedulerOptions { bind: self.bind, token: token(common)? };
        if !common.quiet {
            terminal::say(format_args!("listening at http://{}", self.bind));
        }
        block_on(common.threads(), async { Ok(serve_scheduler(options).await?) })?;
        Ok(Exit::Ok)
    }
}

impl Executor {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, CliError> {
        let any = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        if self.bind.ip() == any && self.advertise.is_none() {
            return Err(CliError::usage(
                "--bind 0.0.0.0 tells the others no address of this machine",
                "add --advertise HOST",
            ));
        }
        let usual = || std::env::temp_dir().join(format!("assay-executor-{}", self.bind.port()));
        let options = ExecutorOptions {
            scheduler: address(&self.scheduler)?,
            bind: self.bind,
            advertise: self.advertise.clone(),
            work: self.work.clone().unwrap_or_else(usual),
            threads: common.threads(),
            memory: common.max_memory() / 2,
            token: token(common)?,
        };
        if !common.quiet {
            terminal::say(format_args!("working for {}", self.scheduler));
        }
        block_on(common.threads(), async { Ok(serve_executor(options).await?) })?;
        Ok(Exit::Ok)
    }
}

/// Where a run is sent, if it is sent.
pub(crate) fn options(common: &Common) -> Result<Option<ClusterOptions>, CliError> {
    let Some(url) = &common.cluster else { return Ok(None) };
    let (host, port) = address(url)?;
    Ok(Some(ClusterOptions { url: format!("http://{host}:{port}"), token: token(common)? }))
}

fn token(common: &Common) -> Result<Token, CliError> {
    Ok(Token::load(common.token_file.as_deref())?)
}

/// Host and port of a URL.
fn address(url: &str) -> Result<(String, u16), CliError> {
    let rest = url.strip_prefix("http://").unwrap_or(url).trim_end_matches('/');
    let (host, port) = rest.rsplit_once(':').unwrap_or((rest, "50050"));
    match port.parse() {
        Ok(port) if !host.is_empty() && !host.contains('/') => Ok((host.to_owned(), port)),
        _ => Err(CliError::usage(
            format!("{url:?} is no address of a scheduler"),
            "write it as http://HOST:PORT",
        )),
    }
}
