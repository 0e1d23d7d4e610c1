//! `assay operators`.

use crate::workbench;

#[test]
fn the_list_names_every_operator_with_its_purpose() {
    insta::assert_snapshot!(workbench().assay(["operators"]).snapshot());
}

#[test]
fn a_guide_tells_definition_examples_and_options() {
    let bench = workbench();
    let guide = bench.assay(["operators", "bullet_lines"]).exits(0).stdout;
    for part in ["bullet_lines (gauge, version ", "## Definition", "## Examples", "## Options"] {
        assert!(guide.contains(part), "{part} is missing in\n{guide}");
    }
    assert!(guide.contains("\nmax = "), "{guide}");
}

#[test]
fn every_operator_of_the_list_has_a_guide() {
    let bench = workbench();
    let list = bench.assay(["operators"]).exits(0).stdout;
    for line in list.lines() {
        let id = line.split_whitespace().next().unwrap();
        let guide = bench.assay(["operators", id]).exits(0).stdout;
        assert!(guide.starts_with(&format!("{id} (")), "{guide}");
    }
}

#[test]
fn an_unknown_operator_is_shown_with_the_nearest_name() {
    insta::assert_snapshot!(workbench().assay(["operators", "bulet_lines"]).snapshot());
}

#[test]
fn json_has_card_and_options_of_each() {
    let bench = workbench();
    let all = bench.assay(["operators", "--json"]).exits(0).json();
    let list = bench.assay(["operators"]).exits(0).stdout;
    assert_eq!(all.as_array().unwrap().len(), list.lines().count());
    let one = bench.assay(["operators", "word_count", "--json"]).exits(0).json();
    assert_eq!(one["card"]["id"], "word_count");
    assert!(one["options"]["properties"]["min"].is_object(), "{one}");
}
