//! Runs through a scheduler and executors in other processes give the same bytes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod members;

use std::path::{Path, PathBuf};

use assay_tests::{Workbench, in_repository};
use members::Members;

fn workbench() -> Workbench {
    Workbench::of(env!("CARGO_BIN_EXE_assay-under-test"))
}

/// Everything that a run made: contents by path below the run folder. What a process
/// needs while it works, and the record with its times, are not results.
fn results(bench: &Workbench, run: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let root = bench.path(run);
    let aside = |path: &Path| {
        path.starts_with(".work")
            || path == Path::new("run.json")
            || path == Path::new("report.html")
    };
    let files = bench.contents(run).into_iter();
    let files = files.map(|(path, bytes)| (path.strip_prefix(&root).unwrap().to_owned(), bytes));
    files.filter(|(path, _)| !aside(path)).collect()
}

#[test]
fn the_quick_start_is_the_same_on_a_cluster() {
    let bench = workbench();
    let recipe = in_repository("configs/quickstart.toml");
    let _ = bench.assay(["run", &recipe, "-o", "here"]).exits(11);
    let members = Members::start(&bench, 2);
    let there = ["run", recipe.as_str(), "-o", "there", "--cluster", &members.url];
    let _ = bench.assay(there.into_iter().chain(members.token())).exits(11);
    let (here, there) = (results(&bench, "here"), results(&bench, "there"));
    let names = |files: &[(PathBuf, Vec<u8>)]| -> Vec<PathBuf> {
        files.iter().map(|(path, _)| path.clone()).collect()
    };
    assert_eq!(names(&here), names(&there));
    for (here, there) in here.iter().zip(&there) {
        assert!(here == there, "{} differs", here.0.display());
    }
    let counts = |run: &str| bench.read_json(&format!("{run}/run.json"))["counts"].clone();
    assert_eq!(counts("here"), counts("there"));
}

/// Everything that reads rows in another process: imported and derived values, near-duplicates
/// within the corpus, beside it and in an earlier run, passages.
const EVERYTHING: &str = r#"
recipe = "everything"
[[step]]
name = "words"
operator = "word_count"
[[step]]
name = "score"
operator = "imported"
options = { file = "scores.parquet", by = "id", key = "id", column = "score" }
[[step]]
name = "own"
operator = "column"
options = { column = "score" }
[[step]]
name = "density"
operator = "expression"
options = { sql = "(score__value + own__value) / words__value" }
[[step]]
name = "equal"
operator = "exact_duplicates"
options = { prefer = ["score__value desc"], against = ["release"] }
on-outside = "drop"
[[step]]
name = "near"
operator = "near_duplicates"
options = { prefer = ["score__value desc"], against = ["release", "before"], templates = "remove" }
on-outside = "drop"
"#;

/// The last step of both.
const FRAMES: &str = r#"
[[step]]
name = "frames"
operator = "shared_passages"
options = { unit = "lines", documents = 3, keep = "none", characters = 10 }
"#;

/// An earlier run that signed its rows and edited some.
const BEFORE: &str = r#"
recipe = "before"
[[step]]
name = "near"
operator = "near_duplicates"
on-outside = "drop"
"#;

#[test]
fn every_kind_of_step_is_the_same_on_a_cluster() {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};

    let bench = workbench();
    let sentence = |row: usize| -> String {
        (0..30).map(|word| format!("w{} ", (row * 7919 + word * 104_729) % 99_991)).collect()
    };
    let text = |row: usize| match row % 5 {
        0 => sentence(row),
        1 => format!("{}and more", sentence(row - 1)),
        2 => format!("{}\nwritten in the harbour office", sentence(row)),
        3 => sentence(row % 40),
        _ => format!("{}\nwritten in the harbour office", sentence(row / 2)),
    };
    let batch = |rows: std::ops::Range<usize>| {
        let texts: StringArray = rows.clone().map(|row| Some(text(row))).collect();
        let ids: StringArray = rows.clone().map(|row| Some(format!("id {row}"))).collect();
        let scores: Int64Array =
            rows.clone().map(|row| i64::try_from(row * 31 % 17).ok()).collect();
        let sources: StringArray = rows.map(|row| Some(format!("s{}", row % 3))).collect();
        let columns = [
            ("source", Arc::new(sources) as ArrayRef),
            ("text", Arc::new(texts)),
            ("id", Arc::new(ids)),
            ("score", Arc::new(scores)),
        ];
        RecordBatch::try_from_iter(columns).unwrap()
    };
    bench.write_parquet("corpus/a.parquet", &batch(0..300), 60);
    bench.write_parquet("corpus/b.parquet", &batch(300..600), 60);
    bench.write_parquet("release/c.parquet", &batch(550..700), 60);
    bench.write_parquet("older/d.parquet", &batch(690..800), 60);
    bench.write_parquet("scores.parquet", &batch(0..600), 100);
    bench.write("everything.toml", format!("{EVERYTHING}{FRAMES}"));
    bench.write("before.toml", format!("{BEFORE}{FRAMES}"));
    let _ = bench.assay(["run", "before.toml", "-i", "older", "-o", "before"]).exits(0);
    let run = |out: &'static str| vec!["run", "everything.toml", "-i", "corpus", "-o", out];
    let _ = bench.assay(run("here")).exits(0);
    let members = Members::start(&bench, 2);
    let there = run("there").into_iter().chain(["--cluster", members.url.as_str()]);
    let _ = bench.assay(there.chain(members.token())).exits(0);
    let (here, there) = (results(&bench, "here"), results(&bench, "there"));
    assert!(here == there);
    for table in
        ["ledger/edits/frames.parquet", "ledger/groups/near.parquet", "ledger/groups/equal.parquet"]
    {
        assert!(here.iter().any(|(path, _)| path == Path::new(table)), "{table}");
    }
    let crossings = |run: &str| bench.read_json(&format!("{run}/run.json"))["crossings"].clone();
    assert!(crossings("here")[0]["rows"].is_u64());
    assert_eq!(crossings("here"), crossings("there"));
    assert!(bench.read_json("there/run.json")["timings"].to_string().contains("\"reuse\""));
}

#[test]
fn a_damaged_file_costs_the_same_rows_on_a_cluster() {
    let bench = workbench();
    let rows = |from: usize| -> Vec<String> {
        (from..from + 400).map(|row| format!("This is page {row} of the book.")).collect()
    };
    for (name, from) in [("a", 0), ("b", 300)] {
        let texts = arrow::array::StringArray::from(rows(from));
        let batch = arrow::array::RecordBatch::try_from_iter([(
            "text",
            std::sync::Arc::new(texts) as arrow::array::ArrayRef,
        )]);
        bench.write_parquet(&format!("corpus/{name}.parquet"), &batch.unwrap(), 100);
    }
    let damaged = bench.path("corpus/b.parquet");
    let mut bytes = std::fs::read(&damaged).unwrap();
    bytes[40..600].fill(0xff);
    std::fs::write(&damaged, bytes).unwrap();
    let recipe = in_repository("configs/dedup-exact.toml");
    let run = |out: &'static str| vec!["run", recipe.as_str(), "-i", "corpus", "-o", out];
    let _ = bench.assay(run("here")).exits(11);
    let members = Members::start(&bench, 1);
    let there = run("there").into_iter().chain(["--cluster", members.url.as_str()]);
    let _ = bench.assay(there.chain(members.token())).exits(11);
    assert!(results(&bench, "here") == results(&bench, "there"));
    let lost = |run: &str| bench.read_json(&format!("{run}/run.json"))["unreadable"].clone();
    assert_eq!(lost("here"), lost("there"));
}

#[test]
fn without_the_token_nothing_is_done() {
    let bench = workbench();
    let members = Members::start(&bench, 1);
    bench.write("other-token", "another-token-of-32-characters-x");
    let recipe = in_repository("configs/quickstart.toml");
    let run = ["run", &recipe, "-o", "out", "--cluster", &members.url];
    let refused = bench.assay(run.into_iter().chain(["--token-file", "other-token"])).exits(14);
    assert!(refused.stderr.contains("the token is not that of this cluster"), "{}", refused.stderr);
    assert!(!bench.path("out/run.json").exists());
}

#[test]
fn a_scheduler_that_is_not_there_is_an_error_with_its_address() {
    let bench = workbench();
    let recipe = in_repository("configs/quickstart.toml");
    let run = ["run", &recipe, "-o", "out", "--cluster", "http://127.0.0.1:9"];
    let lost = bench.assay(run).exits(14);
    assert!(lost.stderr.contains("http://127.0.0.1:9"), "{}", lost.stderr);
}
