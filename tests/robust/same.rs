//! The same bytes, however the run was done, stopped and resumed.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Child, Command},
    time::{Duration, Instant},
};

use crate::{
    bench::{Bench, RECIPE, start},
    made::{Dice, Doc, csv, docs, gzip, jsonl, parquet, parquet_in_groups, zst},
};

const MORE: &str = r#"
[[step]]
name = "junk"
operator = "strip_control"
[[step]]
name = "density"
operator = "expression"
options = { sql = "words__value / nullif(bytes, 0)", max = 0.9 }
on-outside = "quarantine"
[[rule]]
name = "third"
when = "source = 'source 2' AND words__value > 22"
action = "quarantine"
[output]
dropped = true
[[step]]
name = "near"
operator = "near_duplicates"
on-outside = "drop"
options = { templates = "remove", against = ["beside"], prefer = ["words__value desc"] }
[[step]]
name = "frames"
operator = "shared_passages"
options = { unit = "words", words = 8, characters = 20 }
"#;

/// 24 files with edits, drops, quarantines and duplicates across them.
fn corpus(bench: &Bench, scale: u64) {
    bench.recipe(&format!("{RECIPE}{MORE}"));
    fs::create_dir(bench.path("beside")).unwrap();
    fs::write(bench.path("beside/old.parquet"), parquet(&docs(1, 40))).unwrap();
    let mut dice = Dice::new(11);
    let pool = docs(99, 40);
    for file in 0..24_u64 {
        let mut rows = docs(file, scale);
        for doc in &mut rows {
            match dice.below(10) {
                0 => doc.text.clone_from(&pool[dice.below(40)].text),
                1 => doc.text = doc.text.take().map(|text| text.replace("the", "\u{200b}the")),
                2 => doc.text = Some("short".into()),
                3 if dice.below(4) == 0 => doc.text = None,
                _ => {}
            }
        }
        add(bench, file, &rows);
    }
}

fn add(bench: &Bench, file: u64, rows: &[Doc]) {
    let name = |ending: &str| format!("{file:02}.{ending}");
    match file % 8 {
        _ if file == 3 => bench.add(&name("parquet"), parquet_in_groups(rows, rows.len() / 8 + 1)),
        0 => bench.add(&name("jsonl"), [jsonl(rows), b"{broken\n".to_vec()].concat()),
        1 => bench.add(&name("jsonl.gz"), gzip(&jsonl(rows))),
        2 => bench.add(&name("jsonl.zst"), zst(&jsonl(rows))),
        4 => bench.add(&name("csv"), csv(rows)),
        _ => bench.add(&name("parquet"), parquet(rows)),
    };
}

fn differences(left: &BTreeMap<String, u128>, right: &BTreeMap<String, u128>) -> Vec<String> {
    let names = left.keys().chain(right.keys());
    names.filter(|name| left.get(*name) != right.get(*name)).cloned().collect()
}

#[test]
fn neither_threads_nor_memory_nor_order_change_a_byte() {
    let bench = Bench::new();
    corpus(&bench, 120);
    let ran = bench.run_to("first", &["--threads", "1"]).sound(11);
    let counts = ran.record()["counts"].clone();
    for fate in ["keep", "edit", "quarantine", "drop"] {
        assert!(100 < counts[fate].as_u64().unwrap(), "{counts}");
    }
    let wanted = ran.bytes();
    assert!(80 < wanted.len());
    let mut files: Vec<String> = fs::read_dir(bench.input())
        .unwrap()
        .map(|entry| entry.unwrap().path().to_str().unwrap().to_owned())
        .collect();
    files.sort();
    let mut dice = Dice::new(5);
    for at in (1..files.len()).rev() {
        files.swap(at, dice.below(at + 1));
    }
    let mut listed = vec!["-i".to_owned()];
    listed.extend(files);
    let twice = [listed.clone(), vec!["-i".to_owned(), bench.input().display().to_string()]];
    let ways: Vec<Vec<String>> = vec![
        vec!["--threads".into(), "2".into()],
        vec!["--threads".into(), "7".into()],
        vec!["--threads".into(), "4".into(), "--max-memory".into(), "300MB".into()],
        listed,
        twice.concat(),
    ];
    for (number, way) in ways.iter().enumerate() {
        let out = format!("way {number}");
        let found = bench.run_to(&out, way).sound(11).bytes();
        assert_eq!(differences(&wanted, &found), [""; 0], "{way:?}");
    }
}

#[test]
fn a_file_of_several_units_is_one_file_to_its_readers() {
    let bench = Bench::new();
    // More than 262,144 rows are two units; every sixth text is there twice.
    let mut rows: Vec<Doc> = (0..300_000_u64)
        .map(|at| Doc {
            id: at.to_string(),
            text: Some(format!("some words and number {}", if at % 6 == 5 { at - 5 } else { at })),
            source: "one".to_owned(),
        })
        .collect();
    // Copies far apart, in either unit.
    rows[299_999].text = rows[1].text.clone();
    rows[7].text = rows[280_001].text.clone();
    bench.add("a.parquet", parquet_in_groups(&rows, 50_000));
    let one = bench.run_to("one", &["--threads", "1"]).sound(0);
    let two = bench.run_to("two", &["--threads", "2"]).sound(0);
    assert_eq!(differences(&one.bytes(), &two.bytes()), [""; 0]);
    assert_eq!(one.table("data").len(), 2);
    assert_eq!(one.kept("in/a.parquet"), 250_000 - 1);
    let decisions = one.decisions();
    let actions = [1, 7, 280_001, 299_999].map(|row: usize| decisions[row].action.as_str());
    assert_eq!(actions, ["keep", "keep", "drop", "drop"]);
}

fn lines(path: &Path) -> usize {
    fs::read(path).map_or(0, |bytes| bytes.split(|it| *it == b'\n').count())
}

/// Kills the process as soon as `now` holds; false if it ended before.
fn killed_when(child: &mut Child, now: impl Fn() -> bool) -> bool {
    let began = Instant::now();
    while began.elapsed() < Duration::from_mins(1) {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if now() {
            child.kill().unwrap();
            child.wait().unwrap();
            return true;
        }
        std::thread::sleep(Duration::from_micros(300));
    }
    child.kill().unwrap();
    false
}

fn resumed(record: &serde_json::Value, stage: &str) -> u64 {
    let timings = record["timings"].as_array().unwrap();
    let of = timings.iter().filter(|it| it["stage"] == stage);
    of.map(|it| it["resumed"].as_u64().unwrap()).sum()
}

#[test]
fn a_run_that_was_killed_again_and_again_ends_with_the_same_bytes() {
    let bench = Bench::new();
    corpus(&bench, 250);
    let wanted = bench.run_to("whole", &["--threads", "2"]).sound(11).bytes();
    let (mut stopped, mut saved, mut rewritten) = (0, 0, 0);
    for round in 0..4_usize {
        let out = format!("round {round}");
        let journal = bench.path(&out).join(".work/journal.jsonl");
        let data = bench.path(&out).join("data/in");
        // While ingesting, while measuring, while writing, and anywhere.
        for step in 0..4_usize {
            let threads = (1 + (round + step) % 3).to_string();
            let command = bench.command(&out, &["--threads", &threads]);
            let mut child = start(command, &bench.path("said"));
            let before = lines(&journal);
            let pause = Duration::from_millis(Dice::new((round * 4 + step) as u64).next() % 500);
            let began = Instant::now();
            let hit = match step {
                0 => killed_when(&mut child, || 3 + round < lines(&journal)),
                1 => killed_when(&mut child, || 16 + 3 * round < lines(&journal)),
                2 => killed_when(&mut child, || pause < began.elapsed()),
                _ => killed_when(&mut child, || {
                    let written = fs::read_dir(&data).map_or(0, |it| it.count());
                    2 + 3 * round < written && before < lines(&journal)
                }),
            };
            stopped += usize::from(hit);
            // A kill that came after the commit leaves a finished run, and a whole one.
            let finished = bench.path(&out).join("run.json").exists();
            assert!(!hit || !finished || bench.verifies(&out), "round {round}, step {step}");
        }
        let ran = bench.run_to(&out, &["--threads", "2"]).sound(11);
        saved += resumed(&ran.record(), "measure");
        rewritten += resumed(&ran.record(), "write");
        assert_eq!(differences(&wanted, &ran.bytes()), [""; 0], "round {round}");
        assert!(ran.bytes().into_keys().all(|it| it.ends_with(".parquet")), "round {round}");
    }
    assert!(8 <= stopped, "{stopped} kills hit a run at work");
    assert!(0 < saved && 0 < rewritten, "{saved} units measured, {rewritten} written before");
}

#[cfg(unix)]
#[test]
fn a_run_that_is_asked_to_end_ends_in_order_and_resumes() {
    let bench = Bench::new();
    corpus(&bench, 2_000);
    let wanted = bench.run_to("whole", &["--threads", "2"]).sound(11).bytes();
    let journal = bench.path("out").join(".work/journal.jsonl");
    let mut child = start(bench.command("out", &["--threads", "1"]), &bench.path("said"));
    let began = Instant::now();
    while lines(&journal) < 4 && began.elapsed() < Duration::from_mins(1) {
        std::thread::sleep(Duration::from_micros(300));
    }
    let asked = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(asked.success());
    let said = child.wait().unwrap();
    // A run that was done before it heard of it has nothing to resume.
    assert!(matches!(said.code(), Some(130 | 11)), "{said:?}");
    let again = bench.run_to("out", &["--threads", "2"]).sound(11);
    assert_eq!(differences(&wanted, &again.bytes()), [""; 0]);
}
