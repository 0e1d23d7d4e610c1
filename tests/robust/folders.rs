//! Run folders in odd places, in use, or no longer about the same input.

use std::{fs, fs::File, time::Duration};

use crate::{
    bench::{Bench, start},
    made::{docs, jsonl, parquet},
};

#[test]
fn a_changed_input_is_noticed_and_the_rest_is_not_measured_again() {
    let bench = Bench::new();
    let names = [
        bench.add("a.parquet", parquet(&docs(1, 20))),
        bench.add("b.parquet", parquet(&docs(2, 20))),
        bench.add("c.jsonl", jsonl(&docs(3, 20))),
    ];
    bench.run().sound(0);
    bench.run().sound(0).says(&["up to date"]);
    bench.add("b.parquet", parquet(&docs(12, 30)));
    bench.add("c.jsonl", jsonl(&docs(13, 30)));
    bench.add("d.parquet", parquet(&docs(4, 20)));
    let ran = bench.run().sound(0);
    assert_eq!((ran.kept(&names[1]), ran.kept(&names[2])), (30, 30));
    assert_eq!(ran.kept("in/d.parquet"), 20);
    let timings = ran.record()["timings"].clone();
    let measure = timings.as_array().unwrap().iter().find(|it| it["stage"] == "measure").unwrap();
    assert_eq!((&measure["units"], &measure["resumed"]), (&4.into(), &1.into()));
    let fresh = bench.run_to::<&str>("fresh", &[]).sound(0);
    assert_eq!(ran.bytes(), fresh.bytes());
    // Same names and sizes, other words.
    fs::remove_file(bench.input().join("a.parquet")).unwrap();
    std::thread::sleep(Duration::from_millis(20));
    bench.add("c.jsonl", jsonl(&docs(14, 30)));
    let ran = bench.run().sound(0);
    assert_eq!(ran.bytes(), bench.run_to::<&str>("fresh again", &[]).sound(0).bytes());
    assert!(!ran.out.join("data/in/a.parquet-00000.parquet").exists());
}

#[test]
fn a_changed_recipe_is_noticed() {
    let bench = Bench::new();
    let mut rows = docs(1, 20);
    rows[4].text = Some("too short".to_owned());
    bench.add("a.parquet", parquet(&rows));
    assert_eq!(bench.run().sound(0).kept("in/a.parquet"), 19);
    let ran = bench.run_to("out", &["--set", "words.min=1"]).sound(0);
    assert_eq!(ran.kept("in/a.parquet"), 20);
    bench.recipe(&format!("{}[output]\ndropped = true\n", crate::bench::RECIPE));
    let ran = bench.run().sound(0);
    assert_eq!(ran.table("dropped").len(), 1);
}

#[test]
fn an_output_folder_within_the_input_is_not_read() {
    let bench = Bench::new();
    bench.add("a.jsonl", jsonl(&docs(1, 20)));
    for _ in 0..2 {
        let ran = bench.run_to::<&str>("in/out", &[]).sound(0);
        assert_eq!(ran.record()["counts"]["rows"], 20);
    }
    fs::remove_file(bench.path("in/out/run.json")).unwrap();
    let ran = bench.run_to::<&str>("in/out", &[]).sound(0);
    assert_eq!(ran.record()["counts"]["rows"], 20);
}

#[test]
fn the_input_itself_is_no_place_for_output() {
    let bench = Bench::new();
    bench.add("a.jsonl", jsonl(&docs(1, 20)));
    let ran = bench.run_to::<&str>("in", &[]).ends(2).says(&["is not empty"]);
    assert_eq!(fs::read_dir(ran.out).unwrap().count(), 1);
}

#[test]
fn an_output_folder_that_cannot_be_made_is_an_answer() {
    let bench = Bench::new();
    bench.add("a.jsonl", jsonl(&docs(1, 20)));
    fs::write(bench.path("file"), "in the way").unwrap();
    let ran = bench.run_to::<&str>("file/out", &[]);
    let code = ran.code;
    ran.ends(code.unwrap()).says(&["file/out"]);
    assert!([Some(4), Some(5)].contains(&code), "{code:?}");
    // A folder that is read-only even for its owner, where there is one.
    let readonly = std::path::Path::new("/proc/assay");
    if readonly.parent().is_some_and(|it| it.exists()) {
        let ran = bench.run_to::<&str>("/proc/assay", &[]);
        let code = ran.code;
        ran.ends(code.unwrap()).says(&["/proc/assay"]);
        assert!([Some(4), Some(5)].contains(&code), "{code:?}");
    }
}

#[test]
fn the_output_folder_may_have_an_odd_name() {
    let bench = Bench::new();
    let mut rows = docs(1, 20);
    rows.extend_from_slice(&docs(1, 10));
    bench.add("a.jsonl", jsonl(&rows));
    for odd in ["run [1]", "100%", "a*b?", "运行#1", "x%20y", "sp ace"] {
        let ran = bench.run_to::<&str>(odd, &[]).sound(0);
        assert_eq!(ran.kept("in/a.jsonl"), 20, "{odd}");
        assert!(ran.out.join("report.html").exists());
    }
}

#[test]
fn a_folder_in_use_is_left_alone() {
    let bench = Bench::new();
    bench.add("a.jsonl", jsonl(&docs(1, 20)));
    fs::create_dir_all(bench.path("out/.work")).unwrap();
    let lock = File::create(bench.path("out/.work/lock")).unwrap();
    lock.lock().unwrap();
    bench.run().ends(16).says(&["is in use"]);
    drop(lock);
    bench.run().sound(0);
}

#[test]
fn of_many_runs_at_once_in_a_folder_one_does_the_work() {
    let bench = Bench::new();
    for seed in 0..4 {
        bench.add(&format!("{seed}.jsonl"), jsonl(&docs(seed, 2_000)));
    }
    let mut running: Vec<_> = (0..4)
        .map(|number| {
            let said = bench.path(format!("said {number}"));
            start(bench.command::<&str>("out", &[]), &said)
        })
        .collect();
    let codes: Vec<_> = running.iter_mut().map(|it| it.wait().unwrap().code().unwrap()).collect();
    assert!(codes.iter().all(|code| [0, 16].contains(code)), "{codes:?}");
    assert!(codes.contains(&0) && codes.contains(&16), "{codes:?}");
    let ran = bench.run().sound(0).says(&["up to date"]);
    assert_eq!(ran.record()["counts"]["keep"], 8_000);
}
