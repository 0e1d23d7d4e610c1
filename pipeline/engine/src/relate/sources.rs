//! Between which sources duplicates stand: where the rows that go are from, and where the rows
//! that stay instead.
//!
//! A row knows its own source, and the row that stays may be in any unit. So each unit says
//! where its rows that go are from, that is sorted by the row that stays, and each unit says
//! where its rows that stay are from.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, LazyLock},
};

use arrow::{
    array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringArray},
    datatypes::{DataType, Field, Int64Type, Schema, SchemaRef},
};
use assay_ledger::{
    CrossingRecord, FileRecord, Folder, batches, folder,
    schema::{ROW, SOURCE},
};
use futures::StreamExt;
use serde::{Deserialize, Serialize};

use super::{
    members::Members,
    tables::{Tables, broken, read_between},
    task::NarrowWriter,
};
use crate::{EngineError, Progress, error::unwrapped, input::Unit, stage::Task};

/// Most pairs of sources of a step that are listed.
const SHOWN: usize = 20;

/// Number of a row that stays, and the source of one that goes because of it.
static WENT: LazyLock<SchemaRef> = LazyLock::new(|| {
    let kept = Field::new("kept", DataType::Int64, false);
    Arc::new(Schema::new(vec![kept, Field::new("source", DataType::Utf8, false)]))
});

/// Sources of rows that go and of those that stay instead, and how many rows that is.
static PAIRS: LazyLock<SchemaRef> = LazyLock::new(|| {
    let source = |name: &str| Field::new(name, DataType::Utf8, false);
    let rows = Field::new("number", DataType::Int64, false);
    Arc::new(Schema::new(vec![source("went"), source("stays"), rows]))
});

/// Writes the sources of the rows of a unit that go.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct WentTask {
    pub folder: Folder,
    pub members: Members,
    /// Where they go, below the run folder.
    pub table: String,
}

/// Counts the rows that go by their source and that of the rows of a unit that stay.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StaysTask {
    pub folder: Folder,
    /// What [`WentTask`] wrote, in order of the rows that stay; below the run folder.
    pub went: String,
    /// Where the counts go, below the run folder.
    pub table: String,
}

impl Task for WentTask {
    fn run(&self, unit: &Unit, _: &Progress) -> Result<String, EngineError> {
        let mut writer = NarrowWriter::new(&self.table, unit, &WENT);
        let removed = self.members.removed(&self.folder, unit.ids())?;
        if removed.is_empty() {
            return writer.finish();
        }
        for facts in facts(&self.folder, unit)? {
            let (rows, sources) = facts?;
            let gone = rows.values().iter().enumerate().filter_map(|(at, row)| {
                let kept = removed.get(&unit.id(row.unsigned_abs()))?;
                Some((kept.id, sources.value(at)))
            });
            let (kept, from): (Vec<i64>, Vec<&str>) = gone.unzip();
            let columns: Vec<ArrayRef> =
                vec![Arc::new(Int64Array::from(kept)), Arc::new(StringArray::from(from))];
            let batch = RecordBatch::try_new(WENT.clone(), columns).map_err(broken)?;
            writer.write(&self.folder, &batch)?;
        }
        writer.finish()
    }
}

impl Task for StaysTask {
    fn run(&self, unit: &Unit, _: &Progress) -> Result<String, EngineError> {
        let mut names = Names::default();
        let mut sources = Vec::new();
        for facts in facts(&self.folder, unit)? {
            sources.extend(facts?.1.iter().flatten().map(|name| names.number(name)));
        }
        let mut counts: BTreeMap<(u32, u32), i64> = BTreeMap::new();
        let first = unit.ids().start;
        read_between(&self.folder, &self.went, unit.ids(), |id, batch, row| {
            let went = names.number(batch.column(1).as_string::<i32>().value(row));
            let stays = usize::try_from(id - first).ok().and_then(|at| sources.get(at));
            if let Some(stays) = stays {
                *counts.entry((went, *stays)).or_default() += 1;
            }
        })?;
        let mut writer = NarrowWriter::new(&self.table, unit, &PAIRS);
        let column = |of: &dyn Fn(&(u32, u32)) -> u32| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(counts.keys().map(|it| names.name(of(it)))))
        };
        let numbers = Arc::new(Int64Array::from_iter_values(counts.values().copied()));
        let columns = vec![column(&|it| it.0), column(&|it| it.1), numbers as ArrayRef];
        let batch = RecordBatch::try_new(PAIRS.clone(), columns).map_err(broken)?;
        writer.write(&self.folder, &batch)?;
        writer.finish()
    }
}

/// What the units wrote of rows that go, in the order of the rows that stay; below the run
/// folder.
pub(crate) async fn by_kept(
    tables: &Tables<'_>,
    went: &[FileRecord],
) -> Result<String, EngineError> {
    let files: Vec<String> = went.iter().map(|file| file.path.clone()).collect();
    let sql = "SELECT kept, source FROM went ORDER BY kept, source";
    let rows = tables.query(&[("went", &files, &WENT)], sql).await?;
    Ok(tables.store("went", &WENT, rows).await?.path)
}

/// The pairs of sources with the most rows.
pub(crate) async fn crossings(
    tables: &Tables<'_>,
    step: &str,
    pairs: &[FileRecord],
) -> Result<Vec<CrossingRecord>, EngineError> {
    let files: Vec<String> = pairs.iter().map(|file| file.path.clone()).collect();
    let sql = format!(
        "SELECT went, stays, sum(number) AS total FROM pairs GROUP BY went, stays \
         ORDER BY total DESC, went, stays LIMIT {SHOWN}"
    );
    let mut rows = tables.query(&[("pairs", &files, &PAIRS)], &sql).await?;
    let mut found = Vec::new();
    while let Some(batch) = rows.next().await {
        let batch = batch.map_err(unwrapped)?;
        let text = |at: usize| arrow::compute::cast(batch.column(at), &DataType::Utf8);
        let (went, stays) = (text(0).map_err(broken)?, text(1).map_err(broken)?);
        let totals = batch.column(2).as_primitive::<Int64Type>();
        for row in 0..batch.num_rows() {
            found.push(CrossingRecord {
                step: step.to_owned(),
                went: went.as_string::<i32>().value(row).to_owned(),
                stays: stays.as_string::<i32>().value(row).to_owned(),
                rows: totals.value(row).unsigned_abs(),
            });
        }
    }
    Ok(found)
}

type Sources = Result<(Int64Array, StringArray), EngineError>;

/// Row numbers and sources of a unit, batch by batch.
fn facts(folder: &Folder, unit: &Unit) -> Result<impl Iterator<Item = Sources>, EngineError> {
    let path = folder.path(&unit.path_in(folder::FACTS));
    Ok(batches(&path, Some(&[ROW, SOURCE]))?.map(|batch| {
        let batch = batch?;
        let lacking = || broken("the facts lack a fixed column");
        let rows = batch.column_by_name(ROW).ok_or_else(lacking)?.as_primitive::<Int64Type>();
        let sources = batch.column_by_name(SOURCE).ok_or_else(lacking)?.as_string::<i32>();
        Ok((rows.clone(), sources.clone()))
    }))
}

/// Numbers for names.
#[derive(Default)]
struct Names {
    numbers: HashMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.numbers.insert(name.to_owned(), number);
        self.names.push(name.to_owned());
        number
    }

    fn name(&self, number: u32) -> &str {
        self.names.get(number as usize).map(String::as_str).unwrap_or_default()
    }
}
