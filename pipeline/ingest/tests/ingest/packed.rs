use std::{fmt::Write as _, io::Write as _};

use flate2::{Compression, write::GzEncoder};

use crate::Bench;

fn gz(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn zst(text: &str) -> Vec<u8> {
    zstd::encode_all(text.as_bytes(), 1).unwrap()
}

fn lines(from: u64, to: u64) -> String {
    let mut text = String::new();
    for n in from..to {
        // Digits that pack badly, so that a cut falls into the middle of the text.
        writeln!(text, "{{\"n\":{n},\"t\":\"{:x}\"}}", n.wrapping_mul(0x9E37_79B9_7F4A_7C15))
            .unwrap();
    }
    text
}

#[test]
fn several_members_and_frames_are_one_text() {
    let plain = Bench::new().ingest("a.jsonl", lines(0, 300).as_bytes());
    let gz = [gz(&lines(0, 100)), gz(&lines(100, 300))].concat();
    let zst = [zst(&lines(0, 7)), zst(&lines(7, 300))].concat();
    assert_eq!(Bench::new().ingest("a.jsonl.gz", &gz).done, plain.done);
    assert_eq!(Bench::new().ingest("a.json.zst", &zst).done, plain.done);
}

#[test]
fn a_truncated_file_keeps_what_was_read_and_says_so() {
    let text = lines(0, 50_000);
    for (name, whole) in [("a.jsonl.gz", gz(&text)), ("a.jsonl.zst", zst(&text))] {
        let table = Bench::new().ingest(name, &whole[..whole.len() / 2]);
        assert!(table.done.incomplete.is_some());
        let numbers = table.column("n");
        assert!(10_000 < numbers.len() && numbers.len() < 50_000, "{name}: {}", numbers.len());
        let good = numbers.len() - usize::try_from(table.done.broken).unwrap();
        assert!(numbers.len() - good <= 1);
        assert!((0..good).all(|n| numbers[n] == n));
    }
}

#[test]
fn a_record_cut_off_in_a_truncated_table_is_not_taken_for_whole() {
    let mut text = "n,t\n".to_owned();
    for n in 0..50_000_u64 {
        writeln!(text, "{n},{}", n.wrapping_mul(0x9E37_79B9_7F4A_7C15)).unwrap();
    }
    let whole = gz(&text);
    for cut in 0..8 {
        let table = Bench::new().ingest("a.csv.gz", &whole[..whole.len() / 2 + cut]);
        assert!(table.done.incomplete.is_some());
        let columns = table.column("n").into_iter().zip(table.column("t"));
        for (row, (n, t)) in columns.enumerate().filter(|(_, (n, _))| !n.is_null()) {
            let number = (row as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            assert_eq!((n, t), (row.to_string().into(), number.to_string().into()));
        }
    }
}

#[test]
fn a_file_damaged_from_its_start_is_an_error() {
    for name in ["a.jsonl.gz", "a.csv.zst"] {
        let error = Bench::new().try_ingest(name, b"this was never packed").unwrap_err();
        assert!(error.to_string().contains("damaged from its start"), "{error}");
    }
}

#[test]
fn an_empty_packed_file_is_empty() {
    assert_eq!(Bench::new().try_ingest("a.jsonl.gz", b"").unwrap().rows, 0);
    assert_eq!(Bench::new().try_ingest("a.jsonl.gz", &gz("")).unwrap().rows, 0);
    assert_eq!(Bench::new().try_ingest("a.jsonl.zst", &zst("")).unwrap().rows, 0);
}

#[test]
fn what_stands_before_damage_within_a_file_is_kept() {
    let text = lines(0, 5_000);
    let mut damaged = gz(&text);
    let middle = damaged.len() / 2;
    damaged[middle..middle + 40].fill(0);
    let table = Bench::new().ingest("a.jsonl.gz", &damaged);
    assert!(table.done.incomplete.is_some());
    let whole = table.column("n").iter().take_while(|n| n.is_number()).count();
    assert!(1_500 < whole, "{whole}");
}

#[test]
fn a_header_that_cannot_be_unpacked_is_damage_and_no_bad_name() {
    let mut damaged = gz("number,text,more\n1,2,3\n");
    damaged[14..].fill(0xFF);
    let error = Bench::new().try_ingest("a.csv.gz", &damaged).unwrap_err();
    assert!(matches!(error, assay_ingest::IngestError::Unreadable { .. }), "{error}");
}
