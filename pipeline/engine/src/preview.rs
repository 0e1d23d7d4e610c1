//! What a run would do and need, from the recipe and the footers alone.

use std::path::Path;

use assay_ledger::{CurveRecord, InputRecord};
use assay_plan::{AssetFile, Plan};
use serde::Serialize;

use crate::{
    EngineError,
    decide::check_sql,
    derive::check_columns,
    input::Corpus,
    relate::curve_of,
    run::{Reference, survey_references},
};

/// What a run would do and need.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Preview {
    /// Input files.
    pub inputs: Vec<InputRecord>,
    /// Rows by the footers; files that have to be ingested first are not counted.
    pub rows: u64,
    /// Bytes on disk.
    pub bytes: u64,
    /// Files that have to be ingested to Parquet first.
    pub ingested: u64,
    /// Work units in the files with footers.
    pub units: u64,
    /// Corpora that steps compare the input with.
    pub against: Vec<AgainstPreview>,
    /// How often text is read.
    pub reads_of_text: u32,
    /// Steps in order.
    pub steps: Vec<StepPreview>,
    /// Estimated memory at this number of threads, in bytes.
    pub memory: u64,
    /// Estimated disk for the run folder while it works, in bytes.
    pub disk: u64,
    /// Estimated seconds.
    pub seconds: u64,
    /// What could not be read or was passed over.
    pub warnings: Vec<String>,
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepPreview {
    /// Name of the step or rule.
    pub name: String,
    /// Operator, `sql` for a rule.
    pub operator: String,
    /// What happens to rows outside.
    pub action: String,
    /// Columns it adds to the facts.
    pub columns: Vec<String>,
    /// Files that its options name.
    pub assets: Vec<AssetFile>,
    /// How it proposes near-duplicates, if it does.
    pub proposes: Option<CurveRecord>,
}

/// A corpus that steps compare the input with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgainstPreview {
    /// Where it is.
    pub path: String,
    /// Names of the steps.
    pub steps: Vec<String>,
    /// Number of files.
    pub files: u64,
    /// Rows by the footers; files that have to be ingested first are not counted.
    pub rows: u64,
    /// Bytes on disk.
    pub bytes: u64,
    /// Bytes of files of earlier runs that need not be read to be signed.
    pub signed: u64,
}

impl AgainstPreview {
    fn of(reference: &Reference) -> Self {
        let Reference { path, corpus, steps, .. } = reference;
        Self {
            path: path.clone(),
            steps: steps.clone(),
            files: corpus.files.len() as u64,
            rows: corpus.rows(),
            bytes: corpus.bytes(),
            signed: reference.signed_bytes(),
        }
    }
}

/// Bytes of Parquet that a core reads, measures and writes in a second; a run on the
/// documents of the project's bench gave more.
const BYTES_PER_SECOND: u64 = 15_000_000;
/// Bytes per row of the ledger and of intermediate keys.
const LEDGER_BYTES: u64 = 120;

/// Looks at the footers of `inputs` and says what running `plan` on `threads` would take.
pub fn preview(
    plan: &Plan,
    inputs: &[String],
    out: &Path,
    threads: usize,
) -> Result<Preview, Vec<EngineError>> {
    check_sql(plan)?;
    let corpus = Corpus::survey(inputs, &plan.input.columns, out).map_err(|error| vec![error])?;
    let references = survey_references(plan, out).map_err(|error| vec![error])?;
    let against: Vec<AgainstPreview> = references.iter().map(AgainstPreview::of).collect();
    // They are read to be signed, as the input is, unless that was done.
    let others: u64 = against.iter().map(|corpus| corpus.bytes - corpus.signed).sum();
    let units = corpus.units();
    let threads = threads.max(1) as u64;
    let (rows, bytes) = (corpus.rows(), corpus.bytes());
    let largest = units.iter().map(|unit| unit.rows).max().unwrap_or(0);
    let mut warnings = corpus.warnings.clone();
    warnings.extend(check_columns(plan, &corpus).map_err(|error| vec![error])?);
    for part in corpus.unreadable() {
        warnings.push(format!("{} cannot be read: {}", part.file, part.error));
    }
    let reads = plan.reads_of_text();
    let mut steps: Vec<StepPreview> = Vec::new();
    for step in plan.bind().unwrap_or_default() {
        steps.push(StepPreview {
            name: step.step.name.clone(),
            operator: step.step.operator.clone(),
            action: if step.edits() { "edit" } else { step.step.on_outside.as_str() }.to_owned(),
            columns: step.columns().collect(),
            proposes: curve_of(&step),
            assets: step.step.assets.clone(),
        });
    }
    for rule in &plan.rules {
        steps.push(StepPreview {
            name: rule.name.clone(),
            operator: "sql".to_owned(),
            action: rule.action.as_str().to_owned(),
            columns: Vec::new(),
            proposes: None,
            assets: Vec::new(),
        });
    }
    let records = corpus.records();
    let ingested = records.iter().filter(|input| input.format != "parquet").count() as u64;
    Ok(Preview {
        inputs: records,
        rows,
        bytes,
        ingested,
        units: units.len() as u64,
        against,
        reads_of_text: reads.measure + reads.revisit + reads.write,
        steps,
        memory: (96 << 20) + threads.min(units.len().max(1) as u64) * ((64 << 20) + largest * 200),
        disk: bytes * (if 0 < ingested { 2 } else { 1 }) + bytes / 5 + rows * LEDGER_BYTES,
        seconds: (bytes + others).div_ceil(BYTES_PER_SECOND * threads),
        warnings,
    })
}
