//! Rows of a query one after the other, in the order of their keys.

use arrow::{
    array::{ArrayRef, AsArray},
    compute::cast,
    datatypes::DataType,
};
use datafusion::execution::SendableRecordBatchStream;
use futures::StreamExt;

use crate::EngineError;

/// The place in a stream of a key and something else.
pub(super) struct Cursor {
    rows: SendableRecordBatchStream,
    batch: Option<(ArrayRef, ArrayRef)>,
    at: usize,
}

impl Cursor {
    /// Before the first row of `rows`, which have two columns.
    pub(super) fn new(rows: SendableRecordBatchStream) -> Self {
        Self { rows, batch: None, at: 0 }
    }

    /// Key of the present row; none behind the last.
    pub(super) async fn key(&mut self) -> Result<Option<&str>, EngineError> {
        while self.batch.as_ref().is_none_or(|(key, _)| key.len() <= self.at) {
            let Some(batch) = self.rows.next().await.transpose()? else { return Ok(None) };
            let key = cast(batch.column(0), &DataType::Utf8);
            let key = key.map_err(|error| EngineError::Broken(error.to_string()))?;
            self.batch = Some((key, batch.column(1).clone()));
            self.at = 0;
        }
        let key = self.batch.as_ref().map(|(key, _)| key.as_string::<i32>());
        Ok(key.map(|key| key.value(self.at)))
    }

    /// What stands beside the key that was asked for.
    pub(super) fn beside<T>(&self, read: impl FnOnce(&ArrayRef, usize) -> T) -> Option<T> {
        self.batch.as_ref().map(|(_, beside)| read(beside, self.at))
    }

    /// Goes to the next row.
    pub(super) fn advance(&mut self) {
        self.at += 1;
    }
}
