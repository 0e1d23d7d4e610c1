//! Pass 2: each relating step in recipe order, on the rows that stay so far.

use std::{fs, sync::Arc, time::Instant};

use assay_ledger::{CrossingRecord, FileRecord, Timing};
use assay_operators::contract::{Form, Near, Passages, Relation};
use assay_plan::BoundOperator;

use super::{
    super::references::units_for, Measured, NEXT_EDITS, NEXT_GROUPS, Passes, RELATE, Related, parse,
};
use crate::{
    EngineError, RunEvent,
    input::{Unit, row_id},
    relate::{
        self, BandsTask, KeysTask, Members, NarrowReport, NearStep, Participation, PassagesStep,
        Places, RelatingStep, RevisitTask, SpansTask, StaysTask, Tables, WentTask, by_kept,
        crossings, rank, relate_exact,
    },
    stage::Task,
};

/// A relating step that is under way.
struct Present<'s> {
    step: RelatingStep<'s>,
    about: Participation,
    /// Of the corpora that it compares with, and of the input.
    units: Arc<Vec<Unit>>,
}

impl Passes<'_> {
    /// Pass 2.
    pub(in crate::run) async fn relate(
        &mut self,
        measured: &Measured,
    ) -> Result<Related, EngineError> {
        let steps = self.steps.clone();
        let files = self.files.read()?;
        // The session outlives the borrow of what else the passes hold.
        let context = self.engine.session().clone();
        let mut related = Related::default();
        for (number, step) in steps.iter().enumerate() {
            let BoundOperator::Signer(signer) = &step.operator else { continue };
            let work = format!("{RELATE}/{number:02}");
            let (folder, name) = (self.folder, step.step.name.as_str());
            let tables = Tables { folder, context: &context, work: &work };
            let present = Present {
                step: RelatingStep {
                    number,
                    name,
                    tables,
                    files: &files,
                    groups: NEXT_GROUPS,
                    edits: NEXT_EDITS,
                    own: row_id(self.prepared.corpus.first, 0),
                    only_against: signer.relation().against().is_some_and(|it| it.only),
                },
                units: units_for(&self.prepared.references, name)
                    .into_iter()
                    .chain(measured.units.iter().cloned())
                    .collect::<Vec<_>>()
                    .into(),
                about: Participation {
                    folder: folder.clone(),
                    plan: self.text.clone(),
                    step: number,
                    before: related.members.clone(),
                },
            };
            let found = match signer.relation() {
                Relation::Exact { form, prefer, .. } => self.exact(&present, *form, prefer).await?,
                Relation::Near(near) => self.near(&present, near).await?,
                Relation::Passages(passages) => self.passages(&present, passages).await?,
            };
            related.crossings.extend(self.crossings(&present, &found.members).await?);
            related.counts.insert(name.to_owned(), found.count);
            related.groups.extend(found.groups);
            related.largest.insert(name.to_owned(), found.largest);
            related.edits.extend(found.edits);
            related.taken.extend(found.taken);
            related.warnings.extend(found.warnings);
            Arc::make_mut(&mut related.members).push(found.members);
        }
        Ok(related)
    }

    async fn exact(
        &mut self,
        present: &Present<'_>,
        form: Form,
        prefer: &[String],
    ) -> Result<relate::Related, EngineError> {
        let keys = self.keys(present, form, prefer).await?;
        let started = Instant::now();
        let found = relate_exact(&present.step, &keys).await?;
        self.clock("group", present, started);
        Ok(found)
    }

    async fn passages(
        &mut self,
        present: &Present<'_>,
        passages: &Passages,
    ) -> Result<relate::Related, EngineError> {
        let (places, bands) = self.bands(present, &passages.prefer).await?;
        let step =
            PassagesStep { step: present.step, passages: passages.clone(), places: places.clone() };
        let started = Instant::now();
        let shared = step.shared(&bands).await?;
        self.clock("share", present, started);
        let Some(shared) = shared else { return Ok(present.step.nothing()) };
        let task = SpansTask {
            about: present.about.clone(),
            cut: passages.cut,
            places,
            shared: shared.path,
            table: format!("{}/spans", present.step.tables.work),
        };
        let spans = self.narrow("revisit", &present.units, task).await?;
        let started = Instant::now();
        let found = step.relate(&spans).await?;
        self.clock("choose", present, started);
        Ok(found)
    }

    async fn near(
        &mut self,
        present: &Present<'_>,
        near: &Near,
    ) -> Result<relate::Related, EngineError> {
        let (places, bands) = self.bands(present, &near.prefer).await?;
        let step = NearStep {
            step: present.step,
            near: near.clone(),
            places,
            units: present.units.clone(),
            threads: self.options.threads,
            progress: self.options.progress.clone(),
        };
        let started = Instant::now();
        let candidates = step.candidates(&bands).await?;
        self.clock("propose", present, started);
        let Some(candidates) = candidates else { return Ok(present.step.nothing()) };
        let revisit = RevisitTask {
            about: present.about.clone(),
            candidates: candidates.rows.path.clone(),
            table: step.texts(),
        };
        self.task("revisit", &present.units, revisit).await?;
        let rows = candidates.rows.rows;
        (self.options.observer)(RunEvent::StageStarted {
            stage: "compare",
            units: 1,
            rows,
            resumed: 0,
        });
        let started = Instant::now();
        self.options.progress.restart();
        let found = step.relate(&candidates).await?;
        // Text does not lie about in the run folder for longer than it is needed.
        let texts = self.folder.path(&step.texts());
        fs::remove_dir_all(&texts).map_err(EngineError::io("removed", &texts))?;
        let seconds = started.elapsed().as_secs_f64();
        (self.options.observer)(RunEvent::StageFinished { stage: "compare", seconds });
        self.clock("compare", present, started);
        Ok(found)
    }

    /// Between which sources the rows that go and those that stay instead stand, if rows have
    /// a source of their own.
    async fn crossings(
        &mut self,
        present: &Present<'_>,
        members: &Members,
    ) -> Result<Vec<CrossingRecord>, EngineError> {
        let sourced = present.units.iter().any(|unit| unit.roles.source.is_some());
        if !sourced || members.path.is_none() {
            return Ok(Vec::new());
        }
        let (folder, tables) = (self.folder.clone(), &present.step.tables);
        let table = |name: &str| format!("{}/{name}", tables.work);
        let (members, names) = (members.clone(), (table("sources"), table("crossings")));
        let task = WentTask { folder: folder.clone(), members, table: names.0 };
        let went = self.narrow("sources", &present.units, task).await?;
        if went.is_empty() {
            return Ok(Vec::new());
        }
        let went = by_kept(tables, &went).await?;
        let task = StaysTask { folder, went, table: names.1 };
        let pairs = self.narrow("sources", &present.units, task).await?;
        crossings(tables, present.step.name, &pairs).await
    }

    /// Places of the rows that a step is about, and what they are signed by.
    async fn bands(
        &mut self,
        present: &Present<'_>,
        prefer: &[String],
    ) -> Result<(Places, Vec<FileRecord>), EngineError> {
        let keys = if prefer.is_empty() {
            Vec::new()
        } else {
            self.keys(present, Form::Normal, prefer).await?
        };
        let places = rank(&present.step, prefer, &keys).await?;
        let task = BandsTask {
            about: present.about.clone(),
            name: present.step.name.to_owned(),
            places: places.clone(),
            table: format!("{}/bands", present.step.tables.work),
        };
        let bands = self.narrow("relate", &present.units, task).await?;
        Ok((places, bands))
    }

    /// Keys and ranks of the rows that a step is about.
    async fn keys(
        &mut self,
        present: &Present<'_>,
        form: Form,
        prefer: &[String],
    ) -> Result<Vec<FileRecord>, EngineError> {
        let task = KeysTask {
            about: present.about.clone(),
            form,
            prefer: prefer.to_vec(),
            table: format!("{}/keys", present.step.tables.work),
        };
        self.narrow("relate", &present.units, task).await
    }

    /// Runs a task that writes narrow rows, and returns the files.
    async fn narrow(
        &mut self,
        name: &'static str,
        units: &[Unit],
        task: impl Task,
    ) -> Result<Vec<FileRecord>, EngineError> {
        let mut files = Vec::new();
        for report in self.task(name, units, task).await? {
            files.extend(parse::<NarrowReport>(&report)?.file);
        }
        Ok(files)
    }

    fn clock(&mut self, what: &str, present: &Present<'_>, started: Instant) {
        self.timings.push(Timing {
            stage: format!("{what} {}", present.step.name),
            seconds: started.elapsed().as_secs_f64(),
            units: 1,
            resumed: 0,
        });
    }
}
