//! Typed columns of small answers. Engines may return a view type or a narrower number
//! for the same SQL; a cast settles it.

use arrow::{
    array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch, StringArray},
    compute::cast,
    datatypes::{DataType, Float64Type, Int64Type},
};

use crate::ReportError;

fn column(
    batch: &RecordBatch,
    column: usize,
    kind: &DataType,
    expected: &'static str,
) -> Result<ArrayRef, ReportError> {
    let wrong = || ReportError::Shape { column, expected };
    let found = batch.columns().get(column).ok_or_else(wrong)?;
    cast(found, kind).map_err(|_| wrong())
}

/// A column of text.
pub(crate) fn texts(batch: &RecordBatch, index: usize) -> Result<StringArray, ReportError> {
    let expected = "text";
    let array = column(batch, index, &DataType::Utf8, expected)?;
    array.as_string_opt::<i32>().cloned().ok_or(ReportError::Shape { column: index, expected })
}

/// A column of integers.
pub(crate) fn ints(batch: &RecordBatch, index: usize) -> Result<Int64Array, ReportError> {
    let expected = "an integer";
    let array = column(batch, index, &DataType::Int64, expected)?;
    let typed = array.as_primitive_opt::<Int64Type>();
    typed.cloned().ok_or(ReportError::Shape { column: index, expected })
}

/// A column of numbers.
pub(crate) fn floats(batch: &RecordBatch, index: usize) -> Result<Float64Array, ReportError> {
    let expected = "a number";
    let array = column(batch, index, &DataType::Float64, expected)?;
    let typed = array.as_primitive_opt::<Float64Type>();
    typed.cloned().ok_or(ReportError::Shape { column: index, expected })
}

/// A count, which is never negative.
pub(crate) fn count(array: &Int64Array, row: usize) -> u64 {
    if array.is_null(row) { 0 } else { u64::try_from(array.value(row)).unwrap_or(0) }
}

/// A text that may be missing.
pub(crate) fn optional(array: &StringArray, row: usize) -> Option<String> {
    (!array.is_null(row)).then(|| array.value(row).to_owned())
}
