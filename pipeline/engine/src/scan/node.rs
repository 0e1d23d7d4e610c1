//! The corpus as a DataFusion node.

use std::{fmt, fs::File, sync::Arc};

use arrow::{array::RecordBatch, datatypes::SchemaRef};
use datafusion::{
    common::{DataFusionError, Result},
    execution::SendableRecordBatchStream,
    physical_plan::stream::RecordBatchStreamAdapter,
};
use futures::{StreamExt, TryStreamExt, stream};
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;

use super::{
    reader::read_roles,
    text::{scan_schema, to_scan_batch},
};
use crate::{
    EngineError,
    input::{Unit, guarded},
    stage::{PartitionWork, units_of},
};

/// Reads identity, declared fields and text of every row of its units.
#[derive(Debug)]
pub(crate) struct UnitScan {
    schema: SchemaRef,
}

impl UnitScan {
    /// Reads documents with up to `parts` text columns.
    pub(crate) fn new(parts: usize) -> Arc<Self> {
        Arc::new(Self { schema: scan_schema(parts) })
    }
}

impl PartitionWork for UnitScan {
    fn name(&self) -> &'static str {
        "UnitScan"
    }

    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn run(&self, input: SendableRecordBatchStream) -> SendableRecordBatchStream {
        let schema = self.schema.clone();
        let streams = async move {
            let units = units_of(input).await?;
            Ok::<_, DataFusionError>(
                stream::iter(units).map(move |unit| scan(unit, schema.clone())).flatten(),
            )
        };
        let rows = stream::once(streams).try_flatten();
        Box::pin(RecordBatchStreamAdapter::new(self.schema.clone(), rows))
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
        Some(batch) => Some(batch.map_err(unreadable).and_then(|batch| {
            let out = to_scan_batch(&unit, &batch, row, &schema)?;
            row += batch.num_rows() as u64;
            Ok(out)
        })),
        None => {
            reader = None;
            let (found, promised) = (row - unit.first_row, unit.rows);
            (row != due).then(|| {
                Err(unreadable(format!("{found} rows are there, the footer says {promised}")))
            })
        }
    });
    stream::iter(error.into_iter().chain(batches))
}

/// Opens a unit. What the operating system refuses is not the file's fault, and no reason
/// to go on without its rows.
fn opened(unit: &Unit) -> Result<ParquetRecordBatchReader> {
    File::open(&unit.path).map_err(EngineError::io("opened", &unit.path))?;
    guarded(|| read_roles(unit, None)).map_err(unreadable)
}

/// The next rows. Foreign bytes may make a decoder panic; that is the unit's failure. A
/// panic anywhere else is a bug, and ends the run.
fn next(reader: &mut ParquetRecordBatchReader) -> Result<Option<RecordBatch>, String> {
    guarded(|| reader.next().transpose().map_err(|error| error.to_string()))
}

pub(crate) fn unreadable(error: String) -> DataFusionError {
    DataFusionError::External(Box::new(Unreadable(error)))
}

/// Foreign bytes that could not be decoded; the unit is lost, the run goes on.
#[derive(Debug)]
pub(crate) struct Unreadable(pub String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

impl Unreadable {
    /// What could not be decoded, if that is what `error` is about.
    pub(crate) fn of(error: &DataFusionError) -> Option<&str> {
        match error {
            DataFusionError::External(inner) => {
                let inner: &(dyn std::error::Error + 'static) = inner.as_ref();
                inner.downcast_ref::<Self>().map(|it| it.0.as_str())
            }
            DataFusionError::Context(_, inner) => Self::of(inner),
            _ => None,
        }
    }
}
