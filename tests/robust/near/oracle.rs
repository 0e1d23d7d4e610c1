//! Rows that go and groups are those of an oracle that compares every pair, in Python.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    process::{Command, Stdio},
};

use serde_json::Value;

use super::{ALL_PAIRS, bench, corpora::families, groups, removed};
use crate::made::{Doc, jsonl, parquet_in_groups};

struct Answer {
    removed: BTreeMap<String, String>,
    groups: BTreeSet<BTreeSet<String>>,
}

/// `None` where there is no Python.
#[expect(clippy::print_stdout, reason = "a test that was not done must say so")]
fn ask(docs: &[Doc]) -> Option<Answer> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/robust/near/oracle.py");
    let child = Command::new("python3")
        .args([script, "4", "5"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        println!("no python3 here: the oracle was not asked");
        return None;
    };
    child.stdin.take().unwrap().write_all(&jsonl(docs)).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let removed = answer["removed"].as_object().unwrap().iter();
    let groups = answer["groups"].as_array().unwrap().iter();
    let group = |ids: &Value| ids.as_array().unwrap().iter().map(text).collect();
    Some(Answer {
        removed: removed.map(|(id, kept)| (id.clone(), text(kept))).collect(),
        groups: groups.map(group).collect(),
    })
}

fn agrees(seed: u64, count: usize) {
    let docs = families(seed, count);
    let Some(answer) = ask(&docs) else { return };
    let bench = bench(&format!("similarity = 0.8, {ALL_PAIRS}, templates = \"remove\""));
    let half = docs.len() / 2;
    bench.add("a.parquet", parquet_in_groups(&docs[..half], 97));
    bench.add("b.jsonl", jsonl(&docs[half..]));
    let ran = bench.run().sound(0);
    assert!(count / 20 < answer.removed.len(), "the corpus has too few near-duplicates");
    assert_eq!(removed(&ran), answer.removed, "seed {seed}");
    assert_eq!(groups(&ran), answer.groups, "seed {seed}");
}

fn number(variable: &str, usual: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// More with `ASSAY_ORACLE_SEEDS=20` and `ASSAY_ORACLE_DOCUMENTS=20000`.
#[test]
fn rows_that_go_and_groups_are_those_of_the_oracle() {
    let documents = number("ASSAY_ORACLE_DOCUMENTS", 1500);
    for seed in 1..=number("ASSAY_ORACLE_SEEDS", 3) {
        agrees(seed as u64, documents);
    }
}
