//! Text files: a row for each.

use std::{fs, path::PathBuf, sync::Arc};

use arrow::{
    array::StringBuilder,
    datatypes::{DataType, Field, SchemaRef},
};
use assay_ledger::schema::problem;

use crate::{
    IngestError, Ingested,
    lines::PIECE,
    output::{MAX_RECORD, Output, Problems, Rows, Target, schema},
};

/// Column with the name of the file.
const PATH: &str = "path";
/// Column with its text.
pub(crate) const TEXT: &str = "text";

pub(crate) fn ingest(
    files: &[(String, PathBuf)],
    target: &Target<'_>,
) -> Result<Ingested, IngestError> {
    let columns = [PATH, TEXT].map(|name| Field::new(name, DataType::Utf8, true));
    let path = target.folder.path(target.relative);
    let schema = Arc::new(schema(&path, columns.to_vec())?);
    let mut output = Output::create(target, &schema)?;
    let mut rest = files;
    while !rest.is_empty() {
        let rows = take(&mut rest, output.rows(), &schema)?;
        output.write(&rows)?;
    }
    output.finish(Vec::new(), None)
}

/// The next files, about [`PIECE`] bytes of them.
fn take(
    rest: &mut &[(String, PathBuf)],
    mut row: u64,
    schema: &SchemaRef,
) -> Result<Rows, IngestError> {
    let (mut names, mut texts) = (StringBuilder::new(), StringBuilder::new());
    let (mut problems, mut taken) = (Problems::default(), 0);
    let mut last = PathBuf::new();
    while let Some(((name, path), after)) = rest.split_first() {
        let bytes = fs::read(path).map_err(IngestError::open(path))?;
        if MAX_RECORD < bytes.len() {
            return Err(IngestError::TooLong { path: path.clone(), row });
        }
        taken += name.len() + bytes.len();
        row += 1;
        names.append_value(name);
        match simdutf8::basic::from_utf8(&bytes) {
            Ok(text) => {
                texts.append_value(text.strip_prefix('\u{feff}').unwrap_or(text));
                problems.push_none();
            }
            Err(_) => {
                texts.append_null();
                problems.push(problem::INVALID_UTF8, &bytes);
            }
        }
        last.clone_from(path);
        *rest = after;
        if PIECE < taken {
            break;
        }
    }
    let columns = vec![Arc::new(names.finish()) as _, Arc::new(texts.finish()) as _];
    Rows::new(schema, columns, problems, &last)
}
