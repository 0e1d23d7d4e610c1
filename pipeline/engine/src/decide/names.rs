//! Names of the input files by ordinal: stored once per run, read once per process.

use std::{fs, sync::Arc};

use assay_ledger::Folder;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use crate::{EngineError, ready::Ready};

/// Where the names of a run's files are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileNames {
    folder: Folder,
    /// Of what is stored, so that the names of another run are never taken for these.
    hash: String,
}

/// The file, below the run folder.
const NAMES: &str = ".work/files.json";

impl FileNames {
    /// Stores `names` in the run folder.
    pub(crate) fn store(folder: &Folder, names: &[String]) -> Result<Self, EngineError> {
        let path = folder.path(NAMES);
        let text =
            serde_json::to_string(names).map_err(|error| EngineError::Broken(error.to_string()))?;
        fs::write(&path, &text).map_err(EngineError::io("written", &path))?;
        let hash = format!("{:032x}", xxh3_128(text.as_bytes()));
        Ok(Self { folder: folder.clone(), hash })
    }

    /// The names in order of ordinal.
    pub(crate) fn read(&self) -> Result<Arc<Vec<String>>, EngineError> {
        static READY: Ready<Vec<String>> = Ready::new();
        READY.get(&self.hash, || {
            let path = self.folder.path(NAMES);
            let text = fs::read_to_string(&path).map_err(EngineError::io("read", &path))?;
            if self.hash != format!("{:032x}", xxh3_128(text.as_bytes())) {
                return Err(EngineError::Broken(format!("{} was changed", path.display())));
            }
            serde_json::from_str(&text).map_err(|error| EngineError::Broken(error.to_string()))
        })
    }
}
