//! Intermediate tables of a relating step: narrow rows in Parquet files below the run
//! folder, and queries over them that spill.

use std::{fs, ops::Range, sync::Arc};

use arrow::{
    array::{AsArray, RecordBatch},
    datatypes::{Int64Type, SchemaRef},
};
use assay_ledger::{FileRecord, Folder, TableWriter, WriterSettings, batches_of};
use datafusion::{
    execution::SendableRecordBatchStream,
    prelude::{ParquetReadOptions, SessionContext},
};
use futures::StreamExt;
use parquet::file::{metadata::RowGroupMetaData, statistics::Statistics};

use crate::{
    EngineError,
    error::unwrapped,
    session::{sorting, table_url},
};

/// Files of a relating step, and the session whose memory queries over them may use.
#[derive(Clone, Copy)]
pub(crate) struct Tables<'r> {
    pub folder: &'r Folder,
    pub context: &'r SessionContext,
    /// Folder of the step's files, below the run folder.
    pub work: &'r str,
}

impl Tables<'_> {
    /// The rows that `sql` selects from the tables named in `tables`: each a name, its
    /// files below the run folder, and their columns.
    pub(super) async fn query(
        &self,
        tables: &[(&str, &[String], &SchemaRef)],
        sql: &str,
    ) -> Result<SendableRecordBatchStream, EngineError> {
        let mut bytes = 0;
        for file in tables.iter().flat_map(|(_, files, _)| files.iter()) {
            let path = self.folder.path(file);
            bytes += fs::metadata(&path).map_err(EngineError::io("read", &path))?.len();
        }
        let context = sorting(self.context, bytes)?;
        for (name, files, schema) in tables {
            let paths = files.iter().map(|file| table_url(&self.folder.path(file)));
            let paths = paths.collect::<Result<Vec<_>, _>>()?;
            let options = ParquetReadOptions::default().schema(schema);
            let view = context.read_parquet(paths, options).await?.into_view();
            context.register_table(*name, view)?;
        }
        Ok(context.sql(sql).await?.execute_stream().await?)
    }

    /// Writes `rows` to the file `name` of the step.
    pub(super) async fn store(
        &self,
        name: &str,
        schema: &SchemaRef,
        mut rows: SendableRecordBatchStream,
    ) -> Result<FileRecord, EngineError> {
        let mut writer = self.create(name, schema)?;
        while let Some(batch) = rows.next().await {
            let batch = batch.map_err(unwrapped)?;
            writer.write(&with_schema(&batch, schema)?)?;
        }
        Ok(writer.finish()?)
    }

    /// Opens the file `name` of the step for writing.
    pub(super) fn create(
        &self,
        name: &str,
        schema: &SchemaRef,
    ) -> Result<TableWriter, EngineError> {
        let path = self.path(name);
        Ok(TableWriter::create(self.folder, &path, schema.clone(), &narrow(schema))?)
    }

    /// Path of the file `name` of the step, below the run folder.
    pub(super) fn path(&self, name: &str) -> String {
        format!("{}/{name}.parquet", self.work)
    }
}

/// Settings for narrow rows: hashes and numbers that a dictionary would only slow down.
pub(super) fn narrow(schema: &SchemaRef) -> WriterSettings {
    let plain = schema.fields().iter().filter(|field| field.data_type().is_numeric());
    let plain_columns = plain.map(|field| field.name().clone()).collect();
    WriterSettings { plain_columns, metadata: None }
}

/// The columns of `batch` under our own schema; a query may call them nullable.
fn with_schema(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, EngineError> {
    RecordBatch::try_new(schema.clone(), batch.columns().to_vec()).map_err(broken)
}

/// A table of our own that does not hold what it should.
pub(super) fn broken(error: impl std::fmt::Display) -> EngineError {
    EngineError::Broken(error.to_string())
}

/// The rows of a file that is sorted by its first column whose number there is in `ids`.
/// Only the row groups that can hold such rows are read.
pub(super) fn read_between(
    folder: &Folder,
    relative: &str,
    ids: Range<i64>,
    mut each: impl FnMut(i64, &RecordBatch, usize),
) -> Result<(), EngineError> {
    let within = |group: &RowGroupMetaData| match group.column(0).statistics() {
        Some(Statistics::Int64(range)) => {
            range.min_opt().is_none_or(|min| *min < ids.end)
                && range.max_opt().is_none_or(|max| ids.start <= *max)
        }
        _ => true,
    };
    for batch in batches_of(&folder.path(relative), None, within)? {
        let batch = batch?;
        let id = batch.column(0).as_primitive::<Int64Type>().values();
        let wanted =
            id.partition_point(|id| *id < ids.start)..id.partition_point(|id| *id < ids.end);
        for row in wanted {
            each(id[row], &batch, row);
        }
    }
    Ok(())
}

/// A schema of numbers that are always there.
pub(super) fn numbers(names: &[&str]) -> SchemaRef {
    use arrow::datatypes::{DataType, Field, Schema};
    let fields = names.iter().map(|name| Field::new(*name, DataType::Int64, false));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}
