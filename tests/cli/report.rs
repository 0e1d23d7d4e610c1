//! `assay report`.

use crate::{corpus::with_run, workbench};

#[test]
fn a_run_leaves_a_page_in_the_language_of_the_terminal() {
    let page = with_run().read("out/report.html");
    assert!(page.contains("<html lang=\"en\">"), "{}", &page[..200]);
    assert!(page.contains("a-notes.jsonl"));
}

#[test]
fn the_page_can_be_written_again_in_chinese_and_back() {
    let bench = with_run();
    let english = bench.read("out/report.html");
    let written = bench.assay(["report", "out", "--lang", "zh"]);
    insta::assert_snapshot!(written.snapshot());
    let chinese = bench.read("out/report.html");
    assert!(chinese.contains("<html lang=\"zh"), "{}", &chinese[..200]);
    assert!(chinese.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count() > 100);
    let _ = bench.assay(["report", "out", "--lang", "en"]).exits(0);
    assert!(english == bench.read("out/report.html"), "the page is not the same as before");
}

#[test]
fn the_page_needs_no_script_and_no_network() {
    let page = with_run().read("out/report.html");
    assert!(!page.contains("<script"));
    for asked in ["src=\"http", "url(http", "@import", "<link"] {
        assert!(!page.contains(asked), "{asked}");
    }
}

#[test]
fn a_language_that_is_not_there_is_a_misuse() {
    let bench = with_run();
    insta::assert_snapshot!(bench.assay(["report", "out", "--lang", "fr"]).snapshot());
}

#[test]
fn a_folder_without_a_run_is_told_what_to_do() {
    insta::assert_snapshot!(workbench().assay(["report", "out"]).snapshot());
}
