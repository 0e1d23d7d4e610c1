//! `run.json`: what was run, on what, with which result.

use std::{collections::BTreeMap, fs, io::Write, path::Path};

use serde::{Deserialize, Serialize};

use crate::LedgerError;

/// Version of the run folder's format. Minor versions only add.
pub const FORMAT: Format = Format { major: 1, minor: 2 };

/// Version of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Format {
    /// Raised when an old reader would misread.
    pub major: u32,
    /// Raised when something is added.
    pub minor: u32,
}

/// The record of a finished run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Version of the folder's format.
    pub format: Format,
    /// Version of the program.
    pub version: String,
    /// Name of the recipe.
    pub recipe: String,
    /// The plan, complete.
    pub plan: serde_json::Value,
    /// Identifies what was measured.
    pub measure_hash: String,
    /// Identifies what was decided.
    pub decision_hash: String,
    /// How to repeat the run.
    pub command: Vec<String>,
    /// Files that were read, in order.
    pub inputs: Vec<InputRecord>,
    /// Files that the input was compared with, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub against: Vec<InputRecord>,
    /// Rows by what became of them.
    pub counts: Counts,
    /// The same by input file.
    pub files: Vec<FileCounts>,
    /// What each step measured and decided, in recipe order; rules follow.
    pub steps: Vec<StepCounts>,
    /// Rows by the step, rule or problem that decided, largest first.
    pub reasons: Vec<ReasonCount>,
    /// What was imported from the user's own tables, in recipe order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub imports: Vec<ImportRecord>,
    /// How steps propose near-duplicates, in recipe order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub curves: Vec<CurveRecord>,
    /// What steps took from rows because other documents have it too, in recipe order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared: Vec<SharedRecord>,
    /// Between which sources the rows that a step removed and those that stay instead stand, in
    /// recipe order, the most rows first; not all of them where there are many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub crossings: Vec<CrossingRecord>,
    /// Parts of the input that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// What a person should know.
    pub warnings: Vec<String>,
    /// Files that were written, by table.
    pub outputs: BTreeMap<String, OutputRecord>,
    /// XXH3 of `manifest.jsonl`.
    pub manifest_xxh3: String,
    /// Time spent, by stage.
    pub timings: Vec<Timing>,
}

/// One input file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputRecord {
    /// Root label and relative path.
    pub file: String,
    /// Where it was found.
    pub path: String,
    /// `parquet`, `jsonl`, `csv`, `arrow` or `text`.
    pub format: String,
    /// Bytes.
    pub size: u64,
    /// Changes when the file does: its time of change, or a store's entity tag.
    pub tag: String,
    /// XXH3 of the Parquet footer, of the ingested file's for other formats.
    pub footer_hash: String,
    /// Rows, if they could be counted.
    pub rows: Option<u64>,
    /// Name of the text columns that were read.
    pub text: Vec<String>,
}

/// The chance that two rows are proposed to be compared, by their similarity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CurveRecord {
    /// The step.
    pub step: String,
    /// Keys of a row.
    pub bands: u32,
    /// Hashes of a key.
    pub rows: u32,
    /// Similarity from which on a compared pair counts.
    pub similarity: f64,
    /// Similarity and chance, both from 0 to 1.
    pub points: Vec<(f64, f64)>,
}

/// What a step took from rows because other documents have it too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedRecord {
    /// The step.
    pub step: String,
    /// Different passages that enough documents have.
    pub passages: u64,
    /// Rows that lost some of their text.
    pub edited: u64,
    /// Rows of which nothing would have been left.
    pub emptied: u64,
    /// Bytes that went from both.
    pub bytes: u64,
}

/// Rows of one source that went because of rows of one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrossingRecord {
    /// The step.
    pub step: String,
    /// Source of the rows that went.
    pub went: String,
    /// Source of the rows that stay instead.
    pub stays: String,
    /// How many went.
    pub rows: u64,
}

/// Rows by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows that were read.
    pub rows: u64,
    /// Kept as they came.
    pub keep: u64,
    /// Kept and marked.
    pub flag: u64,
    /// Kept with an edited text.
    pub edit: u64,
    /// Set aside.
    pub quarantine: u64,
    /// Left out.
    pub drop: u64,
    /// Rows of the footer that could not be read.
    pub unreadable: u64,
    /// Bytes of text that were read.
    pub text_bytes: u64,
    /// Bytes of text in the kept rows, as they came.
    pub kept_text_bytes: u64,
}

impl Counts {
    /// Rows in `data/`.
    #[must_use]
    pub fn kept(&self) -> u64 {
        self.keep + self.flag + self.edit
    }

    /// Whether every row that was read has exactly one fate.
    #[must_use]
    pub fn balance(&self) -> bool {
        self.rows == self.kept() + self.quarantine + self.drop
    }

    /// Adds another part's counts.
    pub fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.keep += other.keep;
        self.flag += other.flag;
        self.edit += other.edit;
        self.quarantine += other.quarantine;
        self.drop += other.drop;
        self.unreadable += other.unreadable;
        self.text_bytes += other.text_bytes;
        self.kept_text_bytes += other.kept_text_bytes;
    }
}

/// Counts of one input file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileCounts {
    /// Root label and relative path.
    pub file: String,
    /// Rows by what became of them.
    pub counts: Counts,
    /// Rows that were not kept as they came, by the step, rule or problem that decided.
    pub reasons: BTreeMap<String, u64>,
}

/// What a step or rule saw.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepCounts {
    /// Name of the step or rule.
    pub name: String,
    /// Operator, `sql` for a rule.
    pub operator: String,
    /// What happens to rows outside.
    pub action: String,
    /// Rows inside the limits.
    pub within: u64,
    /// Rows outside a limit.
    pub outside: u64,
    /// Rows that could not be measured.
    pub unmeasured: u64,
    /// Rows that the step does not speak about.
    pub skipped: u64,
}

impl StepCounts {
    /// Adds what the step saw elsewhere.
    pub fn add(&mut self, other: &Self) {
        self.within += other.within;
        self.outside += other.outside;
        self.unmeasured += other.unmeasured;
        self.skipped += other.skipped;
    }
}

/// Rows by reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonCount {
    /// The step, rule or problem that decided.
    pub step: String,
    /// What became of the rows.
    pub action: String,
    /// How many.
    pub rows: u64,
    /// Bytes of their text.
    pub text_bytes: u64,
}

/// What a step imported from the user's own tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRecord {
    /// Name of the step.
    pub step: String,
    /// Documents that were measured.
    pub documents: u64,
    /// How many of them no row of the tables belongs to.
    pub documents_without_value: u64,
    /// Rows of the tables.
    pub values: u64,
    /// How many of them belong to no document.
    pub values_without_document: u64,
}

/// A part of the input that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreadable {
    /// Root label and relative path.
    pub file: String,
    /// First row, if known.
    pub first_row: Option<u64>,
    /// How many rows, if the footer says.
    pub rows: Option<u64>,
    /// Why.
    pub error: String,
}

/// Files of one table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputRecord {
    /// Files.
    pub files: u64,
    /// Rows.
    pub rows: u64,
    /// Bytes on disk.
    pub bytes: u64,
}

/// Time spent on a stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// Name of the stage.
    pub stage: String,
    /// Seconds on the clock.
    pub seconds: f64,
    /// Units of work, and how many of them were taken from an earlier attempt.
    pub units: u64,
    /// See [`units`](Self::units).
    pub resumed: u64,
}

impl RunRecord {
    /// Reads `run.json`.
    pub fn read(path: &Path) -> Result<Self, LedgerError> {
        let text = fs::read_to_string(path).map_err(|source| {
            let folder = path.parent().unwrap_or(path);
            match source.kind() {
                std::io::ErrorKind::NotFound => LedgerError::NoRun { path: folder.into() },
                _ => LedgerError::Io { doing: "read", path: path.into(), source },
            }
        })?;
        let json = |source| LedgerError::Json { path: path.into(), source };
        let value: serde_json::Value = serde_json::from_str(&text).map_err(json)?;
        let found = value["format"]["major"].as_u64().unwrap_or(0);
        if u64::from(FORMAT.major) < found {
            let found = u32::try_from(found).unwrap_or(u32::MAX);
            return Err(LedgerError::Format { path: path.into(), found, known: FORMAT.major });
        }
        serde_json::from_value(value).map_err(json)
    }

    /// Writes `run.json` in one step: it is there as a whole or not at all.
    pub fn write(&self, path: &Path) -> Result<(), LedgerError> {
        let json = |source| LedgerError::Json { path: path.into(), source };
        let mut text = serde_json::to_vec_pretty(self).map_err(json)?;
        text.push(b'\n');
        replace(path, &text)
    }
}

/// Puts `bytes` at `path` in one step, on disk before it gets its name.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), LedgerError> {
    let temporary = path.with_extension("tmp");
    let mut file = fs::File::create(&temporary).map_err(LedgerError::io("written", &temporary))?;
    file.write_all(bytes).map_err(LedgerError::io("written", &temporary))?;
    file.sync_all().map_err(LedgerError::io("written", &temporary))?;
    fs::rename(&temporary, path).map_err(LedgerError::io("put in place", path))
}
