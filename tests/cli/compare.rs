//! `assay compare`.

use crate::corpus::{RECIPE, with_run};

#[test]
fn a_moved_limit_is_shown_with_the_rows_that_it_turned() {
    let bench = with_run();
    bench.write("recipe.toml", RECIPE.replace("min = 5", "min = 2"));
    let _ = bench.assay(["run", "recipe.toml", "-o", "other"]).exits(0);
    insta::assert_snapshot!(bench.assay(["compare", "out", "other"]).snapshot());
}

#[test]
fn json_lists_the_changed_rows() {
    let bench = with_run();
    bench.write("recipe.toml", RECIPE.replace("min = 5", "min = 2"));
    let _ = bench.assay(["run", "recipe.toml", "-o", "other"]).exits(0);
    let found = bench.assay(["compare", "out", "other", "--json"]).exits(0).json();
    let plan = &found["plan"][0];
    assert_eq!(plan["path"], "steps.words.options.min");
    assert_eq!((plan["left"].as_i64(), plan["right"].as_i64()), (Some(5), Some(2)));
    let examples = found["examples"].as_array().unwrap();
    let ids: Vec<_> = examples.iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a-1"]);
    assert_eq!(
        (&examples[0]["left_action"], &examples[0]["right_action"]),
        (&"drop".into(), &"keep".into())
    );
}

#[test]
fn a_run_is_as_itself() {
    let bench = with_run();
    insta::assert_snapshot!(bench.assay(["compare", "out", "out"]).snapshot());
}

#[test]
fn a_folder_without_a_run_is_named() {
    let bench = with_run();
    let failed = bench.assay(["compare", "out", "corpus"]).exits(5);
    assert!(failed.stderr.contains("corpus holds no finished run"), "{}", failed.stderr);
}
