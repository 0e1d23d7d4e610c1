//! Writes the narrow rows that a relation is computed from.

use std::{collections::BTreeMap, sync::Arc};

use arrow::{
    array::{Array, ArrayRef, AsArray, BooleanArray, Decimal128Array, Int64Array, RecordBatch},
    compute::filter_record_batch,
    datatypes::{DataType, Field, Int64Type, Schema, SchemaRef},
};
use assay_ledger::{
    FileRecord, Folder, TableWriter, WriterSettings, folder, read_table,
    schema::{BYTES, CONTENT, KEY, KEY_BYTES, ROW},
};
use assay_operators::contract::Form;
use assay_plan::Action;
use serde::{Deserialize, Serialize};

use super::{members::Members, rank::Rank};
use crate::{
    EngineError, Progress,
    decide::{Judge, PlanText, spoken_about},
    input::Unit,
    stage::Task,
};

/// Narrow rows: number of the row in the run, key as a decimal (which the engine groups
/// three times faster than bytes), bytes behind the key, rank.
pub(crate) static KEYS: std::sync::LazyLock<SchemaRef> = std::sync::LazyLock::new(|| {
    Arc::new(Schema::new(vec![
        Field::new("id", DataType::Int64, false),
        Field::new("key", DataType::Decimal128(38, 0), false),
        Field::new("bytes", DataType::Int64, false),
        Field::new("rank", DataType::Binary, false),
    ]))
});

/// Collects the keys of the rows that a relation is about: those that stay so far.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct KeysTask {
    pub folder: Folder,
    pub plan: PlanText,
    /// Number of the relating step.
    pub step: usize,
    pub form: Form,
    pub prefer: Vec<String>,
    /// What earlier relating steps found.
    pub before: Arc<Vec<Members>>,
    /// Where the keys go, below the run folder.
    pub table: String,
}

/// What was collected of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeysReport {
    /// `None` if no row of the unit takes part.
    pub file: Option<FileRecord>,
}

impl Task for KeysTask {
    fn run(&self, unit: &Unit, _: &Progress) -> Result<String, EngineError> {
        let judge = self.plan.judge()?;
        let facts = read_table(&self.folder.path(&unit.path_in(folder::FACTS)))?;
        let ids = unit.id(unit.first_row)..unit.id(unit.first_row + unit.rows);
        let mut removed: BTreeMap<i64, i64> = BTreeMap::new();
        // Rows that an earlier relation only flags still take part.
        let gone = |members: &&Members| {
            let step = judge.steps().get(members.step);
            step.is_some_and(|step| Action::Quarantine <= step.step.on_outside)
        };
        for members in self.before.iter().filter(gone) {
            removed.extend(members.removed(&self.folder, ids.clone())?);
        }
        let rank = Rank::new(&self.prefer);
        // The engine takes these by name, so the names are ours and not the corpus's.
        let path = format!("{}/{:06}-{:05}.parquet", self.table, unit.ordinal, unit.group);
        let mut writer = None;
        for batch in &facts {
            let keys = self.keys(unit, &judge, batch, &rank, &removed)?;
            if keys.num_rows() == 0 {
                continue;
            }
            let writer = match &mut writer {
                Some(writer) => writer,
                none => none.insert(TableWriter::create(
                    &self.folder,
                    &path,
                    KEYS.clone(),
                    &WriterSettings {
                        plain_columns: ["id", "key", "bytes"].map(Into::into).into(),
                        metadata: None,
                    },
                )?),
            };
            writer.write(&keys)?;
        }
        let file = writer.map(TableWriter::finish).transpose()?;
        serde_json::to_string(&KeysReport { file })
            .map_err(|error| EngineError::Broken(error.to_string()))
    }
}

impl KeysTask {
    fn keys(
        &self,
        unit: &Unit,
        judge: &Judge,
        facts: &RecordBatch,
        rank: &Rank,
        removed: &BTreeMap<i64, i64>,
    ) -> Result<RecordBatch, EngineError> {
        let (hash, length) = match self.form {
            Form::Normal => (KEY, KEY_BYTES),
            Form::Bytes => (CONTENT, BYTES),
        };
        let lacking = || EngineError::Broken("the facts lack a fixed column".into());
        let hash = facts.column_by_name(hash).ok_or_else(lacking)?.as_fixed_size_binary();
        let length = facts.column_by_name(length).ok_or_else(lacking)?;
        let length = length.as_primitive::<Int64Type>();
        let rows = facts.column_by_name(ROW).ok_or_else(lacking)?.as_primitive::<Int64Type>();
        let verdicts = judge.judge(facts)?.verdicts;
        let spoken = spoken_about(&judge.steps()[self.step], facts)?;
        let id = |at: usize| unit.id(rows.value(at).unsigned_abs());
        let takes_part: BooleanArray = verdicts
            .iter()
            .enumerate()
            .map(|(at, verdict)| {
                let stays = verdict.stays() && !removed.contains_key(&id(at));
                Some(stays && hash.is_valid(at) && spoken(at))
            })
            .collect();
        let all = 0..facts.num_rows();
        let key =
            all.clone().map(|at| if hash.is_valid(at) { to_decimal(hash.value(at)) } else { 0 });
        let key =
            Decimal128Array::from_iter_values(key).with_data_type(DataType::Decimal128(38, 0));
        let bytes = all.clone().map(|at| if length.is_valid(at) { length.value(at) } else { 0 });
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from_iter_values(all.map(id))),
            Arc::new(key),
            Arc::new(Int64Array::from_iter_values(bytes)),
            rank.of(facts)?,
        ];
        let broken = |error: arrow::error::ArrowError| EngineError::Broken(error.to_string());
        let keys = RecordBatch::try_new(KEYS.clone(), columns).map_err(broken)?;
        filter_record_batch(&keys, &takes_part).map_err(broken)
    }
}

/// The 16 bytes of a hash as a decimal's integer. The result may have more than 38
/// digits: it is compared, never printed.
fn to_decimal(hash: &[u8]) -> i128 {
    hash.try_into().map_or(0, i128::from_be_bytes)
}
