//! What stands where.

use std::collections::BTreeSet;

use crate::{
    none,
    repository::{files, read},
};

/// The visible top level, in the order of a listing.
const TOP: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "README.zh.md",
    "configs",
    "dashboards",
    "operators",
    "pipeline",
    "rust-toolchain.toml",
    "samples",
    "tests",
];

/// What `pipeline/` holds beside its crates.
const PIPELINE: &[&str] = &["ARCHITECTURE.md", "decisions", "docs"];

/// Folders of the operators' crate that hold what operators lean on, not operators.
const NO_FAMILIES: &[&str] = &["contract", "linear", "text", "tokenizing"];

#[test]
fn the_top_level_is_the_map_in_the_readme() {
    let found: BTreeSet<String> = files()
        .iter()
        .filter_map(|file| file.path.split('/').next().map(str::to_owned))
        .filter(|name| !name.starts_with('.'))
        .collect();
    let wanted: BTreeSet<String> = TOP.iter().map(|&name| name.to_owned()).collect();
    let violations: Vec<String> = found.symmetric_difference(&wanted).cloned().collect();
    none(
        "each of these is new at the top level, or missing from it; put new files below one of \
         the folders:",
        &violations,
    );
}

#[test]
fn pipeline_holds_crates_and_their_papers() {
    let manifest = read("Cargo.toml");
    let mut violations = BTreeSet::new();
    for file in files() {
        let Some(rest) = file.path.strip_prefix("pipeline/") else { continue };
        let name = rest.split('/').next().unwrap();
        let member = manifest.contains(&format!("\"pipeline/{name}\""));
        if !member && !PIPELINE.contains(&name) {
            violations.insert(format!("pipeline/{name}"));
        }
    }
    let violations: Vec<String> = violations.into_iter().collect();
    none("make it a member of the workspace, or put it elsewhere:", &violations);
}

#[test]
fn every_operator_has_its_guide_beside_it() {
    let paths: BTreeSet<String> = files().into_iter().map(|file| file.path).collect();
    let mut violations = Vec::new();
    for path in &paths {
        let Some(rest) = path.strip_prefix("operators/src/") else { continue };
        let Some((family, name)) = rest.split_once('/') else { continue };
        if NO_FAMILIES.contains(&family) || name == "mod.rs" {
            continue;
        }
        // A folder holds the parts of the operator whose name begins with its own.
        if let Some((folder, _)) = name.split_once('/') {
            let beginning = format!("operators/src/{family}/{folder}_");
            if !paths.iter().any(|path| path.starts_with(&beginning)) {
                violations.push(format!("{path} is a part of no operator"));
            }
            continue;
        }
        let other = match path.rsplit_once('.') {
            Some((stem, "rs")) => format!("{stem}.md"),
            Some((stem, "md")) => format!("{stem}.rs"),
            _ => {
                violations.push(format!("{path} is neither an operator nor a guide"));
                continue;
            }
        };
        if !paths.contains(&other) {
            violations.push(format!("{path} stands without {other}"));
        }
    }
    none("an operator is one .rs and one .md of one name:", &violations);
}

#[test]
fn every_crate_tells_its_story_first() {
    let mut violations = Vec::new();
    for file in files() {
        let root = file.path.ends_with("/src/lib.rs") || file.path.ends_with("/src/main.rs");
        if root && !file.text().is_some_and(|text| text.starts_with("//! ")) {
            violations.push(file.path);
        }
    }
    none("begin the file with `//!` and what the crate is for:", &violations);
}

#[test]
fn decisions_are_numbered_without_gaps() {
    let mut numbers = Vec::new();
    for file in files() {
        let Some(name) = file.path.strip_prefix("pipeline/decisions/") else { continue };
        let number = name.split('-').next().unwrap();
        let title = format!("# {number}: ");
        let text = file.text().unwrap_or_default();
        assert!(text.starts_with(&title), "begin pipeline/decisions/{name} with {title:?}");
        assert!(text.contains("**Decision.**"), "say in pipeline/decisions/{name} what is decided");
        numbers.push(number.to_owned());
    }
    let wanted: Vec<String> = (1..=numbers.len()).map(|number| format!("{number:04}")).collect();
    assert_eq!(numbers, wanted, "give the new decision the next free number");
}
