//! The passes of a run, each a stage over the units.

mod measure;
mod relate;

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use assay_ledger::{
    CrossingRecord, FileRecord, Folder, ImportRecord, SharedRecord, Timing, Unreadable, folder,
};
use assay_plan::{BoundStep, Plan};

pub(super) use measure::broken_in;

use super::{
    RunOptions,
    prepare::{Prepared, is_there},
};
#[cfg(feature = "cluster")]
use crate::cluster::Cluster;
use crate::{
    EngineError,
    decide::{DecideReport, DecideTask, FileNames, PlanText, SourceCounts, check_brake},
    input::{Corpus, Unit},
    measure::FactsReport,
    relate::{Edits, GroupCount, Members, Pair},
    session::session,
    stage::{
        Engine, Finished, Local, Outcome, PartitionExec, Stage, Task, UnitTask, WorkKey, run_stage,
        unit_source,
    },
    write::{WriteReport, WriteTask},
};

/// The passes, and what they share.
pub(super) struct Passes<'r> {
    pub(super) plan: &'r Plan,
    pub(super) options: &'r RunOptions,
    pub(super) folder: &'r Folder,
    pub(super) prepared: &'r Prepared,
    pub(super) steps: Vec<BoundStep>,
    pub(super) text: PlanText,
    files: FileNames,
    pub(super) engine: Box<dyn Engine>,
    /// Most text columns of a file.
    parts: usize,
    pub timings: Vec<Timing>,
    pub imports: Vec<ImportRecord>,
    pub unreadable: Vec<Unreadable>,
    /// What a person should know.
    pub warnings: Vec<String>,
}

/// What was measured.
pub(super) struct Measured {
    pub units: Vec<Unit>,
    pub reports: Vec<FactsReport>,
}

/// What was related.
#[derive(Default)]
pub(super) struct Related {
    pub members: Arc<Vec<Members>>,
    pub groups: Vec<FileRecord>,
    /// What is shown of the largest groups, by step.
    pub largest: BTreeMap<String, Vec<Pair>>,
    pub edits: Vec<FileRecord>,
    pub taken: Vec<SharedRecord>,
    pub crossings: Vec<CrossingRecord>,
    pub counts: BTreeMap<String, GroupCount>,
    pub warnings: Vec<String>,
}

/// What was decided.
pub(super) struct Decided {
    pub reports: Vec<DecideReport>,
    pub related: Related,
    pub units: Vec<Unit>,
    pub facts: Vec<FactsReport>,
}

/// What was written.
pub(super) enum Written {
    /// Every row that had to be.
    All(Vec<WriteReport>),
    /// Not these units, by their place among those measured; why.
    Lost(BTreeMap<usize, String>),
}

/// Folder for what passes hand to each other, below the run folder.
const RELATE: &str = ".work/relate";
/// Folders for what was decided, until no gate can stop the run any more.
const NEXT_DECISIONS: &str = ".work/next/decisions";
const NEXT_GROUPS: &str = ".work/next/groups";
const NEXT_EDITS: &str = ".work/next/edits";
/// Memory that a unit needs while it is read, measured or written.
const UNIT_MEMORY: u64 = 192 << 20;
/// Memory that the program needs anyway.
const BASE_MEMORY: u64 = 128 << 20;

impl<'r> Passes<'r> {
    pub(super) async fn new(
        plan: &'r Plan,
        options: &'r RunOptions,
        folder: &'r Folder,
        prepared: &'r Prepared,
    ) -> Result<Self, EngineError> {
        let text = PlanText::of(plan)?;
        let temporary = folder.work().join("spill");
        let references = prepared.references.iter().map(|reference| &reference.corpus);
        let corpora: Vec<&Corpus> = references.chain([&prepared.corpus]).collect();
        let parts = corpora.iter().flat_map(|corpus| corpus.units());
        let parts = parts.map(|unit| unit.roles.text.len());
        let names: Vec<String> = corpora.iter().flat_map(|corpus| corpus.names()).collect();
        fs::create_dir_all(&temporary).map_err(EngineError::io("created", &temporary))?;
        Ok(Self {
            steps: text.judge()?.steps().to_vec(),
            text,
            files: FileNames::store(folder, &names)?,
            engine: engine(options, &temporary).await?,
            parts: parts.max().unwrap_or(1).max(1),
            timings: Vec::new(),
            imports: Vec::new(),
            warnings: Vec::new(),
            unreadable: prepared.corpus.unreadable(),
            plan,
            options,
            folder,
            prepared,
        })
    }

    /// Decides every row, then asks the brake.
    pub(super) async fn decide(
        &mut self,
        measured: &Measured,
        related: Related,
    ) -> Result<Decided, EngineError> {
        let task = DecideTask {
            folder: self.folder.clone(),
            plan: self.text.clone(),
            files: self.files.clone(),
            members: related.members.clone(),
            table: NEXT_DECISIONS.to_owned(),
        };
        let reports = self.task("decide", &measured.units, task).await?;
        let mut reports: Vec<DecideReport> =
            reports.iter().map(|report| parse(report)).collect::<Result<_, _>>()?;
        let mut sources = BTreeMap::new();
        for report in &mut reports {
            // There may be many sources: they are summed, not kept by unit.
            for (step, by_source) in std::mem::take(&mut report.sources) {
                let total: &mut BTreeMap<String, SourceCounts> = sources.entry(step).or_default();
                for (source, counts) in by_source {
                    let sum = total.entry(source).or_default();
                    sum.rows += counts.rows;
                    sum.removed += counts.removed;
                }
            }
        }
        check_brake(self.plan, &sources)?;
        let rows: u64 = reports.iter().map(|report| report.counts.rows).sum();
        let kept: u64 = reports.iter().map(|report| report.counts.kept()).sum();
        if kept == 0 && !self.options.allow_empty {
            let problem = if rows == 0 { "no row could be read" } else { "no row would be kept" };
            return Err(EngineError::input(
                self.options.inputs.join(", "),
                format!("{problem} ({rows} rows read)"),
                "if that is what you want, add --allow-empty",
            ));
        }
        let mut related = related;
        self.publish(&mut reports, &mut related)?;
        let (units, facts) = (measured.units.clone(), measured.reports.clone());
        Ok(Decided { reports, related, units, facts })
    }

    /// Puts what was decided in the place of an earlier run's decisions. Until here, a run
    /// that a gate stops leaves the earlier one as it was.
    fn publish(
        &self,
        reports: &mut [DecideReport],
        related: &mut Related,
    ) -> Result<(), EngineError> {
        let record = self.folder.run_json();
        if record.exists() {
            fs::remove_file(&record).map_err(EngineError::io("removed", &record))?;
        }
        let decisions = reports.iter_mut().map(|report| &mut report.file);
        let moves = decisions.map(|file| (file, NEXT_DECISIONS, folder::DECISIONS));
        let groups = related.groups.iter_mut().map(|file| (file, NEXT_GROUPS, folder::GROUPS));
        let edits = related.edits.iter_mut().map(|file| (file, NEXT_EDITS, folder::EDITS));
        for (file, from, to) in moves.chain(groups).chain(edits) {
            let old = self.folder.path(&file.path);
            file.path = file.path.replacen(from, to, 1);
            let new = self.folder.path(&file.path);
            if let Some(parent) = new.parent() {
                fs::create_dir_all(parent).map_err(EngineError::io("created", parent))?;
            }
            fs::rename(&old, &new).map_err(EngineError::io("put in place", &new))?;
        }
        Ok(())
    }

    /// Pass 3.
    pub(super) async fn write(
        &mut self,
        measured: &Measured,
        decided: &Decided,
    ) -> Result<Written, EngineError> {
        let edits: Vec<Edits> =
            decided.related.members.iter().filter_map(|members| members.edits.clone()).collect();
        let taken: Vec<&str> = edits.iter().map(|edits| edits.hash.as_str()).collect();
        let taken = taken.join(" ");
        let task = WriteTask { folder: self.folder.clone(), plan: self.text.clone(), edits };
        let hashes: BTreeMap<String, &str> = measured
            .units
            .iter()
            .zip(&decided.reports)
            .map(|(unit, report)| (unit.path_in(folder::DATA), report.file.xxh3.as_str()))
            .collect();
        let hash = self.plan.measure_hash();
        let key = |unit: &Unit| {
            let slot = unit.path_in(folder::DATA);
            let decisions = hashes.get(&slot).copied().unwrap_or_default();
            let fingerprint =
                format!("{hash} {} {decisions} {} {taken}", unit.version, self.plan.output.dropped);
            WorkKey { slot, fingerprint }
        };
        let valid = |report: &str| {
            serde_json::from_str(report).is_ok_and(|report: WriteReport| {
                report.files.iter().all(|file| is_there(self.folder, file))
            })
        };
        let stage = self.stage("write");
        let finished = run_stage(&stage, &measured.units, key, valid, &move |todo| {
            Ok(PartitionExec::plan(unit_source(todo)?, Arc::new(UnitTask(task.clone()))))
        })
        .await?;
        self.time("write", &finished);
        let (mut reports, mut lost) = (Vec::new(), BTreeMap::new());
        for (at, outcome) in finished.outcomes.into_iter().enumerate() {
            match outcome {
                Outcome::Done(report) => reports.push(parse(&report)?),
                Outcome::Unreadable(reason) => {
                    lost.insert(at, reason);
                }
            }
        }
        Ok(if lost.is_empty() { Written::All(reports) } else { Written::Lost(lost) })
    }

    /// Runs a cheap task on every unit; it is not worth a journal.
    pub(super) async fn task(
        &mut self,
        name: &'static str,
        units: &[Unit],
        task: impl Task,
    ) -> Result<Vec<String>, EngineError> {
        let finished = self.unjournaled(name, units, task).await?;
        self.time(name, &finished);
        reports(units, finished)
    }

    async fn unjournaled(
        &self,
        name: &'static str,
        units: &[Unit],
        task: impl Task,
    ) -> Result<Finished, EngineError> {
        let stage = Stage { journal: None, ..self.stage(name) };
        let key = |unit: &Unit| WorkKey { slot: unit.file.clone(), fingerprint: String::new() };
        run_stage(&stage, units, key, |_| false, &move |todo| {
            Ok(PartitionExec::plan(unit_source(todo)?, Arc::new(UnitTask(task.clone()))))
        })
        .await
    }

    pub(super) fn stage(&self, name: &'static str) -> Stage<'_> {
        Stage {
            name,
            replaces: true,
            engine: self.engine.as_ref(),
            journal: Some(&self.prepared.journal),
            progress: &self.options.progress,
            observer: &self.options.observer,
        }
    }

    pub(super) fn time(&mut self, stage: &str, finished: &Finished) {
        self.timings.push(Timing {
            stage: stage.to_owned(),
            seconds: finished.seconds,
            units: finished.outcomes.len() as u64,
            resumed: finished.resumed,
        });
    }
}

/// What does the work.
#[cfg(feature = "cluster")]
async fn engine(options: &RunOptions, temporary: &Path) -> Result<Box<dyn Engine>, EngineError> {
    let Some(cluster) = &options.cluster else { return Ok(Box::new(local(options, temporary)?)) };
    let progress = options.progress.clone();
    Ok(Box::new(Cluster::connect(cluster, options.threads, progress).await?))
}

/// What does the work.
#[cfg(not(feature = "cluster"))]
fn engine(
    options: &RunOptions,
    temporary: &Path,
) -> impl Future<Output = Result<Box<dyn Engine>, EngineError>> + use<> {
    let local = local(options, temporary);
    std::future::ready(local.map(|engine| Box::new(engine) as Box<dyn Engine>))
}

fn local(options: &RunOptions, temporary: &Path) -> Result<Local, EngineError> {
    let memory = usize::try_from(options.max_memory / 2).unwrap_or(usize::MAX);
    let room = options.max_memory.saturating_sub(BASE_MEMORY) / UNIT_MEMORY;
    let room = usize::try_from(room).unwrap_or(usize::MAX);
    let progress = options.progress.clone();
    Ok(Local {
        session: session(options, memory, temporary)?,
        // Less memory means fewer units at a time, never other units.
        threads: options.threads.min(room).max(1),
        progress,
    })
}

fn reports(units: &[Unit], finished: Finished) -> Result<Vec<String>, EngineError> {
    let reports = units.iter().zip(finished.outcomes).map(|(unit, outcome)| match outcome {
        Outcome::Done(report) => Ok(report),
        // What was measured could be read then, or an earlier run said so.
        Outcome::Unreadable(reason) => Err(EngineError::input(
            &unit.file,
            format!("cannot be read any more: {reason}"),
            "mend or replace the file and run the same command again",
        )),
    });
    reports.collect()
}

pub(super) fn parse<T: serde::de::DeserializeOwned>(report: &str) -> Result<T, EngineError> {
    serde_json::from_str(report).map_err(|error| EngineError::Broken(error.to_string()))
}
