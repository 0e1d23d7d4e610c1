//! Columns that grow by one document at a time.

use std::sync::Arc;

use arrow::{
    array::{
        ArrayRef, BooleanBuilder, FixedSizeBinaryBuilder, Float64Builder, Int64Builder,
        ListBuilder, StringBuilder, StructArray,
    },
    datatypes::{DataType, FieldRef, Fields},
};
use assay_operators::contract::Value;
use datafusion::common::Result;

use super::{
    compiled::{FIXED, is_signature},
    scratch::Measured,
};

/// The result of measuring, as it grows.
pub(super) struct Columns {
    key: FixedSizeBinaryBuilder,
    content: FixedSizeBinaryBuilder,
    bytes: Int64Builder,
    key_bytes: Int64Builder,
    problem: StringBuilder,
    measured: Vec<Column>,
    signatures: Vec<ListBuilder<Int64Builder>>,
    fields: Fields,
}

enum Column {
    Float(Float64Builder),
    Int(Int64Builder),
    Bool(BooleanBuilder),
    Label(StringBuilder),
}

impl Columns {
    pub(super) fn new(fields: &Fields, rows: usize) -> Self {
        let signature = |field: &&FieldRef| is_signature(field);
        let signatures = fields.iter().filter(signature).map(|field| match field.data_type() {
            DataType::List(item) => {
                ListBuilder::with_capacity(Int64Builder::new(), rows).with_field(item.clone())
            }
            _ => ListBuilder::new(Int64Builder::new()),
        });
        let measured = fields.iter().skip(FIXED).filter(|field| !is_signature(field));
        let measured = measured.map(|field| match field.data_type() {
            DataType::Float64 => Column::Float(Float64Builder::with_capacity(rows)),
            DataType::Int64 => Column::Int(Int64Builder::with_capacity(rows)),
            DataType::Boolean => Column::Bool(BooleanBuilder::with_capacity(rows)),
            _ => Column::Label(StringBuilder::with_capacity(rows, rows * 4)),
        });
        Self {
            key: FixedSizeBinaryBuilder::with_capacity(rows, 16),
            content: FixedSizeBinaryBuilder::with_capacity(rows, 16),
            bytes: Int64Builder::with_capacity(rows),
            key_bytes: Int64Builder::with_capacity(rows),
            problem: StringBuilder::new(),
            measured: measured.collect(),
            signatures: signatures.collect(),
            fields: fields.clone(),
        }
    }

    pub(super) fn push(&mut self, found: &Measured<'_>) -> Result<()> {
        let length = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
        match found.key {
            Some(key) => self.key.append_value(key.hash.to_be_bytes())?,
            None => self.key.append_null(),
        }
        match found.content {
            Some(content) => self.content.append_value(content.hash.to_be_bytes())?,
            None => self.content.append_null(),
        }
        self.bytes.append_option(found.content.map(|content| length(content.bytes)));
        self.key_bytes.append_option(found.key.map(|key| length(key.bytes)));
        self.problem.append_option(found.problem);
        for (column, value) in self.measured.iter_mut().zip(found.values) {
            column.push(value);
        }
        for (column, keys) in self.signatures.iter_mut().zip(found.signatures) {
            column.values().append_slice(keys);
            column.append(!keys.is_empty());
        }
        Ok(())
    }

    /// A row that was found broken before anything could be measured.
    pub(super) fn push_broken(&mut self, problem: &str) {
        self.key.append_null();
        self.content.append_null();
        self.bytes.append_null();
        self.key_bytes.append_null();
        self.problem.append_value(problem);
        self.measured.iter_mut().for_each(|column| column.push(&Value::Missing));
        self.signatures.iter_mut().for_each(ListBuilder::append_null);
    }

    pub(super) fn finish(mut self) -> Result<StructArray> {
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.key.finish()),
            Arc::new(self.content.finish()),
            Arc::new(self.bytes.finish()),
            Arc::new(self.key_bytes.finish()),
            Arc::new(self.problem.finish()),
        ];
        columns.extend(self.measured.iter_mut().map(Column::finish));
        columns.extend(self.signatures.iter_mut().map(|column| Arc::new(column.finish()) as _));
        Ok(StructArray::try_new(self.fields, columns, None)?)
    }
}

impl Column {
    fn push(&mut self, value: &Value) {
        match (self, value) {
            (Self::Float(column), Value::Float(number)) => column.append_value(*number),
            (Self::Int(column), Value::Int(number)) => column.append_value(*number),
            (Self::Bool(column), Value::Bool(truth)) => column.append_value(*truth),
            (Self::Label(column), Value::Label(label)) => column.append_value(label),
            (Self::Float(column), _) => column.append_null(),
            (Self::Int(column), _) => column.append_null(),
            (Self::Bool(column), _) => column.append_null(),
            (Self::Label(column), _) => column.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Float(column) => Arc::new(column.finish()),
            Self::Int(column) => Arc::new(column.finish()),
            Self::Bool(column) => Arc::new(column.finish()),
            Self::Label(column) => Arc::new(column.finish()),
        }
    }
}
