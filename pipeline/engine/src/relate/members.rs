//! What a relating step found: which rows do not stay, and which row stays instead.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use arrow::{
    array::{ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch},
    datatypes::{DataType, Field, Float64Type, Int64Type, Schema, SchemaRef},
};
use assay_ledger::{FileRecord, Folder, TableWriter, schema::SIMILARITY};
use serde::{Deserialize, Serialize};

use super::{
    passages::Edits,
    tables::{Tables, broken, read_between},
};
use crate::EngineError;

/// Rows that do not stay, in order of their number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Members {
    /// Number of the step.
    pub step: usize,
    /// The file below the run folder; `None` if every row stays.
    pub path: Option<String>,
    /// How similar a row must be, if it need not be equal.
    pub limit: Option<String>,
    /// What the step takes from rows, if it does.
    pub edits: Option<Edits>,
}

/// A row that stays instead of another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Kept {
    /// Number of the row.
    pub id: i64,
    /// How similar the two are, 0 to 1.
    pub similarity: f64,
}

/// Number of a row, number of the row that stays instead, and how similar they are.
static MEMBERS: std::sync::LazyLock<SchemaRef> = std::sync::LazyLock::new(|| {
    Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("kept", DataType::Int64, false),
        Field::new(SIMILARITY, DataType::Float64, false),
    ]))
});

impl Members {
    /// Rows with a number in `ids` that do not stay, with the row that stays instead.
    pub(crate) fn removed(
        &self,
        folder: &Folder,
        ids: Range<i64>,
    ) -> Result<BTreeMap<i64, Kept>, EngineError> {
        let mut removed = BTreeMap::new();
        let Some(relative) = &self.path else { return Ok(removed) };
        read_between(folder, relative, ids, |id, batch, row| {
            let kept = batch.column(1).as_primitive::<Int64Type>().value(row);
            let similarity = batch.column(2).as_primitive::<Float64Type>().value(row);
            removed.insert(id, Kept { id: kept, similarity });
        })?;
        Ok(removed)
    }
}

/// Writes members in any order.
pub(super) struct MembersWriter {
    writer: TableWriter,
    pending: Vec<(i64, Kept)>,
}

/// Rows that are written at a time.
pub(super) const PENDING: usize = 8192;

impl MembersWriter {
    pub(super) fn open(tables: &Tables<'_>) -> Result<Self, EngineError> {
        Ok(Self { writer: tables.create("found", &MEMBERS)?, pending: Vec::new() })
    }

    /// Row `id` does not stay.
    pub(super) fn push(&mut self, id: i64, kept: Kept) -> Result<(), EngineError> {
        self.pending.push((id, kept));
        if PENDING <= self.pending.len() { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), EngineError> {
        let rows = self.pending.drain(..);
        let (ids, kept): (Vec<i64>, Vec<Kept>) = rows.unzip();
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from(ids)),
            Arc::new(Int64Array::from_iter_values(kept.iter().map(|kept| kept.id))),
            Arc::new(Float64Array::from_iter_values(kept.iter().map(|kept| kept.similarity))),
        ];
        let batch = RecordBatch::try_new(MEMBERS.clone(), columns).map_err(broken)?;
        Ok(self.writer.write(&batch)?)
    }

    pub(super) fn finish(mut self) -> Result<FileRecord, EngineError> {
        self.flush()?;
        Ok(self.writer.finish()?)
    }
}

/// Puts members in the order of their rows and returns where.
pub(super) async fn in_order(
    tables: &Tables<'_>,
    found: &FileRecord,
) -> Result<String, EngineError> {
    let files = [found.path.clone()];
    let sql = "SELECT id, kept, similarity FROM found ORDER BY id";
    let rows = tables.query(&[("found", &files, &MEMBERS)], sql).await?;
    Ok(tables.store("members", &MEMBERS, rows).await?.path)
}
