//! How large things may grow.

use crate::{none, repository::files};

/// Lines of a Rust file.
const MOST_LINES: usize = 500;
/// Bytes of a file.
const MOST_BYTES: usize = 2 << 20;
/// Bytes of `samples/`.
const MOST_SAMPLE_BYTES: usize = 8 << 20;
/// Lines of `pipeline/ARCHITECTURE.md`: two pages.
const MOST_MAP_LINES: usize = 120;
/// Lines of a note in `pipeline/decisions/`.
const MOST_DECISION_LINES: usize = 40;

/// Files that may be longer, each with its reason.
const LONG: &[(&str, &str)] = &[];

#[test]
fn rust_files_fit_a_sitting() {
    let mut violations = Vec::new();
    for file in files() {
        if file.ending() != "rs" {
            continue;
        }
        let lines = file.text().unwrap().lines().count();
        let excused = LONG.iter().any(|(path, _)| *path == file.path);
        if MOST_LINES < lines && !excused {
            violations.push(format!("{}: {lines} lines", file.path));
        }
        if lines <= MOST_LINES && excused {
            violations.push(format!("{}: no longer needs its exception in LONG", file.path));
        }
    }
    for (path, _) in LONG {
        if !files().iter().any(|file| file.path == *path) {
            violations.push(format!("{path}: is gone; take it out of LONG"));
        }
    }
    none(&format!("split along its nouns what is longer than {MOST_LINES} lines:"), &violations);
}

#[test]
fn no_file_is_large() {
    let mut violations = Vec::new();
    let mut samples = 0;
    for file in files() {
        let bytes = file.bytes().len();
        if file.path.starts_with("samples/") {
            samples += bytes;
        }
        if MOST_BYTES < bytes {
            violations.push(format!("{}: {bytes} bytes", file.path));
        }
    }
    none("generate large data where it is needed instead of tracking it:", &violations);
    assert!(
        samples <= MOST_SAMPLE_BYTES,
        "samples/ holds {samples} bytes; keep what has a purpose, up to {MOST_SAMPLE_BYTES}"
    );
}

#[test]
fn papers_stay_short() {
    let mut violations = Vec::new();
    for file in files() {
        let most = match file.path.as_str() {
            "pipeline/ARCHITECTURE.md" => MOST_MAP_LINES,
            path if path.starts_with("pipeline/decisions/") => MOST_DECISION_LINES,
            _ => continue,
        };
        let lines = file.text().unwrap().lines().count();
        if most < lines {
            violations.push(format!("{}: {lines} lines instead of {most}", file.path));
        }
    }
    none("say less, or say it beside the code:", &violations);
}
