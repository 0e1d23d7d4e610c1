//! A step that relates rows: where its files are and what it finds.

use assay_ledger::{FileRecord, SharedRecord};

use super::{
    groups::{GroupCount, GroupsWriter, Pair},
    members::Members,
    tables::Tables,
};
use crate::EngineError;

/// A step that relates rows.
#[derive(Clone, Copy)]
pub(crate) struct RelatingStep<'r> {
    /// Number and name of the step.
    pub number: usize,
    pub name: &'r str,
    pub tables: Tables<'r>,
    /// Names of the input files, by ordinal.
    pub files: &'r [String],
    /// Folder for the groups table, below the run folder.
    pub groups: &'r str,
    /// Folder for the edits table, below the run folder.
    pub edits: &'r str,
    /// Number of the first row of the input. Rows before it belong to corpora that it is
    /// compared with: they stay, and are preferred.
    pub own: i64,
    /// Whether rows of the input are compared with such rows only.
    pub only_against: bool,
}

/// What a relating step found.
pub(crate) struct Related {
    pub members: Members,
    /// The groups table, if there are groups.
    pub groups: Option<FileRecord>,
    pub count: GroupCount,
    /// What is shown of the largest groups.
    pub largest: Vec<Pair>,
    /// The edits table, if something goes from a row.
    pub edits: Option<FileRecord>,
    pub taken: Option<SharedRecord>,
    /// What a person should know about how it was found.
    pub warnings: Vec<String>,
}

impl RelatingStep<'_> {
    /// No row is related to another.
    pub(crate) fn nothing(&self) -> Related {
        Related {
            members: Members { step: self.number, path: None, limit: None, edits: None },
            groups: None,
            count: GroupCount::default(),
            largest: Vec::new(),
            edits: None,
            taken: None,
            warnings: Vec::new(),
        }
    }

    /// The members at `path`, which are at least as similar as `limit` says.
    pub(super) fn members(&self, path: String, limit: Option<String>) -> Related {
        Related {
            members: Members { path: Some(path), limit, ..self.nothing().members },
            ..self.nothing()
        }
    }

    /// The groups table, empty yet.
    pub(super) fn groups(&self) -> Result<GroupsWriter<'_>, EngineError> {
        GroupsWriter::open(self.tables.folder, self.groups, self.name, self.files)
    }
}
