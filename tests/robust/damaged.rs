//! Rows and row groups that cannot be read, beside those that can.

use std::{fs, sync::Arc};

use arrow::array::{AsArray, StringArray};
use parquet::{
    data_type::{ByteArray, ByteArrayType},
    file::{
        properties::WriterProperties,
        reader::{FileReader, SerializedFileReader},
        writer::SerializedFileWriter,
    },
    schema::parser::parse_message_type,
};

use crate::{
    bench::Bench,
    made::{Doc, docs, jsonl, parquet, parquet_in_groups, prose},
};

const BAD: &[u8] = b"four good words then \xFF\xFE and more";

/// A file whose `text` and `note` say they are UTF-8, whatever the bytes are.
fn strings(rows: &[[&[u8]; 2]]) -> Vec<u8> {
    let schema = "message m { required binary text (UTF8); required binary note (UTF8); }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for column in 0..2 {
        let values: Vec<ByteArray> =
            rows.iter().map(|row| ByteArray::from(row[column].to_vec())).collect();
        let mut open = group.next_column().unwrap().unwrap();
        open.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
        open.close().unwrap();
    }
    group.close().unwrap();
    writer.into_inner().unwrap()
}

/// Replaces the pages of a column in a row group by nonsense.
fn damage(bytes: &mut [u8], group: usize, column: &str) {
    let copy = bytes::Bytes::copy_from_slice(bytes);
    let reader = SerializedFileReader::new(copy).unwrap();
    let columns = reader.metadata().row_group(group).columns();
    let found = columns.iter().find(|it| it.column_path().string() == column).unwrap();
    let (start, length) = found.byte_range();
    let (start, length) = (usize::try_from(start).unwrap(), usize::try_from(length).unwrap());
    bytes[start..start + length].fill(0xAB);
}

#[test]
fn rows_without_text_are_kept_and_not_measured() {
    let bench = Bench::new();
    let mut rows = docs(1, 10);
    rows[3].text = None;
    rows[5].text = Some(String::new());
    let names = [bench.add("a.parquet", parquet(&rows)), bench.add("b.jsonl", jsonl(&rows[3..6]))];
    let ran = bench.run().sound(0);
    assert_eq!((ran.kept(&names[0]), ran.kept(&names[1])), (10, 2));
    let empty: Vec<_> = ran.decisions().into_iter().filter(|it| it.content.is_none()).collect();
    assert_eq!(empty.len(), 4);
    assert!(empty.iter().all(|it| it.action == "keep" && it.step.is_none()), "{empty:?}");
    let words = &ran.record()["steps"][0];
    assert_eq!(words["unmeasured"], 4);
}

#[test]
fn a_row_that_is_not_utf_8_is_set_aside_with_its_bytes() {
    let bench = Bench::new();
    let rows: [[&[u8]; 2]; 3] =
        [[b"a good row of words", b"x"], [BAD, b"y"], [b"another row of good words", b"z"]];
    let name = bench.add("a.parquet", strings(&rows));
    bench.add("b.parquet", parquet(&docs(1, 10)));
    let ran = bench.run().sound(11);
    assert_eq!(ran.kept(&name), 2);
    let aside = ran.table("quarantine").into_values().flatten().next().unwrap();
    let text = arrow::compute::cast(&aside["text"], &arrow::datatypes::DataType::Binary).unwrap();
    assert_eq!(text.as_binary::<i32>().value(0), BAD);
    assert_eq!(aside.num_rows(), 1);
    let decision = ran.decisions().into_iter().find(|it| it.action == "quarantine").unwrap();
    assert_eq!((decision.row, decision.step.as_deref()), (1, Some("invalid_utf8")));
}

#[test]
fn bytes_that_are_not_utf_8_in_another_column_end_no_run() {
    let bench = Bench::new();
    let rows: [[&[u8]; 2]; 2] = [[b"a good row of words", b"x"], [b"more words in a row", BAD]];
    let name = bench.add("a.parquet", strings(&rows));
    bench.recipe(&format!("{}[input]\ntext = \"text\"\n", crate::bench::RECIPE));
    let good = bench.add("b.parquet", parquet(&docs(1, 10)));
    let ran = bench.run().sound(11);
    assert_eq!(ran.kept(&good), 10);
    // Such a column cannot be written as the text it claims to be.
    assert_eq!(ran.unreadable(), [(name, Some(0), Some(2))]);
}

#[test]
fn broken_lines_are_set_aside_and_the_others_stay() {
    let bench = Bench::new();
    let mut lines = jsonl(&docs(1, 5));
    lines.extend_from_slice(b"{\"text\": \"cut o\n[1, 2]\nnull\n\n{\"text\": \"\xFF bad\"}\n");
    lines.extend_from_slice(&jsonl(&docs(2, 5)));
    let name = bench.add("a.jsonl", lines);
    let ran = bench.run().sound(11);
    assert_eq!(ran.kept(&name), 10);
    assert_eq!(ran.counts_of(&name)["quarantine"], 5);
    let rows: Vec<i64> = ran
        .decisions()
        .into_iter()
        .filter(|it| it.action == "quarantine")
        .map(|it| it.row)
        .collect();
    assert_eq!(rows, [5, 6, 7, 8, 9]);
    let aside = ran.table("quarantine").into_values().flatten().next().unwrap();
    let raw = aside["assay_raw"].as_binary::<i32>();
    assert_eq!(raw.value(4), b"{\"text\": \"\xFF bad\"}");
}

#[test]
fn a_file_of_nothing_but_broken_lines_costs_only_itself() {
    let bench = Bench::new();
    let names =
        [bench.add("a.jsonl", "no\njson\nat all\n"), bench.add("b.csv", b"text\n\"x\",2\n\xFF\n")];
    let good = bench.add("c.jsonl", jsonl(&docs(1, 10)));
    for (out, recipe) in [("found", ""), ("named", "[input]\ntext = \"text\"\n")] {
        bench.recipe(&format!("{}{recipe}", crate::bench::RECIPE));
        let ran = bench.run_to::<&str>(out, &[]).sound(11);
        assert_eq!(ran.kept(&good), 10);
        assert_eq!(ran.counts_of(&names[0])["quarantine"], 3);
        assert_eq!(ran.counts_of(&names[1])["quarantine"], 2);
    }
}

#[test]
fn files_cut_off_before_their_footer_are_counted_as_unreadable() {
    let bench = Bench::new();
    let whole = parquet(&docs(1, 100));
    let name = bench.add("b.parquet", &whole[..whole.len() / 2]);
    let good = ["a", "c", "d"].map(|at| {
        let seed = u64::from(at.as_bytes()[0]);
        bench.add(&format!("{at}.parquet"), parquet(&docs(seed, 50)))
    });
    let ran = bench.run().sound(11);
    assert_eq!(ran.unreadable(), [(name, None, None)]);
    assert!(good.iter().all(|file| ran.kept(file) == 50));
}

#[test]
fn a_damaged_row_group_is_lost_alone() {
    for column in ["text", "number"] {
        let bench = Bench::new();
        let mut bytes = parquet_in_groups(&docs(1, 800), 100);
        damage(&mut bytes, 3, column);
        let name = bench.add("a.parquet", bytes);
        let good = bench.add("b.parquet", parquet(&docs(2, 50)));
        let ran = bench.run().sound(11);
        assert_eq!(ran.unreadable(), [(name.clone(), Some(300), Some(100))], "{column}");
        assert_eq!((ran.kept(&name), ran.kept(&good)), (700, 50), "{column}");
        assert_eq!(ran.counts_of(&name)["unreadable"], 100, "{column}");
        let decided: Vec<i64> = ran.decisions().iter().map(|it| it.row).collect();
        assert!(decided.iter().all(|row| !(300..400).contains(row)), "{column}");
        // The same command again has nothing to do, and says the same.
        bench.run().sound(11).says(&["up to date"]);
    }
}

#[test]
fn a_copy_stays_when_the_row_it_repeats_cannot_be_written() {
    let bench = Bench::new();
    let rows = docs(1, 200);
    let mut bytes = parquet_in_groups(&rows, 100);
    damage(&mut bytes, 0, "number");
    bench.add("a.parquet", bytes);
    let copies = bench.add("b.parquet", parquet(&rows[..100]));
    let ran = bench.run().sound(11);
    assert_eq!(ran.kept(&copies), 100);
}

#[test]
fn a_document_beyond_the_limit_is_set_aside_whole() {
    let bench = Bench::new();
    bench.recipe(&format!("{}[input]\nmax-document-bytes = 1000\n", crate::bench::RECIPE));
    let long = |number: u64, bytes: usize| Doc {
        text: Some(prose(number, 400).replace("河流", "river")[..bytes].to_owned()),
        ..docs(number, 1)[0].clone()
    };
    let rows = [long(1, 999), long(2, 1000), long(3, 1001)];
    let names =
        [bench.add("a.parquet", parquet(&rows)), bench.add("b.jsonl", jsonl(&[long(4, 1001)]))];
    let ran = bench.run().sound(11);
    assert_eq!(ran.kept(&names[0]), 2);
    let aside: Vec<_> =
        ran.decisions().into_iter().filter(|it| it.action == "quarantine").collect();
    assert_eq!(aside.len(), 2);
    assert!(aside.iter().all(|it| it.step.as_deref() == Some("oversize")), "{aside:?}");
    let tables = ran.table("quarantine");
    let texts: Vec<&StringArray> =
        tables.values().flatten().map(|it| it["text"].as_string()).collect();
    assert_eq!(texts.iter().map(|it| it.value(0).len()).collect::<Vec<_>>(), [1001, 1001]);
}

#[test]
fn a_document_of_70_megabytes_is_set_aside() {
    let bench = Bench::new();
    let text = "seventy million bytes ".repeat(70_000_000 / 22);
    let mut lines = format!("{{\"id\":\"long\",\"text\":\"{text}\"}}\n").into_bytes();
    lines.extend_from_slice(&jsonl(&docs(1, 10)));
    let name = bench.add("a.jsonl", lines);
    let ran = bench.run_to("out", &["--max-memory", "1GB"]).sound(11);
    assert_eq!(ran.kept(&name), 10);
    assert_eq!(ran.counts_of(&name)["quarantine"], 1);
    let kept = fs::metadata(ran.out.join("quarantine/in/a.jsonl-00000.parquet")).unwrap();
    assert!(0 < kept.len());
}
