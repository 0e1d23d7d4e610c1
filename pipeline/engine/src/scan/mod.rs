//! Reading the corpus: the only code that opens input files after the footers.

mod node;
mod reader;
mod text;

pub(crate) use node::{UnitScan, Unreadable, lost};
pub(crate) use reader::{AsWritten, RowSet, column, read_as_written, read_leaves};
pub(crate) use text::{IDENTITY, Passage, SCAN_COLUMNS, each_passage, passages};
