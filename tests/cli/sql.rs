//! `assay sql`.

use crate::corpus::with_run;

#[test]
fn a_query_is_answered_as_a_table() {
    let bench = with_run();
    let query = "SELECT f.id, d.action, f.words__value AS words FROM facts f JOIN decisions d \
                 ON f.file = d.file AND f.row = d.row WHERE d.action <> 'keep' ORDER BY f.id";
    insta::assert_snapshot!(bench.assay(["sql", "out", query]).snapshot());
}

#[test]
fn a_question_is_answered_by_its_name() {
    let bench = with_run();
    insta::assert_snapshot!(bench.assay(["sql", "out", "per_file_balance"]).snapshot());
}

#[test]
fn without_a_query_the_questions_are_listed() {
    let bench = with_run();
    let list = bench.assay(["sql", "out"]).exits(0).stdout;
    assert!(list.lines().all(|line| line.ends_with('?')), "{list}");
    assert!(list.contains("\nfunnel "), "{list}");
}

#[test]
fn answers_are_written_as_json_and_csv_too() {
    let bench = with_run();
    let query = "SELECT id, bytes FROM facts WHERE id LIKE 'c-%' ORDER BY id";
    let json = bench.assay(["sql", "out", query, "--json"]).exits(0);
    assert_eq!(json.json_lines()[1], serde_json::json!({"id": "c-1", "bytes": 6}));
    assert_eq!(json.stdout, bench.assay(["sql", "out", query, "--format", "json"]).stdout);
    let csv = bench.assay(["sql", "out", query, "--format", "csv"]).exits(0);
    assert_eq!(csv.stdout, "id,bytes\nc-0,41\nc-1,6\nc-2,27\n");
}

#[test]
fn an_answer_without_rows_says_so() {
    let bench = with_run();
    let none = bench.assay(["sql", "out", "SELECT * FROM facts WHERE row < 0"]).exits(0);
    assert_eq!(none.stdout, "no rows\n");
}

#[test]
fn the_ledger_is_only_read() {
    let bench = with_run();
    let before = bench.contents("out");
    insta::assert_snapshot!(bench.assay(["sql", "out", "DROP TABLE facts"]).snapshot());
    let copy = "COPY facts TO 'stolen.parquet'";
    let _ = bench.assay(["sql", "out", copy]).exits(2);
    assert!(before == bench.contents("out") && !bench.path("stolen.parquet").exists());
}

#[test]
fn a_column_that_is_not_there_is_explained() {
    let bench = with_run();
    let asked = bench.assay(["sql", "out", "SELECT wordz FROM facts"]);
    insta::assert_snapshot!(asked.snapshot());
}

#[test]
fn a_misspelt_question_is_shown_with_the_nearest() {
    let bench = with_run();
    insta::assert_snapshot!(bench.assay(["sql", "out", "funnle"]).snapshot());
}
