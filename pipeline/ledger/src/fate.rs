//! What became of rows, as their decisions say.

use arrow::array::{Array, AsArray, RecordBatch};

use crate::schema::{ACTION, LIMIT, REASONS, VALUE, action};

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is in the data as it came.
    Kept,
    /// It is in the data, with another text.
    Edited,
    /// It is not in the data.
    Gone,
}

/// What became of each row of `decisions`, which needs its columns `action` and `reasons`;
/// `None` if one of them is missing.
#[must_use]
pub fn fates(decisions: &RecordBatch) -> Option<Vec<Fate>> {
    let actions = decisions.column_by_name(ACTION)?.as_string_opt::<i32>()?;
    let reasons = decisions.column_by_name(REASONS)?.as_list_opt::<i32>()?;
    let fate = |(row, action): (usize, Option<&str>)| match action {
        Some(action::EDIT) => Fate::Edited,
        Some(action::FLAG) if edits_text(&reasons.value(row)) => Fate::Edited,
        Some(action::KEEP | action::FLAG) => Fate::Kept,
        _ => Fate::Gone,
    };
    Some(actions.iter().enumerate().map(fate).collect())
}

/// Whether one of a row's reasons is an edit: it has a value and no limit.
fn edits_text(reasons: &dyn Array) -> bool {
    let Some(reasons) = reasons.as_struct_opt() else { return false };
    let (value, limit) = (reasons.column_by_name(VALUE), reasons.column_by_name(LIMIT));
    value.zip(limit).is_some_and(|(value, limit)| {
        (0..reasons.len()).any(|at| value.is_valid(at) && limit.is_null(at))
    })
}
