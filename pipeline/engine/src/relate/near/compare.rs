//! Compares proposed pairs exactly: on the shingles of both texts, then on what differs.

use std::sync::{Arc, LazyLock};

use arrow::{
    array::{ArrayRef, AsArray, Int64Array, RecordBatch},
    datatypes::{Int64Type, SchemaRef},
};
use assay_ledger::{FileRecord, Folder};
use assay_operators::{
    contract::{Near, Templates, Workspace},
    duplicate::near::{
        Overlap, Shingles, overlap,
        template::{Comparer, Verdict},
    },
};
use datafusion::execution::SendableRecordBatchStream;
use futures::StreamExt;

use super::{
    super::tables::{Tables, broken, numbers},
    known::Known,
    places::{Places, RowsByPlace},
    texts::Texts,
};
use crate::{EngineError, Progress, error::unwrapped, input::Unit};

/// A pair, its shingles (those of both, and of each), and one of the verdicts below.
pub(super) static COMPARED: LazyLock<SchemaRef> =
    LazyLock::new(|| numbers(&["better", "worse", "shared", "of_better", "of_worse", "verdict"]));

/// Not similar enough.
pub(super) const DIFFERENT: i64 = 0;
/// The worse one may go because of the better one.
pub(super) const SAME: i64 = 1;
/// Similar, but the worse one says something else.
pub(super) const TEMPLATE: i64 = 2;

/// What comparing needs to know.
#[derive(Clone)]
pub(super) struct Comparison {
    pub folder: Folder,
    pub near: Near,
    pub places: Places,
    pub units: Arc<Vec<Unit>>,
    /// Where the texts are, below the run folder.
    pub texts: String,
    pub threads: usize,
    pub progress: Arc<Progress>,
}

/// One compared pair.
#[derive(Debug, Clone, Copy)]
struct Compared {
    better: i64,
    worse: i64,
    overlap: Overlap,
    verdict: i64,
}

impl Comparison {
    /// Compares those of `pairs`, which come in order, that are not `known` yet, and writes
    /// what was found, in that order.
    pub(super) async fn compare(
        &self,
        tables: &Tables<'_>,
        name: &str,
        mut pairs: SendableRecordBatchStream,
        known: &mut Known,
    ) -> Result<FileRecord, EngineError> {
        let mut writer = tables.create(name, &COMPARED)?;
        let mut workers = Vec::new();
        for _ in 0..self.threads.max(1) {
            workers.push(Worker::new(self)?);
        }
        while let Some(batch) = pairs.next().await {
            if self.progress.stopping() {
                return Err(EngineError::Interrupted);
            }
            let batch = batch.map_err(unwrapped)?;
            let better = batch.column(0).as_primitive::<Int64Type>().values().iter().copied();
            let worse = batch.column(1).as_primitive::<Int64Type>().values().iter().copied();
            let mut pairs: Vec<(i64, i64)> = Vec::new();
            for pair in better.zip(worse) {
                if known.is_new(pair)? {
                    pairs.push(pair);
                }
            }
            let size = pairs.len().div_ceil(workers.len()).max(1);
            let mut running = Vec::new();
            for part in pairs.chunks(size) {
                let Some(mut worker) = workers.pop() else { break };
                let part = part.to_vec();
                running.push(tokio::task::spawn_blocking(move || {
                    let found = part.into_iter().map(|pair| worker.compare(pair));
                    let found = found.collect::<Result<Vec<_>, _>>();
                    (worker, found)
                }));
            }
            for part in running {
                let (worker, found) = part.await.map_err(broken)?;
                workers.push(worker);
                let found = found?;
                self.progress.add(found.len() as u64, 0);
                writer.write(&batch_of(&found)?)?;
            }
        }
        Ok(writer.finish()?)
    }
}

/// What one thread needs to compare pairs.
struct Worker {
    near: Near,
    rows: RowsByPlace,
    texts: Texts,
    workspace: Workspace,
    better: Side,
    worse: Side,
    comparer: Comparer,
}

/// One of two texts.
#[derive(Default)]
struct Side {
    place: Option<i64>,
    text: String,
    shingles: Shingles,
}

impl Worker {
    fn new(comparison: &Comparison) -> Result<Self, EngineError> {
        let Comparison { folder, near, places, units, texts, .. } = comparison;
        Ok(Self {
            near: near.clone(),
            rows: places.open(folder)?,
            texts: Texts::open(folder, texts, units)?,
            workspace: Workspace::new(),
            better: Side::default(),
            worse: Side::default(),
            comparer: Comparer::default(),
        })
    }

    fn compare(&mut self, (better, worse): (i64, i64)) -> Result<Compared, EngineError> {
        let Self { near, rows, texts, workspace, .. } = self;
        for (side, place) in [(&mut self.better, better), (&mut self.worse, worse)] {
            if side.place == Some(place) {
                continue;
            }
            side.place = None;
            side.text.clear();
            side.text.push_str(texts.text(rows.id(place)?)?);
            side.shingles.fill(&near.sketch, &workspace.open_text(&side.text));
            side.place = Some(place);
        }
        let overlap = overlap(self.better.shingles.hashes(), self.worse.shingles.hashes());
        let verdict = if !overlap.reaches(near.similarity) {
            DIFFERENT
        } else if near.templates == Templates::Remove
            || self.comparer.compare(&self.better.text, &self.worse.text).verdict == Verdict::Copy
        {
            SAME
        } else {
            TEMPLATE
        };
        Ok(Compared { better, worse, overlap, verdict })
    }
}

fn batch_of(compared: &[Compared]) -> Result<RecordBatch, EngineError> {
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let column = |of: &dyn Fn(&Compared) -> i64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(compared.iter().map(of)))
    };
    let columns = vec![
        column(&|pair| pair.better),
        column(&|pair| pair.worse),
        column(&|pair| count(pair.overlap.shared)),
        column(&|pair| count(pair.overlap.left)),
        column(&|pair| count(pair.overlap.right)),
        column(&|pair| pair.verdict),
    ];
    RecordBatch::try_new(COMPARED.clone(), columns).map_err(broken)
}

/// A pair that is similar enough.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub better: i64,
    pub worse: i64,
    pub overlap: Overlap,
    /// Whether the worse one may go.
    pub same: bool,
}

/// The pairs in `batch`, whose columns are [`COMPARED`].
pub(super) fn edges(batch: &RecordBatch) -> impl Iterator<Item = Edge> {
    let column = |at: usize| batch.column(at).as_primitive::<Int64Type>().values();
    let [better, worse, shared, left, right, verdict] = [0, 1, 2, 3, 4, 5].map(column);
    (0..batch.num_rows()).map(move |row| Edge {
        better: better[row],
        worse: worse[row],
        overlap: Overlap {
            shared: shared[row].unsigned_abs(),
            left: left[row].unsigned_abs(),
            right: right[row].unsigned_abs(),
        },
        same: verdict[row] == SAME,
    })
}
