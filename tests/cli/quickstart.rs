//! The quick start: every row of the sample meets the fate that was planted in it.

use std::collections::BTreeMap;

use assay_tests::{Workbench, in_repository};
use serde_json::Value;

use crate::workbench;

/// What should become of each row, by file and row.
fn truth() -> BTreeMap<(String, i64), Value> {
    let text = std::fs::read_to_string(in_repository("samples/truth/quickstart.jsonl")).unwrap();
    let rows = text.lines().map(|line| serde_json::from_str(line).unwrap());
    rows.map(|row| (place(&row), row)).collect()
}

fn place(row: &Value) -> (String, i64) {
    (row["file"].as_str().unwrap().to_owned(), row["row"].as_i64().unwrap())
}

fn quick_start() -> Workbench {
    let bench = workbench();
    let recipe = in_repository("configs/quickstart.toml");
    // The sample holds broken rows, so the run ends with 11: finished, some set aside.
    let _ = bench.assay(["run", &recipe, "-o", "out"]).exits(11);
    bench
}

#[test]
fn every_row_meets_its_fate() {
    let bench = quick_start();
    let (truth, decisions) = (truth(), bench.rows("out/ledger/decisions"));
    assert_eq!((truth.len(), decisions.len()), (2000, 2000));
    let mut wrong = Vec::new();
    for decision in &decisions {
        let place = place(decision);
        let wanted = &truth[&place];
        // Of a line that cannot be read, the truth knows no id either.
        if decision["action"] != wanted["expect"] || decision["id"] != wanted["id"] {
            wrong.push(format!("{place:?}: {decision}\n  wanted {wanted}"));
        }
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_dropped_duplicate_names_the_row_that_stays() {
    let bench = quick_start();
    let truth = truth();
    let keepers: BTreeMap<&str, &(String, i64)> = truth
        .iter()
        .filter(|(_, row)| row["keeper"] == true)
        .map(|(place, row)| (row["group"].as_str().unwrap(), place))
        .collect();
    let mut seen = 0;
    for decision in bench.rows("out/ledger/decisions") {
        let reasons = decision["reasons"].as_array().unwrap();
        let Some(reason) = reasons.iter().find(|reason| reason["step"] == "duplicates") else {
            continue;
        };
        let group = truth[&place(&decision)]["group"].as_str();
        let kept = (reason["kept_file"].as_str().unwrap(), reason["kept_row"].as_i64().unwrap());
        let keeper = keepers[group.expect("only planted copies are duplicates")];
        assert_eq!(kept, (keeper.0.as_str(), keeper.1), "{decision}");
        seen += 1;
    }
    assert_eq!(seen, 123);
}

#[test]
fn no_row_is_lost_between_record_ledger_and_files() {
    let bench = quick_start();
    let run = bench.read_json("out/run.json");
    let count = |action: &str| run["counts"][action].as_u64().unwrap();
    let mut decided: BTreeMap<String, u64> = BTreeMap::new();
    for decision in bench.rows("out/ledger/decisions") {
        *decided.entry(decision["action"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    for action in ["keep", "flag", "edit", "quarantine", "drop"] {
        assert_eq!(decided.get(action).copied().unwrap_or(0), count(action), "{action}");
    }
    let rows = |table: &str| bench.rows(table).len() as u64;
    assert_eq!(rows("out/data"), count("keep") + count("flag") + count("edit"));
    assert_eq!(rows("out/quarantine"), count("quarantine"));
    assert_eq!(rows("out/ledger/facts"), count("rows"));
    assert_eq!(decided.values().sum::<u64>(), count("rows"));
}

#[test]
fn each_decision_points_at_its_row_in_the_output() {
    let bench = quick_start();
    let mut files: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for decision in bench.rows("out/ledger/decisions") {
        let Some(file) = decision["out_file"].as_str() else {
            assert_eq!(decision["action"], "drop", "{decision}");
            continue;
        };
        let rows =
            files.entry(file.to_owned()).or_insert_with(|| bench.rows(&format!("out/{file}")));
        let row = usize::try_from(decision["out_row"].as_u64().unwrap()).unwrap();
        if decision["action"] != "quarantine" {
            assert_eq!(rows[row]["id"], decision["id"], "{decision}");
        }
    }
}
