use std::fmt::Write;

use arrow::datatypes::DataType;
use serde_json::json;

use crate::Bench;

#[test]
fn crlf_a_byte_order_mark_and_a_missing_last_line_end_change_nothing() {
    let plain = Bench::new().ingest("a.jsonl", b"{\"a\":1}\n{\"a\":2}\n");
    let dressed = Bench::new().ingest("a.jsonl", b"\xEF\xBB\xBF{\"a\":1}\r\n{\"a\":2}");
    assert_eq!(plain.column("a"), [json!(1), json!(2)]);
    assert_eq!(plain.done, dressed.done);
}

#[test]
fn broken_lines_keep_their_number_and_their_bytes() {
    let table = Bench::new().ingest(
        "a.jsonl",
        b"{\"a\":1}\n\n[1]\r\n{\"a\":\"\xff\"}\n{\"a\":\"\\ud800\"}\n{\"a\":2}\n{\"a\":",
    );
    let broken = |row, problem: &str, raw: &[u8]| (row, problem.to_owned(), raw.to_vec());
    assert_eq!(
        table.broken(),
        [
            broken(1, "broken_json", b""),
            broken(2, "broken_json", b"[1]"),
            broken(3, "invalid_utf8", b"{\"a\":\"\xff\"}"),
            broken(4, "broken_json", b"{\"a\":\"\\ud800\"}"),
            broken(6, "broken_json", b"{\"a\":"),
        ]
    );
    assert_eq!(table.column("a")[0], json!(1));
    assert_eq!(table.column("a")[5], json!(2));
    assert_eq!((table.done.rows, table.done.incomplete), (7, None));
}

#[test]
fn a_field_may_come_late_and_another_change_its_type() {
    let mut text = String::new();
    for row in 0..5_000 {
        let id = if row < 4_000 { row.to_string() } else { format!("\"x{row}\"") };
        let late = if row < 3_000 { "" } else { r#","late":{"n":[1.5]}"# };
        writeln!(text, r#"{{"id":{id},"text":"t{row}"{late}}}"#).unwrap();
    }
    let table = Bench::new().ingest("a.jsonl", text.as_bytes());
    assert_eq!(table.names(), ["id", "text", "late"]);
    let (id, late) = (table.column("id"), table.column("late"));
    assert_eq!((&id[0], &id[3_999], &id[4_000]), (&json!("0"), &json!("3999"), &json!("x4000")));
    assert_eq!((&late[2_999], &late[3_000]), (&json!(null), &json!({ "n": [1.5] })));
    assert_eq!(table.done.broken, 0);
    assert!(table.done.warnings[0].ends_with("kept as text: \"id\""), "{:?}", table.done.warnings);
}

#[test]
fn nested_conflicts_are_text_where_they_are_and_types_elsewhere() {
    let table = Bench::new().ingest(
        "a.jsonl",
        br#"{"m":[{"role":"user","n":1,"x":[1]},{"role":null}]}
{"m":[{"role":"\u4e2d\ud83d\ude00","n":2.5,"x":{"k":"v"}}],"e":[],"o":{}}
{"m":null,"e":[null],"o":null}"#,
    );
    let DataType::List(item) = table.type_of("m") else { panic!("no list") };
    let DataType::Struct(fields) = item.data_type() else { panic!("no struct") };
    let types: Vec<_> = fields.iter().map(|field| field.data_type().clone()).collect();
    assert_eq!(types, [DataType::Utf8, DataType::Float64, DataType::Utf8]);
    assert_eq!(
        table.column("m"),
        [
            json!([{"role": "user", "n": 1.0, "x": "[1]"}, {}]),
            json!([{"role": "中😀", "n": 2.5, "x": "{\"k\":\"v\"}"}]),
            json!(null),
        ]
    );
    assert_eq!(table.column("e"), [json!(null), json!([]), json!([null])]);
    assert_eq!(table.column("o"), [json!(null), json!("{}"), json!(null)]);
}

#[test]
fn numbers_keep_every_digit() {
    let table = Bench::new().ingest(
        "a.jsonl",
        br#"{"big":123456789012345678901234567890,"i":9223372036854775807,"f":0.1,"m":9007199254740993}
{"big":1,"i":-9223372036854775808,"f":123456789.123456789,"m":0.5}"#,
    );
    assert_eq!(table.column("big"), [json!("123456789012345678901234567890"), json!("1")]);
    assert_eq!(table.column("i"), [json!(i64::MAX), json!(i64::MIN)]);
    assert_eq!(table.column("f"), [json!(0.1), json!(123_456_789.123_456_79)]);
    assert_eq!(table.column("m"), [json!("9007199254740993"), json!("0.5")]);
}

#[test]
fn a_very_long_line_is_a_row() {
    let bench = Bench::new();
    let mut text = b"{\"text\":\"a\"}\n{\"text\":\"".to_vec();
    text.resize(70 << 20, b'x');
    text.extend_from_slice(b"\\n\"}\n{\"text\":\"b\"}\n");
    let table = bench.ingest("a.jsonl", &text);
    assert_eq!((table.done.rows, table.done.broken), (3, 0));
    let texts = table.column("text");
    assert_eq!(texts[1].as_str().unwrap().len(), (70 << 20) - 21);
    assert_eq!(texts[2], json!("b"));
}

#[test]
fn bytes_do_not_depend_on_threads() {
    let mut text = String::new();
    for row in 0..60_000_u64 {
        let length = usize::try_from(row * 7_919 % 200).unwrap();
        let words = "word ".repeat(length);
        writeln!(text, r#"{{"f{}":{row},"text":"{words}\n"}}"#, row / 9_000).unwrap();
    }
    let hash = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| Bench::new().try_ingest("a.jsonl", text.as_bytes()).unwrap().record)
    };
    let one = hash(1);
    assert_eq!(one, hash(4));
    assert_eq!(one, hash(4));
}

#[test]
fn one_json_array_is_told() {
    let table = Bench::new().ingest("a.jsonl", b"[\n{\"a\":1},\n{\"a\":2}]\n");
    assert_eq!((table.done.rows, table.done.broken), (3, 3));
    assert!(table.done.warnings[0].contains("jq"));
}

#[test]
fn an_empty_file_has_no_rows_and_says_so() {
    let bench = Bench::new();
    let done = bench.try_ingest("a.jsonl", b"").unwrap();
    assert_eq!((done.rows, done.warnings), (0, vec!["the file is empty".to_owned()]));
}

#[test]
fn reserved_names_are_refused() {
    let error = Bench::new().try_ingest("a.jsonl", br#"{"__assay_raw":1}"#).unwrap_err();
    assert!(error.to_string().contains("\"__assay_raw\""), "{error}");
}

#[test]
fn names_that_are_data_are_refused_at_the_top() {
    let mut text = String::new();
    for row in 0..10_001 {
        writeln!(text, r#"{{"f{row}":1}}"#).unwrap();
    }
    let error = Bench::new().try_ingest("a.jsonl", text.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("more than 10000"), "{error}");
}

#[test]
fn the_deepest_nesting_is_stored_if_need_be_as_text() {
    for depth in [1, 23, 24, 25, 126] {
        let line = format!("{{\"a\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
        let table = Bench::new().ingest("a.jsonl", line.as_bytes());
        let (found, mut levels) = (table.column("a"), 0);
        let mut value = &found[0];
        while let Some(inner) = value.get(0) {
            value = inner;
            levels += 1;
        }
        let rest = value.as_str().map_or(value.to_string(), str::to_owned);
        assert_eq!(levels, depth.min(24));
        let brackets = depth - levels;
        assert_eq!(rest, format!("{}1{}", "[".repeat(brackets), "]".repeat(brackets)));
    }
}
