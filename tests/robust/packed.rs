//! Packed files and folders of text files.

use std::fs;

use crate::{
    bench::Bench,
    made::{arrow_ipc, batch, csv, docs, gzip, jsonl, parquet, zst},
};

#[test]
fn what_stands_before_the_cut_of_a_packed_file_is_kept() {
    let bench = Bench::new();
    let rows = docs(1, 4_000);
    let packed = [
        ("a.jsonl.gz", gzip(&jsonl(&rows))),
        ("b.jsonl.zst", zst(&jsonl(&docs(2, 20_000)))),
        ("c.csv.gz", gzip(&csv(&docs(3, 4_000)))),
        ("d.arrow", arrow_ipc(&batch(&docs(4, 4_000)))),
    ];
    let names = packed.map(|(name, bytes)| bench.add(name, &bytes[..bytes.len() / 2]));
    let good = bench.add("e.parquet", parquet(&docs(5, 50)));
    let ran = bench.run().sound(11);
    assert_eq!(ran.kept(&good), 50);
    for name in &names {
        let kept = ran.kept(name);
        assert!((100..20_000).contains(&kept), "{name}: {kept}");
        let lost: Vec<_> = ran.unreadable().into_iter().filter(|it| it.0 == *name).collect();
        // The rows after the last one that could be read.
        let counts = ran.counts_of(name);
        assert_eq!(lost, [(name.clone(), counts["rows"].as_u64(), None)]);
        assert!(counts["quarantine"].as_u64().unwrap() <= 1, "{counts}");
    }
}

#[test]
fn a_folder_of_text_files_is_one_row_for_each() {
    let bench = Bench::new();
    for number in 0..7 {
        let text = crate::made::prose(number, 20);
        bench.add(&format!("notes/{number}.txt"), text);
    }
    bench.add("notes/7.md", "# A title\n\nand some text of a page\n");
    bench.add("notes/8.txt", b"not \xFF utf-8 at all");
    bench.add("9.md", "");
    bench.add("notes/picture.png", b"\x89PNG");
    let ran = bench.run().sound(11).says(&["1 files with ending .png were not read"]);
    let counts = ran.counts_of("in/texts-00000");
    assert_eq!((&counts["rows"], &counts["quarantine"]), (&10.into(), &1.into()));
    assert_eq!(ran.kept("in/texts-00000"), 9);
    let paths: Vec<String> = ran
        .table("data")
        .values()
        .flatten()
        .flat_map(|it| {
            let paths = arrow::array::AsArray::as_string::<i32>(&it["path"]);
            paths.iter().map(|path| path.unwrap().to_owned()).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(paths[..2], ["9.md", "notes/0.txt"]);
}

#[test]
fn files_without_a_byte_hold_no_row_and_end_no_run() {
    let bench = Bench::new();
    let endings =
        ["parquet", "jsonl", "jsonl.gz", "jsonl.zst", "csv", "csv.gz", "tsv", "arrow", "ndjson"];
    for ending in endings {
        bench.add(&format!("empty.{ending}"), "");
    }
    let good = bench.add("good.jsonl", jsonl(&docs(1, 10)));
    let ran = bench.run().sound(11);
    assert_eq!(ran.kept(&good), 10);
    let lost: Vec<String> = ran.unreadable().into_iter().map(|it| it.0).collect();
    assert_eq!(lost, ["in/empty.arrow", "in/empty.parquet"]);
}

#[test]
fn files_without_a_row_are_nothing_unless_all_are() {
    let bench = Bench::new();
    bench.add("a.parquet", parquet(&docs(1, 10)[..0]));
    bench.add("b.jsonl", "");
    bench.run().ends(4).says(&["no row could be read", "--allow-empty"]);
    assert!(!bench.path("out/run.json").exists());
    bench.run_to("out", &["--allow-empty"]).sound(0);
    let good = bench.add("c.parquet", parquet(&docs(1, 10)));
    let ran = bench.run().sound(0);
    assert_eq!(ran.kept(&good), 10);
}

#[test]
fn a_run_that_keeps_nothing_must_be_meant() {
    let bench = Bench::new();
    bench.add("a.jsonl", "{\"text\":\"short\"}\n");
    bench.run().ends(4).says(&["no row would be kept (1 rows read)", "--allow-empty"]);
    let ran = bench.run_to("out", &["--allow-empty"]).sound(0);
    assert!(fs::read_dir(ran.out.join("data")).is_err());
}
