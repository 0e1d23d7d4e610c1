//! Files that options name.

use assay_tests::Workbench;
use serde_json::{Value, json};

use crate::corpus::{RECIPE, with_corpus};

/// Drops what has more than a few words of a list in a file.
const LISTED: &str = r#"
[[step]]
name = "trade"
operator = "listed_words"
options = { file = "lists/trade.txt", max = 0.2 }
on-outside = "drop"
"#;

fn with_list() -> Workbench {
    let bench = with_corpus();
    bench.write("recipes/recipe.toml", format!("{RECIPE}{LISTED}").replace("corpus", "../corpus"));
    bench.write("recipes/lists/trade.txt", "bread and butter\nhoney\ntea\n");
    bench
}

fn dropped(bench: &Workbench) -> Vec<Value> {
    let rows = bench.rows("out/ledger/decisions").into_iter();
    rows.filter(|row| row["step"] == "trade").map(|row| row["id"].clone()).collect()
}

#[test]
fn a_list_in_a_file_is_found_beside_the_recipe_and_named_by_the_plan() {
    let bench = with_list();
    let plan = bench.assay(["plan", "recipes/recipe.toml", "--threads", "2"]);
    insta::assert_snapshot!(plan.snapshot());
    let _ = bench.assay(["run", "recipes/recipe.toml", "-o", "out"]).exits(0);
    assert_eq!(dropped(&bench), ["a-2"]);
    let step = &bench.read_json("out/run.json")["plan"]["steps"][4];
    assert_eq!(step["options"]["file"], step["assets"][0]["content"]);
    assert!(step["assets"][0]["path"].as_str().unwrap().ends_with("lists/trade.txt"), "{step}");
    let explained = bench.assay(["explain", "out", "a-2", "--json"]).exits(0).json();
    let spans = explained[0]["spans"].as_array().unwrap();
    assert!(spans.contains(&json!(["trade", 2, 18])), "{explained}");
}

#[test]
fn a_list_that_changed_is_measured_again_and_one_that_moved_is_not() {
    let bench = with_list();
    let run = |set: &[&str]| {
        let arguments = ["run", "recipes/recipe.toml", "-o", "out"];
        bench.assay(arguments.iter().chain(set)).exits(0)
    };
    let _ = run(&[]);
    bench.write("moved.txt", "bread and butter\nhoney\ntea\n");
    let again = run(&["--set", "trade.file=moved.txt"]);
    assert!(again.stderr.contains("up to date"), "{}", again.stderr);
    bench.write("recipes/lists/trade.txt", "horse\ngate\n");
    let changed = run(&[]);
    assert!(!changed.stderr.contains("up to date"), "{}", changed.stderr);
    assert_eq!(dropped(&bench), ["c-0"]);
}

#[test]
fn a_text_that_cannot_be_marked_any_more_says_why() {
    let bench = with_list();
    let _ = bench.assay(["run", "recipes/recipe.toml", "-o", "out"]).exits(0);
    bench.write("recipes/lists/trade.txt", "horse\n");
    let explained = bench.assay(["explain", "out", "a-2"]).exits(0);
    assert!(explained.stdout.contains("was changed after the run"), "{}", explained.stdout);
}

#[test]
fn files_that_cannot_be_used_are_shown_where_they_are_named() {
    let bench = with_list();
    bench.write("binary.txt", [0xff, 0xfe]);
    for file in ["missing.txt", "corpus", "binary.txt", ""] {
        let set = format!("trade.file=\"{file}\"");
        let refused = bench.assay(["plan", "recipes/recipe.toml", "--set", &set]).exits(3);
        assert!(refused.stderr.contains("option \"file\" names"), "{}", refused.stderr);
    }
    bench.write("recipes/recipe.toml", LISTED.replace("trade.txt", "tarde.txt"));
    insta::assert_snapshot!(bench.assay(["plan", "recipes/recipe.toml"]).snapshot());
}

#[test]
fn an_operator_may_be_measured_without_its_file() {
    let bench = with_corpus();
    let measure = ["measure", "corpus", "--operators", "listed_words", "-o", "facts.parquet"];
    let _ = bench.assay(measure).exits(0);
    assert_eq!(bench.rows("facts.parquet")[0]["listed_words__value"], json!(null));
}
