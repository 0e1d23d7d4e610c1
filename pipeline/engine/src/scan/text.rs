//! What a scan hands on: identity, declared fields and text of each row.

use std::sync::Arc;

use arrow::{
    array::{
        Array, ArrayRef, AsArray, BinaryViewArray, BinaryViewBuilder, Int64Array, ListArray,
        RecordBatch, StringArray, StringBuilder, new_null_array,
    },
    compute::{can_cast_types, cast},
    datatypes::{DataType, Field, Schema, SchemaRef},
    error::ArrowError,
    util::display::{ArrayFormatter, FormatOptions},
};
use assay_ledger::schema::{FILE, ID, LANG, PROBLEM, ROW, SOURCE};

use super::reader::{RowSet, column, read_roles};
use crate::input::{Unit, guarded};

/// Columns before the text columns: [`IDENTITY`], then id, lang, source, url, problem.
pub(crate) const SCAN_COLUMNS: usize = 10;
/// Columns that say which row of which unit it is: file, row, and of the unit the first
/// row group, the first row and the number of rows.
pub(crate) const IDENTITY: usize = 5;
const URL: &str = "url";

/// Schema of a scan with `parts` text columns.
pub(crate) fn scan_schema(parts: usize) -> SchemaRef {
    let text = |name: &str, nullable| Field::new(name, DataType::Utf8, nullable);
    let mut fields = vec![
        text(FILE, false),
        Field::new(ROW, DataType::Int64, false),
        Field::new("unit_group", DataType::Int64, false),
        Field::new("unit_first_row", DataType::Int64, false),
        Field::new("unit_rows", DataType::Int64, false),
        text(ID, true),
        text(LANG, true),
        text(SOURCE, false),
        text(URL, true),
        text(PROBLEM, true),
    ];
    debug_assert_eq!(fields.len(), SCAN_COLUMNS);
    for part in 0..parts {
        fields.push(Field::new(format!("text_{part}"), DataType::BinaryView, true));
    }
    Arc::new(Schema::new(fields))
}

/// The rows of `batch`, the first of which is row `first` of the file, as `schema` wants them.
pub(crate) fn to_scan_batch(
    unit: &Unit,
    batch: &RecordBatch,
    first: u64,
    schema: &SchemaRef,
) -> Result<RecordBatch, ArrowError> {
    let rows = batch.num_rows();
    let number = |of: u64| i64::try_from(of).unwrap_or(i64::MAX);
    let (first, last) = (number(first), number(first + rows as u64));
    let constant = |of: u64| -> ArrayRef { Arc::new(Int64Array::from_value(number(of), rows)) };
    let repeated = |text: &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(std::iter::repeat_n(text, rows)))
    };
    let declared = |path: Option<&str>| match path.and_then(|path| column(batch, path)) {
        Some(column) => printable(&column),
        None => Ok(new_null_array(&DataType::Utf8, rows)),
    };
    let source = match &unit.roles.source {
        // Rows without a source of their own belong to their file.
        Some(path) => or_else(&declared(Some(path))?, &unit.file),
        None => repeated(&unit.file),
    };
    let mut columns = vec![
        repeated(&unit.file),
        Arc::new(Int64Array::from_iter_values(first..last)),
        constant(unit.group),
        constant(unit.first_row),
        constant(unit.rows),
        declared(unit.roles.id.as_deref())?,
        declared(unit.roles.lang.as_deref())?,
        source,
        declared(unit.roles.url.as_deref())?,
        declared(unit.ingested.then_some(assay_ingest::PROBLEM))?,
    ];
    for part in 0..schema.fields().len() - SCAN_COLUMNS {
        let found = unit.roles.text.get(part).and_then(|path| column(batch, path));
        columns.push(match found {
            Some(column) => match column.as_list_opt::<i32>() {
                Some(turns) => one_line_each(turns)?,
                None => cast(&column, &DataType::BinaryView)?,
            },
            None => new_null_array(&DataType::BinaryView, rows),
        });
    }
    RecordBatch::try_new(schema.clone(), columns)
}

/// Declared fields as text; bytes that are not UTF-8 are shown as U+FFFD.
fn printable(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let Some(bytes) = column.as_binary_view_opt() else {
        if can_cast_types(column.data_type(), &DataType::Utf8) {
            return cast(column, &DataType::Utf8);
        }
        let options = FormatOptions::new();
        let shown = ArrayFormatter::try_new(column, &options)?;
        let shown = (0..column.len()).map(|row| {
            let value = column.is_valid(row).then(|| shown.value(row).try_to_string());
            value.transpose()
        });
        return Ok(Arc::new(shown.collect::<Result<StringArray, _>>()?));
    };
    let mut out = StringBuilder::with_capacity(bytes.len(), bytes.len() * 16);
    for value in bytes {
        match value {
            Some(value) => out.append_value(String::from_utf8_lossy(value)),
            None => out.append_null(),
        }
    }
    Ok(Arc::new(out.finish()))
}

fn or_else(column: &ArrayRef, default: &str) -> ArrayRef {
    let Some(values) = column.as_string_opt::<i32>() else { return column.clone() };
    let filled: StringArray = values.iter().map(|value| Some(value.unwrap_or(default))).collect();
    Arc::new(filled)
}

/// The values of each list as one text, a line per value; those that are null are left out.
fn one_line_each(list: &ListArray) -> Result<ArrayRef, ArrowError> {
    let values = cast(list.values(), &DataType::BinaryView)?;
    let values = values.as_binary_view();
    let mut out = BinaryViewBuilder::with_capacity(list.len());
    let mut text = Vec::new();
    for (row, range) in list.value_offsets().windows(2).enumerate() {
        let (Ok(start), Ok(end)) = (usize::try_from(range[0]), usize::try_from(range[1])) else {
            return Err(ArrowError::InvalidArgumentError("a list begins before its values".into()));
        };
        text.clear();
        let mut some = false;
        for at in (start..end).filter(|at| list.is_valid(row) && values.is_valid(*at)) {
            if std::mem::replace(&mut some, true) {
                text.push(b'\n');
            }
            text.extend_from_slice(values.value(at));
        }
        if some {
            out.try_append_value(&text)?;
        } else {
            out.append_null();
        }
    }
    Ok(Arc::new(out.finish()))
}

/// The text of one row, for those who explain it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Passage {
    /// Row in its file.
    pub row: u64,
    /// The text, several parts joined by a line feed; `None` without text. Bytes that
    /// are not UTF-8 are shown as U+FFFD.
    pub text: Option<String>,
    /// The user's own id.
    pub id: Option<String>,
    /// Declared language.
    pub lang: Option<String>,
    /// Declared source.
    pub source: Option<String>,
}

/// Reads the text of `rows` of `unit`, numbered as in the file and sorted.
pub(crate) fn passages(unit: &Unit, rows: &[u64]) -> Result<Vec<Passage>, String> {
    let mut out = Vec::new();
    each_passage(unit, rows, &mut |passage| {
        out.push(passage);
        true
    })?;
    Ok(out)
}

/// Hands the text of `rows` of `unit`, numbered as in the file and sorted, to `each`, until
/// that says no.
pub(crate) fn each_passage(
    unit: &Unit,
    rows: &[u64],
    each: &mut dyn FnMut(Passage) -> bool,
) -> Result<(), String> {
    let mut wanted = rows.iter().copied().peekable();
    let marks =
        (unit.first_row..unit.first_row + unit.rows).map(|row| wanted.next_if_eq(&row).is_some());
    let set = RowSet::of(marks);
    let schema = scan_schema(unit.roles.text.len());
    let mut reader = guarded(|| read_roles(unit, Some(set)))?;
    let mut numbers = rows.iter().copied();
    while let Some(batch) = guarded(|| reader.next().transpose().map_err(|e| e.to_string()))? {
        let batch = to_scan_batch(unit, &batch, 0, &schema).map_err(|error| error.to_string())?;
        let declared = |at: usize, row: usize| {
            let column = batch.column(at).as_string::<i32>();
            column.is_valid(row).then(|| column.value(row).to_owned())
        };
        let parts: Vec<&BinaryViewArray> =
            batch.columns()[SCAN_COLUMNS..].iter().map(AsArray::as_binary_view).collect();
        for (row, number) in (0..batch.num_rows()).zip(&mut numbers) {
            let passage = Passage {
                row: number,
                text: joined(&parts, row),
                id: declared(IDENTITY, row),
                lang: declared(IDENTITY + 1, row),
                source: declared(IDENTITY + 2, row),
            };
            if !each(passage) {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn joined(parts: &[&BinaryViewArray], row: usize) -> Option<String> {
    let present = parts.iter().filter(|part| part.is_valid(row));
    let shown = |bytes| match simdutf8::basic::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => String::from_utf8_lossy(bytes),
    };
    let texts: Vec<_> = present.map(|part| shown(part.value(row))).collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}
