//! The run folder: names and types of its tables, writing, reading and checking them.
//!
//! The tables hold ids, hashes, numbers and byte ranges, never document text, so
//! that a ledger can be shared when the corpus cannot. Column names are defined
//! here, in [`schema`], and nowhere else.

mod error;
mod fate;
pub mod folder;
mod manifest;
mod recut;
mod run;
pub mod schema;
mod table;
mod verify;

pub use error::{LedgerError, is_full, says_full};
pub use fate::{Fate, fates};
pub use folder::Folder;
pub use manifest::{FileRecord, Manifest};
pub use recut::{Recut, row_bytes};
pub use run::{
    Counts, CrossingRecord, CurveRecord, FORMAT, FileCounts, Format, ImportRecord, InputRecord,
    OutputRecord, ReasonCount, RunRecord, SharedRecord, StepCounts, Timing, Unreadable,
};
pub use table::{Batches, TableWriter, WriterSettings, batches, batches_of, read_table};
pub use verify::{Finding, verify};
