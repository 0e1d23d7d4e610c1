//! Answers drawn from a run folder, and from nothing else.
//!
//! [`Ledger`] asks the run's tables in SQL, [`summary_text`] says in a terminal what
//! happened, [`write_report`] writes the page that can be handed on, [`compare`] sets
//! two runs side by side. None of them opens the corpus or computes a number again
//! that the ledger holds.

mod cells;
mod compare;
mod error;
mod figures;
#[cfg(test)]
mod fixture;
mod html;
mod language;
mod page;
mod query;
mod strings;
mod summary;
mod tables;
mod unseen;

pub use compare::{Change, Comparison, Example, Matching, Side, Turn, compare};
pub use error::ReportError;
pub use language::Language;
pub use page::write_report;
pub use query::Ledger;
pub use summary::summary_text;
