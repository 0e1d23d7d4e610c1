//! `assay measure`.

use assay_tests::in_repository;
use serde_json::Value;

use crate::{corpus::with_corpus, workbench};

const OPERATORS: &str = "word_count,bullet_lines,character_classes";

#[test]
fn measurements_stand_in_the_order_of_the_input() {
    let bench = workbench();
    let sample = in_repository("samples/quickstart");
    // The sample holds broken rows, so it ends with 11: finished, some set aside.
    let _ =
        bench.assay(["measure", &sample, "--operators", OPERATORS, "-o", "m.parquet"]).exits(11);
    let truth = std::fs::read_to_string(in_repository("samples/truth/quickstart.jsonl")).unwrap();
    let wanted: Vec<Value> =
        truth.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let found = bench.rows("m.parquet");
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(&wanted) {
        for column in ["file", "row", "id"] {
            assert_eq!(found[column], wanted[column], "{wanted}");
        }
    }
}

#[test]
fn measurements_are_the_facts_of_a_run() {
    let bench = with_corpus();
    let _ =
        bench.assay(["measure", "corpus", "--operators", OPERATORS, "-o", "m.parquet"]).exits(0);
    let steps = OPERATORS.split(',');
    let steps: Vec<String> =
        steps.map(|id| format!("[[step]]\nname = {id:?}\noperator = {id:?}\n")).collect();
    bench.write("plain.toml", format!("recipe = \"plain\"\n{}", steps.concat()));
    let _ = bench.assay(["run", "plain.toml", "-i", "corpus", "-o", "out"]).exits(0);
    let (measured, facts) = (bench.rows("m.parquet"), bench.rows("out/ledger/facts"));
    assert_eq!(measured.len(), 9);
    assert_eq!(measured, facts);
    assert_eq!(measured[0]["word_count__value"], 13);
}

#[test]
fn nothing_but_the_file_is_left() {
    let bench = with_corpus();
    let measure = ["measure", "corpus", "--operators", "word_count", "-o", "deep/er/m.parquet"];
    let done = bench.assay(measure);
    insta::assert_snapshot!(done.snapshot());
    assert_eq!(bench.contents("deep").len(), 1);
}

#[test]
fn the_text_column_may_be_named() {
    let bench = workbench();
    bench.write_csv("pages.csv", &["text", "body"], &[&["no", "four words are here"]]);
    let measure = ["measure", "pages.csv", "--operators", "word_count", "-o", "m.parquet"];
    let _ = bench.assay(measure.into_iter().chain(["--text", "body"])).exits(0);
    assert_eq!(bench.rows("m.parquet")[0]["word_count__value"], 4);
}

#[test]
fn an_unknown_operator_is_shown_with_the_nearest_name() {
    let bench = with_corpus();
    let measure = ["measure", "corpus", "--operators", "word_count,bullet_line", "-o", "m.parquet"];
    insta::assert_snapshot!(bench.assay(measure).snapshot());
    assert!(!bench.path("m.parquet").exists());
}
