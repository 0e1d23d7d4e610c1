use std::fmt::Write;

use serde_json::json;

use crate::Bench;

#[test]
fn fields_are_text_as_they_are() {
    let table =
        Bench::new().ingest("a.csv", b"\xEF\xBB\xBFid,text\r\n007,\"a, \"\"b\"\"\nc\"\r\n,\r\n");
    assert_eq!(table.names(), ["id", "text"]);
    assert_eq!(table.column("id"), [json!("007"), json!("")]);
    assert_eq!(table.column("text"), [json!("a, \"b\"\nc"), json!("")]);
}

#[test]
fn tabs_separate_when_the_name_says_so() {
    let table = Bench::new().ingest("a.TSV", b"a\tb\n1,2\t3\n");
    assert_eq!((table.column("a"), table.column("b")), (vec![json!("1,2")], vec![json!("3")]));
}

#[test]
fn broken_records_keep_their_number_and_their_fields() {
    let table = Bench::new().ingest("a.csv", b"a,b\n1,2\n1,\"x,y\",3\n\xff,2\n1\n\n3,4\n");
    let broken = |row, problem: &str, raw: &[u8]| (row, problem.to_owned(), raw.to_vec());
    assert_eq!(
        table.broken(),
        [
            broken(1, "broken_csv", b"1,\"x,y\",3"),
            broken(2, "invalid_utf8", b"\xff,2"),
            broken(3, "broken_csv", b"1"),
        ]
    );
    assert_eq!(table.column("a")[4], json!("3"));
    assert_eq!(table.done.rows, 5);
}

#[test]
fn a_character_cut_by_a_comma_is_invalid_in_both_fields() {
    let table = Bench::new().ingest("a.csv", b"a,b\n\xC3,\xA9\n");
    assert_eq!(table.broken()[0].1, "invalid_utf8");
}

#[test]
fn a_quote_that_is_never_closed_is_told_with_its_line() {
    let table = Bench::new().ingest("a.csv", b"a,b\n1,2\n3,\"4\n5,6\n7,8\n9,\"0\n");
    assert_eq!(table.done.rows, 2);
    let table2 = Bench::new().ingest("a.csv", b"a,b\n1,2\n\"3,4\n5,6\n7,8\n");
    assert_eq!((table2.done.rows, table2.done.broken), (2, 1));
    assert!(table2.done.warnings[0].contains("line 3"), "{:?}", table2.done.warnings);
}

#[test]
fn headers_name_every_column_once() {
    for (text, problem) in [
        ("a,,c\n", "column 2 has no name"),
        ("a,b,a\n", "two columns are called \"a\""),
        ("__assay_problem\n", "rename it"),
    ] {
        let error = Bench::new().try_ingest("a.csv", text.as_bytes()).unwrap_err();
        assert!(error.to_string().contains(problem), "{error}");
    }
}

#[test]
fn an_empty_file_and_a_lone_header_have_no_rows() {
    for text in ["", "a,b\n", "a,b"] {
        let done = Bench::new().try_ingest("a.csv", text.as_bytes()).unwrap();
        assert_eq!((done.rows, done.warnings.len()), (0, 1));
    }
}

#[test]
fn many_records_come_in_order() {
    let mut text = "n,text\n".to_owned();
    for n in 0..200_000 {
        writeln!(text, "{n},text {n}").unwrap();
    }
    let table = Bench::new().ingest("a.csv", text.as_bytes());
    let numbers = table.column("n");
    assert_eq!(numbers.len(), 200_000);
    assert!(numbers.iter().enumerate().all(|(n, value)| *value == json!(n.to_string())));
}
