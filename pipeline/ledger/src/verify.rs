//! Whether a run folder is what its record says.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    path::Path,
};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use xxhash_rust::xxh3::Xxh3;

use crate::{
    Counts, Folder, LedgerError, Manifest, RunRecord, batches, folder, read_table,
    schema::{ACTION, FILE, KEY, OUT_FILE, OUT_ROW, ROW, action},
};

/// Something that is not as the record says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// The file, below the run folder.
    pub path: String,
    /// What is wrong.
    pub problem: String,
}

impl Finding {
    fn new(path: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { path: path.into(), problem: problem.into() }
    }
}

/// Checks every file against the manifest, facts and decisions against each other row
/// by row, and the counts against the decisions. An empty list means all is well.
pub fn verify(folder: &Folder) -> Result<Vec<Finding>, LedgerError> {
    let run = RunRecord::read(&folder.run_json())?;
    let mut findings = Vec::new();
    let (_, hash) =
        hash_file(&folder.manifest()).map_err(LedgerError::io("read", folder.manifest()))?;
    if hash != run.manifest_xxh3 {
        findings.push(Finding::new("manifest.jsonl", "was changed after the run"));
    }
    let manifest = Manifest::read(&folder.manifest())?;
    for file in manifest.files() {
        match hash_file(&folder.path(&file.path)) {
            Err(error) => {
                findings.push(Finding::new(&file.path, format!("cannot be read: {error}")));
            }
            Ok((bytes, hash)) if bytes != file.bytes || hash != file.xxh3 => {
                findings.push(Finding::new(&file.path, "was changed after the run"));
            }
            Ok(_) => {}
        }
    }
    if findings.is_empty() {
        check_rows(folder, &run, &manifest, &mut findings)?;
    }
    Ok(findings)
}

fn check_rows(
    folder: &Folder,
    run: &RunRecord,
    manifest: &Manifest,
    findings: &mut Vec<Finding>,
) -> Result<(), LedgerError> {
    let mut counts = Counts::default();
    let mut written: BTreeMap<String, u64> = BTreeMap::new();
    for facts in manifest.of(folder::FACTS) {
        let decisions = facts.path.replacen(folder::FACTS, folder::DECISIONS, 1);
        if manifest.find(&decisions).is_none() {
            findings.push(Finding::new(decisions, "is missing beside its facts"));
            continue;
        }
        let left: Vec<_> =
            batches(&folder.path(&facts.path), Some(&SAME))?.collect::<Result<_, _>>()?;
        let right = read_table(&folder.path(&decisions))?;
        if !same_rows(&left, &right) {
            findings.push(Finding::new(&decisions, "does not follow its facts row by row"));
        }
        for batch in &right {
            count(batch, &mut counts, &mut written, &decisions, findings);
        }
    }
    for (path, rows) in &written {
        let found = manifest.find(path);
        if found.is_none_or(|file| file.rows != *rows) {
            findings.push(Finding::new(path, format!("should hold {rows} rows by the decisions")));
        }
    }
    let recorded = Counts { text_bytes: 0, kept_text_bytes: 0, unreadable: 0, ..run.counts };
    if counts != recorded || !counts.balance() {
        findings.push(Finding::new("run.json", "counts do not agree with the decisions"));
    }
    Ok(())
}

/// Columns that facts and decisions share.
const SAME: [&str; 3] = [FILE, ROW, KEY];

fn same_rows(facts: &[RecordBatch], decisions: &[RecordBatch]) -> bool {
    let rows =
        |batches: &[RecordBatch]| -> usize { batches.iter().map(RecordBatch::num_rows).sum() };
    rows(facts) == rows(decisions)
        && facts.iter().zip(decisions).all(|(left, right)| {
            SAME.iter().all(|name| match (left.column_by_name(name), right.column_by_name(name)) {
                (Some(left), Some(right)) => left.to_data() == right.to_data(),
                _ => false,
            })
        })
}

fn count(
    batch: &RecordBatch,
    counts: &mut Counts,
    written: &mut BTreeMap<String, u64>,
    path: &str,
    findings: &mut Vec<Finding>,
) {
    let columns = (
        batch.column_by_name(ACTION).and_then(|column| column.as_string_opt::<i32>()),
        batch.column_by_name(OUT_FILE).and_then(|column| column.as_string_opt::<i32>()),
        batch.column_by_name(OUT_ROW).and_then(|column| column.as_primitive_opt::<Int64Type>()),
    );
    let (Some(actions), Some(out_files), Some(out_rows)) = columns else {
        findings.push(Finding::new(path, "lacks a column of the decisions table"));
        return;
    };
    for row in 0..batch.num_rows() {
        counts.rows += 1;
        match actions.value(row) {
            action::KEEP => counts.keep += 1,
            action::FLAG => counts.flag += 1,
            action::EDIT => counts.edit += 1,
            action::QUARANTINE => counts.quarantine += 1,
            action::DROP => counts.drop += 1,
            other => findings.push(Finding::new(path, format!("has an unknown action {other:?}"))),
        }
        if out_files.is_null(row) {
            continue;
        }
        let next = written.entry(out_files.value(row).to_owned()).or_default();
        if u64::try_from(out_rows.value(row)) != Ok(*next) {
            findings.push(Finding::new(path, format!("row {row}: out_row is not {next}")));
        }
        *next += 1;
    }
}

fn hash_file(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut hasher = Xxh3::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, format!("{:032x}", hasher.digest128())));
        }
        hasher.update(&buffer[..read]);
        bytes += read as u64;
    }
}
