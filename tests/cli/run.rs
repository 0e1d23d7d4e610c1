//! `assay run`.

use std::fs;

use serde_json::{Value, json};

use crate::{
    corpus::{FERRY, RECIPE, with_corpus, with_run},
    workbench,
};

#[test]
fn a_run_ends_with_a_summary() {
    let bench = with_corpus();
    insta::assert_snapshot!(bench.assay(["run", "recipe.toml", "-o", "out"]).snapshot());
}

#[test]
fn kept_rows_come_out_as_they_came_and_edited_ones_without_their_junk() {
    let bench = with_run();
    let texts: Vec<Value> = bench.rows("out/data").iter().map(|row| row["text"].clone()).collect();
    assert_eq!(
        texts,
        [
            FERRY,
            "- bread and butter\n- two jars of honey\n- some tea",
            "The weather turned in the afternoon.",
            "Dear Anna, the roof is mended and the rain may come.",
            "A cart without a horse stood at the gate.",
            "Nobody rang the bell twice.",
        ]
    );
    let pages = bench.rows("out/data/corpus/c-pages.parquet-00000.parquet");
    assert_eq!(pages[1], json!({"id": "c-2", "text": "Nobody rang the bell twice.", "stars": 3}));
}

#[test]
fn the_same_command_again_finds_its_work_done() {
    let bench = with_run();
    let results = || {
        let mut files = bench.contents("out");
        files.retain(|(path, _)| !path.starts_with(bench.path("out/.work")));
        files
    };
    let before = results();
    let again = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(0);
    assert!(again.stderr.starts_with("up to date: "), "{}", again.stderr);
    assert!(before == results(), "running again changed the folder");
}

#[test]
fn a_changed_input_is_noticed() {
    let bench = with_run();
    bench.write("corpus/d-new.txt", "A new page came in, and it has enough words.");
    let again = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(0);
    assert!(!again.stderr.contains("up to date"), "{}", again.stderr);
    assert_eq!(bench.read_json("out/run.json")["counts"]["rows"], 10);
}

#[test]
fn a_moved_limit_takes_over_everything_that_was_measured() {
    let bench = with_run();
    let first = bench.read_json("out/run.json");
    bench.write("recipe.toml", RECIPE.replace("min = 5", "min = 1"));
    let _ = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(0);
    let second = bench.read_json("out/run.json");
    assert_eq!(first["measure_hash"], second["measure_hash"]);
    assert_ne!(first["decision_hash"], second["decision_hash"]);
    assert_eq!((&first["counts"]["drop"], &second["counts"]["drop"]), (&json!(3), &json!(1)));
    let measure = |run: &Value| {
        let stages = run["timings"].as_array().unwrap();
        stages.iter().find(|stage| stage["stage"] == "measure").unwrap().clone()
    };
    let (first, second) = (measure(&first), measure(&second));
    assert_eq!((&first["resumed"], &second["resumed"]), (&json!(0), &first["units"]));
}

#[test]
fn threads_change_no_byte() {
    let bench = with_run();
    let _ = bench.assay(["run", "recipe.toml", "-o", "one", "--threads", "1"]).exits(0);
    assert_eq!(bench.read("out/manifest.jsonl"), bench.read("one/manifest.jsonl"));
}

#[test]
fn paths_on_the_command_line_replace_those_of_the_recipe() {
    let bench = with_corpus();
    bench.write_csv("other/pages.csv", &["text"], &[&["This page is not in the recipe's corpus."]]);
    let _ = bench.assay(["run", "recipe.toml", "-i", "other", "-o", "out"]).exits(0);
    let run = bench.read_json("out/run.json");
    let files: Vec<&Value> =
        run["inputs"].as_array().unwrap().iter().map(|input| &input["file"]).collect();
    assert_eq!(files, ["other/pages.csv"]);
}

#[test]
fn several_paths_may_follow_one_option_and_a_label_names_a_root() {
    let bench = with_corpus();
    let inputs = ["-i", "corpus/b-letters.csv", "pages=corpus/c-pages.parquet"];
    let arguments = ["run", "recipe.toml", "-o", "out"].into_iter().chain(inputs);
    let _ = bench.assay(arguments).exits(0);
    let decisions = bench.rows("out/ledger/decisions");
    let mut files: Vec<&str> = decisions.iter().map(|row| row["file"].as_str().unwrap()).collect();
    files.dedup();
    insta::assert_snapshot!(files.join("\n"));
}

#[test]
fn an_option_may_be_overridden_for_one_run() {
    let bench = with_corpus();
    let set = ["--set", "words.min=1", "--set", "menus.max=0.99"];
    let arguments = ["run", "recipe.toml", "-o", "out"].into_iter().chain(set);
    let _ = bench.assay(arguments).exits(0);
    let run = bench.read_json("out/run.json");
    assert_eq!(run["plan"]["steps"][1]["options"]["min"], 1);
    assert_eq!(run["counts"]["drop"], 1);
}

#[test]
fn a_setting_without_a_value_is_a_misuse() {
    let bench = with_corpus();
    insta::assert_snapshot!(bench.assay(["run", "recipe.toml", "--set", "words.min"]).snapshot());
}

#[test]
fn a_setting_of_no_option_is_shown_as_it_was_typed() {
    let bench = with_corpus();
    insta::assert_snapshot!(bench.assay(["run", "recipe.toml", "--set", "words.mim=3"]).snapshot());
}

#[test]
fn a_run_that_keeps_nothing_has_to_be_wanted() {
    let bench = with_corpus();
    let all = ["run", "recipe.toml", "-o", "out", "--set", "words.min=999"];
    insta::assert_snapshot!(bench.assay(all).snapshot());
    assert!(!bench.path("out/run.json").exists());
    let _ = bench.assay(all.into_iter().chain(["--allow-empty"])).exits(0);
    assert_eq!(bench.read_json("out/run.json")["counts"]["drop"], 9);
    assert_eq!(bench.rows("out/ledger/decisions").len(), 9);
}

#[test]
fn a_folder_of_somebody_else_is_refused_and_left_alone() {
    let bench = with_corpus();
    bench.write("thesis/chapter.tex", "years of work");
    let before = bench.contents("thesis");
    let refused = bench.assay(["run", "recipe.toml", "-o", "thesis"]).exits(2);
    assert!(before == bench.contents("thesis"), "the folder was touched");
    insta::assert_snapshot!(refused.snapshot());
}

#[test]
fn an_unknown_option_is_a_misuse() {
    let bench = with_corpus();
    insta::assert_snapshot!(bench.assay(["run", "recipe.toml", "--thread", "2"]).snapshot());
}

#[test]
fn a_recipe_that_is_not_there_is_named() {
    insta::assert_snapshot!(workbench().assay(["run", "recipies/web.toml"]).snapshot());
}

#[test]
fn an_input_that_is_not_there_is_named() {
    let bench = with_corpus();
    insta::assert_snapshot!(bench.assay(["run", "recipe.toml", "-i", "corups"]).snapshot());
}

#[test]
fn a_recipe_without_paths_asks_for_them() {
    let bench = with_corpus();
    bench.write("recipe.toml", RECIPE.replace("paths = [\"corpus\"]", ""));
    insta::assert_snapshot!(bench.assay(["run", "recipe.toml"]).snapshot());
}

#[test]
fn a_file_without_a_text_column_is_named_with_its_columns() {
    let bench = with_corpus();
    bench.write_csv("corpus/d-stars.csv", &["page", "stars"], &[&["c-0", "5"]]);
    let failed = bench.assay(["run", "recipe.toml"]).exits(4).stderr;
    for part in ["corpus/d-stars.csv: ", "page, stars", "[input] text = \"page\""] {
        assert!(failed.contains(part), "{part} is missing in\n{failed}");
    }
}

#[test]
fn broken_lines_are_set_aside_and_counted() {
    let bench = with_corpus();
    let good = "{\"id\": \"d-0\", \"text\": \"One line of this file is as it should be.\"}";
    bench.write("corpus/d-broken.jsonl", format!("{good}\n{{\"text\": \"cut off he\n[1, 2]\n\n"));
    insta::assert_snapshot!(bench.assay(["run", "recipe.toml", "-o", "out"]).snapshot());
    let set_aside = bench.rows("out/quarantine");
    assert_eq!(set_aside.len(), 3, "{set_aside:?}");
    let decisions = bench.rows("out/ledger/decisions/corpus/d-broken.jsonl-00000.parquet");
    for decision in &decisions[1..] {
        assert_eq!(decision["step"], "broken_json");
        assert_eq!(decision["key"], Value::Null);
    }
}

#[test]
fn json_is_the_record_of_the_run_and_nothing_else() {
    let bench = with_corpus();
    let done = bench.assay(["run", "recipe.toml", "-o", "out", "--json"]).exits(0);
    assert_eq!(done.json(), bench.read_json("out/run.json"));
    assert_eq!(done.stderr, "");
}

#[test]
fn quiet_says_nothing() {
    let bench = with_corpus();
    let done = bench.assay(["run", "recipe.toml", "--quiet"]).exits(0);
    assert_eq!((done.stdout.as_str(), done.stderr.as_str()), ("", ""));
    assert!(bench.path("runs/small/run.json").exists(), "the folder is named after the recipe");
}

#[test]
fn an_output_folder_inside_the_input_is_not_read_back() {
    let bench = with_corpus();
    for _ in 0..2 {
        let _ = bench.assay(["run", "recipe.toml", "-o", "corpus/out"]).exits(0);
        assert_eq!(bench.read_json("corpus/out/run.json")["counts"]["rows"], 9);
        fs::remove_file(bench.path("corpus/out/run.json")).unwrap();
    }
}
