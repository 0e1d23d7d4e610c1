//! Values from tables of one's own.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float32Array, Int32Array, RecordBatch, StringArray};
use assay_tests::Workbench;
use serde_json::{Value, json};

use crate::corpus::{RECIPE, with_corpus};

/// Drops what scores low; an expression above sees the score.
const SCORED: &str = r#"
[[step]]
name = "twice"
operator = "expression"
options = { sql = "edu__value * 2" }

[[step]]
name = "edu"
operator = "imported"
options = { file = "scores/*.parquet", by = "row", min = 2.5 }
on-outside = "drop"
on-unmeasured = "flag"
"#;

/// File, row and score.
fn by_row(bench: &Workbench, name: &str, rows: &[(&str, i32, Option<f32>)]) {
    let columns: [(&str, ArrayRef); 3] = [
        ("score", Arc::new(rows.iter().map(|row| row.2).collect::<Float32Array>())),
        ("file", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.0)))),
        ("row", Arc::new(Int32Array::from_iter_values(rows.iter().map(|row| row.1)))),
    ];
    bench.write_parquet(name, &RecordBatch::try_from_iter(columns).unwrap(), 2);
}

fn by_id(bench: &Workbench, name: &str, ids: &[Option<&str>]) {
    let good = (0..ids.len()).map(|at| Some(at % 2 == 0));
    let columns: [(&str, ArrayRef); 2] = [
        ("doc", Arc::new(StringArray::from(ids.to_vec()))),
        ("good", Arc::new(good.collect::<BooleanArray>())),
    ];
    bench.write_parquet(name, &RecordBatch::try_from_iter(columns).unwrap(), 2);
}

fn with_scores() -> Workbench {
    let bench = with_corpus();
    bench.write("recipe.toml", format!("{RECIPE}{SCORED}"));
    let notes = "corpus/a-notes.jsonl";
    by_row(&bench, "scores/b.parquet", &[(notes, 3, None), (notes, 0, Some(2.5))]);
    let pages = "corpus/c-pages.parquet";
    let rows =
        [(pages, 2, Some(9.0)), (pages, 0, Some(1.0)), (pages, 3, Some(1.0)), ("x", 0, None)];
    by_row(&bench, "scores/a.parquet", &rows);
    bench
}

fn values(bench: &Workbench, column: &str) -> Vec<Value> {
    bench.rows("out/ledger/facts").iter().map(|row| row[column].clone()).collect()
}

#[test]
fn scores_by_row_are_facts_that_are_judged_and_what_is_open_is_counted() {
    let bench = with_scores();
    let ran = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(0);
    let none = Value::Null;
    let wanted = [
        json!(2.5),
        none.clone(),
        none.clone(),
        none.clone(),
        none.clone(),
        none.clone(),
        json!(1.0),
        none,
        json!(9.0),
    ];
    assert_eq!(values(&bench, "edu__value"), wanted);
    assert_eq!(values(&bench, "twice__value")[8], json!(18.0));
    let record = bench.read_json("out/run.json");
    let open = json!([{
        "step": "edu", "documents": 9, "documents_without_value": 5,
        "values": 6, "values_without_document": 2,
    }]);
    assert_eq!(record["imports"], open);
    let said = "5 of 9 documents have no imported";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
    let explained = bench.assay(["explain", "out", "c-0"]).exits(0).stdout;
    let sentence = "edu: the imported value is 1; the limit is at least 2.5";
    assert!(explained.contains(sentence), "{explained}");
    let _ = bench.assay(["verify", "out"]).exits(0);
}

#[test]
fn scores_by_id_find_their_documents() {
    let bench = with_corpus();
    let step = "[[step]]\nname = \"good\"\noperator = \"imported\"\n\
                options = { file = \"ids.parquet\", by = \"id\", key = \"doc\", column = \"good\" }\n";
    bench.write("recipe.toml", format!("{RECIPE}{step}"));
    by_id(&bench, "ids.parquet", &[Some("c-2"), Some("a-3"), None, Some("zz"), Some("a-0")]);
    let _ = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(0);
    let found = values(&bench, "good__value");
    assert_eq!([&found[0], &found[3], &found[8]], [&json!(1.0), &json!(0.0), &json!(1.0)]);
    let record = bench.read_json("out/run.json");
    assert_eq!(record["imports"][0]["values_without_document"], 2);
    assert_eq!(record["imports"][0]["documents_without_value"], 6);
}

#[test]
fn two_values_for_one_document_are_named() {
    let bench = with_scores();
    by_row(&bench, "scores/c.parquet", &[("corpus/a-notes.jsonl", 3, Some(1.0))]);
    let ran = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(4);
    assert!(ran.stderr.contains("two values for row 3 of corpus/a-notes.jsonl"), "{}", ran.stderr);
    let step = "[[step]]\nname = \"good\"\noperator = \"imported\"\n\
                options = { file = \"ids.parquet\", by = \"id\", key = \"doc\", column = \"good\" }\n";
    bench.write("recipe.toml", format!("{RECIPE}{step}"));
    by_id(&bench, "ids.parquet", &[Some("c-2"), Some("a-3"), Some("c-2")]);
    let ran = bench.assay(["run", "recipe.toml", "-o", "other"]).exits(4);
    assert!(ran.stderr.contains("has two values for \"doc\" \"c-2\""), "{}", ran.stderr);
}

#[test]
fn scores_that_change_are_read_again_and_no_text_and_threads_change_nothing() {
    let bench = with_scores();
    let _ = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(0);
    let first = bench.read_json("out/run.json");
    let again = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(0);
    assert!(again.stderr.contains("up to date"), "{}", again.stderr);
    by_row(&bench, "scores/b.parquet", &[("corpus/a-notes.jsonl", 0, Some(1.5))]);
    let _ = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(0);
    let second = bench.read_json("out/run.json");
    assert_ne!(first["measure_hash"], second["measure_hash"]);
    let timings = second["timings"].as_array().unwrap();
    let measured = timings.iter().find(|timing| timing["stage"] == "measure").unwrap();
    assert_eq!(measured["resumed"], measured["units"]);
    let _ = bench.assay(["run", "recipe.toml", "-o", "one", "--threads", "1"]).exits(0);
    for table in ["ledger/facts", "ledger/decisions", "data"] {
        let of = |out: &str| {
            let files = bench.contents(&format!("{out}/{table}"));
            files.into_iter().map(|file| file.1).collect::<Vec<_>>()
        };
        assert!(of("out") == of("one"), "{table}");
    }
}

#[test]
fn tables_that_cannot_be_used_are_named_before_anything_is_read() {
    let bench = with_scores();
    let refused = |set: &str, exit| {
        let planned = bench.assay(["plan", "recipe.toml", "--set", set]).exits(exit);
        assert!(!bench.path("runs").exists());
        planned.stderr
    };
    let shown = refused("edu.column=scroe", 4);
    assert!(shown.contains("has no column \"scroe\"") && shown.contains("\"score\"?"), "{shown}");
    let shown = refused("edu.column=file", 4);
    assert!(shown.contains("Utf8 in column \"file\", where numbers are needed"), "{shown}");
    let shown = refused("edu.file=recipe.toml", 4);
    assert!(shown.contains("recipe.toml: cannot be read"), "{shown}");
    let shown = refused("edu.file=nowhere/*.parquet", 3);
    assert!(shown.contains("names nowhere/*.parquet, where no file is"), "{shown}");
}
