//! Writes the narrow rows that a relation is computed from.

use std::sync::Arc;

use arrow::{
    array::{Array, ArrayRef, AsArray, BooleanArray, Decimal128Array, Int64Array, RecordBatch},
    compute::filter_record_batch,
    datatypes::{DataType, Field, Int64Type, Schema, SchemaRef},
};
use assay_ledger::{
    FileRecord, TableWriter,
    schema::{BYTES, CONTENT, KEY, KEY_BYTES},
};
use assay_operators::contract::Form;
use serde::{Deserialize, Serialize};

use super::{
    participation::Participation,
    rank::Rank,
    tables::{broken, narrow},
};
use crate::{EngineError, Progress, input::Unit, stage::Task};

/// Narrow rows: number of the row in the run, key as a decimal (which the engine groups
/// three times faster than bytes), bytes behind the key, rank.
pub(super) static KEYS: std::sync::LazyLock<SchemaRef> = std::sync::LazyLock::new(|| {
    Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("key", DataType::Decimal128(38, 0), false),
        Field::new("bytes", DataType::Int64, false),
        Field::new("rank", DataType::Binary, false),
    ]))
});

/// Collects the keys of the rows that a relation is about.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct KeysTask {
    pub about: Participation,
    pub form: Form,
    pub prefer: Vec<String>,
    /// Where the keys go, below the run folder.
    pub table: String,
}

/// What was collected of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NarrowReport {
    /// `None` if no row of the unit takes part.
    pub file: Option<FileRecord>,
}

/// Writes a unit's narrow rows; there is no file until there is a row.
pub(super) struct NarrowWriter {
    path: String,
    schema: SchemaRef,
    writer: Option<TableWriter>,
}

impl NarrowWriter {
    /// The engine takes the files by name, so the names are ours and not the corpus's.
    pub(super) fn new(table: &str, unit: &Unit, schema: &SchemaRef) -> Self {
        let path = format!("{table}/{:06}-{:05}.parquet", unit.ordinal, unit.group);
        Self { path, schema: schema.clone(), writer: None }
    }

    pub(super) fn write(
        &mut self,
        folder: &assay_ledger::Folder,
        rows: &RecordBatch,
    ) -> Result<(), EngineError> {
        if rows.num_rows() == 0 {
            return Ok(());
        }
        let writer = match &mut self.writer {
            Some(writer) => writer,
            none => none.insert(TableWriter::create(
                folder,
                &self.path,
                self.schema.clone(),
                &narrow(&self.schema),
            )?),
        };
        Ok(writer.write(rows)?)
    }

    /// The report, as text.
    pub(super) fn finish(self) -> Result<String, EngineError> {
        let file = self.writer.map(TableWriter::finish).transpose()?;
        serde_json::to_string(&NarrowReport { file }).map_err(broken)
    }
}

impl Task for KeysTask {
    fn run(&self, unit: &Unit, _: &Progress) -> Result<String, EngineError> {
        let participants = self.about.of(unit)?;
        // Rows of other corpora are preferred to all others.
        let prefer = if unit.aside.is_some() { &[] } else { self.prefer.as_slice() };
        let rank = Rank::new(prefer);
        let mut writer = NarrowWriter::new(&self.table, unit, &KEYS);
        for facts in participants.facts()? {
            let facts = facts?;
            let rows = participants.in_batch(unit, &facts)?;
            writer.write(&self.about.folder, &self.keys(&facts, &rows, &rank)?)?;
        }
        writer.finish()
    }
}

impl KeysTask {
    fn keys(
        &self,
        facts: &RecordBatch,
        rows: &[(i64, bool)],
        rank: &Rank,
    ) -> Result<RecordBatch, EngineError> {
        let (hash, length) = match self.form {
            Form::Normal => (KEY, KEY_BYTES),
            Form::Bytes => (CONTENT, BYTES),
        };
        let lacking = || broken("the facts lack a fixed column");
        let hash = facts.column_by_name(hash).ok_or_else(lacking)?.as_fixed_size_binary();
        let length = facts.column_by_name(length).ok_or_else(lacking)?;
        let length = length.as_primitive::<Int64Type>();
        let takes_part: BooleanArray = rows.iter().map(|row| Some(row.1)).collect();
        let all = 0..facts.num_rows();
        let key =
            all.clone().map(|at| if hash.is_valid(at) { to_decimal(hash.value(at)) } else { 0 });
        let key =
            Decimal128Array::from_iter_values(key).with_data_type(DataType::Decimal128(38, 0));
        let bytes = all.map(|at| if length.is_valid(at) { length.value(at) } else { 0 });
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.0))),
            Arc::new(key),
            Arc::new(Int64Array::from_iter_values(bytes)),
            rank.of(facts)?,
        ];
        let keys = RecordBatch::try_new(KEYS.clone(), columns).map_err(broken)?;
        filter_record_batch(&keys, &takes_part).map_err(broken)
    }
}

/// The 16 bytes of a hash as a decimal's integer. The result may have more than 38
/// digits: it is compared, never printed.
fn to_decimal(hash: &[u8]) -> i128 {
    hash.try_into().map_or(0, i128::from_be_bytes)
}
