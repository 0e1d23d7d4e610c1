//! A corpus of three files and nine rows, with a recipe, for commands that need some run.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use assay_tests::Workbench;
use serde_json::json;

use crate::workbench;

/// The text that occurs twice.
pub(crate) const FERRY: &str =
    "The ferry leaves the old harbour at noon and comes back before dark.";

/// Edits, drops by length, flags lists and drops copies.
pub(crate) const RECIPE: &str = r#"recipe = "small"

[input]
paths = ["corpus"]

[[step]]
name = "junk"
operator = "strip_control"

[[step]]
name = "words"
operator = "word_count"
options = { min = 5, max = 1000 }
on-outside = "drop"

[[step]]
name = "menus"
operator = "bullet_lines"
options = { max = 0.5 }
on-outside = "flag"

[[step]]
name = "duplicates"
operator = "exact_duplicates"
on-outside = "drop"
"#;

/// A workbench with the corpus and `recipe.toml`.
pub(crate) fn with_corpus() -> Workbench {
    let bench = workbench();
    bench.write("recipe.toml", RECIPE);
    bench.write_jsonl(
        "corpus/a-notes.jsonl",
        &[
            json!({"id": "a-0", "text": FERRY}),
            json!({"id": "a-1", "text": "Far too short."}),
            json!({"id": "a-2", "text": "- bread and butter\n- two jars of honey\n- some tea"}),
            json!({"id": "a-3", "text": "The wea\u{200b}ther turned in the af\u{200b}ternoon."}),
        ],
    );
    bench.write_csv(
        "corpus/b-letters.csv",
        &["id", "text"],
        &[
            &["b-0", "Dear Anna, the roof is mended and the rain may come."],
            &["b-1", "The ferry  leaves the old harbour at noon\nand comes back before dark."],
        ],
    );
    let texts =
        ["A cart without a horse stood at the gate.", "Brief.", "Nobody rang the bell twice."];
    let columns: [(&str, ArrayRef); 3] = [
        ("id", Arc::new(StringArray::from(vec!["c-0", "c-1", "c-2"]))),
        ("text", Arc::new(StringArray::from(texts.to_vec()))),
        ("stars", Arc::new(Int64Array::from(vec![5, 1, 3]))),
    ];
    bench.write_parquet("corpus/c-pages.parquet", &RecordBatch::try_from_iter(columns).unwrap(), 2);
    bench
}

/// A workbench with the corpus, after `assay run recipe.toml -o out`.
pub(crate) fn with_run() -> Workbench {
    let bench = with_corpus();
    let _ = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(0);
    bench
}
