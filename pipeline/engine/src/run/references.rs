//! Corpora that steps compare the input with: measured as it is, never decided about.

use std::{collections::BTreeMap, path::Path};

use assay_ledger::{Folder, InputRecord, folder};
use assay_plan::{BoundOperator, BoundStep, Plan};
use xxhash_rust::xxh3::xxh3_64;

use super::earlier::Earlier;
use crate::{
    EngineError,
    input::{Corpus, Unit, split_label},
};

/// Folder of the tables of such corpora, below the run folder.
const AGAINST: &str = ".work/against";

/// A corpus that steps compare the input with.
pub(crate) struct Reference {
    /// As the plan gives it.
    pub path: String,
    pub corpus: Corpus,
    /// Names of the steps.
    pub steps: Vec<String>,
    /// The run that it is the data of, if what that measured can be used again.
    pub earlier: Option<Earlier>,
}

/// Finds the corpora that the steps of `plan` name, each once; `except` is not read. Their
/// files are numbered before those of the input.
pub(crate) fn survey(plan: &Plan, except: &Path) -> Result<Vec<Reference>, EngineError> {
    let mut steps: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for step in plan.bind().unwrap_or_default() {
        let BoundOperator::Signer(signer) = &step.operator else { continue };
        let against = signer.relation().against();
        for path in against.into_iter().flat_map(|against| &against.corpora) {
            steps.entry(path.clone()).or_default().push(step.step.name.clone());
        }
    }
    let mut references = Vec::new();
    let mut first = 0;
    for (path, steps) in steps {
        let aside = format!("{AGAINST}/{:016x}", xxh3_64(path.as_bytes()));
        let columns = &plan.input.columns;
        let mut corpus = Corpus::survey_aside(&kept_rows(&path), columns, except, aside)?;
        corpus.first = first;
        first += u32::try_from(corpus.files.len()).unwrap_or(u32::MAX);
        let mut reference = Reference { path, corpus, steps, earlier: None };
        let now = reference.plan(plan);
        reference.earlier =
            run_folder(&reference.path).and_then(|folder| Earlier::find(folder, &now));
        references.push(reference);
    }
    Ok(references)
}

/// The run folder that is at a path as the plan gives it, or that the path is in.
fn run_folder(written: &str) -> Option<Folder> {
    let (_, root) = split_label(written);
    let root = root.canonicalize().ok()?;
    let mut folders = root.ancestors().map(Folder::new);
    folders.find(|folder| folder.run_json().exists())
}

/// Of a run folder its kept rows, under the folder's own name; any other path as it is.
fn kept_rows(written: &str) -> String {
    let (label, root) = split_label(written);
    if !Folder::new(&root).run_json().exists() {
        return written.to_owned();
    }
    let name = root.canonicalize().unwrap_or_else(|_| root.clone());
    let name = name.file_name().map(|name| name.display().to_string());
    let label = label.or(name).unwrap_or_else(|| "run".to_owned());
    format!("{label}={}", root.join(folder::DATA).display())
}

impl Reference {
    /// Fails if a part of it cannot be read: rows would stay that it holds a copy of.
    pub(super) fn check(&self) -> Result<(), EngineError> {
        let lost = self.corpus.unreadable().into_iter().next();
        lost.map_or(Ok(()), |part| Err(unreadable_reference(&part.file, &part.error)))
    }

    /// What `run.json` says of its files.
    pub(super) fn records(&self) -> Vec<InputRecord> {
        self.corpus.records()
    }

    /// Bytes of its files of which all was measured by an earlier run.
    pub(crate) fn signed_bytes(&self) -> u64 {
        let Some(earlier) = &self.earlier else { return 0 };
        let mut whole: BTreeMap<String, bool> = BTreeMap::new();
        for unit in self.corpus.units() {
            let knows = earlier.knows(&unit);
            *whole.entry(unit.file).or_insert(true) &= knows;
        }
        let files = self.corpus.sizes();
        files.filter(|(file, _)| whole.get(*file) == Some(&true)).map(|(_, bytes)| bytes).sum()
    }

    /// What is measured in it: the steps that name it, on the text that they see.
    pub(super) fn plan(&self, plan: &Plan) -> Plan {
        let bound = plan.bind().unwrap_or_default().into_iter();
        let wanted = |step: &BoundStep| {
            let rewrites = matches!(step.operator, BoundOperator::Rewriter(_));
            rewrites || self.steps.contains(&step.step.name)
        };
        let steps = bound.filter(wanted).map(|step| step.step);
        Plan { steps: steps.collect(), ..plan.clone() }
    }
}

/// A part of a corpus that the input is compared with is missing.
pub(super) fn unreadable_reference(file: &str, error: &str) -> EngineError {
    let problem = format!("cannot be read, so nothing can be compared with it: {error}");
    EngineError::input(file, problem, "mend or replace the file, or leave it out of `against`")
}

/// Fails if a file of `references` has the name of another file of the run.
pub(super) fn check_names(references: &[Reference], input: &Corpus) -> Result<(), EngineError> {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for file in &input.files {
        seen.insert(file.name(), "the input");
    }
    for reference in references {
        for file in &reference.corpus.files {
            if let Some(other) = seen.insert(file.name(), &reference.path) {
                return Err(EngineError::input(
                    file.name(),
                    format!("is the name of a file of {other}, and of {}", reference.path),
                    "give that corpus another label: against = [\"LABEL=PATH\"]",
                ));
            }
        }
    }
    Ok(())
}

/// The units of those `references` that the step called `step` names, in order.
pub(super) fn units_for(references: &[Reference], step: &str) -> Vec<Unit> {
    let named = references.iter().filter(|it| it.steps.iter().any(|name| name == step));
    named.flat_map(|reference| reference.corpus.units()).collect()
}
