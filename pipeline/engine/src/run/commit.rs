//! The end of a run: counts that must balance, the manifest, the record.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use assay_ledger::{
    Counts, FORMAT, FileCounts, FileRecord, Folder, ImportRecord, Manifest, OutputRecord,
    ReasonCount, RunRecord, StepCounts, folder,
};
use assay_plan::Plan;

use super::{
    RunOptions,
    passes::{Decided, Passes},
    prepare::Prepared,
};
use crate::{
    EngineError,
    assets::loaded,
    decide::{Candidate, SHOWN},
    excerpts::write_excerpts,
    input::{Unit, place_of},
    measure::FactsReport,
    relate::{Pair, curve_of},
    write::WriteReport,
};

/// Writes what belongs to the whole run, checks that every row has one fate, and commits.
pub(super) fn commit(
    plan: &Plan,
    options: &RunOptions,
    folder: &Folder,
    prepared: &Prepared,
    passes: Passes<'_>,
    decided: &Decided,
    written: Vec<WriteReport>,
) -> Result<RunRecord, EngineError> {
    let units = &decided.units;
    let mut files: Vec<FileRecord> = decided.related.groups.clone();
    files.extend(decided.related.edits.iter().cloned());
    files.extend(written.into_iter().flat_map(|report| report.files));
    files.extend(decided.reports.iter().map(|report| report.file.clone()));
    files.extend(decided.facts.iter().flat_map(FactsReport::files).cloned());
    if plan.output.excerpts {
        let candidates = chosen(plan, decided);
        let others = prepared.references.iter().flat_map(|reference| reference.corpus.units());
        let units: Vec<Unit> = others.chain(units.iter().cloned()).collect();
        let members = decided.related.members.iter();
        let edits = members.filter_map(|it| Some((it.step, it.edits.as_ref()?)));
        let (steps, edits) = (loaded(&plan.steps)?, edits.collect::<Vec<_>>());
        files.extend(write_excerpts(folder, &units, &steps, &candidates, &edits)?);
    }
    let counts = per_file(decided, &passes);
    let total = counts.iter().fold(Counts::default(), |mut total, file| {
        total.add(&file.counts);
        total
    });
    let outputs = outputs(&files);
    check(&total, &outputs, prepared.corpus.rows(), plan.output.dropped)?;
    let manifest = Manifest::new(files);
    remove_strays(folder, &manifest)?;
    let steps = steps(decided);
    let mut warnings = warnings(prepared, &steps);
    warnings.extend(passes.imports.iter().filter_map(unmatched));
    warnings.extend(decided.related.warnings.iter().cloned());
    warnings.extend(passes.warnings.iter().cloned());
    let taken = decided.related.taken.iter().filter(|it| total.text_bytes < it.bytes * 2);
    warnings.extend(taken.map(|it| {
        format!("step {:?} took more than half of all text: look at what went", it.step)
    }));
    let record = RunRecord {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        recipe: plan.recipe.clone(),
        plan: serde_json::to_value(plan).map_err(|error| EngineError::Broken(error.to_string()))?,
        measure_hash: plan.measure_hash(),
        decision_hash: plan.decision_hash(),
        command: options.command.clone(),
        inputs: prepared.corpus.records(),
        against: prepared.against(),
        counts: total,
        files: counts,
        steps,
        reasons: reasons(decided),
        imports: passes.imports,
        curves: plan.bind().unwrap_or_default().iter().filter_map(curve_of).collect(),
        shared: decided.related.taken.clone(),
        crossings: decided.related.crossings.clone(),
        unreadable: passes.unreadable,
        warnings,
        outputs,
        manifest_xxh3: manifest.write(&folder.manifest())?,
        timings: passes.timings,
    };
    record.write(&folder.run_json())?;
    let relate = folder.work().join("relate");
    // Intermediate files have served; if they cannot be removed, `assay gc` will.
    let _ = fs::remove_dir_all(relate);
    Ok(record)
}

/// Every row of the footers has one fate, and every table holds the rows it should.
fn check(
    total: &Counts,
    outputs: &BTreeMap<String, OutputRecord>,
    footers: u64,
    dropped: bool,
) -> Result<(), EngineError> {
    let rows = |table: &str| outputs.get(table).map_or(0, |output| output.rows);
    let sums = [
        (footers, total.rows + total.unreadable, "accounted for"),
        (if dropped { total.drop } else { 0 }, rows(folder::DROPPED), "written as dropped"),
        (total.rows, rows(folder::FACTS), "measured"),
        (total.rows, rows(folder::DECISIONS), "decided"),
        (total.kept(), rows(folder::DATA), "kept"),
        (total.quarantine, rows(folder::QUARANTINE), "quarantined"),
    ];
    for (wanted, found, what) in sums {
        if wanted != found {
            return Err(EngineError::Broken(format!(
                "{found} rows were {what} where {wanted} were due"
            )));
        }
    }
    if total.balance() {
        Ok(())
    } else {
        Err(EngineError::Broken("rows in are not rows kept and each reason".into()))
    }
}

fn per_file(decided: &Decided, passes: &Passes<'_>) -> Vec<FileCounts> {
    let mut files: BTreeMap<String, FileCounts> = BTreeMap::new();
    let empty = |file: &str| FileCounts {
        file: file.to_owned(),
        counts: Counts::default(),
        reasons: BTreeMap::new(),
    };
    for (unit, report) in decided.units.iter().zip(&decided.reports) {
        let file = files.entry(unit.file.clone()).or_insert_with(|| empty(&unit.file));
        file.counts.add(&report.counts);
        for (step, actions) in &report.reasons {
            let rows: u64 = actions.values().map(|(rows, _)| rows).sum();
            *file.reasons.entry(step.clone()).or_default() += rows;
        }
    }
    for part in &passes.unreadable {
        let file = files.entry(part.file.clone()).or_insert_with(|| empty(&part.file));
        file.counts.unreadable += part.rows.unwrap_or(0);
    }
    files.into_values().collect()
}

fn steps(decided: &Decided) -> Vec<StepCounts> {
    let mut total: Vec<StepCounts> = Vec::new();
    for report in &decided.reports {
        if total.is_empty() {
            total.clone_from(&report.steps);
            continue;
        }
        for (sum, part) in total.iter_mut().zip(&report.steps) {
            sum.add(part);
        }
    }
    total
}

/// What a person should know; a step that speaks about no row is as good as not there.
fn warnings(prepared: &Prepared, steps: &[StepCounts]) -> Vec<String> {
    let mut warnings = prepared.warnings.clone();
    for step in steps {
        let seen = step.within + step.outside + step.unmeasured;
        if seen == 0 && 0 < step.skipped {
            warnings.push(format!(
                "step {:?} spoke about none of {} rows: see its only-for; rows that declare no \
                 language count as \"und\"",
                step.name, step.skipped
            ));
        } else if seen == step.unmeasured && 0 < seen {
            warnings.push(format!("step {:?} could measure none of {seen} rows", step.name));
        }
    }
    warnings
}

/// What an import leaves open on either side.
fn unmatched(import: &ImportRecord) -> Option<String> {
    let ImportRecord { step, documents, documents_without_value, values, values_without_document } =
        import;
    (0 < documents_without_value + values_without_document).then(|| {
        format!(
            "step {step:?}: {documents_without_value} of {documents} documents have no imported \
             value, and {values_without_document} of {values} imported values belong to no \
             document"
        )
    })
}

fn reasons(decided: &Decided) -> Vec<ReasonCount> {
    let mut total: BTreeMap<(String, String), (u64, u64)> = BTreeMap::new();
    for report in &decided.reports {
        for (step, actions) in &report.reasons {
            for (action, (rows, bytes)) in actions {
                let sum = total.entry((step.clone(), action.clone())).or_default();
                sum.0 += rows;
                sum.1 += bytes;
            }
        }
    }
    let reason =
        |((step, action), (rows, text_bytes))| ReasonCount { step, action, rows, text_bytes };
    let mut reasons: Vec<ReasonCount> = total.into_iter().map(reason).collect();
    reasons.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.step.cmp(&b.step)));
    reasons
}

/// The rows that are shown: of each kind those with the smallest hash, and of the largest
/// groups a row that goes.
fn chosen(plan: &Plan, decided: &Decided) -> BTreeMap<String, Vec<Candidate>> {
    let mut chosen: BTreeMap<String, Vec<Candidate>> = BTreeMap::new();
    for report in &decided.reports {
        for (kind, candidates) in &report.candidates {
            chosen.entry(kind.clone()).or_default().extend(candidates);
        }
    }
    for candidates in chosen.values_mut() {
        candidates.sort();
        candidates.dedup_by_key(|candidate| candidate.hash);
        candidates.truncate(SHOWN);
    }
    for step in &plan.steps {
        let kind = format!("{} {}", step.on_outside.as_str(), step.name);
        let pairs = decided.related.largest.get(&step.name).into_iter().flatten();
        for Pair { id, kept } in pairs {
            let (ordinal, row) = place_of(*id);
            let shown = chosen.entry(kind.clone()).or_default();
            if !shown.iter().any(|other| (other.ordinal, other.row) == (ordinal, row)) {
                shown.push(Candidate { hash: 0, ordinal, row, kept: Some(*kept) });
            }
        }
    }
    chosen
}

const TABLES: [&str; 8] = [
    folder::DATA,
    folder::QUARANTINE,
    folder::DROPPED,
    folder::FACTS,
    folder::DECISIONS,
    folder::GROUPS,
    folder::EDITS,
    folder::EXCERPTS,
];

fn outputs(files: &[FileRecord]) -> BTreeMap<String, OutputRecord> {
    let mut outputs: BTreeMap<String, OutputRecord> = BTreeMap::new();
    for file in files {
        let table = TABLES.iter().find(|table| {
            file.path.strip_prefix(**table).is_some_and(|rest| rest.starts_with('/'))
        });
        let Some(table) = table else { continue };
        let output = outputs.entry((*table).to_owned()).or_default();
        output.files += 1;
        output.rows += file.rows;
        output.bytes += file.bytes;
    }
    outputs
}

/// Removes tables of an earlier run in this folder that the manifest does not name.
fn remove_strays(folder: &Folder, manifest: &Manifest) -> Result<(), EngineError> {
    let named: BTreeSet<_> = manifest.files().iter().map(|file| folder.path(&file.path)).collect();
    for table in TABLES.iter().chain(&[folder::SIGNATURES]) {
        let root = folder.path(table);
        for entry in walkdir::WalkDir::new(&root).into_iter().filter_map(Result::ok) {
            let path = entry.path();
            if entry.file_type().is_file() && is_table(path) && !named.contains(path) {
                fs::remove_file(path).map_err(EngineError::io("removed", path))?;
            }
        }
    }
    Ok(())
}

fn is_table(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    name.ends_with(b".parquet") || name.ends_with(b".parquet.tmp")
}
