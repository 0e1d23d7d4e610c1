//! Formats without row groups, and Arrow IPC, as Parquet with every row accounted for.
//!
//! Whatever comes in, one Parquet file comes out: one row per input record, in order,
//! the columns of the source, then [`PROBLEM`] and [`RAW`] for the records that could
//! not be read. Measuring and writing therefore know one format only, and no record
//! is lost between the source and the ledger.
//!
//! | source | record | columns |
//! |---|---|---|
//! | JSONL | line | united over all lines, in order of first appearance |
//! | CSV, TSV | record after the header | all text, as they are: `007` stays `007` |
//! | Arrow IPC | row | as they are, dictionaries unpacked |
//! | `.txt`, `.md` | file | `path`, `text` |
//!
//! JSON numbers are 64-bit integers or 64-bit floats. A field that mixes floats with
//! integers beyond 2^53, or holds integers beyond 64 bits, or values of several types,
//! is kept as text: strings as they are, anything else as compact JSON. So is an object
//! inside a record with more than 1,000 different names, and what is nested deeper than
//! 24 levels.

mod delimited;
mod error;
mod ipc;
mod json;
mod jsonl;
mod lines;
mod output;
mod source;
mod texts;

use std::path::{Path, PathBuf};

use assay_ledger::{FileRecord, Folder};

pub use error::IngestError;

/// Column that says why a record could not be read: one of
/// [`assay_ledger::schema::problem`], else null.
pub const PROBLEM: &str = "__assay_problem";
/// Column with the bytes of a record that could not be read, without its line end.
pub const RAW: &str = "__assay_raw";

/// A format that is ingested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object per line.
    Jsonl,
    /// Records with a header, between commas, or tabs if the name says `.tsv`.
    Csv,
    /// Arrow IPC, as a file or as a stream.
    Arrow,
    /// One document per file.
    Text,
}

/// The format of a file by its name; `None` for Parquet and for what is unknown.
///
/// `.json` alone is no format: it is as often one document as it is lines.
#[must_use]
pub fn format_of(path: &Path) -> Option<Format> {
    let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
    let (stem, packed) = match name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")) {
        Some(stem) => (stem, true),
        None => (name.as_str(), false),
    };
    match (stem.rsplit_once('.')?.1, packed) {
        ("jsonl" | "ndjson", _) | ("json", true) => Some(Format::Jsonl),
        ("csv" | "tsv", _) => Some(Format::Csv),
        ("arrow" | "feather" | "ipc", false) => Some(Format::Arrow),
        ("txt" | "md", false) => Some(Format::Text),
        _ => None,
    }
}

/// What became of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ingested {
    /// Records, broken ones included.
    pub rows: u64,
    /// Records that could not be read.
    pub broken: u64,
    /// The written file.
    pub record: FileRecord,
    /// What a person should know about the source.
    pub warnings: Vec<String>,
    /// Why the source ended early, if it did; what was read until then is kept.
    pub incomplete: Option<String>,
}

/// Writes `source` as the Parquet file `relative` below `folder`.
///
/// `plain_columns` are columns of long text, for which a dictionary does not pay.
/// Equal sources give equal bytes, whatever the number of threads.
pub fn ingest(
    format: Format,
    source: &Path,
    folder: &Folder,
    relative: &str,
    plain_columns: &[String],
) -> Result<Ingested, IngestError> {
    let target = output::Target { folder, relative, plain_columns };
    match format {
        Format::Jsonl => jsonl::ingest(source, &target),
        Format::Csv => delimited::ingest(source, &target),
        Format::Arrow => ipc::ingest(source, &target),
        Format::Text => {
            let name = source.file_name().unwrap_or_default().to_string_lossy().into_owned();
            ingest_texts(&[(name, source.to_owned())], folder, relative)
        }
    }
}

/// Writes text files, given by name and place, as one Parquet file with a row for each.
///
/// Length is no concern here: how long a document may be is judged when it is measured.
pub fn ingest_texts(
    files: &[(String, PathBuf)],
    folder: &Folder,
    relative: &str,
) -> Result<Ingested, IngestError> {
    let plain_columns = [texts::TEXT.to_owned()];
    let target = output::Target { folder, relative, plain_columns: &plain_columns };
    texts::ingest(files, &target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_name() {
        let of = |name: &str| format_of(Path::new(name));
        for name in ["a.jsonl", "a.NDJSON", "d/a.b.jsonl.gz", "a.json.gz", "a.ndjson.zst"] {
            assert_eq!(of(name), Some(Format::Jsonl), "{name}");
        }
        for name in ["a.csv", "a.tsv.zst"] {
            assert_eq!(of(name), Some(Format::Csv), "{name}");
        }
        assert_eq!(of("a.feather"), Some(Format::Arrow));
        assert_eq!(of("README.md"), Some(Format::Text));
        for name in ["a.parquet", "a.json", "a.txt.gz", "a.arrow.gz", "jsonl", "a.gz", ".."] {
            assert_eq!(of(name), None, "{name}");
        }
    }
}
