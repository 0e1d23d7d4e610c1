//! Row-aligned measurements without a decision: the facts of a corpus in one file.

use std::{path::Path, sync::Arc};

use assay_ledger::{Folder, TableWriter, Unreadable, WriterSettings, batches};
use assay_plan::Plan;

use super::{
    RunOptions,
    passes::{Passes, broken_in},
    prepare::Prepared,
};
use crate::EngineError;

/// What was measured.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MeasuredOnly {
    /// Rows in the file, one per row that was read, in order.
    pub rows: u64,
    /// Rows that are there but could not be measured: not UTF-8, broken, too long.
    pub broken: u64,
    /// Parts of the input that are missing.
    pub unreadable: Vec<Unreadable>,
}

/// Measures the inputs of `options` under `plan` and writes the facts, in order, to
/// `target`. `options.out` is a working folder; the caller removes it.
pub async fn measure_only(
    plan: &Plan,
    options: &RunOptions,
    target: &Path,
) -> Result<MeasuredOnly, EngineError> {
    let work = super::run_folder(options)?;
    let prepared = Prepared::open(plan, options, &work)?;
    let mut passes = Passes::new(plan, options, &work, &prepared).await?;
    let measured = passes.measure().await?;
    let parent = match target.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let mut found = MeasuredOnly { unreadable: passes.unreadable, ..MeasuredOnly::default() };
    let mut writer: Option<TableWriter> = None;
    for report in &measured.reports {
        for batch in batches(&work.path(&report.file.path), None)? {
            let batch = batch?;
            found.broken += broken_in(&batch);
            let writer = match &mut writer {
                Some(writer) => writer,
                none => none.insert(TableWriter::create(
                    &Folder::new(parent),
                    &name,
                    Arc::clone(batch.schema_ref()),
                    &WriterSettings::default(),
                )?),
            };
            writer.write(&batch)?;
        }
    }
    let Some(writer) = writer else {
        return Err(EngineError::input(
            options.inputs.join(", "),
            "no row could be read",
            "check the paths; `assay plan` shows what is found there",
        ));
    };
    found.rows = writer.finish()?.rows;
    Ok(found)
}
