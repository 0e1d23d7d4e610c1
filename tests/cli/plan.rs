//! `assay plan`.

use assay_tests::in_repository;

use crate::corpus::{RECIPE, with_corpus};

#[test]
fn a_plan_shows_steps_and_needs() {
    let bench = with_corpus();
    insta::assert_snapshot!(bench.assay(["plan", "recipe.toml", "--threads", "2"]).snapshot());
}

#[test]
fn planning_writes_nothing() {
    let bench = with_corpus();
    let before = bench.contents(".");
    let _ = bench.assay(["plan", "recipe.toml", "-o", "out"]).exits(0);
    assert!(before == bench.contents("."));
}

#[test]
fn the_quick_start_can_be_planned_from_anywhere() {
    let bench = with_corpus();
    let recipe = in_repository("configs/quickstart.toml");
    let planned = bench.assay(["plan", &recipe, "--json"]).exits(0).json();
    assert_eq!(planned["preview"]["inputs"].as_array().unwrap().len(), 3);
    assert_eq!(planned["preview"]["reads_of_text"], 2);
}

#[test]
fn a_moved_limit_changes_what_is_decided_and_not_what_is_measured() {
    let bench = with_corpus();
    let plan = |recipe: &str| {
        bench.write("recipe.toml", recipe);
        bench.assay(["plan", "recipe.toml", "--json"]).exits(0).json()
    };
    let (first, limit) = (plan(RECIPE), plan(&RECIPE.replace("min = 5", "min = 6")));
    assert_eq!(first["measure_hash"], limit["measure_hash"]);
    assert_ne!(first["decision_hash"], limit["decision_hash"]);
    let other = plan(&RECIPE.replace("max = 0.5", "max = 0.5, bullets = [\"+\"]"));
    assert_ne!(first["measure_hash"], other["measure_hash"]);
}

#[test]
fn less_memory_than_a_run_needs_is_refused() {
    let bench = with_corpus();
    let arguments = ["plan", "recipe.toml", "--threads", "2", "--max-memory", "70MiB"];
    insta::assert_snapshot!(bench.assay(arguments).snapshot());
}

#[test]
fn a_size_that_is_none_is_a_misuse() {
    let bench = with_corpus();
    let plan = ["plan", "recipe.toml", "--max-memory", "plenty"];
    insta::assert_snapshot!(bench.assay(plan).snapshot());
}

#[test]
fn an_input_that_is_not_there_is_an_input_error_here_as_in_a_run() {
    let bench = with_corpus();
    let planned = bench.assay(["plan", "recipe.toml", "-i", "corups"]).exits(4);
    let run = bench.assay(["run", "recipe.toml", "-i", "corups"]).exits(4);
    assert_eq!(planned.stderr, run.stderr);
}
