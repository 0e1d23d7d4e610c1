//! `assay verify`.

use std::fs;

use serde_json::json;

use crate::{corpus::with_run, workbench};

const DATA: &str = "out/data/corpus/a-notes.jsonl-00000.parquet";

#[test]
fn a_folder_as_the_run_left_it_is_fine() {
    let bench = with_run();
    insta::assert_snapshot!(bench.assay(["verify", "out"]).snapshot());
    assert_eq!(bench.assay(["verify", "out", "--json"]).exits(0).json(), json!([]));
}

#[test]
fn a_flipped_bit_is_found_in_every_file_of_the_manifest() {
    let bench = with_run();
    let manifest = bench.read("out/manifest.jsonl");
    for line in manifest.lines() {
        let file: serde_json::Value = serde_json::from_str(line).unwrap();
        let name = file["path"].as_str().unwrap();
        let path = bench.path("out").join(name);
        let whole = fs::read(&path).unwrap();
        let mut broken = whole.clone();
        broken[whole.len() / 2] ^= 1;
        fs::write(&path, broken).unwrap();
        let found = bench.assay(["verify", "out"]).exits(5);
        assert_eq!(found.stdout, format!("{name}: was changed after the run\n"));
        fs::write(&path, whole).unwrap();
    }
    let _ = bench.assay(["verify", "out"]).exits(0);
}

#[test]
fn a_file_that_is_gone_is_named() {
    let bench = with_run();
    fs::remove_file(bench.path(DATA)).unwrap();
    insta::assert_snapshot!(bench.assay(["verify", "out"]).snapshot());
}

#[test]
fn a_manifest_that_was_edited_is_found() {
    let bench = with_run();
    let manifest = bench.read("out/manifest.jsonl");
    let (first, rest) = manifest.split_once('\n').unwrap();
    assert!(first.contains("\"data/"), "{first}");
    bench.write("out/manifest.jsonl", rest);
    let found = bench.assay(["verify", "out", "--json"]).exits(5).json();
    assert_eq!(found[0]["path"], "manifest.jsonl");
}

#[test]
fn counts_that_were_edited_are_found() {
    let bench = with_run();
    let run = bench.read("out/run.json");
    bench.write("out/run.json", run.replacen("\"keep\": 4", "\"keep\": 5", 1));
    insta::assert_snapshot!(bench.assay(["verify", "out"]).snapshot());
}

#[test]
fn what_is_no_run_is_told_so() {
    insta::assert_snapshot!(workbench().assay(["verify", "out"]).snapshot());
}
