//! `assay init`.

use crate::corpus::with_corpus;

#[test]
fn a_first_recipe_is_written_with_the_text_column_found() {
    let bench = with_corpus();
    insta::assert_snapshot!(bench.assay(["init", "corpus", "-o", "first.toml"]).snapshot());
    let folder = bench.path("").canonicalize().unwrap().display().to_string();
    insta::assert_snapshot!(bench.read("first.toml").replace(&folder, "[folder]"));
}

#[test]
fn the_first_recipe_plans_and_runs_from_anywhere() {
    let bench = with_corpus();
    let _ = bench.assay(["init", "corpus", "-o", "first.toml"]).exits(0);
    bench.write("far/away/recipe.toml", bench.read("first.toml"));
    let _ = bench.assay(["plan", "far/away/recipe.toml"]).exits(0);
    let _ = bench.assay(["run", "far/away/recipe.toml", "-o", "out"]).exits(0);
    assert_eq!(bench.read_json("out/run.json")["counts"]["rows"], 9);
}

#[test]
fn a_recipe_is_never_overwritten() {
    let bench = with_corpus();
    let before = bench.read("recipe.toml");
    insta::assert_snapshot!(bench.assay(["init", "corpus"]).snapshot());
    assert_eq!(before, bench.read("recipe.toml"));
}

#[test]
fn a_corpus_that_is_not_there_is_named() {
    let bench = with_corpus();
    insta::assert_snapshot!(bench.assay(["init", "corups", "-o", "first.toml"]).snapshot());
    assert!(!bench.path("first.toml").exists());
}
