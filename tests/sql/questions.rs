//! Questions, and what they say of the quick start.

use std::fs;

use assay_tests::repository;
use serde_json::{Value, json};

use crate::{ask, quick_start};

/// Names of the questions, from their files.
fn names() -> Vec<String> {
    let entries = fs::read_dir(repository().join("dashboards/queries")).unwrap();
    let files = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        files.map(|file| file.strip_suffix(".sql").unwrap().to_owned()).collect();
    names.sort();
    names
}

#[test]
fn every_question_can_be_asked_by_its_name() {
    let bench = quick_start();
    let listed = bench.assay(["sql", "out"]).exits(0).stdout;
    let listed: Vec<&str> =
        listed.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(listed, names());
    for name in names() {
        assert!(!ask(&bench, &name).is_empty(), "{name} has no answer");
    }
}

#[test]
fn the_answers_stay_as_they_were_read() {
    let bench = quick_start();
    for name in ["funnel", "length_by_language", "overlapping_reasons", "unmeasured"] {
        insta::assert_snapshot!(name, bench.assay(["sql", "out", name]).exits(0).stdout);
    }
}

#[test]
fn values_near_the_limit_are_on_the_far_side_of_it() {
    let rows = ask(&quick_start(), "near_the_limit");
    let words = rows.iter().find(|row| row["step"] == "words").unwrap();
    assert_eq!((&words["limit_broken"], &words["rows_outside"]), (&json!(">= 50"), &json!(18)));
    for row in &rows {
        let Some(limit) = row["limit_broken"].as_str() else { continue };
        let (sense, limit) = limit.split_once(' ').unwrap();
        let limit: f64 = limit.parse().unwrap();
        let value = |column: &str| row[column].as_f64().unwrap();
        match sense {
            ">=" => assert!(value("largest") < limit, "{row}"),
            _ => assert!(limit < value("smallest"), "{row}"),
        }
    }
}

#[test]
fn the_funnel_adds_up_to_the_input() {
    let bench = quick_start();
    let rows = ask(&bench, "funnel");
    let all: i64 = rows.iter().map(|row| row["rows_in"].as_i64().unwrap()).sum();
    assert_eq!(all, 2000);
}

#[test]
fn every_file_balances() {
    let rows = ask(&quick_start(), "per_file_balance");
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row["balances"] == Value::Bool(true)), "{rows:?}");
}
