//! One file per command: its arguments, one call, its words.

pub(crate) mod cluster;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod gc;
pub(crate) mod init;
pub(crate) mod measure;
pub(crate) mod operators;
pub(crate) mod plan;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod sql;
pub(crate) mod verify;

use std::future::Future;

use clap::ValueEnum;

use crate::error::CliError;

/// Language of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageLanguage {
    /// English.
    En,
    /// Chinese.
    Zh,
}

impl PageLanguage {
    /// The language asked for, else that of the terminal.
    pub(crate) fn or_usual(asked: Option<Self>) -> assay_report::Language {
        let usual = || {
            let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
            let lang = set("LC_ALL").or_else(|| set("LANG"));
            if lang.is_some_and(|lang| lang.starts_with("zh")) { Self::Zh } else { Self::En }
        };
        match asked.unwrap_or_else(usual) {
            Self::En => assay_report::Language::En,
            Self::Zh => assay_report::Language::Zh,
        }
    }
}

/// Runs `work` on `threads` threads.
pub(crate) fn block_on<T>(
    threads: usize,
    work: impl Future<Output = Result<T, CliError>>,
) -> Result<T, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // One more than the work takes, so that a signal is heard while all are busy.
        .worker_threads(threads + 1)
        // A fused pass over long documents needs more than the usual two megabytes.
        .thread_stack_size(8 << 20)
        .enable_all()
        .build()
        .map_err(CliError::io("threads cannot be started"))?;
    runtime.block_on(work)
}
