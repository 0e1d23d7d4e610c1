//! Passages that went from a row because other documents have them.

use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::Int64Type,
};
use assay_ledger::{
    Folder, Manifest, folder, read_table,
    schema::{DOCUMENTS, END, FILE, KEPT_FILE, KEPT_ROW, ROW, START, STEP},
};

use super::Explanation;
use crate::EngineError;

/// A passage that went from a row.
struct Gone {
    step: String,
    start: i64,
    end: i64,
    kept: Option<(String, i64)>,
    documents: i64,
}

/// Adds what went from the row, and says so in its reasons.
pub(super) fn add_edits(
    folder: &Folder,
    manifest: &Manifest,
    explanation: &mut Explanation,
) -> Result<(), EngineError> {
    let mut gone = Vec::new();
    for file in manifest.of(folder::EDITS) {
        for batch in read_table(&folder.path(&file.path))? {
            gone.extend(of_row(&batch, explanation));
        }
    }
    for reason in &mut explanation.reasons {
        let own: Vec<&Gone> = gone.iter().filter(|gone| gone.step == reason.step).collect();
        if let Some(first) = own.first() {
            // Only a row of which nothing is left broke a limit.
            reason.sentence = sentence(&own, first, reason.limit.is_some());
        }
    }
    let place = |at: i64| u32::try_from(at).unwrap_or(u32::MAX);
    explanation.spans.extend(gone.into_iter().map(|it| (it.step, place(it.start), place(it.end))));
    Ok(())
}

fn of_row(batch: &RecordBatch, row: &Explanation) -> Vec<Gone> {
    let text = |name: &str| batch.column_by_name(name).map(|column| column.as_string::<i32>());
    let number =
        |name: &str| batch.column_by_name(name).map(|column| column.as_primitive::<Int64Type>());
    let columns = (text(STEP), text(FILE), text(KEPT_FILE));
    let (Some(steps), Some(files), Some(kept_files)) = columns else { return Vec::new() };
    let columns = [ROW, START, END, KEPT_ROW, DOCUMENTS].map(number);
    let [Some(rows), Some(starts), Some(ends), Some(kept_rows), Some(documents)] = columns else {
        return Vec::new();
    };
    let own =
        |at: &usize| rows.value(*at).unsigned_abs() == row.row && files.value(*at) == row.file;
    let gone = |at: usize| Gone {
        step: steps.value(at).to_owned(),
        start: starts.value(at),
        end: ends.value(at),
        kept: kept_files
            .is_valid(at)
            .then(|| (kept_files.value(at).to_owned(), kept_rows.value(at))),
        documents: documents.value(at),
    };
    (0..batch.num_rows()).filter(own).map(gone).collect()
}

fn sentence(gone: &[&Gone], first: &Gone, emptied: bool) -> String {
    let count = match gone.len() {
        1 => "1 place".to_owned(),
        more => format!("{more} places"),
    };
    let bytes: i64 = gone.iter().map(|gone| gone.end - gone.start).sum();
    let has = if gone.len() == 1 { "it stands" } else { "the first stands" };
    let documents = first.documents;
    let place = match &first.kept {
        Some((file, row)) => {
            format!("{has} in {documents} documents, and stays in {file}, row {row}")
        }
        None => format!("{has} in {documents} documents"),
    };
    if emptied {
        format!("nothing would be left of it without {count} of {bytes} bytes: {place}")
    } else {
        format!("{count} of {bytes} bytes went: {place}")
    }
}
