//! Near-duplicates: rows that share a key are compared exactly, and go only if they say what
//! a better row says.
//!
//! Keys were signed in pass 1. Rows that share one are in a bucket; the best of a bucket are
//! compared with all others in it, on texts that are read once more. Then it is known which
//! rows go, and the best of those that are left lead the next round, until every pair of rows
//! that stay and share a bucket was compared. What stays is therefore the same whatever the
//! order in which pairs are found. Giant buckets are the exception: only their best rows lead,
//! and that is said.

mod bands;
mod buckets;
mod compare;
mod components;
mod known;
mod outcome;
mod places;
mod revisit;
mod survivors;
mod texts;

use std::sync::Arc;

use assay_ledger::FileRecord;
use assay_operators::contract::{Keep, Near};
use futures::StreamExt;
use roaring::RoaringTreemap;

pub(super) use bands::BANDS;
pub(crate) use bands::BandsTask;
pub(crate) use places::Places;
pub(crate) use revisit::RevisitTask;

use self::{
    buckets::{LEADERS, Led, PAIRS, Proposed, Sides},
    compare::{COMPARED, Comparison, DIFFERENT},
    known::Known,
    outcome::Sets,
};
use super::step::{Related, RelatingStep};
use crate::{
    EngineError, Progress,
    error::unwrapped,
    input::{Unit, place_of},
};

/// Groups with fewer rows are not watched.
const WATCHED_ROWS: u64 = 10_000;

/// A step that relates near-duplicates.
pub(crate) struct NearStep<'r> {
    pub step: RelatingStep<'r>,
    pub near: Near,
    pub places: Places,
    pub units: Arc<Vec<Unit>>,
    pub threads: usize,
    pub progress: Arc<Progress>,
}

/// Rows that share a bucket with another.
pub(crate) struct Candidates {
    buckets: FileRecord,
    /// Their numbers, in order; below the run folder.
    pub rows: FileRecord,
}

/// Pairs that were compared so far, and the rows that go by them.
#[derive(Default)]
struct Rounds {
    compared: Vec<String>,
    removed: RoaringTreemap,
}

impl Rounds {
    /// Of the next round.
    fn name(&self) -> String {
        format!("round-{:02}", self.compared.len())
    }
}

/// Ranks the rows in `keys`, if a column is preferred.
pub(crate) async fn rank(
    step: &RelatingStep<'_>,
    prefer: &[String],
    keys: &[FileRecord],
) -> Result<Places, EngineError> {
    if prefer.is_empty() || keys.is_empty() {
        return Ok(Places::Same);
    }
    Places::rank(&step.tables, keys, step.own).await
}

impl NearStep<'_> {
    fn sides(&self) -> Sides {
        let own = self.places.first(self.step.own);
        Sides { own, only_against: self.step.only_against }
    }

    /// Folder of the texts that are compared, below the run folder.
    pub(crate) fn texts(&self) -> String {
        format!("{}/texts", self.step.tables.work)
    }

    /// Puts rows that share one of the keys in `bands` into buckets.
    pub(crate) async fn candidates(
        &self,
        bands: &[FileRecord],
    ) -> Result<Option<Candidates>, EngineError> {
        if bands.is_empty() {
            return Ok(None);
        }
        let tables = &self.step.tables;
        let files: Vec<String> = bands.iter().map(|file| file.path.clone()).collect();
        let sql = "SELECT bucket, place FROM bands ORDER BY bucket, place";
        let rows = tables.query(&[("bands", &files, &BANDS)], sql).await?;
        let buckets = buckets::shared(tables, rows, self.sides()).await?;
        if buckets.rows == 0 {
            return Ok(None);
        }
        let files = [buckets.path.clone()];
        let sql = "SELECT place FROM buckets ORDER BY place";
        let places = tables.query(&[("buckets", &files, &BANDS)], sql).await?;
        let rows = buckets::rows_of(tables, &self.places, places).await?;
        Ok(Some(Candidates { buckets, rows }))
    }

    /// Compares the candidates, whose texts were set aside, until nothing is left to compare.
    pub(crate) async fn relate(&self, candidates: &Candidates) -> Result<Related, EngineError> {
        let comparison = Comparison {
            folder: self.step.tables.folder.clone(),
            near: self.near.clone(),
            places: self.places.clone(),
            units: self.units.clone(),
            texts: self.texts(),
            threads: self.threads,
            progress: self.progress.clone(),
        };
        let mut rounds = Rounds::default();
        let mut leaders = 1;
        let proposed = loop {
            let (pairs, proposed) = self.propose(&rounds, candidates, &Led::By(leaders))?;
            let fresh = self.compare(&comparison, &mut rounds, &pairs).await?;
            if fresh == 0 && !proposed.open {
                break proposed;
            }
            leaders = LEADERS.min(leaders * 4);
        };
        if self.near.keep != Keep::DropAll {
            // A row goes because of the best that says the same, not of the first that was met.
            let kept =
                survivors::keepers(&self.step.tables, &rounds.compared, &rounds.removed).await?;
            let (pairs, _) = self.propose(&rounds, candidates, &Led::Above(kept))?;
            self.compare(&comparison, &mut rounds, &pairs).await?;
        }
        let Rounds { compared, removed } = rounds;
        let sets =
            Sets::of(&self.step, self.near.keep, self.sides().own, &compared, removed).await?;
        let mut components = sets.components(&self.step, &compared).await?;
        self.check_groups(&compared, &mut components).await?;
        let mut related =
            outcome::write(&self.step, &comparison, &compared, &sets, &mut components).await?;
        related.warnings.extend(self.capped(proposed));
        Ok(related)
    }

    /// Compares the proposed pairs that are new, and returns how many there were.
    async fn compare(
        &self,
        comparison: &Comparison,
        rounds: &mut Rounds,
        pairs: &FileRecord,
    ) -> Result<u64, EngineError> {
        let tables = &self.step.tables;
        let files = [pairs.path.clone()];
        let sql = "SELECT better, worse FROM proposed ORDER BY better, worse";
        let pairs = tables.query(&[("proposed", &files, &PAIRS)], sql).await?;
        let mut known = Known::open(tables.folder, &rounds.compared)?;
        let found = comparison.compare(tables, &rounds.name(), pairs, &mut known).await?;
        if 0 < found.rows {
            rounds.compared.push(found.path);
            if self.near.keep != Keep::DropAll {
                rounds.removed = survivors::removed(&self.step.tables, &rounds.compared).await?;
            }
        }
        Ok(found.rows)
    }

    fn propose(
        &self,
        rounds: &Rounds,
        candidates: &Candidates,
        led: &Led,
    ) -> Result<(FileRecord, Proposed), EngineError> {
        let tables = &self.step.tables;
        let out = tables.create(&format!("proposed-{}", rounds.name()), &PAIRS)?;
        let buckets = &candidates.buckets.path;
        buckets::propose(tables.folder, buckets, &rounds.removed, led, self.sides(), out)
    }

    /// Stops the run at a large group that hangs together by pairs of which most are not
    /// similar: strangers that were joined by a chain.
    async fn check_groups(
        &self,
        compared: &[String],
        components: &mut components::Components,
    ) -> Result<(), EngineError> {
        let large = components.larger_than(WATCHED_ROWS);
        if large.is_empty() {
            return Ok(());
        }
        let mut pairs: std::collections::BTreeMap<i64, (u64, u64)> = large;
        let sql = "SELECT better, worse, verdict FROM compared";
        let tables = &self.step.tables;
        let mut rows = tables.query(&[("compared", compared, &COMPARED)], sql).await?;
        while let Some(batch) = rows.next().await {
            use arrow::{array::AsArray, datatypes::Int64Type};
            let batch = batch.map_err(unwrapped)?;
            let column = |at: usize| batch.column(at).as_primitive::<Int64Type>().values();
            let [better, worse, verdict] = [0, 1, 2].map(column);
            for row in 0..batch.num_rows() {
                let best = components.best(better[row]);
                let (Some(seen), true) =
                    (pairs.get_mut(&best), components.best(worse[row]) == best)
                else {
                    continue;
                };
                seen.0 += 1;
                seen.1 += u64::from(verdict[row] != DIFFERENT);
            }
        }
        let mut ids = self.places.open(tables.folder)?;
        for (best, (pairs, similar)) in pairs {
            if pairs <= similar * 2 {
                continue;
            }
            let (file, row) = place_of(ids.id(best)?);
            let file = self.step.files.get(file as usize).map(String::as_str).unwrap_or_default();
            return Err(EngineError::Gate {
                problem: format!(
                    "step {:?} would make one group of more than {WATCHED_ROWS} rows around \
                     {file}:{row}, but only {similar} of its {pairs} compared pairs are similar",
                    self.step.name,
                ),
                fix: "raise `similarity`, or take boilerplate out of the text first".to_owned(),
            });
        }
        Ok(())
    }

    /// What a person should know about buckets that were too large.
    fn capped(&self, proposed: Proposed) -> Option<String> {
        let Proposed { capped, largest, .. } = proposed;
        (0 < capped).then(|| {
            format!(
                "step {:?}: in {capped} buckets (the largest of {largest} rows) rows were \
                 compared with the best {LEADERS} rows at most, so that near-duplicates among \
                 the others may stay",
                self.step.name
            )
        })
    }
}
