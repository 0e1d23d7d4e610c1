//! Exact duplicates: rows with the same key and length, and which of them stays.
//!
//! Narrow rows are sorted, in memory or through files, by key, length, rank and number. The
//! first row of a run of equal key and length stays. Rows of other corpora come first.

use arrow::{
    array::AsArray,
    datatypes::{Decimal128Type, Int64Type},
};
use assay_ledger::{FileRecord, schema::role};
use datafusion::execution::SendableRecordBatchStream;
use futures::StreamExt;

use super::{
    groups::{GroupCount, GroupsWriter, Listed},
    members::{Kept, MembersWriter, in_order},
    step::{Related, RelatingStep},
    task::KEYS,
};
use crate::EngineError;

/// Relates the rows whose keys are in `keys`, files below the run folder.
pub(crate) async fn relate_exact(
    step: &RelatingStep<'_>,
    keys: &[FileRecord],
) -> Result<Related, EngineError> {
    if keys.is_empty() {
        return Ok(step.nothing());
    }
    let files: Vec<String> = keys.iter().map(|file| file.path.clone()).collect();
    let sql = "SELECT key, bytes, id FROM keys ORDER BY key, bytes, rank, id";
    let rows = step.tables.query(&[("keys", &files, &KEYS)], sql).await?;
    let Some(found) = group(step, rows).await? else { return Ok(step.nothing()) };
    let path = in_order(&step.tables, &found.members).await?;
    Ok(Related { groups: Some(found.groups), count: found.count, ..step.members(path, None) })
}

/// Cuts rows in the order of their keys into groups.
async fn group(
    step: &RelatingStep<'_>,
    mut rows: SendableRecordBatchStream,
) -> Result<Option<Grouped>, EngineError> {
    let mut out: Option<Writing<'_>> = None;
    let mut present: Option<Run> = None;
    while let Some(batch) = rows.next().await {
        let batch = batch?;
        let key = batch.column(0).as_primitive::<Decimal128Type>();
        let bytes = batch.column(1).as_primitive::<Int64Type>();
        let id = batch.column(2).as_primitive::<Int64Type>();
        for row in 0..batch.num_rows() {
            let (key, bytes, id) = (key.value(row), bytes.value(row), id.value(row));
            match &mut present {
                Some(run) if run.key == key && run.bytes == bytes => {
                    let kept_is_own = step.own <= run.kept;
                    if id < step.own || step.only_against && kept_is_own {
                        continue;
                    }
                    let out = match &mut out {
                        Some(out) => out,
                        none => none.insert(Writing::open(step)?),
                    };
                    out.member(run, id)?;
                }
                _ => present = Some(Run { key, bytes, kept: id, members: 0 }),
            }
        }
    }
    out.map(Writing::finish).transpose()
}

/// Rows of equal key and length, the first of which stays.
struct Run {
    key: i128,
    bytes: i64,
    kept: i64,
    members: u64,
}

/// What [`group`] wrote.
struct Grouped {
    members: FileRecord,
    groups: FileRecord,
    count: GroupCount,
}

/// The members and the groups table, as they are written.
struct Writing<'s> {
    members: MembersWriter,
    groups: GroupsWriter<'s>,
}

impl<'s> Writing<'s> {
    fn open(step: &'s RelatingStep<'_>) -> Result<Self, EngineError> {
        Ok(Self { members: MembersWriter::open(&step.tables)?, groups: step.groups()? })
    }

    fn member(&mut self, run: &mut Run, id: i64) -> Result<(), EngineError> {
        let listed = |id, role| Listed {
            group: run.key.cast_unsigned(),
            id,
            role,
            kept: run.kept,
            similarity: 1.0,
            containment: 1.0,
        };
        if run.members == 0 {
            self.groups.push(listed(run.kept, role::KEPT))?;
        }
        self.groups.push(listed(id, role::MEMBER))?;
        run.members += 1;
        self.members.push(id, Kept { id: run.kept, similarity: 1.0 })
    }

    fn finish(self) -> Result<Grouped, EngineError> {
        // Equal texts need not be seen side by side.
        let (groups, count, _) = self.groups.finish()?;
        Ok(Grouped { members: self.members.finish()?, groups, count })
    }
}
