//! Before the first pass: the folder, the input, what is left of an earlier attempt.

use std::{
    fs::{self, File, TryLockError},
    path::Path,
};

use assay_ingest::{IngestError, Ingested};
use assay_ledger::{FileRecord, Folder, InputRecord, LedgerError, Manifest, RunRecord};
use assay_plan::Plan;
use serde::{Deserialize, Serialize};

use super::{
    RunOptions,
    references::{Reference, check_names, survey},
};
use crate::{
    EngineError, RunEvent,
    derive::check_columns,
    input::{Corpus, Reading},
    stage::{Journal, WorkKey},
};

/// What a run starts from.
pub(super) struct Prepared {
    pub corpus: Corpus,
    /// What steps compare the input with.
    pub references: Vec<Reference>,
    pub journal: Journal,
    pub warnings: Vec<String>,
    /// Held for as long as the run works in the folder.
    _lock: File,
}

/// What the journal keeps of an ingested file.
#[derive(Serialize, Deserialize)]
struct IngestReport {
    file: FileRecord,
    warnings: Vec<String>,
    incomplete: Option<String>,
}

/// Folder for ingested files, below the run folder.
pub(crate) const INGEST: &str = ".work/ingest";

impl Prepared {
    /// Locks the folder, finds the input and ingests what is not Parquet.
    pub(super) fn open(
        plan: &Plan,
        options: &RunOptions,
        folder: &Folder,
    ) -> Result<Self, EngineError> {
        check_folder(folder)?;
        let work = folder.work();
        fs::create_dir_all(&work).map_err(EngineError::io("created", &work))?;
        let lock = lock(folder)?;
        let except = fs::canonicalize(folder.root()).unwrap_or_else(|_| folder.root().to_owned());
        let mut corpus = Corpus::survey(&options.inputs, &plan.input.columns, &except)?;
        let mut references = survey(plan, &except)?;
        check_names(&references, &corpus)?;
        let files: usize = references.iter().map(|reference| reference.corpus.files.len()).sum();
        corpus.first = u32::try_from(files).unwrap_or(u32::MAX);
        let journal = Journal::open(&work.join("journal.jsonl"))?;
        let mut warnings = Vec::new();
        let others = references.iter_mut().map(|reference| &mut reference.corpus);
        for corpus in std::iter::once(&mut corpus).chain(others) {
            warnings.append(&mut corpus.warnings);
            ingest(plan, options, folder, corpus, &journal, &mut warnings)?;
            check_text_columns(plan, corpus)?;
        }
        references.iter().try_for_each(Reference::check)?;
        warnings.extend(check_columns(plan, &corpus)?);
        for warning in &warnings {
            (options.observer)(RunEvent::Warning(warning.clone()));
        }
        (options.observer)(RunEvent::InputRead {
            files: corpus.files.len(),
            rows: corpus.rows(),
            bytes: corpus.bytes(),
        });
        Ok(Self { corpus, references, journal, warnings, _lock: lock })
    }

    /// What `run.json` says of the files that the input is compared with.
    pub(super) fn against(&self) -> Vec<InputRecord> {
        self.references.iter().flat_map(Reference::records).collect()
    }

    /// The record of the run, if it is finished and nothing has changed since.
    pub(super) fn finished(
        &self,
        plan: &Plan,
        folder: &Folder,
    ) -> Result<Option<RunRecord>, EngineError> {
        let path = folder.run_json();
        let record = match RunRecord::read(&path) {
            Ok(record) => record,
            Err(LedgerError::NoRun { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let same_inputs = record.inputs == self.corpus.records();
        let same_references = record.against == self.against();
        let same_plan = record.decision_hash == plan.decision_hash();
        let whole = Manifest::read(&folder.manifest())
            .is_ok_and(|manifest| manifest.files().iter().all(|file| is_there(folder, file)));
        if same_inputs && same_references && same_plan && whole {
            return Ok(Some(record));
        }
        if !same_inputs || record.measure_hash != plan.measure_hash() {
            // What follows replaces the facts that the record speaks of.
            fs::remove_file(&path).map_err(EngineError::io("removed", &path))?;
        }
        Ok(None)
    }
}

/// Rewriters edit one top-level column; better said before anything is read.
fn check_text_columns(plan: &Plan, corpus: &Corpus) -> Result<(), EngineError> {
    let steps = plan.bind().unwrap_or_default();
    let Some(step) = steps.iter().find(|step| step.edits()) else { return Ok(()) };
    for file in &corpus.files {
        let Reading::Parquet(parquet) = &file.reading else { continue };
        let editable = match parquet.roles.text.as_slice() {
            [] => true,
            [only] => !only.contains('.'),
            _ => false,
        };
        if !editable {
            return Err(EngineError::input(
                file.name(),
                format!("has its text in {}", parquet.roles.text.join(", ")),
                format!(
                    "step {:?} can only edit one top-level column: name one, or leave it out",
                    step.step.name
                ),
            ));
        }
    }
    Ok(())
}

/// A new folder, an empty one, or one of ours.
fn check_folder(folder: &Folder) -> Result<(), EngineError> {
    let root = folder.root();
    let Ok(mut entries) = fs::read_dir(root) else { return Ok(()) };
    let ours = folder.work().exists() || folder.run_json().exists();
    if entries.next().is_some() && !ours {
        return Err(EngineError::ForeignFolder { path: root.to_owned() });
    }
    Ok(())
}

fn lock(folder: &Folder) -> Result<File, EngineError> {
    let path = folder.work().join("lock");
    let file = File::create(&path).map_err(EngineError::io("opened", &path))?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            Err(EngineError::FolderInUse { path: folder.root().to_owned() })
        }
        // A file system without locks cannot keep a second run out; the first still works.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
    }
}

fn ingest(
    plan: &Plan,
    options: &RunOptions,
    folder: &Folder,
    corpus: &mut Corpus,
    journal: &Journal,
    warnings: &mut Vec<String>,
) -> Result<(), EngineError> {
    let raw = corpus.files.iter().filter(|file| matches!(file.reading, Reading::Raw)).count();
    if raw == 0 {
        return Ok(());
    }
    let started = std::time::Instant::now();
    let event = RunEvent::StageStarted { stage: "ingest", units: raw as u64, rows: 0, resumed: 0 };
    (options.observer)(event);
    let aside = corpus.is_aside();
    for file in &mut corpus.files {
        if !matches!(file.reading, Reading::Raw) {
            continue;
        }
        if options.progress.stopping() {
            return Err(EngineError::Interrupted);
        }
        let relative = Folder::part(INGEST, file.name(), 0);
        let key = WorkKey {
            slot: relative.clone(),
            fingerprint: format!("{} {:?}", file.version(), plan.input.columns.text),
        };
        let known = journal.find(&key).and_then(|text| serde_json::from_str(text).ok());
        let known = known.filter(|known: &IngestReport| is_there(folder, &known.file));
        let report = if let Some(report) = known {
            report
        } else {
            let done = match file.ingest(folder, &relative, &plan.input.columns) {
                Ok(done) => done,
                // A source that is damaged from its start costs itself; anything else is for
                // a person to decide.
                Err(EngineError::Ingest(error @ IngestError::Unreadable { .. })) => {
                    file.reading = Reading::Unreadable(error.to_string());
                    continue;
                }
                Err(other) => return Err(other),
            };
            let Ingested { record, warnings, incomplete, .. } = done;
            let report = IngestReport { file: record, warnings, incomplete };
            let text = serde_json::to_string(&report)
                .map_err(|error| EngineError::Broken(error.to_string()))?;
            journal.record(&key, &text)?;
            report
        };
        let named = |warning: String| {
            let known = warning.contains(file.name());
            if known { warning } else { format!("{}: {warning}", file.name()) }
        };
        warnings.extend(report.warnings.into_iter().map(named));
        file.incomplete = report.incomplete;
        file.open_ingested(&folder.path(&relative), &plan.input.columns, aside)?;
    }
    let seconds = started.elapsed().as_secs_f64();
    (options.observer)(RunEvent::StageFinished { stage: "ingest", seconds });
    Ok(())
}

/// Whether a file that was written before still stands where it was put.
pub(super) fn is_there(folder: &Folder, file: &FileRecord) -> bool {
    length(&folder.path(&file.path)) == Some(file.bytes)
}

fn length(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().map(|metadata| metadata.len())
}
