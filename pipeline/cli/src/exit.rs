//! Exit codes: part of the stable interface.

use std::process::ExitCode;

/// How the command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything was done.
    Ok = 0,
    /// A bug in assay.
    Bug = 1,
    /// The command line cannot be understood.
    Usage = 2,
    /// The recipe cannot be planned.
    Recipe = 3,
    /// The input cannot be used.
    Input = 4,
    /// A run folder is damaged, or not one.
    Ledger = 5,
    /// A gate stopped the run before anything was written.
    Gate = 10,
    /// Finished, but part of the input was set aside or could not be read.
    Quarantined = 11,
    /// The disk is full; the same command resumes.
    OutOfDisk = 12,
    /// The cluster is not there any more; the same command resumes.
    EngineLost = 14,
    /// Refused: it does not fit the limits.
    Refused = 15,
    /// Another run works in the folder.
    FolderInUse = 16,
    /// Stopped by the user; the same command resumes.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
