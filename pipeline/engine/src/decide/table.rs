//! The decisions table, as it grows by one row at a time.

use std::sync::Arc;

use arrow::{
    array::{
        Array, ArrayRef, Float64Builder, Int32Builder, Int64Builder, ListArray, RecordBatch,
        StringBuilder, StructArray,
    },
    buffer::OffsetBuffer,
    datatypes::{DataType, Field},
    error::ArrowError,
};
use assay_ledger::schema::{CONTENT, DECISIONS, FILE, ID, KEY, REASON_FIELDS, ROW};

use super::{judge::Judge, verdict::Reason};
use crate::input::place_of;

/// Columns of decisions that do not come from the facts.
pub(super) struct Decisions<'j> {
    judge: &'j Judge,
    files: &'j [String],
    action: StringBuilder,
    step: StringBuilder,
    reason_step: StringBuilder,
    reason_operator: StringBuilder,
    reason_version: Int32Builder,
    reason_value: Float64Builder,
    reason_limit: StringBuilder,
    reason_kept_file: StringBuilder,
    reason_kept_row: Int64Builder,
    reason_counts: Vec<usize>,
    out_file: StringBuilder,
    out_row: Int64Builder,
}

impl<'j> Decisions<'j> {
    /// `files` are the names of the input files by ordinal.
    pub(super) fn new(judge: &'j Judge, files: &'j [String]) -> Self {
        Self {
            judge,
            files,
            action: StringBuilder::new(),
            step: StringBuilder::new(),
            reason_step: StringBuilder::new(),
            reason_operator: StringBuilder::new(),
            reason_version: Int32Builder::new(),
            reason_value: Float64Builder::new(),
            reason_limit: StringBuilder::new(),
            reason_kept_file: StringBuilder::new(),
            reason_kept_row: Int64Builder::new(),
            reason_counts: Vec::new(),
            out_file: StringBuilder::new(),
            out_row: Int64Builder::new(),
        }
    }

    /// Adds a row: what is done with it, because of what, and where it goes.
    pub(super) fn push(
        &mut self,
        action: &str,
        step: Option<&str>,
        reasons: &[Reason],
        out: Option<(&str, i64)>,
    ) {
        self.action.append_value(action);
        self.step.append_option(step);
        self.reason_counts.push(reasons.len());
        for reason in reasons {
            self.push_reason(reason);
        }
        self.out_file.append_option(out.map(|(file, _)| file));
        self.out_row.append_option(out.map(|(_, row)| row));
    }

    fn push_reason(&mut self, reason: &Reason) {
        let (step, operator, version) = self.judge.names(reason.step);
        self.reason_step.append_value(step);
        self.reason_operator.append_value(operator);
        self.reason_version.append_value(i32::try_from(version).unwrap_or(i32::MAX));
        self.reason_value.append_option(reason.value);
        self.reason_limit.append_option(reason.limit.as_deref());
        let kept = reason.kept.map(place_of);
        let file = kept.and_then(|(file, _)| self.files.get(file as usize));
        self.reason_kept_file.append_option(file);
        self.reason_kept_row.append_option(kept.map(|(_, row)| row.cast_signed()));
    }

    /// The rows so far, beside the rows of `facts` they were made from.
    pub(super) fn finish(mut self, facts: &RecordBatch) -> Result<RecordBatch, ArrowError> {
        let reasons: Vec<ArrayRef> = vec![
            Arc::new(self.reason_step.finish()),
            Arc::new(self.reason_operator.finish()),
            Arc::new(self.reason_version.finish()),
            Arc::new(self.reason_value.finish()),
            Arc::new(self.reason_limit.finish()),
            Arc::new(self.reason_kept_file.finish()),
            Arc::new(self.reason_kept_row.finish()),
        ];
        let reasons = StructArray::try_new(REASON_FIELDS.clone(), reasons, None)?;
        let item = Field::new("item", DataType::Struct(REASON_FIELDS.clone()), false);
        let offsets = OffsetBuffer::from_lengths(self.reason_counts);
        let reasons = ListArray::try_new(Arc::new(item), offsets, Arc::new(reasons), None)?;
        let mut columns: Vec<ArrayRef> = Vec::new();
        for name in [FILE, ROW, KEY, CONTENT, ID] {
            let column = facts.column_by_name(name).cloned();
            let missing = || ArrowError::SchemaError(format!("the facts lack {name}"));
            columns.push(column.ok_or_else(missing)?);
        }
        columns.push(Arc::new(self.action.finish()));
        columns.push(Arc::new(self.step.finish()));
        columns.push(Arc::new(reasons));
        columns.push(Arc::new(self.out_file.finish()));
        columns.push(Arc::new(self.out_row.finish()));
        debug_assert!(columns.iter().all(|column| column.len() == facts.num_rows()));
        RecordBatch::try_new(DECISIONS.clone(), columns)
    }
}
