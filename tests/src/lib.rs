//! Tests of the whole: the command as a user types it, in a folder of its own.
//!
//! This is what the test targets share. Each of them names the command in one place:
//! `Workbench::of(env!("CARGO_BIN_EXE_assay-under-test"))`.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod output;
mod tables;

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use arrow::array::RecordBatch;
use serde_json::Value;
use tempfile::TempDir;

pub use output::Output;
pub use tables::{read_rows, write_parquet};

/// A temporary folder, and the command to run in it.
pub struct Workbench {
    folder: TempDir,
    program: PathBuf,
}

impl Workbench {
    /// An empty folder for the command at `program`.
    #[must_use]
    pub fn of(program: impl Into<PathBuf>) -> Self {
        let folder = TempDir::with_prefix("assay-").expect("a temporary folder can be made");
        Self { folder, program: program.into() }
    }

    /// The path of `name` in the folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.with_parent(name);
        fs::write(&path, content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Writes one JSON object a line.
    pub fn write_jsonl(&self, name: &str, rows: &[Value]) {
        let lines: Vec<String> = rows.iter().map(|row| format!("{row}\n")).collect();
        self.write(name, lines.concat());
    }

    /// Writes records under a header; every field is quoted.
    pub fn write_csv(&self, name: &str, header: &[&str], records: &[&[&str]]) {
        let quoted = |field: &&str| format!("\"{}\"", field.replace('"', "\"\""));
        let line = |record: &[&str]| {
            let fields: Vec<String> = record.iter().map(quoted).collect();
            format!("{}\n", fields.join(","))
        };
        let records: Vec<String> = records.iter().map(|record| line(record)).collect();
        self.write(name, line(header) + &records.concat());
    }

    /// Writes a Parquet file with row groups of `group` rows.
    pub fn write_parquet(&self, name: &str, rows: &RecordBatch, group: usize) {
        write_parquet(&self.with_parent(name), rows, group);
    }

    /// The text of a file.
    #[must_use]
    pub fn read(&self, name: &str) -> String {
        let path = self.path(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The JSON of a file.
    #[must_use]
    pub fn read_json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).expect("the file is JSON")
    }

    /// The rows of a Parquet file, or of all below a folder in order of path.
    #[must_use]
    pub fn rows(&self, name: &str) -> Vec<Value> {
        let files = files_below(&self.path(name));
        files.iter().flat_map(|file| read_rows(file)).collect()
    }

    /// Every file below the folder `name` with its content, in order of path.
    #[must_use]
    pub fn contents(&self, name: &str) -> Vec<(PathBuf, Vec<u8>)> {
        let read = |path: PathBuf| {
            let content = fs::read(&path).expect("the file can be read");
            (path, content)
        };
        files_below(&self.path(name)).into_iter().map(read).collect()
    }

    /// Runs the command in the folder, as on a terminal of 100 columns without colour.
    pub fn assay<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Output {
        let done = Command::new(&self.program)
            .args(arguments)
            .current_dir(self.folder.path())
            .env("COLUMNS", "100")
            .env("NO_COLOR", "1")
            .env("LANG", "C")
            .env("LC_ALL", "C")
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::null())
            .output()
            .unwrap_or_else(|error| panic!("{}: {error}", self.program.display()));
        Output::of(&done, self.folder.path())
    }

    fn with_parent(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).expect("folders can be made in a temporary folder");
        }
        path
    }
}

/// The root of the repository.
#[must_use]
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate stands in the repository")
}

/// The path of `name` below the root of the repository, to be typed as an argument.
#[must_use]
pub fn in_repository(name: &str) -> String {
    repository().join(name).display().to_string()
}

/// The file at `path`, or all files below it in order of path.
#[must_use]
pub fn files_below(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(path).expect("the folder can be read");
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("the folder can be read").path()).collect();
    paths.sort();
    paths.iter().flat_map(|path| files_below(path)).collect()
}
