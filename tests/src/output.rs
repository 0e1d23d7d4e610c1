//! What a command said.

use std::{path::Path, process};

use regex::{Captures, Regex};
use serde_json::Value;

use crate::repository;

/// Exit code and words of a command.
#[derive(Debug)]
pub struct Output {
    /// Exit code.
    pub exit: i32,
    /// Data.
    pub stdout: String,
    /// Words.
    pub stderr: String,
    /// Paths of this machine, and what stands for them in a snapshot.
    places: Vec<(String, &'static str)>,
}

impl Output {
    pub(crate) fn of(done: &process::Output, folder: &Path) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the output is UTF-8");
        let mut places = vec![(folder.display().to_string(), "[folder]")];
        if let Ok(real) = folder.canonicalize() {
            places.push((real.display().to_string(), "[folder]"));
        }
        places.push((repository().display().to_string(), "[repository]"));
        Self {
            exit: done.status.code().expect("the command was not killed"),
            stdout: text(&done.stdout),
            stderr: text(&done.stderr),
            places,
        }
    }

    /// The output, if the exit code is `exit`.
    #[must_use]
    pub fn exits(self, exit: i32) -> Self {
        assert!(self.exit == exit, "wanted exit code {exit}\n{}", self.snapshot());
        self
    }

    /// Standard output as one JSON value.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("no JSON: {error}\n{}", self.snapshot()))
    }

    /// Standard output as one JSON value a line.
    #[must_use]
    pub fn json_lines(&self) -> Vec<Value> {
        let read = |line| {
            serde_json::from_str(line)
                .unwrap_or_else(|error| panic!("no JSON: {error}\n{}", self.snapshot()))
        };
        self.stdout.lines().map(read).collect()
    }

    /// Exit code, standard output and standard error as one text that is the same on any
    /// machine. Hashes, durations and the version keep their width, so that tables stay
    /// aligned.
    #[must_use]
    pub fn snapshot(&self) -> String {
        let text = format!(
            "exit: {} ({})\n----- stdout -----\n{}----- stderr -----\n{}",
            self.exit,
            name(self.exit),
            ended(&self.stdout),
            ended(&self.stderr)
        );
        let text =
            self.places.iter().fold(text, |text, (path, stand_in)| text.replace(path, stand_in));
        let version = regex::escape(env!("CARGO_PKG_VERSION"));
        let hidden = [
            (r"\b[0-9a-f]{32}\b".to_owned(), false),
            (format!(r"\b{version}\b"), true),
            (r"\b\d+(\.\d+)? (ms|s|min|h)\b".to_owned(), true),
        ];
        hidden.iter().fold(text, |text, (pattern, digits_only)| {
            let pattern = Regex::new(pattern).expect("the pattern is valid");
            let cover = |found: &Captures<'_>| {
                let hide = |c: char| if !digits_only || c.is_ascii_digit() { '#' } else { c };
                found[0].chars().map(hide).collect::<String>()
            };
            pattern.replace_all(&text, cover).into_owned()
        })
    }
}

/// What the documented exit codes mean.
fn name(exit: i32) -> &'static str {
    match exit {
        0 => "ok",
        1 => "bug",
        2 => "usage",
        3 => "recipe",
        4 => "input",
        5 => "ledger",
        10 => "gate",
        11 => "quarantined",
        12 => "out of disk",
        13 => "remote storage",
        14 => "engine lost",
        15 => "refused",
        16 => "folder in use",
        130 => "interrupted",
        _ => "undocumented",
    }
}

fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}
