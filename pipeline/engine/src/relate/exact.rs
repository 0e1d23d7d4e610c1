//! Exact duplicates: rows with the same key and length, and which of them stays.
//!
//! Two queries over narrow rows, both of which spill: the keys that occur more than
//! once, and the rows that have them, in the order of key, length, rank and number.
//! The first row of a run of equal key and length stays.

use std::{fmt::Write as _, sync::Arc};

use arrow::{
    array::{ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch, StringArray},
    datatypes::{Decimal128Type, Int64Type},
};
use assay_ledger::{FileRecord, Folder, TableWriter, WriterSettings, schema::GROUPS};
use datafusion::{
    execution::SendableRecordBatchStream,
    prelude::{ParquetReadOptions, SessionContext},
};
use futures::StreamExt;

use super::members::{MEMBERS, Members};
use crate::{EngineError, relate::task::KEYS};

/// How many groups a step found, and how many rows are in them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct GroupCount {
    pub groups: u64,
    pub rows: u64,
}

/// A step that relates rows with equal keys.
pub(crate) struct ExactStep<'r> {
    /// Number and name of the step.
    pub number: usize,
    pub name: &'r str,
    pub folder: &'r Folder,
    /// Names of the input files, by ordinal.
    pub files: &'r [String],
    /// Folder for intermediate files, below the run folder.
    pub work: &'r str,
    /// Folder for the groups table, below the run folder.
    pub groups: &'r str,
}

/// What a relating step found.
pub(crate) struct Related {
    pub members: Members,
    /// The groups table, if there are groups.
    pub groups: Option<FileRecord>,
    pub count: GroupCount,
}

impl ExactStep<'_> {
    /// Relates the rows whose keys are in `keys`, files below the run folder.
    pub(crate) async fn relate(
        &self,
        context: &SessionContext,
        keys: &[FileRecord],
    ) -> Result<Related, EngineError> {
        let nothing = Related {
            members: Members { step: self.number, path: None },
            groups: None,
            count: GroupCount::default(),
        };
        if keys.is_empty() {
            return Ok(nothing);
        }
        let table = format!("keys_{}", self.number);
        let paths = keys.iter().map(|file| self.url(&file.path));
        let paths = paths.collect::<Result<Vec<_>, _>>()?;
        let options = ParquetReadOptions::default().schema(&KEYS);
        let view = context.read_parquet(paths, options).await?.into_view();
        context.register_table(&table, view)?;
        let rows = context
            .sql(&format!(
                "SELECT key, bytes, id FROM {table} WHERE key IN \
                 (SELECT key FROM {table} GROUP BY key HAVING count(*) > 1) \
                 ORDER BY key, bytes, rank, id"
            ))
            .await?;
        let found = self.group(rows.execute_stream().await?).await?;
        context.deregister_table(&table)?;
        let Some(found) = found else { return Ok(nothing) };
        let path = self.in_order(context, &found.pairs).await?;
        Ok(Related {
            members: Members { step: self.number, path: Some(path) },
            groups: Some(found.groups),
            count: found.count,
        })
    }

    /// Cuts rows in the order of their keys into groups.
    async fn group(
        &self,
        mut rows: SendableRecordBatchStream,
    ) -> Result<Option<Grouped>, EngineError> {
        let mut out: Option<Writing<'_>> = None;
        let mut present: Option<Run> = None;
        while let Some(batch) = rows.next().await {
            let batch = batch?;
            let key = batch.column(0).as_primitive::<Decimal128Type>();
            let bytes = batch.column(1).as_primitive::<Int64Type>();
            let id = batch.column(2).as_primitive::<Int64Type>();
            for row in 0..batch.num_rows() {
                let (key, bytes, id) = (key.value(row), bytes.value(row), id.value(row));
                match &mut present {
                    Some(run) if run.key == key && run.bytes == bytes => {
                        let out = match &mut out {
                            Some(out) => out,
                            none => none.insert(Writing::open(self)?),
                        };
                        out.member(run, id)?;
                    }
                    _ => present = Some(Run { key, bytes, kept: id, members: 0 }),
                }
            }
        }
        out.map(Writing::finish).transpose()
    }

    /// The pairs in the order of their rows.
    async fn in_order(
        &self,
        context: &SessionContext,
        pairs: &FileRecord,
    ) -> Result<String, EngineError> {
        let options = ParquetReadOptions::default().schema(&MEMBERS);
        let pairs = context.read_parquet(self.url(&pairs.path)?, options).await?;
        let sorted = pairs.sort_by(vec![datafusion::prelude::col("id")])?;
        let path = format!("{}/members-{:02}.parquet", self.work, self.number);
        let settings = WriterSettings::default();
        let mut writer = TableWriter::create(self.folder, &path, MEMBERS.clone(), &settings)?;
        let mut rows = sorted.execute_stream().await?;
        while let Some(batch) = rows.next().await {
            let batch = batch?;
            let plain = RecordBatch::try_new(MEMBERS.clone(), batch.columns().to_vec());
            writer.write(&plain.map_err(|error| EngineError::Broken(error.to_string()))?)?;
        }
        writer.finish()?;
        Ok(path)
    }

    /// A path would be read as a pattern when it holds `*`, `?` or `[`; a URL is not.
    fn url(&self, relative: &str) -> Result<String, EngineError> {
        let path = self.folder.path(relative);
        let absolute = std::path::absolute(&path).map_err(EngineError::io("found", path))?;
        let mut url = String::from("file://");
        for byte in absolute.as_os_str().as_encoded_bytes() {
            match byte {
                b'/' | b'-' | b'_' | b'.' | b'~' => url.push(char::from(*byte)),
                byte if byte.is_ascii_alphanumeric() => url.push(char::from(*byte)),
                // Writing into a string cannot fail.
                byte => write!(url, "%{byte:02X}").unwrap_or_default(),
            }
        }
        Ok(url)
    }
}

/// Rows of equal key and length, the first of which stays.
struct Run {
    key: i128,
    bytes: i64,
    kept: i64,
    members: u64,
}

/// What [`ExactStep::group`] wrote.
struct Grouped {
    pairs: FileRecord,
    groups: FileRecord,
    count: GroupCount,
}

/// The pairs and the groups table, as they are written.
struct Writing<'s> {
    step: &'s ExactStep<'s>,
    pairs: TableWriter,
    groups: TableWriter,
    pending: Vec<(i64, i64)>,
    listed: Vec<Listed>,
    count: GroupCount,
}

struct Listed {
    key: i128,
    id: i64,
    kept: i64,
}

/// Rows that are written at a time.
const PENDING: usize = 8192;

impl<'s> Writing<'s> {
    fn open(step: &'s ExactStep<'s>) -> Result<Self, EngineError> {
        let settings = WriterSettings::default();
        let pairs = format!("{}/pairs-{:02}.parquet", step.work, step.number);
        let groups = format!("{}/{}.parquet", step.groups, step.name);
        Ok(Self {
            pairs: TableWriter::create(step.folder, &pairs, MEMBERS.clone(), &settings)?,
            groups: TableWriter::create(step.folder, &groups, GROUPS.clone(), &settings)?,
            step,
            pending: Vec::new(),
            listed: Vec::new(),
            count: GroupCount::default(),
        })
    }

    fn member(&mut self, run: &mut Run, id: i64) -> Result<(), EngineError> {
        if run.members == 0 {
            self.count.groups += 1;
            self.count.rows += 1;
            self.listed.push(Listed { key: run.key, id: run.kept, kept: run.kept });
        }
        run.members += 1;
        self.count.rows += 1;
        self.listed.push(Listed { key: run.key, id, kept: run.kept });
        self.pending.push((id, run.kept));
        if PENDING <= self.pending.len() { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), EngineError> {
        let broken = |error: arrow::error::ArrowError| EngineError::Broken(error.to_string());
        let pairs: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from_iter_values(self.pending.iter().map(|pair| pair.0))),
            Arc::new(Int64Array::from_iter_values(self.pending.iter().map(|pair| pair.1))),
        ];
        self.pairs.write(&RecordBatch::try_new(MEMBERS.clone(), pairs).map_err(broken)?)?;
        let groups = self.groups_batch().map_err(broken)?;
        self.groups.write(&groups)?;
        self.pending.clear();
        self.listed.clear();
        Ok(())
    }

    fn groups_batch(&self) -> Result<RecordBatch, arrow::error::ArrowError> {
        let file = |id: i64| {
            let ordinal = usize::try_from(id >> 32).unwrap_or(usize::MAX);
            self.step.files.get(ordinal).map(String::as_str).unwrap_or_default()
        };
        let row = |id: i64| id & i64::from(u32::MAX);
        let texts = |of: &dyn Fn(&Listed) -> String| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(self.listed.iter().map(of)))
        };
        let numbers = |of: &dyn Fn(&Listed) -> i64| -> ArrayRef {
            Arc::new(Int64Array::from_iter_values(self.listed.iter().map(of)))
        };
        let role = |it: &Listed| if it.id == it.kept { "kept" } else { "member" }.to_owned();
        let whole: ArrayRef = Arc::new(Float64Array::from(vec![1.0; self.listed.len()]));
        let columns = vec![
            texts(&|_| self.step.name.to_owned()),
            texts(&|it| format!("{:032x}", it.key)),
            texts(&|it| file(it.id).to_owned()),
            numbers(&|it| row(it.id)),
            texts(&role),
            texts(&|it| file(it.kept).to_owned()),
            numbers(&|it| row(it.kept)),
            whole.clone(),
            whole,
        ];
        RecordBatch::try_new(GROUPS.clone(), columns)
    }

    fn finish(mut self) -> Result<Grouped, EngineError> {
        self.flush()?;
        Ok(Grouped {
            pairs: self.pairs.finish()?,
            groups: self.groups.finish()?,
            count: self.count,
        })
    }
}
