//! Files whose names are hard to pass on.

use std::{fs, os::unix::fs::symlink};

use crate::{
    bench::Bench,
    made::{csv, docs, jsonl, parquet},
};

const ODD: [&str; 14] = [
    "a file with  spaces",
    "中文 语料",
    "hash#tag",
    "100% sure %20 %ZZ",
    "\"double\" and 'single'",
    "two\nlines",
    "star*",
    "question?",
    "brackets[0-9]{a,b}",
    "back\\slash",
    "key=value&x",
    "-o",
    "emoji 👩‍🚀",
    "tab\tand bell\u{7}",
];

#[test]
fn odd_names_are_only_names() {
    let bench = Bench::new();
    let mut names = Vec::new();
    for (seed, odd) in (1..).zip(ODD) {
        names.push(bench.add(&format!("{odd}.parquet"), parquet(&docs(seed, 5))));
        // Every row is there twice.
        names.push(bench.add(&format!("{odd}/{odd}.jsonl"), jsonl(&docs(seed, 5))));
        names.push(bench.add(&format!("{odd}/{odd}.csv"), csv(&docs(seed, 5))));
    }
    let ran = bench.run().sound(0);
    let counts = &ran.record()["counts"];
    assert_eq!((&counts["rows"], &counts["keep"]), (&210.into(), &70.into()));
    for name in &names {
        assert_eq!(ran.counts_of(name)["rows"], 5, "{name:?}");
    }
}

#[test]
fn the_longest_names_are_shortened_but_stay_apart() {
    let bench = Bench::new();
    // 255 bytes is the most that a name may have.
    let long = |last: char, ending: &str| format!("{}{last}.{ending}", "长".repeat(82));
    let names = [
        bench.add(&long('a', "parquet"), parquet(&docs(1, 5))),
        bench.add(&long('b', "parquet"), parquet(&docs(2, 5))),
        bench.add(&long('c', "jsonl"), jsonl(&docs(3, 5))),
        bench.add(&long('d', "jsonl"), jsonl(&docs(4, 5))),
        bench.add(&format!("{}.csv", "x".repeat(251)), csv(&docs(5, 5))),
    ];
    let ran = bench.run().sound(0);
    for name in &names {
        assert_eq!(ran.kept(name), 5);
    }
    assert_eq!(ran.table("data").len(), 5);
    for id in ["1-0", "3-4", "5-2"] {
        let mut explain = crate::bench::assay();
        explain.arg("explain").arg(&ran.out).arg(id);
        crate::bench::Ran::wait(explain, ran.out.clone()).ends(0);
    }
}

#[test]
fn a_link_to_a_file_or_folder_is_followed() {
    let bench = Bench::new();
    fs::create_dir(bench.path("elsewhere")).unwrap();
    fs::write(bench.path("elsewhere/real.parquet"), parquet(&docs(1, 5))).unwrap();
    symlink(bench.path("elsewhere/real.parquet"), bench.input().join("linked.parquet")).unwrap();
    fs::create_dir(bench.path("more")).unwrap();
    fs::write(bench.path("more/b.parquet"), parquet(&docs(2, 5))).unwrap();
    symlink(bench.path("more"), bench.input().join("folder")).unwrap();
    let ran = bench.run().sound(0);
    assert_eq!((ran.kept("in/linked.parquet"), ran.kept("in/folder/b.parquet")), (5, 5));
}

#[test]
fn a_link_to_nothing_is_passed_over_with_a_warning() {
    let bench = Bench::new();
    symlink(bench.path("gone"), bench.input().join("gone.parquet")).unwrap();
    let good = bench.add("a.parquet", parquet(&docs(1, 5)));
    let ran = bench.run().sound(0).says(&["gone.parquet"]);
    assert_eq!(ran.kept(&good), 5);
}

#[test]
fn a_link_back_to_its_own_folder_ends_no_run() {
    let bench = Bench::new();
    symlink(bench.input(), bench.input().join("again")).unwrap();
    let good = bench.add("a.parquet", parquet(&docs(1, 5)));
    let ran = bench.run().sound(0).says(&["again"]);
    assert_eq!(ran.kept(&good), 5);
}

#[test]
fn a_file_given_twice_under_two_names_is_refused() {
    let bench = Bench::new();
    bench.add("sub/a.parquet", parquet(&docs(1, 5)));
    let inputs = [bench.input(), bench.input().join("sub")];
    let more = ["-i", inputs[0].to_str().unwrap(), inputs[1].to_str().unwrap()];
    bench.run_to("out", &more).ends(4).says(&["in/sub/a.parquet", "sub/a.parquet"]);
}

#[test]
fn two_roots_of_one_name_are_told_apart_by_labels() {
    let bench = Bench::new();
    for (side, seed) in [("left", 1), ("right", 2)] {
        fs::create_dir_all(bench.path(format!("{side}/data"))).unwrap();
        fs::write(bench.path(format!("{side}/data/a.parquet")), parquet(&docs(seed, 5))).unwrap();
    }
    let (left, right) = (bench.path("left/data"), bench.path("right/data"));
    let (left, right) = (left.to_str().unwrap(), right.to_str().unwrap());
    bench.run_to("out", &["-i", left, right]).ends(4).says(&["data/a.parquet", "LABEL=PATH"]);
    let right = format!("other={right}");
    let ran = bench.run_to("out", &["-i", left, &right]).sound(0);
    assert_eq!((ran.kept("data/a.parquet"), ran.kept("other/a.parquet")), (5, 5));
}
