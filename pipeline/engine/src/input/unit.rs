//! Work units: what one task reads.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Footer, Roles};

/// A range of row groups of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Unit {
    /// Number of the file in the run, in order of name.
    pub ordinal: u32,
    /// Name of the file in the ledger.
    pub file: String,
    /// The Parquet file to read: the input itself, or what it was ingested to.
    pub path: String,
    /// Changes when the input does.
    pub version: String,
    /// First row group.
    pub group: u64,
    /// Number of row groups.
    pub groups: u64,
    /// Number of the first row in the file.
    pub first_row: u64,
    /// Rows by the footer.
    pub rows: u64,
    /// Most rows to decode at a time.
    pub batch: u64,
    /// Columns with a role.
    pub roles: Roles,
    /// Whether the file is an ingested one, with the reserved columns.
    pub ingested: bool,
    /// Folder of the unit's tables, below the run folder, if it belongs to a corpus that the
    /// input is compared with.
    pub aside: Option<String>,
}

impl Unit {
    /// Tells the unit from all others of the run.
    pub(crate) fn name(&self) -> String {
        unit_name(&self.file, self.group)
    }

    /// Path of the unit's file in `table`, below the run folder.
    pub(crate) fn path_in(&self, table: &str) -> String {
        let part = assay_ledger::Folder::part(table, &self.file, self.group);
        self.aside.as_ref().map_or(part.clone(), |aside| format!("{aside}/{part}"))
    }

    /// Whether the unit was made from a file with this footer.
    pub(crate) fn is_of(&self, footer: &Footer) -> bool {
        self.version.ends_with(&footer.hash)
    }

    /// The row's number in the run: file above, row below.
    pub(crate) fn id(&self, row: u64) -> i64 {
        row_id(self.ordinal, row)
    }

    /// Numbers of the unit's rows in the run.
    pub(crate) fn ids(&self) -> Range<i64> {
        self.id(self.first_row)..self.id(self.first_row + self.rows)
    }

    /// The unit's row groups one by one, for reading what can be read of it.
    pub(crate) fn split(&self, group_rows: &[u64]) -> Vec<Self> {
        let mut first_row = self.first_row;
        let mut parts = Vec::new();
        for group in self.group..self.group + self.groups {
            let rows = group_rows.get(usize::try_from(group).unwrap_or(0)).copied().unwrap_or(0);
            if 0 < rows {
                parts.push(Self { group, groups: 1, first_row, rows, ..self.clone() });
            }
            first_row += rows;
        }
        parts
    }
}

/// [`Unit::name`] of the unit of `file` that begins with row group `group`.
pub(crate) fn unit_name(file: &str, group: u64) -> String {
    format!("{file}#{group}")
}

/// Number of a row within a run.
pub(crate) fn row_id(ordinal: u32, row: u64) -> i64 {
    (i64::from(ordinal) << 32) | i64::try_from(row).unwrap_or(i64::from(u32::MAX))
}

/// Number of the file in the run, and of the row in the file: [`row_id`] taken apart.
pub(crate) fn place_of(id: i64) -> (u32, u64) {
    (u32::try_from(id >> 32).unwrap_or(u32::MAX), (id & i64::from(u32::MAX)).unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_ids_follow_files_then_rows() {
        assert!(row_id(0, u64::from(u32::MAX)) < row_id(1, 0));
        assert_eq!(row_id(2, 5) >> 32, 2);
        assert_eq!(place_of(row_id(2, 5)), (2, 5));
    }
}
