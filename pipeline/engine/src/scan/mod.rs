//! Reading the corpus: the only code that opens input files after the footers.

mod node;
mod reader;
mod text;

pub(crate) use node::{UnitScan, Unreadable, lost};
pub(crate) use reader::{AsWritten, RowSet, read_as_written};
pub(crate) use text::{IDENTITY, Passage, SCAN_COLUMNS, each_passage, passages};
