//! Rows that share a key are in one bucket, and the best rows of a bucket are proposed to be
//! compared with all others in it.

use std::sync::{Arc, LazyLock};

use arrow::{
    array::{AsArray, Int64Array, RecordBatch},
    datatypes::{Int64Type, SchemaRef},
};
use assay_ledger::{FileRecord, Folder, TableWriter, batches};
use datafusion::execution::SendableRecordBatchStream;
use futures::StreamExt;
use roaring::RoaringTreemap;

use super::{
    super::{
        numbers::Numbers,
        tables::{Tables, broken, numbers},
    },
    bands::BANDS,
    places::Places,
};
use crate::{EngineError, error::unwrapped};

/// Places of two rows, the better one first.
pub(super) static PAIRS: LazyLock<SchemaRef> = LazyLock::new(|| numbers(&["better", "worse"]));

/// Most rows of a bucket that lead, each being compared with all that follow it.
pub(super) const LEADERS: usize = 64;
/// Most pairs that a bucket proposes; one of many rows has fewer leaders.
const BUCKET_PAIRS: usize = 1_000_000;

/// What became of a round of proposals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Proposed {
    /// Whether some bucket has more to propose.
    pub open: bool,
    /// Buckets in which not all pairs of rows are ever compared, and the rows in the largest.
    pub capped: u64,
    pub largest: u64,
}

/// Rows that are compared with each other: where those of the input begin, and whether they
/// are compared with the rows before them only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sides {
    /// First place of the input.
    pub own: i64,
    pub only_against: bool,
}

/// Keeps the buckets of `rows`, which come in order of bucket and place, that propose a pair.
/// Of the rows of other corpora in a bucket the first ones are kept.
pub(super) async fn shared(
    tables: &Tables<'_>,
    mut rows: SendableRecordBatchStream,
    sides: Sides,
) -> Result<FileRecord, EngineError> {
    let mut writer = Numbers::new(tables.create("buckets", &BANDS)?, &BANDS);
    let mut present = Waiting::default();
    while let Some(batch) = rows.next().await {
        let batch = batch.map_err(unwrapped)?;
        let bucket = batch.column(0).as_primitive::<Int64Type>().values();
        let place = batch.column(1).as_primitive::<Int64Type>().values();
        for (&bucket, &place) in bucket.iter().zip(place) {
            if present.bucket != Some(bucket) {
                present.rows.clear();
                present =
                    Waiting { bucket: Some(bucket), rows: present.rows, ..Waiting::default() };
            }
            // A document whose keys of two bands are equal is still one row.
            if present.last.replace(place) == Some(place) {
                continue;
            }
            present.add(place, sides, &mut writer)?;
        }
    }
    writer.finish()
}

/// The present bucket, with its first rows, until one comes that is compared with them.
#[derive(Default)]
struct Waiting {
    bucket: Option<i64>,
    rows: Vec<i64>,
    last: Option<i64>,
    /// Whether it has rows of other corpora, and whether rows of it were written.
    others: bool,
    written: bool,
}

impl Waiting {
    fn add(&mut self, place: i64, sides: Sides, out: &mut Numbers<2>) -> Result<(), EngineError> {
        let bucket = self.bucket.unwrap_or_default();
        if place < sides.own {
            self.others = true;
            if self.rows.len() < LEADERS {
                self.rows.push(place);
            }
        } else if self.written || !self.rows.is_empty() {
            for first in self.rows.drain(..) {
                out.push([bucket, first])?;
            }
            self.written = true;
            out.push([bucket, place])?;
        } else if self.others || !sides.only_against {
            self.rows.push(place);
        }
        Ok(())
    }
}

/// Numbers of the rows at `places`, which come in order, each once and in order of number.
pub(super) async fn rows_of(
    tables: &Tables<'_>,
    by: &Places,
    mut places: SendableRecordBatchStream,
) -> Result<FileRecord, EngineError> {
    let (schema, mut last) = (numbers(&["id"]), None);
    let mut ids = by.open(tables.folder)?;
    let mut writer = tables.create("candidates", &schema)?;
    while let Some(batch) = places.next().await {
        let batch = batch.map_err(unwrapped)?;
        let mut found = Vec::new();
        for place in batch.column(0).as_primitive::<Int64Type>().values() {
            if last.replace(*place) != Some(*place) {
                found.push(ids.id(*place)?);
            }
        }
        let column = Arc::new(Int64Array::from(found));
        writer.write(&RecordBatch::try_new(schema.clone(), vec![column]).map_err(broken)?)?;
    }
    let candidates = writer.finish()?;
    if *by == Places::Same {
        return Ok(candidates);
    }
    let files = [candidates.path];
    let sql = "SELECT id FROM candidates ORDER BY id";
    let rows = tables.query(&[("candidates", &files, &schema)], sql).await?;
    tables.store("candidates-by-id", &schema, rows).await
}

/// Which pairs of a bucket are proposed.
pub(super) enum Led {
    /// Of the rows that stay, the best ones, so many of them, with all after them.
    By(usize),
    /// Rows that go with those that stay and are better than the one because of which the row
    /// goes; such pairs are given in order of the row that goes.
    Above(Vec<(i64, i64)>),
}

/// Proposes pairs of the rows in `buckets`; those in `removed` go.
pub(super) fn propose(
    folder: &Folder,
    buckets: &str,
    removed: &RoaringTreemap,
    led: &Led,
    sides: Sides,
    out: TableWriter,
) -> Result<(FileRecord, Proposed), EngineError> {
    let writer = Numbers::new(out, &PAIRS);
    let mut proposing = Proposing { led, sides, writer, proposed: Proposed::default() };
    let mut present: Option<i64> = None;
    let (mut stay, mut go): (Vec<i64>, Vec<i64>) = (Vec::new(), Vec::new());
    for batch in batches(&folder.path(buckets), None)? {
        let batch = batch?;
        let bucket = batch.column(0).as_primitive::<Int64Type>().values();
        let place = batch.column(1).as_primitive::<Int64Type>().values();
        for (&bucket, &place) in bucket.iter().zip(place) {
            if present != Some(bucket) {
                proposing.bucket(&stay, &go)?;
                stay.clear();
                go.clear();
                present = Some(bucket);
            }
            let goes = removed.contains(place.unsigned_abs());
            if goes { &mut go } else { &mut stay }.push(place);
        }
    }
    proposing.bucket(&stay, &go)?;
    Ok((proposing.writer.finish()?, proposing.proposed))
}

struct Proposing<'l> {
    led: &'l Led,
    sides: Sides,
    writer: Numbers<2>,
    proposed: Proposed,
}

impl Proposing<'_> {
    /// Proposes pairs of a bucket's rows, each list in order of place.
    fn bucket(&mut self, stay: &[i64], go: &[i64]) -> Result<(), EngineError> {
        let most = (BUCKET_PAIRS / stay.len().max(1)).clamp(1, LEADERS);
        match self.led {
            Led::By(leaders) => self.leaders((*leaders).min(most), most, stay),
            Led::Above(kept) => self.above(kept, stay.get(..most).unwrap_or(stay), go),
        }
    }

    fn leaders(&mut self, leaders: usize, most: usize, rows: &[i64]) -> Result<(), EngineError> {
        // Rows of other corpora lead, and are compared with those of the input only.
        let (others, rows) = rows.split_at(rows.partition_point(|row| *row < self.sides.own));
        for better in others.iter().take(leaders) {
            for worse in rows {
                self.writer.push([*better, *worse])?;
            }
        }
        self.capped(leaders, most, others.len(), rows.len());
        if self.sides.only_against {
            return Ok(());
        }
        self.capped(leaders, most, rows.len().saturating_sub(1), rows.len());
        for (at, better) in rows.iter().enumerate().take(leaders) {
            for worse in &rows[at + 1..] {
                self.writer.push([*better, *worse])?;
            }
        }
        Ok(())
    }

    /// Notes how far a bucket has come of which `leaders` of `wanted` rows lead.
    fn capped(&mut self, leaders: usize, most: usize, wanted: usize, rows: usize) {
        if leaders < wanted {
            let capped = leaders == most;
            self.proposed.open |= !capped;
            self.proposed.capped += u64::from(capped);
            let size = if capped { rows as u64 } else { 0 };
            self.proposed.largest = self.proposed.largest.max(size);
        }
    }

    fn above(&mut self, kept: &[(i64, i64)], stay: &[i64], go: &[i64]) -> Result<(), EngineError> {
        for worse in go {
            let known = kept.binary_search_by_key(worse, |pair| pair.0);
            let Some((_, kept)) = known.ok().and_then(|at| kept.get(at)) else { continue };
            for better in stay.iter().take_while(|better| *better < kept) {
                self.writer.push([*better, *worse])?;
            }
        }
        Ok(())
    }
}
