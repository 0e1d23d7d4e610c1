//! Rules: policy in SQL over what was measured.

use serde_json::{Value, json};

use crate::corpus::{RECIPE, with_corpus};

/// Three rules whose reach overlaps with each other and with the steps.
const RULES: &str = r#"
[[rule]]
name = "letters"
when = "file LIKE '%letters%' AND words__value > 6"
action = "quarantine"

[[rule]]
name = "lists"
when = "menus__value = 1"
action = "drop"

[[rule]]
name = "first pages"
when = "id = 'c-0' OR id = 'a-1'"
action = "flag"
"#;

#[test]
fn rules_drop_quarantine_and_flag_and_a_row_names_every_reason() {
    let bench = with_corpus();
    bench.write("recipe.toml", format!("{RECIPE}{RULES}"));
    let _ = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(0);
    let rows = bench.rows("out/ledger/decisions");
    let told: Vec<Value> = rows
        .iter()
        .map(|row| {
            let reasons = row["reasons"].as_array().unwrap();
            let reasons: Vec<&Value> = reasons.iter().map(|reason| &reason["step"]).collect();
            json!([row["id"], row["action"], row["step"], reasons])
        })
        .collect();
    let wanted = [
        json!(["a-0", "keep", null, []]),
        json!(["a-1", "drop", "words", ["words", "first pages"]]),
        json!(["a-2", "drop", "lists", ["menus", "lists"]]),
        json!(["a-3", "edit", "junk", ["junk"]]),
        json!(["b-0", "quarantine", "letters", ["letters"]]),
        json!(["b-1", "quarantine", "letters", ["letters"]]),
        json!(["c-0", "flag", "first pages", ["first pages"]]),
        json!(["c-1", "drop", "words", ["words"]]),
        json!(["c-2", "keep", null, []]),
    ];
    assert_eq!(told, wanted);
}

#[test]
fn a_reason_tells_the_value_and_the_limit_or_the_condition() {
    let bench = with_corpus();
    bench.write("recipe.toml", format!("{RECIPE}{RULES}"));
    let _ = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(0);
    let rows = bench.rows("out/ledger/decisions");
    insta::assert_snapshot!(serde_json::to_string_pretty(&rows[1]["reasons"]).unwrap());
}

#[test]
fn quarantined_rows_keep_their_text_beside_the_data() {
    let bench = with_corpus();
    bench.write("recipe.toml", format!("{RECIPE}{RULES}"));
    let _ = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(0);
    let rows = bench.rows("out/quarantine");
    let ids: Vec<&Value> = rows.iter().map(|row| &row["id"]).collect();
    assert_eq!(ids, ["b-0", "b-1"]);
    assert!(rows[0]["text"].as_str().unwrap().starts_with("Dear Anna"), "{}", rows[0]);
}

#[test]
fn dropped_rows_are_written_on_request() {
    let bench = with_corpus();
    bench.write("recipe.toml", format!("{RECIPE}\n[output]\ndropped = true\n"));
    let _ = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(0);
    let rows = bench.rows("out/dropped");
    let ids: Vec<&Value> = rows.iter().map(|row| &row["id"]).collect();
    assert_eq!(ids, ["a-1", "b-1", "c-1"]);
    let _ = bench.assay(["verify", "out"]).exits(0);
}
