//! One JSON object per line.
//!
//! The text is read twice: first for the types of all fields over all lines, then for
//! the rows. A type can change in the last line, so nothing can be written before.

use std::{path::Path, sync::Arc};

use arrow::datatypes::SchemaRef;
use assay_ledger::schema::problem;

use crate::{
    IngestError, Ingested,
    json::{Entries, Fields, Mismatch, StructColumn, object},
    lines::{Lines, each_line},
    output::{Output, Problems, Rows, Target, schema},
    source::Source,
};

/// Most fields of a record.
const MAX_COLUMNS: usize = 10_000;
/// Most fields that one warning names.
const MAX_NAMED: usize = 10;

pub(crate) fn ingest(path: &Path, target: &Target<'_>) -> Result<Ingested, IngestError> {
    let seen = infer(path)?;
    let schema = Arc::new(schema(path, seen.fields.to_arrow())?);
    let mut output = Output::create(target, &schema)?;
    let incomplete = Lines::new(path.into(), Source::open(path)?)
        .run(|piece| decode(piece, &seen.fields, &schema, path), |rows| output.write(&rows?))?;
    if output.rows() != seen.lines {
        return Err(IngestError::Changed { path: path.into() });
    }
    let warnings = warnings(&seen.fields, &output);
    output.finish(warnings, incomplete)
}

/// What the first reading finds.
#[derive(Debug, Default)]
struct Seen {
    fields: Fields,
    lines: u64,
}

fn infer(path: &Path) -> Result<Seen, IngestError> {
    let mut all = Seen::default();
    // An early end is met, and told, by the second reading too.
    Lines::new(path.into(), Source::open(path)?).run(see, |piece| {
        all.fields.merge(piece.fields);
        all.lines += piece.lines;
        if MAX_COLUMNS < all.fields.len() {
            return Err(IngestError::TooWide { path: path.into(), most: MAX_COLUMNS });
        }
        Ok(())
    })?;
    Ok(all)
}

fn see(piece: &[u8]) -> Seen {
    let mut seen = Seen::default();
    for line in each_line(piece) {
        seen.lines += 1;
        if let Ok(entries) = read(line) {
            seen.fields.absorb(&entries);
        }
    }
    seen
}

fn decode(
    piece: &[u8],
    fields: &Fields,
    schema: &SchemaRef,
    path: &Path,
) -> Result<Rows, IngestError> {
    let (mut records, mut problems) = (StructColumn::new(fields), Problems::default());
    for line in each_line(piece) {
        match read(line) {
            Ok(entries) => {
                records
                    .push(&entries)
                    .map_err(|Mismatch| IngestError::Changed { path: path.into() })?;
                problems.push_none();
            }
            Err(problem) => {
                records.push_null();
                problems.push(problem, line);
            }
        }
    }
    let columns = records.finish_columns().map_err(IngestError::arrow(path))?;
    Rows::new(schema, columns, problems, path)
}

/// The record of a line, or its problem.
fn read(line: &[u8]) -> Result<Entries<'_>, &'static str> {
    let text = simdutf8::basic::from_utf8(line).map_err(|_| problem::INVALID_UTF8)?;
    object(text).ok_or(problem::BROKEN_JSON)
}

fn warnings(fields: &Fields, output: &Output) -> Vec<String> {
    let mut warnings = Vec::new();
    if output.rows() == 0 {
        warnings.push("the file is empty".to_owned());
    } else if output.rows() == output.broken() {
        warnings.push(
            "no line is a JSON object; if the file is one JSON array, \
             `jq -c '.[]'` makes lines of it"
                .to_owned(),
        );
    }
    let mixed = fields.mixed();
    if !mixed.is_empty() {
        let named = mixed.iter().take(MAX_NAMED).map(|path| format!("{path:?}"));
        let more = match mixed.len().saturating_sub(MAX_NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        warnings.push(format!(
            "values of several types, or too large for a number, are kept as text: {}{more}",
            named.collect::<Vec<_>>().join(", "),
        ));
    }
    warnings
}
