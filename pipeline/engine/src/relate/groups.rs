//! Writes the groups table: which rows belong together, and which one stays.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use assay_ledger::{
    FileRecord, Folder, TableWriter, WriterSettings,
    schema::{GROUPS, role},
};

use super::{members::PENDING, tables::broken};
use crate::{EngineError, input::place_of};

/// How many groups a step found, and how many rows are in them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct GroupCount {
    pub groups: u64,
    pub rows: u64,
}

/// A row that goes, and the row that stays, of a large group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pair {
    pub id: i64,
    pub kept: i64,
}

/// Large groups of a step that are shown.
const SHOWN: usize = 3;

/// The largest groups so far, each by its row that is least like the one that stays.
#[derive(Debug, Default)]
struct Largest {
    found: Vec<(u64, Pair)>,
    present: Option<(u64, f64, Pair)>,
}

impl Largest {
    /// Ends the present group.
    fn close(&mut self) {
        let Some((size, _, pair)) = self.present.take() else { return };
        let at = self.found.partition_point(|(other, _)| size <= *other);
        self.found.insert(at, (size, pair));
        self.found.truncate(SHOWN);
    }

    fn add(&mut self, row: &Listed) {
        if row.role != role::MEMBER {
            return;
        }
        let pair = Pair { id: row.id, kept: row.kept };
        let (size, least, shown) = self.present.unwrap_or((0, f64::INFINITY, pair));
        let farther = row.similarity < least;
        let (least, shown) = if farther { (row.similarity, pair) } else { (least, shown) };
        self.present = Some((size + 1, least, shown));
    }
}

/// One row of a group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listed {
    /// Label of the group.
    pub group: u128,
    /// Number of the row.
    pub id: i64,
    /// One of [`assay_ledger::schema::role`].
    pub role: &'static str,
    /// The row that stays, or that the row is like.
    pub kept: i64,
    pub similarity: f64,
    pub containment: f64,
}

/// The groups table of a step, as it is written: the rows of a group come together.
pub(super) struct GroupsWriter<'f> {
    step: &'f str,
    /// Names of the input files, by ordinal.
    files: &'f [String],
    writer: TableWriter,
    pending: Vec<Listed>,
    last: Option<u128>,
    count: GroupCount,
    largest: Largest,
}

impl<'f> GroupsWriter<'f> {
    /// Opens the table of the step called `step` in `table`, below the run folder.
    pub(super) fn open(
        folder: &Folder,
        table: &str,
        step: &'f str,
        files: &'f [String],
    ) -> Result<Self, EngineError> {
        let path = format!("{table}/{step}.parquet");
        let settings = WriterSettings::default();
        let writer = TableWriter::create(folder, &path, GROUPS.clone(), &settings)?;
        Ok(Self {
            step,
            files,
            writer,
            pending: Vec::new(),
            last: None,
            count: GroupCount::default(),
            largest: Largest::default(),
        })
    }

    pub(super) fn push(&mut self, row: Listed) -> Result<(), EngineError> {
        if self.last.replace(row.group) != Some(row.group) {
            self.count.groups += 1;
            self.largest.close();
        }
        self.largest.add(&row);
        self.count.rows += 1;
        self.pending.push(row);
        if PENDING <= self.pending.len() { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), EngineError> {
        let batch = self.batch().map_err(broken)?;
        self.pending.clear();
        Ok(self.writer.write(&batch)?)
    }

    fn batch(&self) -> Result<RecordBatch, arrow::error::ArrowError> {
        let file = |id: i64| {
            let file = self.files.get(place_of(id).0 as usize);
            file.map(String::as_str).unwrap_or_default()
        };
        let row = |id: i64| place_of(id).1.cast_signed();
        let rows = &self.pending;
        let texts = |of: &dyn Fn(&Listed) -> String| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(rows.iter().map(of)))
        };
        let numbers = |of: &dyn Fn(&Listed) -> i64| -> ArrayRef {
            Arc::new(Int64Array::from_iter_values(rows.iter().map(of)))
        };
        let shares = |of: &dyn Fn(&Listed) -> f64| -> ArrayRef {
            Arc::new(Float64Array::from_iter_values(rows.iter().map(of)))
        };
        let columns = vec![
            texts(&|_| self.step.to_owned()),
            texts(&|it| format!("{:032x}", it.group)),
            texts(&|it| file(it.id).to_owned()),
            numbers(&|it| row(it.id)),
            texts(&|it| it.role.to_owned()),
            texts(&|it| file(it.kept).to_owned()),
            numbers(&|it| row(it.kept)),
            shares(&|it| it.similarity),
            shares(&|it| it.containment),
        ];
        RecordBatch::try_new(GROUPS.clone(), columns)
    }

    /// The table, its counts, and what is shown of its largest groups.
    pub(super) fn finish(mut self) -> Result<(FileRecord, GroupCount, Vec<Pair>), EngineError> {
        self.flush()?;
        self.largest.close();
        let pairs = self.largest.found.into_iter().map(|(_, pair)| pair);
        Ok((self.writer.finish()?, self.count, pairs.collect()))
    }
}
