//! Decides one unit: facts in, decisions out.

use std::{collections::BTreeMap, sync::Arc};

use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::Int64Type,
};
use assay_ledger::{
    Counts, FileRecord, Folder, StepCounts, TableWriter, WriterSettings, batches, folder,
    schema::{self, BYTES, CONTENT, DECISIONS, PROBLEM, ROW, SOURCE, action},
};
use assay_plan::Action;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::{
    brake::SourceCounts,
    judge::{Judge, PlanText, spoken_about, text},
    names::FileNames,
    table::Decisions,
    verdict::{Reason, Verdict},
};
use crate::{
    EngineError, Progress,
    input::Unit,
    relate::{Going, Kept, Members},
    stage::Task,
};

/// Decides a unit from its facts and from what relates its rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct DecideTask {
    pub folder: Folder,
    pub plan: PlanText,
    pub files: FileNames,
    /// What each relating step found, in recipe order.
    pub members: Arc<Vec<Members>>,
    /// Where the decisions go, below the run folder.
    pub table: String,
}

/// What was decided about a unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct DecideReport {
    pub file: FileRecord,
    pub counts: Counts,
    /// Rows and text bytes by what decided and by action.
    pub reasons: BTreeMap<String, BTreeMap<String, (u64, u64)>>,
    pub steps: Vec<StepCounts>,
    /// By relating step, then by source.
    pub sources: BTreeMap<String, BTreeMap<String, SourceCounts>>,
    /// Rows to show, by action and what decided.
    pub candidates: BTreeMap<String, Vec<Candidate>>,
}

/// A row that may be shown as an example: those with the smallest hash are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Candidate {
    pub hash: u64,
    pub ordinal: u32,
    pub row: u64,
    /// Number of the row that stays instead, if its text is another one.
    pub kept: Option<i64>,
}

/// How many rows are shown per action and reason.
pub(crate) const SHOWN: usize = 6;

impl Task for DecideTask {
    fn run(&self, unit: &Unit, _: &Progress) -> Result<String, EngineError> {
        let path = unit.path_in(&self.table);
        let settings = WriterSettings {
            plain_columns: [ROW, schema::KEY, CONTENT, schema::OUT_ROW].map(Into::into).into(),
            metadata: None,
        };
        let mut writer = TableWriter::create(&self.folder, &path, DECISIONS.clone(), &settings)?;
        let mut work = Work::new(self, unit)?;
        for batch in batches(&self.folder.path(&unit.path_in(folder::FACTS)), None)? {
            let decided = work.decide(&batch?)?;
            writer.write(&decided)?;
        }
        let report = DecideReport {
            file: writer.finish()?,
            counts: work.counts,
            reasons: work.reasons,
            steps: work.steps,
            sources: work.sources,
            candidates: work.candidates,
        };
        if !report.counts.balance() || report.counts.rows != unit.rows {
            return Err(EngineError::Broken(format!(
                "{path}: {} rows were decided of {} that were read",
                report.counts.rows, unit.rows
            )));
        }
        serde_json::to_string(&report).map_err(|error| EngineError::Broken(error.to_string()))
    }
}

/// Deciding a unit, batch by batch.
struct Work<'t> {
    judge: Arc<Judge>,
    /// Names of the input files, by ordinal.
    files: Arc<Vec<String>>,
    unit: &'t Unit,
    /// What each relating step found, and what becomes of the rows of this unit by it.
    related: Vec<(&'t Members, Fates)>,
    outputs: Outputs,
    counts: Counts,
    reasons: BTreeMap<String, BTreeMap<String, (u64, u64)>>,
    steps: Vec<StepCounts>,
    sources: BTreeMap<String, BTreeMap<String, SourceCounts>>,
    candidates: BTreeMap<String, Vec<Candidate>>,
}

/// What becomes of rows because others are like them.
enum Fates {
    /// They go, for others that stay.
    Removed(BTreeMap<i64, Kept>),
    /// Passages of them go.
    Edited(BTreeMap<i64, Going>),
}

/// The limit that a row broke of which nothing is left.
const EMPTIED: &str = "nothing left";

/// Next row of each output file of the unit.
struct Outputs {
    data: (String, i64),
    quarantine: (String, i64),
    dropped: Option<(String, i64)>,
}

impl<'t> Work<'t> {
    fn new(task: &'t DecideTask, unit: &'t Unit) -> Result<Self, EngineError> {
        let judge = task.plan.judge()?;
        let dropped = judge.plan().output.dropped;
        let ids = unit.ids();
        let related = task.members.iter().map(|members| {
            let fates = match &members.edits {
                Some(edits) => Fates::Edited(edits.of(&task.folder, ids.clone())?),
                None => Fates::Removed(members.removed(&task.folder, ids.clone())?),
            };
            Ok((members, fates))
        });
        Ok(Self {
            related: related.collect::<Result<_, EngineError>>()?,
            outputs: Outputs {
                data: (unit.path_in(folder::DATA), 0),
                quarantine: (unit.path_in(folder::QUARANTINE), 0),
                dropped: dropped.then(|| (unit.path_in(folder::DROPPED), 0)),
            },
            steps: judge.counters(),
            files: task.files.read()?,
            judge,
            unit,
            counts: Counts::default(),
            reasons: BTreeMap::new(),
            sources: BTreeMap::new(),
            candidates: BTreeMap::new(),
        })
    }

    fn decide(&mut self, facts: &RecordBatch) -> Result<RecordBatch, EngineError> {
        let mut judged = self.judge.judge(facts)?;
        for (total, seen) in self.steps.iter_mut().zip(&judged.counts) {
            total.add(seen);
        }
        let rows = facts.column_by_name(ROW).map(|column| column.as_primitive::<Int64Type>());
        let bytes = facts.column_by_name(BYTES).map(|column| column.as_primitive::<Int64Type>());
        let content = facts.column_by_name(CONTENT).map(|column| column.as_fixed_size_binary());
        let (Some(rows), Some(bytes), Some(content)) = (rows, bytes, content) else {
            return Err(EngineError::Broken("the facts lack a fixed column".into()));
        };
        let (problems, sources) = (text(facts, PROBLEM)?, text(facts, SOURCE)?);
        let judge = self.judge.clone();
        let steps = judge.steps();
        let spoken = self.related.iter().map(|(it, _)| spoken_about(&steps[it.step], facts));
        let spoken: Vec<_> = spoken.collect::<Result<_, _>>()?;
        let files = self.files.clone();
        let mut decisions = Decisions::new(&judge, &files);
        for (at, verdict) in judged.verdicts.iter_mut().enumerate() {
            let row = rows.value(at).unsigned_abs();
            let hashed = content.is_valid(at).then(|| content.value(at));
            let takes_part: Vec<bool> =
                spoken.iter().map(|spoken| hashed.is_some() && spoken(at)).collect();
            self.relate(row, sources.value(at), &takes_part, verdict);
            let problem = problems.is_valid(at).then(|| problems.value(at));
            let step = self.decided_by(verdict, problem);
            let action = name_of(verdict);
            let text_bytes = if bytes.is_valid(at) { bytes.value(at).unsigned_abs() } else { 0 };
            self.count(verdict, action, step.as_deref(), text_bytes);
            if let Some(hashed) = hashed {
                let near =
                    verdict.reasons.iter().find(|it| it.value.is_some() && it.kept.is_some());
                let kept = near.and_then(|reason| reason.kept);
                self.offer(row, hashed, action, step.as_deref(), kept);
            }
            let out = self.outputs.next(verdict.action);
            let out = out.as_ref().map(|(file, row)| (file.as_str(), *row));
            decisions.push(action, step.as_deref(), &verdict.reasons, out);
        }
        decisions.finish(facts).map_err(|error| EngineError::Broken(error.to_string()))
    }

    /// Applies what relates the row to others.
    fn relate(&mut self, row: u64, source: &str, takes_part: &[bool], verdict: &mut Verdict) {
        let id = self.unit.id(row);
        for ((members, fates), takes_part) in self.related.iter().zip(takes_part) {
            let counts = &mut self.steps[members.step];
            if !verdict.stays() || !takes_part {
                counts.skipped += 1;
                continue;
            }
            let by_source = self.sources.entry(counts.name.clone()).or_default();
            // The name is copied once per source, not once per row.
            let seen = match by_source.get_mut(source) {
                Some(seen) => seen,
                None => by_source.entry(source.to_owned()).or_default(),
            };
            seen.rows += 1;
            let step = members.step;
            match fates {
                Fates::Removed(removed) => {
                    let Some(kept) = removed.get(&id) else {
                        counts.within += 1;
                        continue;
                    };
                    counts.outside += 1;
                    let action = self.judge.steps()[step].step.on_outside;
                    seen.removed += u64::from(Action::Quarantine <= action);
                    let limit = members.limit.clone();
                    let value = limit.is_some().then_some(kept.similarity);
                    verdict.add(action, Reason { step, value, limit, kept: Some(kept.id) });
                }
                Fates::Edited(edited) => {
                    let Some(going) = edited.get(&id) else {
                        counts.within += 1;
                        continue;
                    };
                    counts.outside += 1;
                    seen.removed += u64::from(going.emptied);
                    let value = Some(going.spans.len() as f64);
                    let reason = Reason { step, value, limit: None, kept: None };
                    if going.emptied {
                        let limit = Some(EMPTIED.to_owned());
                        verdict.add(Action::Drop, Reason { limit, ..reason });
                    } else {
                        verdict.edited = true;
                        verdict.reasons.push(reason);
                    }
                }
            }
        }
    }

    fn decided_by(&self, verdict: &Verdict, problem: Option<&str>) -> Option<String> {
        match (verdict.step, problem) {
            (Some(number), _) => Some(self.judge.names(number).0.to_owned()),
            (None, Some(problem)) if !verdict.stays() => Some(problem.to_owned()),
            (None, _) if verdict.edited => {
                let edit = verdict.reasons.first()?;
                Some(self.judge.names(edit.step).0.to_owned())
            }
            _ => None,
        }
    }

    fn count(&mut self, verdict: &Verdict, name: &str, step: Option<&str>, text_bytes: u64) {
        self.counts.rows += 1;
        self.counts.text_bytes += text_bytes;
        match name {
            action::KEEP => self.counts.keep += 1,
            action::FLAG => self.counts.flag += 1,
            action::EDIT => self.counts.edit += 1,
            action::QUARANTINE => self.counts.quarantine += 1,
            _ => self.counts.drop += 1,
        }
        if verdict.stays() {
            self.counts.kept_text_bytes += text_bytes;
        }
        if let Some(step) = step {
            let by_action = self.reasons.entry(step.to_owned()).or_default();
            let (rows, bytes) = by_action.entry(name.to_owned()).or_default();
            *rows += 1;
            *bytes += text_bytes;
        }
    }

    /// Offers the row as an example of its kind.
    fn offer(
        &mut self,
        row: u64,
        content: &[u8],
        action: &str,
        step: Option<&str>,
        kept: Option<i64>,
    ) {
        let kind = format!("{action} {}", step.unwrap_or_default());
        let hash = xxh3_64(content);
        let shown = self.candidates.entry(kind).or_default();
        let candidate = Candidate { hash, ordinal: self.unit.ordinal, row, kept };
        // Copies of one text are one example.
        if shown.iter().any(|other| other.hash == hash) {
            return;
        }
        let at = shown.binary_search(&candidate).unwrap_or_else(|at| at);
        if at < SHOWN {
            shown.insert(at, candidate);
            shown.truncate(SHOWN);
        }
    }
}

impl Outputs {
    /// File and row that a row with this action goes to.
    fn next(&mut self, action: Action) -> Option<(String, i64)> {
        let output = match action {
            Action::Keep | Action::Flag => Some(&mut self.data),
            Action::Quarantine => Some(&mut self.quarantine),
            Action::Drop => self.dropped.as_mut(),
        };
        output.map(|(file, next)| {
            *next += 1;
            (file.clone(), *next - 1)
        })
    }
}

fn name_of(verdict: &Verdict) -> &'static str {
    match verdict.action {
        Action::Keep if verdict.edited => action::EDIT,
        other => other.as_str(),
    }
}
