//! `assay explain`.

use serde_json::json;

use crate::corpus::with_run;

#[test]
fn a_flagged_row_is_explained_with_the_places_that_count() {
    let bench = with_run();
    insta::assert_snapshot!(bench.assay(["explain", "out", "corpus/a-notes.jsonl:2"]).snapshot());
}

#[test]
fn a_dropped_duplicate_is_shown_beside_the_row_that_stays() {
    let bench = with_run();
    insta::assert_snapshot!(bench.assay(["explain", "out", "corpus/b-letters.csv:1"]).snapshot());
}

#[test]
fn an_edited_row_is_shown_as_it_was_written() {
    let bench = with_run();
    insta::assert_snapshot!(bench.assay(["explain", "out", "a-3"]).snapshot());
}

#[test]
fn a_row_may_be_called_by_its_id() {
    let bench = with_run();
    let by_id = bench.assay(["explain", "out", "c-2"]).exits(0);
    let by_place = bench.assay(["explain", "out", "corpus/c-pages.parquet:2"]).exits(0);
    assert_eq!(by_id.stdout, by_place.stdout);
}

#[test]
fn a_key_calls_all_rows_of_one_text() {
    let bench = with_run();
    let facts = bench.rows("out/ledger/facts");
    let key = facts[0]["key"].as_str().unwrap();
    let found = bench.assay(["explain", "out", key, "--json"]).exits(0).json();
    let places: Vec<_> =
        found.as_array().unwrap().iter().map(|row| (&row["file"], &row["row"])).collect();
    let (first, second) = (json!("corpus/a-notes.jsonl"), json!("corpus/b-letters.csv"));
    assert_eq!(places, [(&first, &json!(0)), (&second, &json!(1))]);
    let one = bench.assay(["explain", "out", key, "--most", "1", "--json"]).exits(0).json();
    assert_eq!(one.as_array().unwrap().len(), 1);
}

#[test]
fn json_holds_reasons_values_and_spans() {
    let bench = with_run();
    let found = bench.assay(["explain", "out", "a-2", "--json"]).exits(0);
    insta::assert_snapshot!(found.snapshot());
}

#[test]
fn a_line_that_could_not_be_read_is_explained_too() {
    let bench = with_run();
    let good = "{\"id\": \"d-0\", \"text\": \"One line of this file is as it should be.\"}";
    bench.write("corpus/d-broken.jsonl", format!("{good}\n{{\"text\": \"cut off he\n"));
    let _ = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(11);
    insta::assert_snapshot!(bench.assay(["explain", "out", "corpus/d-broken.jsonl:1"]).snapshot());
}

#[test]
fn a_row_that_is_not_there_is_an_input_error() {
    let bench = with_run();
    insta::assert_snapshot!(bench.assay(["explain", "out", "z-9"]).snapshot());
    let _ = bench.assay(["explain", "out", "corpus/a-notes.jsonl:4"]).exits(4);
}

#[test]
fn a_file_that_changed_after_the_run_is_not_quoted() {
    let bench = with_run();
    let pages = bench.path("corpus/c-pages.parquet");
    std::fs::remove_file(&pages).unwrap();
    insta::assert_snapshot!(bench.assay(["explain", "out", "c-0"]).snapshot());
}
