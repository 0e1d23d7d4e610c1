//! One step that imports: from the user's tables to values in the order of the documents.

use std::{
    cmp::Ordering,
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch},
    datatypes::{DataType, Field, Int64Type, Schema, SchemaRef},
};
use assay_ledger::{FileRecord, Folder, ImportRecord, TableWriter, WriterSettings, schema};
use assay_operators::contract::{By, Imported};
use assay_plan::BoundStep;
use datafusion::{
    execution::SendableRecordBatchStream,
    prelude::{ParquetReadOptions, SessionContext, col},
};
use futures::StreamExt;
use serde::{Deserialize, Serialize};

use super::{
    merge::Cursor,
    table::{self, Table},
    task::IDS,
    values::{VALUES, Values, ValuesWriter, value},
};
use crate::{
    EngineError, Progress,
    input::{Footer, Unit, place_of},
    session::table_url,
};

/// A step that imports.
pub(crate) struct ImportStep<'r> {
    pub step: &'r BoundStep,
    pub imported: &'r Imported,
    /// Number of the step.
    pub number: usize,
    pub folder: &'r Folder,
    /// Folder for its files, below the run folder.
    pub work: &'r str,
    /// Names of the input files, by ordinal.
    pub names: &'r [String],
    /// What was measured, in order.
    pub units: &'r [Unit],
    pub progress: &'r Progress,
}

/// What was imported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Import {
    pub values: Values,
    pub file: FileRecord,
    pub record: ImportRecord,
}

/// The user's key of a document, and the value.
static KEYED: LazyLock<SchemaRef> = LazyLock::new(|| {
    Arc::new(Schema::new(vec![
        Field::new("key", DataType::Utf8, false),
        Field::new("value", DataType::Float64, true),
    ]))
});

/// Values by row, in any order, and rows of the tables that belong to no document.
struct Found {
    path: String,
    imported: u64,
    unused: u64,
}

impl ImportStep<'_> {
    /// Imports the values; `ids` are the documents' ids, where these are needed.
    pub(crate) async fn import(
        &self,
        context: &SessionContext,
        ids: &[FileRecord],
    ) -> Result<Import, EngineError> {
        let found = match self.imported.by {
            By::Row => self.by_row()?,
            By::Id => self.by_id(context, ids).await?,
        };
        let path = self.path("values");
        let file = self.in_order(context, &found.path, &path).await?;
        let documents: u64 = self.units.iter().map(|unit| unit.rows).sum();
        let record = ImportRecord {
            step: self.step.step.name.clone(),
            documents,
            documents_without_value: documents.saturating_sub(file.rows),
            values: found.imported,
            values_without_document: found.unused,
        };
        let values = Values { step: record.step.clone(), path };
        Ok(Import { values, file, record })
    }

    fn path(&self, what: &str) -> String {
        format!("{}/{what}-{:02}.parquet", self.work, self.number)
    }

    /// Hands every row of the tables to `take`.
    fn each(
        &self,
        mut take: impl FnMut(&RecordBatch) -> Result<(), EngineError>,
    ) -> Result<u64, EngineError> {
        let mut rows = 0;
        for file in &self.step.step.assets {
            let mut table = Table::open(self.imported, file)?;
            while let Some(batch) = table.rows()? {
                if self.progress.stopping() {
                    return Err(EngineError::Interrupted);
                }
                rows += batch.num_rows() as u64;
                take(&batch)?;
            }
        }
        Ok(rows)
    }

    fn by_row(&self) -> Result<Found, EngineError> {
        let ordinals = (0_u32..).zip(self.names).map(|(number, name)| (name.as_str(), number));
        let ordinals: HashMap<&str, u32> = ordinals.collect();
        let path = self.path("found");
        let mut writer = ValuesWriter::create(self.folder, &path)?;
        let mut unused = 0;
        let imported = self.each(|batch| {
            let files = table::of(batch, schema::FILE, &DataType::Utf8)?;
            let files = files.as_string::<i32>();
            let rows = table::of(batch, schema::ROW, &DataType::Int64)?;
            let rows = rows.as_primitive::<Int64Type>();
            let values = table::of(batch, &self.imported.column, &DataType::Float64)?;
            for at in 0..batch.num_rows() {
                let row = rows.is_valid(at).then(|| u64::try_from(rows.value(at)).ok()).flatten();
                let file = files.is_valid(at).then(|| ordinals.get(files.value(at))).flatten();
                match file.zip(row).and_then(|(file, row)| self.measured(*file, row)) {
                    Some(id) => writer.push(id, value(&values, at))?,
                    None => unused += 1,
                }
            }
            Ok(())
        })?;
        writer.finish()?;
        Ok(Found { path, imported, unused })
    }

    /// Number of a row in the run, if it was measured.
    fn measured(&self, ordinal: u32, row: u64) -> Option<i64> {
        let after = self.units.partition_point(|it| (it.ordinal, it.first_row) <= (ordinal, row));
        let unit = &self.units[after.checked_sub(1)?];
        let holds = unit.ordinal == ordinal && row < unit.first_row + unit.rows;
        holds.then(|| unit.id(row))
    }

    async fn by_id(
        &self,
        context: &SessionContext,
        ids: &[FileRecord],
    ) -> Result<Found, EngineError> {
        let keyed = self.path("keyed");
        let imported = self.keyed(&keyed)?;
        let mut values = Cursor::new(self.sorted(context, &[&keyed], &KEYED, "key").await?);
        let ids: Vec<&str> = ids.iter().map(|file| file.path.as_str()).collect();
        let mut documents = Cursor::new(self.sorted(context, &ids, &IDS, "key").await?);
        let path = self.path("found");
        let mut writer = ValuesWriter::create(self.folder, &path)?;
        let (mut unused, mut first, mut present) = (0, true, String::new());
        while let Some(key) = values.key().await? {
            if !first && present == key {
                return Err(self.twice(&format!("{:?} {key:?}", self.imported.key)));
            }
            (first, present) = (false, key.to_owned());
            let number = values.beside(value).flatten();
            values.advance();
            let mut used = false;
            while let Some(id) = documents.key().await? {
                match id.cmp(present.as_str()) {
                    Ordering::Less => {}
                    Ordering::Equal => {
                        used = true;
                        let row =
                            |ids: &ArrayRef, at: usize| ids.as_primitive::<Int64Type>().value(at);
                        if let Some(row) = documents.beside(row) {
                            writer.push(row, number)?;
                        }
                    }
                    Ordering::Greater => break,
                }
                documents.advance();
            }
            unused += u64::from(!used);
        }
        writer.finish()?;
        // Rows without an id were not written.
        let rows = self.rows_of(&keyed)?;
        Ok(Found { path, imported, unused: unused + imported - rows })
    }

    /// Writes key and value of every row that has a key.
    fn keyed(&self, path: &str) -> Result<u64, EngineError> {
        let plain_columns = ["key", "value"].map(Into::into).into();
        let settings = WriterSettings { plain_columns, metadata: None };
        let mut writer = TableWriter::create(self.folder, path, KEYED.clone(), &settings)?;
        let broken = |error: arrow::error::ArrowError| EngineError::Broken(error.to_string());
        let rows = self.each(|batch| {
            let keys = table::of(batch, &self.imported.key, &DataType::Utf8)?;
            let values = table::of(batch, &self.imported.column, &DataType::Float64)?;
            let named = arrow::compute::is_not_null(&keys).map_err(broken)?;
            let some = |column: &ArrayRef| arrow::compute::filter(column, &named).map_err(broken);
            let batch = RecordBatch::try_new(KEYED.clone(), vec![some(&keys)?, some(&values)?]);
            Ok(writer.write(&batch.map_err(broken)?)?)
        })?;
        writer.finish()?;
        Ok(rows)
    }

    fn rows_of(&self, relative: &str) -> Result<u64, EngineError> {
        let path = self.folder.path(relative);
        let footer = Footer::read(&path).map_err(EngineError::Broken)?;
        Ok(footer.group_rows().sum())
    }

    /// The rows of files below the run folder in the order of `column`.
    async fn sorted(
        &self,
        context: &SessionContext,
        files: &[&str],
        schema: &SchemaRef,
        column: &str,
    ) -> Result<SendableRecordBatchStream, EngineError> {
        let paths = files.iter().map(|file| table_url(&self.folder.path(file)));
        let paths = paths.collect::<Result<Vec<_>, _>>()?;
        let options = ParquetReadOptions::default().schema(schema);
        let rows = context.read_parquet(paths, options).await?;
        Ok(rows.sort_by(vec![col(column)])?.execute_stream().await?)
    }

    /// Writes the values in the order of their rows; two for one row are an error.
    async fn in_order(
        &self,
        context: &SessionContext,
        found: &str,
        path: &str,
    ) -> Result<FileRecord, EngineError> {
        let mut rows = self.sorted(context, &[found], &VALUES, "id").await?;
        let mut writer = ValuesWriter::create(self.folder, path)?;
        let mut last = None;
        while let Some(batch) = rows.next().await.transpose()? {
            let ids = batch.column(0).as_primitive::<Int64Type>();
            for at in 0..batch.num_rows() {
                let id = ids.value(at);
                if last == Some(id) {
                    let (file, row) = place_of(id);
                    let file = self.names.get(file as usize).map_or("", String::as_str);
                    return Err(self.twice(&format!("row {row} of {file}")));
                }
                last = Some(id);
                writer.push(id, value(batch.column(1), at))?;
            }
        }
        writer.finish()
    }

    fn twice(&self, what: &str) -> EngineError {
        let step = &self.step.step;
        let files: Vec<&str> = step.assets.iter().map(|file| file.path.as_str()).collect();
        EngineError::input(
            files.first().copied().unwrap_or_default(),
            match files.len() {
                1 => format!("has two values for {what}; step {:?} needs one", step.name),
                many => {
                    format!(
                        "and {} more have two values for {what}; step {:?} needs one",
                        many - 1,
                        step.name
                    )
                }
            },
            "leave one of them",
        )
    }
}
