//! What is said of a unit: one row of text, which reads the same in every process.

use std::{future::Future, sync::Arc};

use arrow::{
    array::{Array, AsArray, RecordBatch, StringArray},
    datatypes::{DataType, Field, Schema, SchemaRef},
};
use datafusion::{
    common::{DataFusionError, Result},
    execution::SendableRecordBatchStream,
    physical_plan::stream::RecordBatchStreamAdapter,
};
use futures::stream;

use crate::{EngineError, scan::Unreadable};

/// What became of the unit with this name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnitReport {
    pub unit: String,
    pub outcome: Outcome,
}

/// What became of a unit. Anything else that goes wrong ends the stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is done; what was done, as JSON.
    Done(String),
    /// Its bytes cannot be decoded; why.
    Unreadable(String),
}

impl UnitReport {
    /// What `work` on `unit` came to.
    pub(crate) fn of(unit: String, work: Result<String>) -> Result<Self> {
        let outcome = match work {
            Ok(report) => Outcome::Done(report),
            Err(error) => match Unreadable::of(&error) {
                Some(lost) => Outcome::Unreadable(lost.reason.clone()),
                None => return Err(error),
            },
        };
        Ok(Self { unit, outcome })
    }

    /// The reports in the rows of `batch`.
    pub(crate) fn read(batch: &RecordBatch) -> Result<Vec<Self>, EngineError> {
        let columns: Option<Vec<&StringArray>> =
            batch.columns().iter().map(|column| column.as_string_opt::<i32>()).collect();
        let Some([unit, done, unreadable]) = columns.as_deref() else {
            return Err(EngineError::Broken("a report has other columns".into()));
        };
        let report = |row: usize| Self {
            unit: unit.value(row).to_owned(),
            outcome: if done.is_valid(row) {
                Outcome::Done(done.value(row).to_owned())
            } else {
                Outcome::Unreadable(unreadable.value(row).to_owned())
            },
        };
        Ok((0..batch.num_rows()).map(report).collect())
    }

    fn to_batch(&self) -> Result<RecordBatch> {
        let (done, unreadable) = match &self.outcome {
            Outcome::Done(report) => (Some(report.as_str()), None),
            Outcome::Unreadable(reason) => (None, Some(reason.as_str())),
        };
        let columns = [Some(self.unit.as_str()), done, unreadable]
            .map(|text| Arc::new(StringArray::from(vec![text])) as _);
        Ok(RecordBatch::try_new(report_schema(), columns.to_vec())?)
    }
}

/// One row per unit.
pub(crate) fn report_schema() -> SchemaRef {
    let text = |name: &str, nullable| Field::new(name, DataType::Utf8, nullable);
    let fields = vec![text("unit", false), text("done", true), text("unreadable", true)];
    Arc::new(Schema::new(fields))
}

/// A stream of the one report that `work` makes.
pub(crate) fn report_stream(
    work: impl Future<Output = Result<UnitReport, DataFusionError>> + Send + 'static,
) -> SendableRecordBatchStream {
    let once = stream::once(async move { work.await?.to_batch() });
    Box::pin(RecordBatchStreamAdapter::new(report_schema(), once))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_reads_as_it_was_written() {
        for outcome in [Outcome::Done("{}".into()), Outcome::Unreadable("bad page".into())] {
            let report = UnitReport { unit: "root/a.parquet#3".into(), outcome };
            assert_eq!(UnitReport::read(&report.to_batch().unwrap()).unwrap(), [report]);
        }
    }
}
