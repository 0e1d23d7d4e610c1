//! End to end, from Parquet to Parquet: MB/s, documents/s and peak memory of a whole
//! process, and the ratio to DuckDB on the same input where Python has it.
//!
//! ```text
//! cargo build --release
//! cargo test --workspace --bench end_to_end              # generated English text
//! cargo test --workspace --bench end_to_end -- PATH…     # a corpus of your own
//! ```
//!
//! The command that is measured is the release build; this harness is not, so that no
//! second release build of the engine is needed for it.
//! Absolute figures depend on the machine; ratios are taken in one run, in turns.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints its figures and fails by panicking"
)]

mod corpus;
mod process;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use process::{Figures, measure};

/// Times each command is run; the median is reported.
const RUNS: usize = 5;

fn main() {
    let paths: Vec<String> = env::args().skip(1).filter(|it| !it.starts_with("--")).collect();
    let assay = release_build();
    let work = tempfile::tempdir().expect("a temporary folder");
    let inputs = if paths.is_empty() { vec![corpus::english(work.path())] } else { paths };
    let (documents, megabytes) = corpus::size(&inputs);
    println!("input: {documents} documents, {megabytes:.1} MB of text");
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let configs = own.join("../configs");
    let recipes = [
        own.join("bench/gopher_quality.toml"),
        configs.join("fineweb.toml"),
        configs.join("dedup-exact.toml"),
    ];
    for (recipe_file, threads) in recipes.iter().flat_map(|it| [(it, 1), (it, 2)]) {
        let recipe = recipe_file.file_stem().unwrap().display();
        let figures = median((0..RUNS).map(|_| {
            let out = work.path().join("out");
            let _ = fs::remove_dir_all(&out);
            let mut command = Command::new(&assay);
            command.arg("run").arg(recipe_file).arg("-i").args(&inputs).arg("-o").arg(&out);
            command.args(["--quiet", "--allow-empty", "--threads", &threads.to_string()]);
            measure(&mut command)
        }));
        report(&format!("assay {recipe}, {threads} threads"), documents, megabytes, &figures);
    }
    for threads in [1, 2] {
        against_duckdb(&assay, work.path(), &configs, &inputs, threads, documents, megabytes);
    }
}

/// The release build beside the folder that this harness was built in.
fn release_build() -> PathBuf {
    let harness = env::current_exe().unwrap();
    let target = harness.ancestors().nth(3).unwrap();
    let assay = target.join("release/assay");
    assert!(assay.exists(), "{} is missing: run `cargo build --release` first", assay.display());
    assay
}

fn report(name: &str, documents: u64, megabytes: f64, figures: &Figures) {
    let per_core = megabytes / figures.cpu;
    println!(
        "{name:32} {:7.2} s  {:7.1} MB/s  {:9.0} docs/s  {per_core:6.1} MB/s per cpu second  {:6.0} MB peak",
        figures.wall,
        megabytes / figures.wall,
        documents as f64 / figures.wall,
        figures.peak / 1e6,
    );
}

/// Exact deduplication beside DuckDB, in turns: the same key (a 128-bit hash of the
/// text), the same codec and row group size.
fn against_duckdb(
    assay: &Path,
    work: &Path,
    configs: &Path,
    inputs: &[String],
    threads: usize,
    documents: u64,
    megabytes: f64,
) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench/duckdb_dedup.py");
    let duckdb = || {
        let mut command = Command::new("python3");
        command.arg(&script).arg(work.join("duckdb.parquet")).arg(threads.to_string());
        command.args(inputs);
        command
    };
    if !Command::new("python3").args(["-c", "import duckdb"]).status().is_ok_and(|it| it.success())
    {
        println!("skipped: DuckDB (python3 -m pip install duckdb)");
        return;
    }
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let out = work.join("out");
        let _ = fs::remove_dir_all(&out);
        let mut command = Command::new(assay);
        command.arg("run").arg(configs.join("dedup-exact.toml")).arg("-i").args(inputs);
        command.arg("-o").arg(&out).args(["--quiet", "--set", "duplicates.form=bytes"]);
        command.args(["--threads", &threads.to_string()]);
        ours.push(measure(&mut command));
        theirs.push(measure(&mut duckdb()));
    }
    let (ours, theirs) = (median(ours.into_iter()), median(theirs.into_iter()));
    report(&format!("assay exact dedup, {threads} threads"), documents, megabytes, &ours);
    report(&format!("duckdb exact dedup, {threads} threads"), documents, megabytes, &theirs);
    println!("ratio of wall times, assay to duckdb: {:.2}", ours.wall / theirs.wall);
}

fn median(runs: impl Iterator<Item = Figures>) -> Figures {
    let mut runs: Vec<Figures> = runs.collect();
    runs.sort_by(|a, b| a.wall.total_cmp(&b.wall));
    runs.swap_remove(runs.len() / 2)
}
