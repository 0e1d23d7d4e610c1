//! Row-aligned measurements without a decision: the facts of a corpus in one file.

use std::{path::Path, sync::Arc};

use assay_ledger::{Folder, Manifest, TableWriter, WriterSettings, folder, read_table};
use assay_plan::Plan;

use crate::{EngineError, RunOptions, RunResult, run};

/// Measures the inputs of `options` under `plan` and writes the facts, in order, to
/// `target`. `options.out` is a working folder; the caller removes it. Returns the rows.
pub async fn measure_only(
    plan: &Plan,
    options: &RunOptions,
    target: &Path,
) -> Result<u64, EngineError> {
    let (RunResult::Done(_) | RunResult::UpToDate(_)) = run(plan, options).await?;
    let work = Folder::new(&options.out);
    let manifest = Manifest::read(&work.manifest())?;
    let parent = match target.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let mut writer: Option<TableWriter> = None;
    for file in manifest.of(folder::FACTS) {
        for batch in read_table(&work.path(&file.path))? {
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
    match writer {
        Some(writer) => Ok(writer.finish()?.rows),
        None => Ok(0),
    }
}
