//! What a run tells those who watch it. Events never carry document text.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum RunEvent {
    /// The input is known.
    InputRead {
        /// Files.
        files: usize,
        /// Rows by the footers.
        rows: u64,
        /// Bytes on disk.
        bytes: u64,
    },
    /// A stage begins.
    StageStarted {
        /// Name of the stage.
        stage: &'static str,
        /// Units of work.
        units: u64,
        /// Rows in them.
        rows: u64,
        /// Units that an earlier attempt has finished.
        resumed: u64,
    },
    /// A stage is done.
    StageFinished {
        /// Name of the stage.
        stage: &'static str,
        /// Seconds on the clock.
        seconds: f64,
    },
    /// Something that a person should know, and that is also in the record.
    Warning(String),
}

/// Takes the events of a run.
pub type Observer = Arc<dyn Fn(RunEvent) + Send + Sync>;

/// Counters that can be read while a stage runs, and the wish to stop.
#[derive(Debug, Default)]
pub struct Progress {
    rows: AtomicU64,
    text_bytes: AtomicU64,
    stop: AtomicBool,
}

impl Progress {
    /// Rows done in the present stage.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }

    /// Bytes of text done in the present stage.
    #[must_use]
    pub fn text_bytes(&self) -> u64 {
        self.text_bytes.load(Ordering::Relaxed)
    }

    /// Asks the run to stop after the units at hand.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked to stop.
    #[must_use]
    pub fn stopping(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    pub(crate) fn add(&self, rows: u64, text_bytes: u64) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
        self.text_bytes.fetch_add(text_bytes, Ordering::Relaxed);
    }

    pub(crate) fn restart(&self) {
        self.rows.store(0, Ordering::Relaxed);
        self.text_bytes.store(0, Ordering::Relaxed);
    }
}
