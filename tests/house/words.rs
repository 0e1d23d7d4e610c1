//! What is not written in this repository.
//!
//! The forbidden words are put together from pieces here, so that this file does not
//! hold them.

use assay_ledger::schema;

use crate::{
    none,
    repository::{File, files},
};

fn rust_files() -> impl Iterator<Item = (File, String)> {
    files().into_iter().filter(|file| file.ending() == "rs").map(|file| {
        let text = file.text().unwrap();
        (file, text)
    })
}

/// Every line of Rust for which `wrong` is true.
fn lines_where(wrong: impl Fn(&str) -> bool) -> Vec<String> {
    let mut violations = Vec::new();
    for (file, text) in rust_files() {
        for (number, line) in (1..).zip(text.lines()) {
            if wrong(line) {
                violations.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    violations
}

#[test]
fn nothing_is_left_for_later() {
    let macros = [["todo", "!("].concat(), ["unimplemented", "!("].concat()];
    let violations = lines_where(|line| macros.iter().any(|word| line.contains(word)));
    none("write the code, or return an error that says what is not there:", &violations);
}

#[test]
fn no_test_is_switched_off() {
    let words = [["#[", "ignore"].concat(), ["#[", "should_panic"].concat()];
    let violations = lines_where(|line| words.iter().any(|word| line.contains(word)));
    none("mend the test or delete it; check errors by their value:", &violations);
}

#[test]
fn exceptions_are_expected_with_a_reason() {
    let words = [["#[", "allow("].concat(), ["#![", "allow("].concat()];
    let violations = lines_where(|line| words.iter().any(|word| line.contains(word)));
    none("write #[expect(…, reason = \"…\")], which ends when its cause does:", &violations);
}

/// The file that may call what the compiler cannot check.
const UNCHECKED: &str = "pipeline/cli/src/heap.rs:";

#[test]
fn the_compiler_checks_everything_but_one_file() {
    let words = [["unsafe", " {"].concat(), ["unsafe", "_code"].concat()];
    let mut violations = lines_where(|line| words.iter().any(|word| line.contains(word)));
    violations.retain(|line| !line.starts_with(UNCHECKED));
    none("use a library with a safe interface:", &violations);
}

#[test]
fn serde_says_what_is_wrong() {
    let words = [["flat", "ten"].concat(), ["un", "tagged"].concat()];
    let violations =
        lines_where(|line| line.contains("serde(") && words.iter().any(|word| line.contains(word)));
    none("spell the fields out; with these, serde's messages name no field:", &violations);
}

#[test]
fn no_path_of_one_machine() {
    let roots: Vec<String> =
        ["home", "root", "work", "tmp", "Users"].map(|name| format!("/{name}/")).into();
    let mut violations = Vec::new();
    for file in files() {
        let Some(text) = file.text() else { continue };
        for (number, line) in (1..).zip(text.lines()) {
            if roots.iter().any(|root| opens_path(line, root)) {
                violations.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none(
        "write a path below the repository, or take a temporary folder from the system:",
        &violations,
    );
}

/// Whether an absolute path in `line` begins with `root`.
fn opens_path(line: &str, root: &str) -> bool {
    line.match_indices(root).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "._-~)}>*".contains(c))
    })
}

/// Where a column's name may be written beside `ledger::schema`, and why.
const NAMED_ELSEWHERE: &[(&str, &str)] = &[
    ("pipeline/ledger/src/schema.rs", "the one place"),
    ("pipeline/report/src/fixture/", "a test's second opinion"),
    ("tests/", "tests pin the stored names"),
];

/// Names that mean a column wherever they stand in quotes. Names that are also plain
/// words (`file`, `row`, `source`) are not searched for.
fn column_names() -> Vec<String> {
    let tables = [&*schema::DECISIONS, &*schema::GROUPS, &*schema::EXCERPTS];
    let mut names: Vec<String> = schema::facts_base()
        .iter()
        .map(|field| field.name().clone())
        .chain(tables.iter().flat_map(|table| table.fields()).map(|field| field.name().clone()))
        .chain(schema::REASON_FIELDS.iter().map(|field| field.name().clone()))
        .filter(|name| name.contains('_') || name == "similarity" || name == "containment")
        .collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn columns_of_the_ledger_are_named_in_one_place() {
    let quoted: Vec<String> =
        column_names().into_iter().map(|name| format!("\"{name}\"")).collect();
    assert!(!quoted.is_empty());
    let mut violations = Vec::new();
    for (file, text) in rust_files() {
        if NAMED_ELSEWHERE.iter().any(|(path, _)| file.path.starts_with(path)) {
            continue;
        }
        // Tests of a crate may pin names; they stand at the end of a file.
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for (number, line) in (1..).zip(code.lines()) {
            if quoted.iter().any(|name| line.contains(name)) {
                violations.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none("use the constant of assay_ledger::schema:", &violations);
}

#[test]
fn rules_may_use_columns_that_the_facts_have() {
    let facts = schema::facts_base();
    let missing: Vec<String> = assay_plan::BASE_COLUMNS
        .iter()
        .filter(|name| facts.iter().all(|field| field.name() != **name))
        .map(|name| (*name).to_owned())
        .collect();
    none(
        "the planner accepts these columns in rules, but ledger::schema::facts_base lacks them; \
         add them there or take them out of assay_plan::BASE_COLUMNS:",
        &missing,
    );
}
