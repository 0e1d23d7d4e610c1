//! `assay gc`.

use crate::{corpus::with_run, workbench};

#[test]
fn working_files_go_and_the_run_stays() {
    let bench = with_run();
    assert!(bench.path("out/.work").exists());
    insta::assert_snapshot!(bench.assay(["gc", "out"]).snapshot());
    assert!(!bench.path("out/.work").exists());
    let _ = bench.assay(["verify", "out"]).exits(0);
    let _ = bench.assay(["sql", "out", "funnel"]).exits(0);
    let again = bench.assay(["run", "recipe.toml", "-o", "out"]).exits(0);
    assert!(again.stderr.starts_with("up to date: "), "{}", again.stderr);
}

#[test]
fn text_that_was_ingested_is_then_missing_and_said_to_be() {
    let bench = with_run();
    let _ = bench.assay(["gc", "out", "--quiet"]).exits(0);
    let pages = bench.assay(["explain", "out", "c-0"]).exits(0).stdout;
    assert!(pages.contains("A cart without a horse"), "{pages}");
    let notes = bench.assay(["explain", "out", "a-0"]).exits(0).stdout;
    assert!(notes.contains("the text cannot be shown: "), "{notes}");
}

#[test]
fn a_folder_without_a_finished_run_is_left_alone() {
    let bench = workbench();
    bench.write("out/.work/journal.jsonl", "");
    let _ = bench.assay(["gc", "out"]).exits(5);
    assert!(bench.path("out/.work/journal.jsonl").exists());
}
