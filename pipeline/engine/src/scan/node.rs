//! The corpus as a DataFusion node.

use std::{fs::File, path::Path, sync::Arc};

use arrow::{array::RecordBatch, datatypes::SchemaRef};
use datafusion::{
    common::{DataFusionError, Result},
    execution::{SendableRecordBatchStream, TaskContext},
    physical_plan::stream::RecordBatchStreamAdapter,
};
use futures::{StreamExt, TryStreamExt, stream};
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;
use serde::{Deserialize, Serialize};

use super::{
    reader::read_roles,
    text::{scan_schema, to_scan_batch},
};
use crate::{
    EngineError,
    input::{Footer, Unit, guarded},
    stage::{PartitionWork, units_of},
};

/// Reads identity, declared fields and text of every row of its units.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct UnitScan {
    /// Most text columns that a document has.
    pub parts: usize,
}

impl PartitionWork for UnitScan {
    fn name(&self) -> &'static str {
        "UnitScan"
    }

    fn schema(&self) -> SchemaRef {
        scan_schema(self.parts)
    }

    fn run(
        &self,
        input: SendableRecordBatchStream,
        _: &Arc<TaskContext>,
    ) -> SendableRecordBatchStream {
        let schema = self.schema();
        let out = schema.clone();
        let streams = async move {
            let units = units_of(input).await?;
            Ok::<_, DataFusionError>(
                stream::iter(units).map(move |unit| scan(unit, schema.clone())).flatten(),
            )
        };
        let rows = stream::once(streams).try_flatten();
        Box::pin(RecordBatchStreamAdapter::new(out, rows))
    }
}

fn scan(unit: Unit, schema: SchemaRef) -> impl futures::Stream<Item = Result<RecordBatch>> + Send {
    let (reader, error) = match opened(&unit) {
        Ok(reader) => (Some(reader), None),
        Err(error) => (None, Some(Err(error))),
    };
    let due = unit.first_row + unit.rows;
    let (mut row, mut reader) = (unit.first_row, reader);
    let batches = std::iter::from_fn(move || match next(reader.as_mut()?).transpose() {
        Some(batch) => Some(batch.map_err(|error| unreadable(&unit, error)).and_then(|batch| {
            let out = to_scan_batch(&unit, &batch, row, &schema)?;
            row += batch.num_rows() as u64;
            Ok(out)
        })),
        None => {
            reader = None;
            let (found, promised) = (row - unit.first_row, unit.rows);
            (row != due).then(|| {
                let problem = format!("{found} rows are there, the footer says {promised}");
                Err(unreadable(&unit, problem))
            })
        }
    });
    stream::iter(error.into_iter().chain(batches))
}

/// Opens a unit. What the operating system refuses is not the file's fault, and no reason
/// to go on without its rows.
fn opened(unit: &Unit) -> Result<ParquetRecordBatchReader> {
    File::open(&unit.path).map_err(EngineError::io("opened", &unit.path))?;
    guarded(|| read_roles(unit, None)).map_err(|error| unreadable(unit, error))
}

/// The next rows. Foreign bytes may make a decoder panic; that is the unit's failure. A
/// panic anywhere else is a bug, and ends the run.
fn next(reader: &mut ParquetRecordBatchReader) -> Result<Option<RecordBatch>, String> {
    guarded(|| reader.next().transpose().map_err(|error| error.to_string()))
}

/// The error of a unit whose bytes cannot be decoded.
pub(crate) fn unreadable(unit: &Unit, reason: String) -> DataFusionError {
    DataFusionError::External(Box::new(Unreadable { unit: unit.name(), reason }))
}

/// Why a unit that could be measured cannot be read again: damage in what was not
/// measured, unless the file is another one by now.
pub(crate) fn lost(unit: &Unit, error: String) -> EngineError {
    let same = Footer::read(Path::new(&unit.path)).is_ok_and(|footer| unit.is_of(&footer));
    if same {
        return EngineError::from(unreadable(unit, error));
    }
    EngineError::input(
        &unit.file,
        format!("was changed while the run was reading it: {error}"),
        "leave the input alone while a run is under way, and start again",
    )
}

/// Foreign bytes that could not be decoded; the unit is lost, the run goes on.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub(crate) struct Unreadable {
    /// [`Unit::name`].
    pub unit: String,
    pub reason: String,
}

impl Unreadable {
    /// What could not be decoded, if that is what `error` is about.
    pub(crate) fn of(error: &DataFusionError) -> Option<&Self> {
        match error {
            DataFusionError::External(inner) => {
                let inner: &(dyn std::error::Error + 'static) = inner.as_ref();
                inner.downcast_ref::<Self>()
            }
            DataFusionError::Context(_, inner) => Self::of(inner),
            _ => None,
        }
    }
}
