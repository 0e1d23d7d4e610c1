//! Steps that compute a number in SQL.

use assay_tests::Workbench;
use serde_json::{Value, json};

use crate::corpus::{RECIPE, with_corpus};

/// Flags texts of long words; stands above the step whose words it counts.
const DENSITY: &str = r#"
[[step]]
name = "density"
operator = "expression"
options = { sql = "words__value / nullif(bytes - 49, 0)", min = 0 }
on-outside = "flag"
on-unmeasured = "quarantine"

[[step]]
name = "double"
operator = "expression"
options = { sql = "2 * density__value > 1 OR menus__value = 1" }

[[rule]]
name = "dense"
when = "density__value > 0.5 AND double__value = 1"
action = "drop"
"#;

fn recipe(more: &str) -> String {
    let (head, steps) = RECIPE.split_once("[[step]]").unwrap();
    format!("{head}{more}[[step]]{steps}")
}

fn run(bench: &Workbench) -> Value {
    let _ = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(0);
    bench.read_json("out/run.json")
}

/// Units that a stage took from an earlier run, and all it was asked for.
fn resumed(run: &Value, stage: &str) -> (u64, u64) {
    let timings = run["timings"].as_array().unwrap();
    let timing = timings.iter().find(|timing| timing["stage"] == stage).unwrap();
    (timing["resumed"].as_u64().unwrap(), timing["units"].as_u64().unwrap())
}

#[test]
fn a_number_is_computed_judged_explained_and_seen_by_rules() {
    let bench = with_corpus();
    bench.write("recipe.toml", recipe(DENSITY));
    let record = run(&bench);
    let facts = bench.rows("out/ledger/facts");
    let values =
        |at: usize| (facts[at]["density__value"].clone(), facts[at]["double__value"].clone());
    // 13 words in 68 bytes, 3 in 14, 9 in 49.
    assert_eq!(values(0), (json!(13.0 / 19.0), json!(1.0)));
    assert_eq!(values(1), (json!(3.0 / -35.0), json!(0.0)));
    assert_eq!(values(2), (json!(null), json!(1.0)));
    let decisions = bench.rows("out/ledger/decisions");
    let fates: Vec<Value> =
        decisions.iter().take(3).map(|row| json!([row["action"], row["step"]])).collect();
    assert_eq!(
        fates,
        [json!(["drop", "dense"]), json!(["drop", "words"]), json!(["quarantine", "density"])]
    );
    let step = &record["steps"][0];
    assert_eq!((&step["name"], &step["operator"]), (&json!("density"), &json!("expression")));
    let explained = bench.assay(["explain", "out", "a-1"]).exits(0).stdout;
    let sentence = "density: the value of the expression is -0.086; the limit is at least 0";
    assert!(explained.contains(sentence), "{explained}");
    let described = bench.assay(["sql", "out", "DESCRIBE facts", "--json"]).exits(0).json_lines();
    let columns = described.iter().map(|row| row["column_name"].as_str().unwrap());
    let steps: Vec<&str> = columns.filter(|name| name.contains("__")).take(3).collect();
    assert_eq!(steps, ["density__value", "double__value", "junk__edits"]);
    let _ = bench.assay(["verify", "out"]).exits(0);
}

#[test]
fn what_is_computed_changes_without_reading_any_text() {
    let bench = with_corpus();
    let all = |record: &Value, stage| {
        let (resumed, units) = resumed(record, stage);
        resumed == units
    };
    bench.write("recipe.toml", RECIPE);
    let plain = run(&bench);
    let facts = bench.contents("out/ledger/facts");
    bench.write("recipe.toml", recipe(DENSITY));
    let first = run(&bench);
    assert!(all(&first, "measure") && !all(&first, "derive"), "{}", first["timings"]);
    assert_ne!(plain["measure_hash"], first["measure_hash"]);
    bench.write("recipe.toml", recipe(&DENSITY.replace("min = 0 ", "min = -1 ")));
    let moved = run(&bench);
    assert!(all(&moved, "measure") && all(&moved, "derive"), "{}", moved["timings"]);
    assert_eq!(first["measure_hash"], moved["measure_hash"]);
    bench.write("recipe.toml", recipe(&DENSITY.replace("bytes - 49", "bytes - 51")));
    let changed = run(&bench);
    assert!(all(&changed, "measure") && !all(&changed, "derive"), "{}", changed["timings"]);
    let changed = bench.contents("out/ledger/facts");
    let _ = bench.assay(["run", "recipe.toml", "-o", "anew"]).exits(0);
    let anew = bench.contents("anew/ledger/facts");
    assert!(changed.iter().map(|file| &file.1).eq(anew.iter().map(|file| &file.1)));
    bench.write("recipe.toml", RECIPE);
    let back = run(&bench);
    assert!(all(&back, "measure"), "{}", back["timings"]);
    assert!(facts == bench.contents("out/ledger/facts"));
    assert!(run(&bench) == back, "nothing is left to do");
}

#[test]
fn sql_that_is_no_number_is_found_before_anything_is_read() {
    let bench = with_corpus();
    for sql in ["lower(lang)", "CASE WHEN true THEN 'a' END", "row + source"] {
        let step =
            format!("[[step]]\nname = \"e\"\noperator = \"expression\"\noptions.sql = \"{sql}\"\n");
        bench.write("recipe.toml", recipe(&step));
        let planned = bench.assay(["plan", "recipe.toml"]).exits(3);
        assert!(planned.stderr.contains("step \"e\" cannot be used"), "{}", planned.stderr);
        let ran = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(3);
        assert_eq!(planned.stderr, ran.stderr);
        assert!(!bench.path("out").exists());
    }
}

#[test]
fn mistakes_in_an_expression_are_shown_in_their_place() {
    let bench = with_corpus();
    let wrong = DENSITY.replace("words__value", "wrods__value").replace("2 *", "random() *");
    bench.write("recipe.toml", recipe(&wrong));
    insta::assert_snapshot!(bench.assay(["plan", "recipe.toml"]).snapshot());
}
