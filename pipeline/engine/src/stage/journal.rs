//! What an interrupted run has finished. One line per finished unit of a stage; a line
//! that was cut off by a crash is not there. Of several lines about one slot (one
//! output of one stage) the last one holds.

use std::{
    collections::HashMap,
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};

use crate::EngineError;

/// The journal of one run folder.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    done: HashMap<String, Line>,
    file: Mutex<File>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    slot: String,
    fingerprint: String,
    report: String,
}

/// What a piece of work makes, and everything that decides how it comes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WorkKey {
    pub slot: String,
    pub fingerprint: String,
}

impl Journal {
    /// Opens the journal at `path`, or starts one.
    pub(crate) fn open(path: &Path) -> Result<Self, EngineError> {
        let mut done = HashMap::new();
        if let Ok(file) = File::open(path) {
            for line in BufReader::new(file).split(b'\n') {
                let line = line.map_err(EngineError::io("read", path))?;
                if let Ok(line) = serde_json::from_slice::<Line>(&line) {
                    done.insert(line.slot.clone(), line);
                }
            }
        }
        let file = OpenOptions::new().create(true).append(true).open(path);
        let mut file = file.map_err(EngineError::io("opened", path))?;
        // A line that a crash cut off must not swallow the next one.
        file.write_all(b"\n").map_err(EngineError::io("written", path))?;
        Ok(Self { path: path.to_owned(), done, file: Mutex::new(file) })
    }

    /// The report of the work, if it was finished before and nothing has changed since.
    pub(crate) fn find(&self, key: &WorkKey) -> Option<&str> {
        let line = self.done.get(&key.slot)?;
        (line.fingerprint == key.fingerprint).then_some(line.report.as_str())
    }

    /// Takes back what was recorded of the slot, before its output is written again.
    pub(crate) fn forget(&self, key: &WorkKey) -> Result<(), EngineError> {
        if self.done.contains_key(&key.slot) {
            let nothing = WorkKey { slot: key.slot.clone(), fingerprint: String::new() };
            self.record(&nothing, "")?;
        }
        Ok(())
    }

    /// Records that the work is finished.
    pub(crate) fn record(&self, key: &WorkKey, report: &str) -> Result<(), EngineError> {
        let WorkKey { slot, fingerprint } = key.clone();
        let line = Line { slot, fingerprint, report: report.to_owned() };
        let mut text = serde_json::to_vec(&line)
            .map_err(|error| EngineError::Broken(format!("journal: {error}")))?;
        text.push(b'\n');
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(&text).map_err(EngineError::io("written", &self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(slot: &str, fingerprint: &str) -> WorkKey {
        WorkKey { slot: slot.to_owned(), fingerprint: fingerprint.to_owned() }
    }

    #[test]
    fn a_line_that_was_cut_off_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        Journal::open(&path).unwrap().record(&key("a", "x"), "1").unwrap();
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(br#"{"slot":"b","finger"#).unwrap();
        Journal::open(&path).unwrap().record(&key("c", "x"), "3").unwrap();
        let journal = Journal::open(&path).unwrap();
        let found = ["a", "b", "c"].map(|slot| journal.find(&key(slot, "x")));
        assert_eq!(found, [Some("1"), None, Some("3")]);
    }

    #[test]
    fn the_last_line_about_a_slot_holds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = Journal::open(&path).unwrap();
        journal.record(&key("a", "old"), "1").unwrap();
        journal.record(&key("a", "new"), "2").unwrap();
        let journal = Journal::open(&path).unwrap();
        assert_eq!(journal.find(&key("a", "old")), None);
        assert_eq!(journal.find(&key("a", "new")), Some("2"));
    }
}
