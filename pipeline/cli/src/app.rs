//! The commands, and the options they share.

use std::{ffi::OsString, path::PathBuf, sync::Arc};

use assay_engine::{Progress, RunOptions};
use clap::{Args, Parser, Subcommand};

use crate::{Exit, command, error::CliError, progress::Display};

/// Tells you what is in a training corpus, proves it, and writes the corpus you wanted.
#[derive(Debug, Parser)]
#[command(name = "assay", bin_name = "assay", version, max_term_width = 100)]
pub(crate) struct App {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    /// Work on this many units at a time; changes nothing in what comes out [default: all cores].
    #[arg(long, global = true, value_name = "N")]
    pub threads: Option<usize>,

    /// Use at most this much memory, such as 800MB or 4GiB [default: 70 % of what there is].
    #[arg(long, global = true, value_name = "SIZE", value_parser = memory)]
    pub max_memory: Option<u64>,

    /// Spill at most this much to disk, such as 50GB [default: what there is].
    #[arg(long, global = true, value_name = "SIZE", value_parser = size)]
    pub max_temp: Option<u64>,

    /// Let the cluster of the scheduler at this address do the work.
    #[arg(long, global = true, value_name = "URL")]
    pub cluster: Option<String>,

    /// The token of the cluster [default: one of your own, in your configuration folder].
    #[arg(long, global = true, value_name = "FILE")]
    pub token_file: Option<PathBuf>,

    /// Print JSON for programs on standard output.
    #[arg(long, global = true)]
    pub json: bool,

    /// Say nothing but errors.
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(command::run::Run),
    Plan(command::plan::Plan),
    Measure(command::measure::Measure),
    Explain(command::explain::Explain),
    Operators(command::operators::Operators),
    Report(command::report::Report),
    Compare(command::compare::Compare),
    Sql(command::sql::Sql),
    Verify(command::verify::Verify),
    Gc(command::gc::Gc),
    Init(command::init::Init),
    Doctor(command::doctor::Doctor),
    Scheduler(command::cluster::Scheduler),
    Executor(command::cluster::Executor),
    Completions(command::completions::Completions),
}

impl App {
    pub(crate) fn run(&self, arguments: &[OsString]) -> Result<Exit, CliError> {
        let common = &self.common;
        match &self.command {
            Command::Run(it) => it.run(common, arguments),
            Command::Plan(it) => it.run(common),
            Command::Measure(it) => it.run(common, arguments),
            Command::Explain(it) => it.run(common),
            Command::Operators(it) => it.run(common),
            Command::Report(it) => it.run(common),
            Command::Compare(it) => it.run(common),
            Command::Sql(it) => it.run(common),
            Command::Verify(it) => it.run(common),
            Command::Gc(it) => it.run(common),
            Command::Init(it) => it.run(common),
            Command::Doctor(it) => it.run(common),
            Command::Scheduler(it) => it.run(common),
            Command::Executor(it) => it.run(common),
            Command::Completions(it) => it.run(),
        }
    }
}

impl Common {
    /// Units that are worked on at a time.
    pub(crate) fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.filter(|threads| 0 < *threads).unwrap_or_else(cores)
    }

    /// How a run over `inputs` into `out` is done.
    pub(crate) fn run_options(
        &self,
        inputs: Vec<String>,
        out: PathBuf,
        arguments: &[OsString],
    ) -> Result<RunOptions, CliError> {
        let progress = Arc::new(Progress::default());
        #[cfg(not(feature = "cluster"))]
        if self.cluster.is_some() {
            return Err(command::cluster::not_built());
        }
        Ok(RunOptions {
            inputs,
            out,
            threads: self.threads(),
            max_memory: self.max_memory(),
            max_temp: self.max_temp.unwrap_or(u64::MAX),
            #[cfg(feature = "cluster")]
            cluster: command::cluster::options(self)?,
            allow_empty: false,
            command: arguments.iter().map(|it| it.to_string_lossy().into_owned()).collect(),
            observer: Display::new(self.quiet).observer(&progress),
            progress,
        })
    }

    /// Bytes of memory that may be used.
    pub(crate) fn max_memory(&self) -> u64 {
        self.max_memory
            .unwrap_or_else(|| command::doctor::memory().map_or(4 << 30, |it| it / 10 * 7))
    }
}

fn size(text: &str) -> Result<u64, String> {
    let size = text.parse().map(|size: bytesize::ByteSize| size.as_u64());
    size.map_err(|_| "is not a size such as 800MB or 4GiB".to_owned())
}

fn memory(text: &str) -> Result<u64, String> {
    match size(text)? {
        enough if 64 << 20 <= enough => Ok(enough),
        _ => Err("is too small; a run needs at least 64MiB".to_owned()),
    }
}
