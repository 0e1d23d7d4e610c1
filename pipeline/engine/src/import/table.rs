//! The user's tables: what they have to hold, and reading it.

use std::{fs::File, path::Path};

use arrow::{
    array::{ArrayRef, RecordBatch},
    compute::cast,
    datatypes::{DataType, Schema},
};
use assay_ledger::schema::{FILE, ROW};
use assay_operators::{
    contract::{By, Derived, Imported},
    registry::nearest_of,
};
use assay_plan::{AssetFile, BoundStep};
use parquet::arrow::{
    ProjectionMask,
    arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder},
};

use crate::{EngineError, input::guarded};

/// Types that a column may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Whole,
    /// An id: text or whole numbers.
    Name,
    Number,
}

/// What is wrong with the tables of the steps that import, by their footers.
pub(crate) fn check_tables(steps: &[BoundStep]) -> Vec<EngineError> {
    let mut problems = Vec::new();
    for step in steps {
        let Some(Derived::Imported(imported)) = step.derived() else { continue };
        let files = step.step.assets.iter();
        problems.extend(files.filter_map(|file| Table::open(&imported, file).err()));
    }
    problems
}

/// A table that is read.
pub(super) struct Table<'f> {
    file: &'f AssetFile,
    reader: ParquetRecordBatchReader,
}

impl<'f> Table<'f> {
    /// Opens a table at the columns that are needed.
    pub(super) fn open(imported: &Imported, file: &'f AssetFile) -> Result<Self, EngineError> {
        let opened = guarded(|| {
            let opened = File::open(Path::new(&file.path)).map_err(|error| error.to_string())?;
            ParquetRecordBatchReaderBuilder::try_new(opened).map_err(|error| error.to_string())
        });
        let builder = opened.map_err(|error| unreadable(file, &error))?;
        let mut columns = Vec::new();
        for (name, kind) in needed(imported) {
            columns.push(column(file, builder.schema(), name, kind)?);
        }
        let mask = ProjectionMask::roots(builder.parquet_schema(), columns);
        let reader = builder.with_projection(mask).with_batch_size(8192).build();
        let reader = reader.map_err(|error| unreadable(file, &error.to_string()))?;
        Ok(Self { file, reader })
    }

    /// The next rows.
    pub(super) fn rows(&mut self) -> Result<Option<RecordBatch>, EngineError> {
        let next = || self.reader.next().transpose().map_err(|error| error.to_string());
        guarded(next).map_err(|error| unreadable(self.file, &error))
    }
}

/// The column `name` as `kind`.
pub(super) fn of(
    batch: &RecordBatch,
    name: &str,
    kind: &DataType,
) -> Result<ArrayRef, EngineError> {
    let column = batch.column_by_name(name);
    let column =
        column.ok_or_else(|| EngineError::Broken(format!("column {name} was not read")))?;
    cast(column, kind).map_err(|error| EngineError::Broken(error.to_string()))
}

fn needed(imported: &Imported) -> Vec<(&str, Kind)> {
    let value = (imported.column.as_str(), Kind::Number);
    match imported.by {
        By::Row => vec![(FILE, Kind::Text), (ROW, Kind::Whole), value],
        By::Id => vec![(imported.key.as_str(), Kind::Name), value],
    }
}

/// The place of a column, if it has a type that can be used.
fn column(file: &AssetFile, schema: &Schema, name: &str, kind: Kind) -> Result<usize, EngineError> {
    let Ok(place) = schema.index_of(name) else {
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let fix = match nearest_of(name, names.iter().copied()) {
            Some(near) => format!("did you mean {near:?}?"),
            None => format!("it has: {}", names.join(", ")),
        };
        return Err(EngineError::input(&file.path, format!("has no column {name:?}"), fix));
    };
    let found = schema.field(place).data_type();
    let (fits, wanted) = match kind {
        Kind::Text => (is_text(found), "text"),
        Kind::Whole => (found.is_integer(), "whole numbers"),
        Kind::Name => (is_text(found) || found.is_integer(), "text or whole numbers"),
        Kind::Number => (found.is_numeric() || *found == DataType::Boolean, "numbers"),
    };
    if fits {
        return Ok(place);
    }
    let problem = format!("has {found} in column {name:?}, where {wanted} are needed");
    Err(EngineError::input(&file.path, problem, "write the table again with another type"))
}

fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

fn unreadable(file: &AssetFile, error: &str) -> EngineError {
    EngineError::input(&file.path, format!("cannot be read: {error}"), "it has to be Parquet")
}
