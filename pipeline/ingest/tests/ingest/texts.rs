use assay_ingest::ingest_texts;
use serde_json::json;

use crate::Bench;

#[test]
fn every_file_is_a_row_under_its_name() {
    let bench = Bench::new();
    let files = [
        ("b.txt", &b"plain\n"[..]),
        ("a.md", b"\xEF\xBB\xBF# Title"),
        ("latin.txt", b"caf\xe9"),
        ("empty.txt", b""),
    ];
    let files = files.map(|(name, bytes)| (format!("sub/{name}"), bench.write(name, bytes)));
    let done = ingest_texts(&files, &bench.folder(), "texts.parquet").unwrap();
    let table = bench.read(done);
    assert_eq!(table.names(), ["path", "text"]);
    assert_eq!(table.column("path")[..2], [json!("sub/b.txt"), json!("sub/a.md")]);
    assert_eq!(table.column("text"), [json!("plain\n"), json!("# Title"), json!(null), json!("")]);
    assert_eq!(table.broken(), [(2, "invalid_utf8".to_owned(), b"caf\xe9".to_vec())]);
}

#[test]
fn one_text_file_is_named_after_itself() {
    let table = Bench::new().ingest("note.md", b"hello");
    assert_eq!(table.column("path"), [json!("note.md")]);
}

#[test]
fn a_missing_file_is_an_error_with_its_name() {
    let bench = Bench::new();
    let files = [("x.txt".to_owned(), bench.root.path().join("x.txt"))];
    let error = ingest_texts(&files, &bench.folder(), "texts.parquet").unwrap_err();
    assert!(error.to_string().contains("x.txt cannot be read"), "{error}");
}
