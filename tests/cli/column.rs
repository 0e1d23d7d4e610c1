//! What columns of the corpus say.

use std::sync::Arc;

use arrow::{
    array::{
        ArrayRef, BinaryArray, Date32Array, Float64Array, Int64Array, ListArray, RecordBatch,
        StringArray, StructArray,
    },
    datatypes::{DataType, Field, Int64Type},
};
use assay_tests::Workbench;
use serde_json::{Value, json};

use crate::{
    corpus::{RECIPE, with_corpus},
    workbench,
};

/// One step on a column, and more below it.
fn taking(column: &str, more: &str) -> String {
    format!(
        "recipe = \"taking\"\ninput.paths = [\"corpus\"]\n[[step]]\nname = \"own\"\n\
         operator = \"column\"\noptions.column = \"{column}\"\n{more}"
    )
}

fn facts(bench: &Workbench, column: &str) -> Vec<Value> {
    bench.rows("out/ledger/facts").iter().map(|row| row[column].clone()).collect()
}

fn with(columns: Vec<(&str, ArrayRef)>) -> Workbench {
    let bench = workbench();
    let texts = ["A cart stood at the gate.", "Nobody rang the bell.", "The rain came at noon."];
    let text: ArrayRef = Arc::new(StringArray::from(texts.to_vec()));
    let batch = RecordBatch::try_from_iter([("text", text)].into_iter().chain(columns)).unwrap();
    bench.write_parquet("corpus/a.parquet", &batch, 2);
    bench
}

#[test]
fn a_column_is_judged_and_files_without_it_are_named() {
    let bench = with_corpus();
    let step = "[[step]]\nname = \"own\"\noperator = \"column\"\non-outside = \"drop\"\n\
                options = { column = \"stars\", min = 2 }\n\
                [[step]]\nname = \"twice\"\noperator = \"expression\"\n\
                options = { sql = \"own__value * 2\" }\n";
    bench.write("recipe.toml", format!("{RECIPE}{step}"));
    let ran = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(0);
    let said = "corpus/a-notes.jsonl and 1 more of the files lack the column stars";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
    let none = Value::Null;
    let mut wanted = vec![none; 6];
    wanted.extend([json!(5.0), json!(1.0), json!(3.0)]);
    assert_eq!(facts(&bench, "own__value"), wanted);
    assert_eq!(facts(&bench, "twice__value")[8], json!(6.0));
    let explained = bench.assay(["explain", "out", "c-1"]).exits(0).stdout;
    let sentence = "own: the value of the column is 1; the limit is at least 2";
    assert!(explained.contains(sentence), "{explained}");
    let _ = bench.assay(["verify", "out"]).exits(0);
    // Another limit reads nothing; another column reads that column.
    for (old, new) in [("min = 2", "min = 4"), ("\"stars\", min = 4", "\"id\"")] {
        let recipe = format!("{RECIPE}{step}").replace("min = 2", "min = 4").replace(old, new);
        bench.write("recipe.toml", recipe);
        let _ = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(0);
    }
    assert_eq!(facts(&bench, "own__label")[8], json!("c-2"));
    assert_eq!(facts(&bench, "own__value")[8], Value::Null);
}

#[test]
fn numbers_are_values_and_all_else_is_text() {
    let score: ArrayRef = Arc::new(Float64Array::from(vec![Some(0.5), Some(f64::NAN), None]));
    let field = |name: &str, kind| Arc::new(Field::new(name, kind, true));
    let inside = StructArray::from(vec![(field("score", DataType::Float64), score)]);
    let bytes: Vec<Option<&[u8]>> = vec![Some(b"forum"), Some(b"\xff\xfe"), None];
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("meta", Arc::new(inside)),
        ("kind", Arc::new(BinaryArray::from(bytes))),
        ("day", Arc::new(Date32Array::from(vec![Some(0), Some(19_000), None]))),
        ("by.hand", Arc::new(Int64Array::from(vec![Some(7), None, Some(-1)]))),
    ];
    let bench = with(columns);
    for (column, values, labels) in [
        ("meta.score", json!([0.5, null, null]), json!([null, null, null])),
        ("kind", json!([null, null, null]), json!(["forum", null, null])),
        ("day", json!([null, null, null]), json!(["1970-01-01", "2022-01-08", null])),
        ("by.hand", json!([7.0, null, -1.0]), json!([null, null, null])),
    ] {
        bench.write("recipe.toml", taking(column, ""));
        let _ = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(0);
        assert_eq!(Value::from(facts(&bench, "own__value")), values, "{column}");
        assert_eq!(Value::from(facts(&bench, "own__label")), labels, "{column}");
    }
}

#[test]
fn rules_speak_of_texts() {
    let kinds = StringArray::from(vec![Some("forum"), Some("news"), None]);
    let bench = with(vec![("kind", Arc::new(kinds))]);
    let rule = "[[rule]]\nname = \"chat\"\nwhen = \"own__label LIKE 'for%'\"\naction = \"drop\"\n";
    bench.write("recipe.toml", taking("kind", rule));
    let _ = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(0);
    assert_eq!(bench.rows("out/data").len(), 2);
}

#[test]
fn a_column_that_no_file_has_is_named_before_anything_is_read() {
    let list = vec![Some(vec![Some(1_i64)]), None, None];
    let list = ListArray::from_iter_primitive::<Int64Type, _, _>(list);
    let bench = with(vec![("tags", Arc::new(list))]);
    bench.write("recipe.toml", taking("scores", ""));
    for command in [vec!["plan", "recipe.toml"], vec!["run", "recipe.toml", "-o", "out"]] {
        let said = bench.assay(command).exits(4).stderr;
        assert!(said.contains("has no column scores") && said.contains("text"), "{said}");
    }
    bench.write("recipe.toml", taking("tags", ""));
    let said = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(4).stderr;
    assert!(said.contains("several values in a row"), "{said}");
}
