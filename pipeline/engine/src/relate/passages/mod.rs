//! Passages that several documents share go from all of them, or from all but the first.
//!
//! Pass 1 signed each row by numbers that rows with a passage in common have in common. Rows
//! that share one with enough others are read once more, and their passages listed by key;
//! keys that enough documents have are what goes.

mod edits;
mod spans;

use std::sync::{Arc, LazyLock};

use arrow::{
    array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringArray},
    datatypes::{DataType, Decimal128Type, Field, Int64Type, Schema, SchemaRef},
};
use assay_ledger::{
    Batches, FileRecord, SharedRecord, TableWriter, WriterSettings, batches, schema::EDITS,
};
use assay_operators::contract::{KeepPassage, Passages};
use datafusion::execution::SendableRecordBatchStream;
use futures::StreamExt;

pub(crate) use edits::{Edits, Going, taken};
pub(crate) use spans::SpansTask;

use self::{
    edits::GOING,
    spans::{SHARED, SPANS},
};
use super::{
    members::{Members, PENDING},
    near::{BANDS, Places},
    numbers::Numbers,
    step::{Related, RelatingStep},
    tables::{broken, numbers},
};
use crate::{EngineError, error::unwrapped, input::place_of};

/// A step that takes passages away.
pub(crate) struct PassagesStep<'r> {
    pub step: RelatingStep<'r>,
    pub passages: Passages,
    pub places: Places,
}

/// Keys that enough documents have, and how many have them.
static REPEATED: LazyLock<SchemaRef> = LazyLock::new(|| {
    let number = |name: &str| Field::new(name, DataType::Int64, false);
    let key = Field::new("key", DataType::Decimal128(38, 0), false);
    Arc::new(Schema::new(vec![key, number("bytes"), number("documents")]))
});

/// A passage that goes: number of its row, its bytes, the row that has it still (or -1),
/// documents that have it, and the bytes of the text without white space at either end.
static FOUND: LazyLock<SchemaRef> =
    LazyLock::new(|| numbers(&["id", "from", "until", "kept", "documents", "opens", "closes"]));

/// A row of [`FOUND`].
type Found = [i64; 7];

/// No row has the passage still.
const NOWHERE: i64 = -1;

impl PassagesStep<'_> {
    /// What each row of `bands` shares with enough others, in order of row.
    pub(crate) async fn shared(
        &self,
        bands: &[FileRecord],
    ) -> Result<Option<FileRecord>, EngineError> {
        if bands.is_empty() {
            return Ok(None);
        }
        let tables = &self.step.tables;
        let files: Vec<String> = bands.iter().map(|file| file.path.clone()).collect();
        let sql = "SELECT bucket, place FROM bands ORDER BY bucket, place";
        let mut rows = tables.query(&[("bands", &files, &BANDS)], sql).await?;
        let mut ids = self.places.open(tables.folder)?;
        let enough = usize::try_from(self.passages.documents).unwrap_or(usize::MAX);
        let mut out = Numbers::new(tables.create("shared-by-signature", &SHARED)?, &SHARED);
        // Rows of the present number, until there are enough of them.
        let (mut present, mut waiting, mut written) = (None, Vec::new(), false);
        while let Some(batch) = rows.next().await {
            let batch = batch.map_err(unwrapped)?;
            let bucket = batch.column(0).as_primitive::<Int64Type>().values();
            let place = batch.column(1).as_primitive::<Int64Type>().values();
            for (&bucket, &place) in bucket.iter().zip(place) {
                if present.replace(bucket) != Some(bucket) {
                    waiting.clear();
                    written = false;
                }
                waiting.push(place);
                if written || enough <= waiting.len() {
                    for place in waiting.drain(..) {
                        out.push([ids.id(place)?, bucket])?;
                    }
                    written = true;
                }
            }
        }
        let files = [out.finish()?.path];
        let sql = "SELECT id, signature FROM shared ORDER BY id, signature";
        let rows = tables.query(&[("shared", &files, &SHARED)], sql).await?;
        let shared = tables.store("shared", &SHARED, rows).await?;
        Ok((0 < shared.rows).then_some(shared))
    }

    /// What goes, given the passages in `spans`.
    pub(crate) async fn relate(&self, spans: &[FileRecord]) -> Result<Related, EngineError> {
        if spans.is_empty() {
            return Ok(self.step.nothing());
        }
        let tables = &self.step.tables;
        let files: Vec<String> = spans.iter().map(|file| file.path.clone()).collect();
        let spans = [("spans", files.as_slice(), &*SPANS)];
        let sql = format!(
            "SELECT key, bytes, sum(first) AS documents FROM spans GROUP BY key, bytes \
             HAVING sum(first) >= {} ORDER BY key, bytes",
            self.passages.documents
        );
        let repeated = tables.query(&spans, &sql).await?;
        let repeated = tables.store("repeated", &REPEATED, repeated).await?;
        let sql = "SELECT key, bytes, place, \"from\", until, opens, closes FROM spans \
                   ORDER BY key, bytes, place, \"from\"";
        let rows = tables.query(&spans, sql).await?;
        let found = self.choose(&repeated.path, rows).await?;
        if found.rows == 0 {
            return Ok(self.step.nothing());
        }
        let files = [found.path];
        let sql = "SELECT id, \"from\", until, kept, documents, opens, closes FROM found \
                   ORDER BY id, \"from\", until";
        let rows = tables.query(&[("found", &files, &FOUND)], sql).await?;
        self.write(repeated.rows, rows).await
    }

    /// Passages of `rows`, in order of key, whose keys are in `repeated`, but for those that
    /// stay.
    async fn choose(
        &self,
        repeated: &str,
        mut rows: SendableRecordBatchStream,
    ) -> Result<FileRecord, EngineError> {
        let tables = &self.step.tables;
        let mut repeated = Repeated::open(batches(&tables.folder.path(repeated), None)?);
        let mut ids = self.places.open(tables.folder)?;
        let mut out = Numbers::new(tables.create("found", &FOUND)?, &FOUND);
        let mut present: Option<((i128, i64), i64)> = None;
        while let Some(batch) = rows.next().await {
            let batch = batch.map_err(unwrapped)?;
            let key = batch.column(0).as_primitive::<Decimal128Type>().values();
            let column = |at: usize| batch.column(at).as_primitive::<Int64Type>().values();
            let [bytes, place, from, until, opens, closes] = [1, 2, 3, 4, 5, 6].map(column);
            for row in 0..batch.num_rows() {
                let wanted = (key[row], bytes[row]);
                let Some(documents) = repeated.documents(wanted)? else { continue };
                let first = match present {
                    Some((of, first)) if of == wanted => first,
                    _ => present.insert((wanted, place[row])).1,
                };
                let kept = match self.passages.keep {
                    KeepPassage::First if first == place[row] => continue,
                    KeepPassage::First => ids.id(first)?,
                    KeepPassage::None => NOWHERE,
                };
                let id = ids.id(place[row])?;
                out.push([id, from[row], until[row], kept, documents, opens[row], closes[row]])?;
            }
        }
        out.finish()
    }

    /// Writes what goes from each row, for the run and for its ledger; `repeated` passages are
    /// behind it.
    async fn write(
        &self,
        repeated: u64,
        mut rows: SendableRecordBatchStream,
    ) -> Result<Related, EngineError> {
        let tables = &self.step.tables;
        let path = format!("{}/{}.parquet", self.step.edits, self.step.name);
        let settings = WriterSettings::default();
        let ledger = TableWriter::create(tables.folder, &path, EDITS.clone(), &settings)?;
        let going = Numbers::new(tables.create("going", &GOING)?, &GOING);
        let taken = SharedRecord {
            step: self.step.name.to_owned(),
            passages: repeated,
            ..SharedRecord::default()
        };
        let (row, listed) = (Vec::new(), Vec::new());
        let mut out = Writing { step: &self.step, ledger, going, row, listed, taken };
        while let Some(batch) = rows.next().await {
            let batch = batch.map_err(unwrapped)?;
            let column = |at: usize| batch.column(at).as_primitive::<Int64Type>().values();
            let columns = [0, 1, 2, 3, 4, 5, 6].map(column);
            for row in 0..batch.num_rows() {
                out.push(columns.map(|column| column[row]))?;
            }
        }
        let (ledger, going, taken) = out.finish()?;
        let edits = Edits { path: going.path, hash: going.xxh3 };
        let nothing = self.step.nothing();
        let members = Members { edits: Some(edits), ..nothing.members };
        Ok(Related { members, edits: Some(ledger), taken: Some(taken), ..nothing })
    }
}

/// Keys that enough documents have, met in order.
struct Repeated {
    batches: Batches,
    batch: Option<RecordBatch>,
    row: usize,
}

impl Repeated {
    fn open(batches: Batches) -> Self {
        Self { batches, batch: None, row: 0 }
    }

    /// How many documents have the key, which follows all that were asked for before.
    fn documents(&mut self, wanted: (i128, i64)) -> Result<Option<i64>, EngineError> {
        loop {
            let Some(batch) = self.batch.as_ref().filter(|batch| self.row < batch.num_rows())
            else {
                let Some(next) = self.batches.next() else { return Ok(None) };
                (self.batch, self.row) = (Some(next?), 0);
                continue;
            };
            let number = |at: usize| batch.column(at).as_primitive::<Int64Type>().value(self.row);
            let key = batch.column(0).as_primitive::<Decimal128Type>().value(self.row);
            let key = (key, number(1));
            if wanted <= key {
                return Ok((wanted == key).then(|| number(2)));
            }
            self.row += 1;
        }
    }
}

/// What goes, as it is written row by row.
struct Writing<'s> {
    step: &'s RelatingStep<'s>,
    ledger: TableWriter,
    going: Numbers<4>,
    /// What goes from the present row.
    row: Vec<Found>,
    listed: Vec<Found>,
    taken: SharedRecord,
}

impl Writing<'_> {
    fn push(&mut self, found: Found) -> Result<(), EngineError> {
        if self.row.last().is_some_and(|last| last[0] != found[0]) {
            self.close()?;
        }
        self.row.push(found);
        Ok(())
    }

    /// Ends the present row. Passages that overlap are one place, which is said to be that of
    /// the first of them.
    fn close(&mut self) -> Result<(), EngineError> {
        let mut places: Vec<Found> = Vec::new();
        for passage in self.row.drain(..) {
            match places.last_mut() {
                Some([_, _, until, _, documents, ..]) if passage[1] <= *until => {
                    *until = passage[2].max(*until);
                    *documents = passage[4].max(*documents);
                }
                _ => places.push(passage),
            }
        }
        let Some([id, ..]) = places.first().copied() else { return Ok(()) };
        let whole = |place: &Found| place[1] <= place[5] && place[6] <= place[2];
        let emptied = places.iter().any(whole);
        self.taken.emptied += u64::from(emptied);
        self.taken.edited += u64::from(!emptied);
        for [_, from, until, ..] in &places {
            self.taken.bytes += (until - from).unsigned_abs();
            self.going.push([id, *from, *until, emptied.into()])?;
        }
        self.listed.append(&mut places);
        if PENDING <= self.listed.len() { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), EngineError> {
        let file = |id: i64| {
            let file = self.step.files.get(place_of(id).0 as usize);
            file.map(String::as_str).unwrap_or_default()
        };
        let row = |id: i64| place_of(id).1.cast_signed();
        let rows = &self.listed;
        let numbers = |of: &dyn Fn(&Found) -> Option<i64>| -> ArrayRef {
            Arc::new(rows.iter().map(of).collect::<Int64Array>())
        };
        let kept = |found: &Found| (found[3] != NOWHERE).then_some(found[3]);
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from_iter_values(rows.iter().map(|_| self.step.name))),
            Arc::new(StringArray::from_iter_values(rows.iter().map(|it| file(it[0])))),
            numbers(&|it| Some(row(it[0]))),
            numbers(&|it| Some(it[1])),
            numbers(&|it| Some(it[2])),
            Arc::new(rows.iter().map(|it| kept(it).map(file)).collect::<StringArray>()),
            numbers(&|it| kept(it).map(row)),
            numbers(&|it| Some(it[4])),
        ];
        let batch = RecordBatch::try_new(EDITS.clone(), columns).map_err(broken)?;
        self.listed.clear();
        Ok(self.ledger.write(&batch)?)
    }

    fn finish(mut self) -> Result<(FileRecord, FileRecord, SharedRecord), EngineError> {
        self.close()?;
        self.flush()?;
        Ok((self.ledger.finish()?, self.going.finish()?, self.taken))
    }
}
