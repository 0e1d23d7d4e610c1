//! The Parquet file that a source becomes.

use std::{collections::HashSet, path::Path, sync::Arc};

use arrow::{
    array::{ArrayRef, BinaryBuilder, RecordBatch, StringBuilder},
    datatypes::{DataType, Field, Schema, SchemaRef},
};
use assay_ledger::{Folder, TableWriter, WriterSettings};

use crate::{IngestError, Ingested, PROBLEM, RAW};

/// Most bytes of a record, so that a column of one piece cannot outgrow its 32-bit
/// offsets: a piece is less than [`PIECE`](crate::lines::PIECE) and one record.
pub(crate) const MAX_RECORD: usize = (i32::MAX as usize) - (2 << 20);

/// Where the file goes and how it is written.
#[derive(Debug)]
pub(crate) struct Target<'t> {
    pub(crate) folder: &'t Folder,
    pub(crate) relative: &'t str,
    pub(crate) plain_columns: &'t [String],
}

/// Rows that are ready to be written.
#[derive(Debug)]
pub(crate) struct Rows {
    batch: RecordBatch,
    broken: u64,
}

impl Rows {
    /// Puts the columns of the source and the problems of its records side by side.
    pub(crate) fn new(
        schema: &SchemaRef,
        mut columns: Vec<ArrayRef>,
        problems: Problems,
        path: &Path,
    ) -> Result<Self, IngestError> {
        let Problems { mut problem, mut raw, broken } = problems;
        columns.push(Arc::new(problem.finish()));
        columns.push(Arc::new(raw.finish()));
        let batch =
            RecordBatch::try_new(schema.clone(), columns).map_err(IngestError::arrow(path))?;
        Ok(Self { batch, broken })
    }
}

/// Writes the file.
pub(crate) struct Output {
    writer: TableWriter,
    broken: u64,
}

impl Output {
    /// Opens the file; `schema` comes from [`schema`].
    pub(crate) fn create(target: &Target<'_>, schema: &SchemaRef) -> Result<Self, IngestError> {
        let mut plain_columns = target.plain_columns.to_vec();
        plain_columns.push(RAW.to_owned());
        let settings = WriterSettings { plain_columns, metadata: None };
        let writer =
            TableWriter::create(target.folder, target.relative, schema.clone(), &settings)?;
        Ok(Self { writer, broken: 0 })
    }

    /// Rows written so far.
    pub(crate) fn rows(&self) -> u64 {
        self.writer.rows()
    }

    /// Rows so far whose record could not be read.
    pub(crate) fn broken(&self) -> u64 {
        self.broken
    }

    /// Appends rows.
    pub(crate) fn write(&mut self, rows: &Rows) -> Result<(), IngestError> {
        self.broken += rows.broken;
        Ok(self.writer.write(&rows.batch)?)
    }

    /// Completes the file.
    pub(crate) fn finish(
        self,
        warnings: Vec<String>,
        incomplete: Option<String>,
    ) -> Result<Ingested, IngestError> {
        let record = self.writer.finish()?;
        Ok(Ingested { rows: record.rows, broken: self.broken, record, warnings, incomplete })
    }
}

/// The two trailing columns, row by row.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    problem: StringBuilder,
    raw: BinaryBuilder,
    broken: u64,
}

impl Problems {
    /// The next record is fine.
    pub(crate) fn push_none(&mut self) {
        self.problem.append_null();
        self.raw.append_null();
    }

    /// The next `count` records are fine.
    pub(crate) fn push_nones(&mut self, count: usize) {
        self.problem.append_nulls(count);
        self.raw.append_nulls(count);
    }

    /// The next record could not be read.
    pub(crate) fn push(&mut self, problem: &str, raw: &[u8]) {
        self.problem.append_value(problem);
        self.raw.append_value(raw);
        self.broken += 1;
    }
}

/// The columns of the source at `path`, then the two of every ingested file.
pub(crate) fn schema(path: &Path, columns: Vec<Field>) -> Result<Schema, IngestError> {
    let mut names = HashSet::new();
    for field in &columns {
        let column = field.name();
        if [PROBLEM, RAW].contains(&column.as_str()) {
            return Err(IngestError::Reserved { path: path.into(), column: column.clone() });
        }
        if !names.insert(column) {
            return Err(IngestError::Twice { path: path.into(), column: column.clone() });
        }
    }
    let mut columns = columns;
    columns.push(Field::new(PROBLEM, DataType::Utf8, true));
    columns.push(Field::new(RAW, DataType::Binary, true));
    Ok(Schema::new(columns))
}
