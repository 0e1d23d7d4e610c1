//! Which crate may know which.

use std::{collections::BTreeSet, fs, path::Path};

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

use crate::{
    none,
    repository::{self, files, read, root},
};

/// What a crate may depend on, and what its tests may use beside that. A new arrow is a
/// change of this list and a note in `pipeline/decisions/`.
struct Arrows {
    from: &'static str,
    to: &'static [&'static str],
    in_tests: &'static [&'static str],
}

const ALLOWED: &[Arrows] = &[
    Arrows { from: "operators", to: &[], in_tests: &[] },
    Arrows { from: "plan", to: &["operators"], in_tests: &[] },
    Arrows { from: "ledger", to: &[], in_tests: &[] },
    Arrows { from: "ingest", to: &["ledger"], in_tests: &[] },
    Arrows { from: "engine", to: &["ingest", "ledger", "operators", "plan"], in_tests: &[] },
    Arrows { from: "learn", to: &["operators"], in_tests: &[] },
    Arrows { from: "report", to: &["ledger"], in_tests: &[] },
    Arrows { from: "dashboards", to: &[], in_tests: &["ledger", "report"] },
    Arrows {
        from: "cli",
        to: &["dashboards", "engine", "ingest", "ledger", "operators", "plan", "report"],
        in_tests: &[],
    },
    Arrows {
        from: "tests",
        to: &["cli", "dashboards", "engine", "ingest", "ledger", "operators", "plan", "report"],
        in_tests: &[],
    },
];

/// Crates from outside that only some may use, tests included: whose names begin so, who.
const GUARDED: &[(&str, &[&str])] = &[
    ("datafusion", &["engine", "report"]),
    ("ballista", &["engine"]),
    ("tonic", &["engine"]),
    ("sqlparser", &["plan"]),
    ("arrow", &["cli", "dashboards", "engine", "ingest", "ledger", "report", "tests"]),
    ("parquet", &["cli", "engine", "ingest", "learn", "ledger", "report", "tests"]),
    ("object_store", &["engine", "ingest"]),
    ("tokio", &["cli", "dashboards", "engine", "report", "tests"]),
    ("clap", &["cli", "learn"]),
    ("indicatif", &["cli"]),
    ("miette", &["cli", "plan"]),
    // One list that can be read, and no second way to fail.
    ("inventory", &[]),
    ("linkme", &[]),
    ("typetag", &[]),
    ("anyhow", &[]),
    ("eyre", &[]),
];

fn packages() -> Vec<Package> {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .other_options(["--offline".to_owned()])
        .exec()
        .expect("cargo metadata reads the manifests");
    metadata.packages
}

fn short(name: &str) -> Option<&str> {
    name.strip_prefix("assay-")
}

#[test]
fn crates_depend_on_each_other_as_allowed() {
    let mut violations = Vec::new();
    for package in packages() {
        let from = short(&package.name).expect("crates are called assay-…");
        let Some(allowed) = ALLOWED.iter().find(|arrows| arrows.from == from) else {
            violations.push(format!("{from} is not in the list"));
            continue;
        };
        for dependency in &package.dependencies {
            let Some(to) = short(&dependency.name) else { continue };
            let in_tests = dependency.kind == DependencyKind::Development;
            let known = allowed.to.contains(&to) || (in_tests && allowed.in_tests.contains(&to));
            if !known {
                violations.push(format!("{from} -> {to} ({})", dependency.kind));
            }
        }
    }
    none(
        "take the arrow out of Cargo.toml, or allow it in tests/house/layers.rs and write down \
         why in pipeline/decisions/:",
        &violations,
    );
}

#[test]
fn the_engine_and_other_large_crates_are_known_where_they_belong() {
    let mut violations = Vec::new();
    for package in packages() {
        let from = short(&package.name).unwrap();
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            let guarded = GUARDED.iter().find(|(prefix, _)| {
                name.strip_prefix(prefix)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
            });
            if let Some((_, who)) = guarded
                && !who.contains(&from)
            {
                violations.push(format!("{from} uses {name}; allowed: {}", who.join(", ")));
            }
        }
    }
    none(
        "move what needs the dependency into a crate that may have it, or change GUARDED in \
         tests/house/layers.rs and write down why in pipeline/decisions/:",
        &violations,
    );
}

#[test]
fn every_dependency_is_used() {
    let mut violations = Vec::new();
    for package in packages() {
        let folder = package.manifest_path.parent().unwrap().as_std_path();
        // What tests need may stand anywhere in the crate.
        let source = source_below(&folder.join("src"));
        let all = source_below(folder);
        for dependency in &package.dependencies {
            let text = match dependency.kind {
                DependencyKind::Development => &all,
                _ => &source,
            };
            let name = dependency.rename.as_ref().unwrap_or(&dependency.name).replace('-', "_");
            if !mentions(text, &name) {
                violations.push(format!("{}: {}", package.name, dependency.name));
            }
        }
    }
    none("take what is not used out of Cargo.toml:", &violations);
}

#[test]
fn every_shared_dependency_is_used() {
    let manifest = repository::read("Cargo.toml");
    let (_, shared) = manifest.split_once("[workspace.dependencies]").expect("shared versions");
    let shared = shared.split("\n[").next().unwrap_or_default();
    let used: BTreeSet<String> = packages()
        .into_iter()
        .flat_map(|package| package.dependencies)
        .map(|dependency| dependency.name)
        .collect();
    let unused: Vec<String> = shared
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name.to_owned())
        .filter(|name| !name.starts_with('#') && !used.contains(name))
        .collect();
    none("no member asks for these; take them out of [workspace.dependencies]:", &unused);
}

/// All Rust text below `folder`, with the files that it takes in by `#[path = …]`.
fn source_below(folder: &Path) -> String {
    let mut text = String::new();
    let Ok(entries) = fs::read_dir(folder) else { return text };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text.push_str(&source_below(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let own = fs::read_to_string(&path).unwrap();
            for rest in own.split("#[path = \"").skip(1) {
                let other = rest.split('"').next().unwrap_or_default();
                text.push_str(&match other.strip_suffix("/mod.rs") {
                    Some(module) => source_below(&folder.join(module)),
                    None => fs::read_to_string(folder.join(other)).unwrap(),
                });
            }
            text.push_str(&own);
        }
    }
    text
}

/// Whether `name` stands in `text` as the first part of a path, or alone in a `use`.
fn mentions(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = &text[at + name.len()..];
        let begins = !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '"');
        begins && (after.starts_with("::") || after.starts_with(';') || after.starts_with(" as "))
    })
}

#[test]
fn crate_and_folder_have_one_name() {
    let mut violations = Vec::new();
    for package in packages() {
        let folder = package.manifest_path.parent().unwrap().file_name().unwrap();
        if short(&package.name) != Some(folder) {
            violations.push(format!("{} stands in {folder}/", package.name));
        }
    }
    none("call the crate `assay-` and the name of its folder:", &violations);
}

#[test]
fn members_are_listed_by_hand() {
    let manifest = repository::read("Cargo.toml");
    let (_, members) = manifest.split_once("members = [").expect("a list of members");
    let (members, _) = members.split_once(']').unwrap();
    assert!(!members.contains('*'), "list the members of Cargo.toml by name, in reading order");
    let listed: BTreeSet<String> = members
        .lines()
        .filter_map(|line| line.trim().strip_prefix('"')?.split('"').next())
        .map(|folder| format!("{folder}/Cargo.toml"))
        .collect();
    let found = repository::files().into_iter().map(|file| file.path);
    // What a bench compares with is a workspace of its own, so that nothing here depends on it.
    let member = |path: &String| {
        path.ends_with("/Cargo.toml") && !path.starts_with('.') && !path.starts_with("tests/bench/")
    };
    let found: BTreeSet<String> = found.filter(member).collect();
    assert_eq!(listed, found, "members of Cargo.toml (left) and manifests on disk (right) differ");
}

#[test]
fn every_task_can_be_sent_to_another_process() {
    let codec = read("pipeline/engine/src/cluster/codec.rs");
    let mut missing = Vec::new();
    for file in files().iter().filter(|file| file.path.starts_with("pipeline/engine/src/")) {
        let text = file.text().unwrap_or_default();
        for line in text.lines() {
            let Some(name) = line.strip_prefix("impl Task for ") else { continue };
            let name = name.trim_end_matches([' ', '{']);
            if !codec.contains(&format!("UnitTask<{name}>")) {
                missing.push(format!("{name} of {}", file.path));
            }
        }
    }
    none("list it in pipeline/engine/src/cluster/codec.rs:", &missing);
}
