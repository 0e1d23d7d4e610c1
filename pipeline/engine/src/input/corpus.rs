//! The input of a run: its files in order, and the work units in them.

use std::path::{Path, PathBuf};

use assay_ingest::{Format, Ingested, ingest, ingest_texts};
use assay_ledger::{Folder, InputRecord, Unreadable};
use assay_plan::Columns;

use super::{
    Roles, Unit,
    columns::{has_one, own, single, usual_text_columns},
    discover::{Found, Kind, discover},
    footer::Footer,
};
use crate::EngineError;

/// The input of a run.
#[derive(Debug)]
pub(crate) struct Corpus {
    /// Files in byte order of their names.
    pub files: Vec<CorpusFile>,
    /// What was passed over.
    pub warnings: Vec<String>,
    /// Number of the first file in the run.
    pub first: u32,
    /// Folder of its tables below the run folder, if the input is compared with it.
    aside: Option<String>,
}

/// One input file.
#[derive(Debug)]
pub(crate) struct CorpusFile {
    found: Found,
    /// How far it can be read.
    pub reading: Reading,
    /// Why its end is missing, if it is.
    pub incomplete: Option<String>,
}

/// How far a file can be read.
#[derive(Debug)]
pub(crate) enum Reading {
    /// It has to be ingested first.
    Raw,
    /// Its footer could be read.
    Parquet(ParquetFile),
    /// Nothing of it can be read; why.
    Unreadable(String),
}

/// A readable Parquet file.
#[derive(Debug)]
pub(crate) struct ParquetFile {
    path: PathBuf,
    ingested: bool,
    pub(crate) footer: Footer,
    pub(crate) roles: Roles,
}

/// A unit holds about this many bytes before compression, over all columns…
const UNIT_BYTES: u64 = 64 << 20;
/// …or this many rows, whichever comes first, in whole row groups.
const UNIT_ROWS: u64 = 1 << 18;
/// Bytes of text decoded at a time.
const BATCH_BYTES: u64 = 4 << 20;
const BATCH_ROWS: u64 = 2048;

impl Corpus {
    /// Finds the files and reads the footers of those that have one. `except` is not read.
    pub(crate) fn survey(
        inputs: &[String],
        columns: &Columns,
        except: &Path,
    ) -> Result<Self, EngineError> {
        Self::survey_as(inputs, columns, except, None)
    }

    /// As [`survey`](Self::survey), for a corpus that the input is compared with. Where a file
    /// lacks the columns that are wanted, they are found by themselves.
    pub(crate) fn survey_aside(
        path: &str,
        columns: &Columns,
        except: &Path,
        aside: String,
    ) -> Result<Self, EngineError> {
        Self::survey_as(&[path.to_owned()], columns, except, Some(aside))
    }

    fn survey_as(
        inputs: &[String],
        columns: &Columns,
        except: &Path,
        aside: Option<String>,
    ) -> Result<Self, EngineError> {
        let discovery = discover(inputs, except)?;
        let mut files = Vec::new();
        for found in discovery.files {
            let mut file = CorpusFile { found, reading: Reading::Raw, incomplete: None };
            if file.found.kind == Kind::Parquet {
                let path = file.found.path.clone();
                file.reading = file.open(&path, columns, false, aside.is_some())?;
            }
            files.push(file);
        }
        Ok(Self { files, warnings: discovery.warnings, first: 0, aside })
    }

    /// Whether the input is compared with it.
    pub(crate) fn is_aside(&self) -> bool {
        self.aside.is_some()
    }

    /// Folder of its tables, below the run folder.
    pub(crate) fn folder(&self) -> &str {
        self.aside.as_deref().unwrap_or_default()
    }

    /// Rows by the footers.
    #[must_use]
    pub(crate) fn rows(&self) -> u64 {
        self.parquet().map(|(_, _, file)| file.footer.group_rows().sum::<u64>()).sum()
    }

    /// Bytes on disk.
    #[must_use]
    pub(crate) fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.found.size).sum()
    }

    /// Each file by name, with its bytes on disk.
    pub(crate) fn sizes(&self) -> impl Iterator<Item = (&str, u64)> {
        self.files.iter().map(|file| (file.name(), file.found.size))
    }

    /// Names of the files, by ordinal.
    pub(crate) fn names(&self) -> Vec<String> {
        self.files.iter().map(|file| file.found.file.clone()).collect()
    }

    /// All work units, in order.
    pub(crate) fn units(&self) -> Vec<Unit> {
        let units =
            self.parquet().flat_map(|(ordinal, file, parquet)| parquet.units(ordinal, file));
        units.map(|unit| Unit { aside: self.aside.clone(), ..unit }).collect()
    }

    /// Rows of every row group of the file with this ordinal.
    pub(crate) fn group_rows(&self, ordinal: u32) -> Vec<u64> {
        let mut files = self.parquet();
        let found = files.find(|(number, _, _)| *number == ordinal);
        found.map(|(_, _, file)| file.footer.group_rows().collect()).unwrap_or_default()
    }

    /// What could not be read at all.
    pub(crate) fn unreadable(&self) -> Vec<Unreadable> {
        let mut parts = Vec::new();
        for file in &self.files {
            let whole = match &file.reading {
                Reading::Unreadable(error) => Some((None, error)),
                Reading::Parquet(parquet) => {
                    file.incomplete.as_ref().map(|e| (Some(parquet.footer.group_rows().sum()), e))
                }
                Reading::Raw => None,
            };
            if let Some((first_row, error)) = whole {
                let (file, error) = (file.found.file.clone(), error.clone());
                parts.push(Unreadable { file, first_row, rows: None, error });
            }
        }
        parts
    }

    /// What `run.json` says of the files.
    #[must_use]
    pub(crate) fn records(&self) -> Vec<InputRecord> {
        self.files.iter().map(CorpusFile::record).collect()
    }

    /// Checks that a column of the corpus can be read as one value for each row; returns the
    /// names of the files that lack it, of those that could be opened. `None` if files have to
    /// be ingested before it is known, and so far none has it.
    pub(crate) fn lacking(&self, path: &str) -> Result<Option<Vec<&str>>, EngineError> {
        let (mut found, mut lacking, mut others) = (false, Vec::new(), Vec::new());
        for (_, file, parquet) in self.parquet() {
            let schema = parquet.footer.metadata.file_metadata().schema_descr();
            match has_one(schema, path) {
                Some(true) => found = true,
                Some(false) => {
                    return Err(EngineError::input(
                        file.name(),
                        format!("has several values in a row of the column {path}"),
                        "name a column with one number or text in each row",
                    ));
                }
                None if parquet.footer.group_rows().sum::<u64>() == 0 => {}
                None => {
                    lacking.push(file.name());
                    others = single(schema);
                }
            }
        }
        let waiting = self.files.iter().any(|file| matches!(file.reading, Reading::Raw));
        match lacking.first() {
            Some(first) if !found && !waiting => Err(EngineError::input(
                *first,
                format!("has no column {path}, as no file has"),
                format!("its columns are {}", others.join(", ")),
            )),
            _ => Ok((found || !waiting).then_some(lacking)),
        }
    }

    fn parquet(&self) -> impl Iterator<Item = (u32, &CorpusFile, &ParquetFile)> {
        let numbered = (self.first..).zip(&self.files);
        numbered.filter_map(|(ordinal, file)| match &file.reading {
            Reading::Parquet(parquet) => Some((ordinal, file, parquet)),
            _ => None,
        })
    }
}

impl CorpusFile {
    /// Name in the ledger.
    #[must_use]
    pub(crate) fn name(&self) -> &str {
        &self.found.file
    }

    /// Changes when the file does.
    pub(crate) fn version(&self) -> String {
        format!("{}:{}", self.found.size, self.found.tag)
    }

    /// Converts the file to Parquet at `relative` below `folder`.
    pub(crate) fn ingest(
        &self,
        folder: &Folder,
        relative: &str,
        columns: &Columns,
    ) -> Result<Ingested, EngineError> {
        match &self.found.kind {
            Kind::Texts(files) => Ok(ingest_texts(files, folder, relative)?),
            Kind::Other(format) => {
                let plain = columns.text.clone();
                let plain = if plain.is_empty() { usual_text_columns() } else { plain };
                Ok(ingest(*format, &self.found.path, folder, relative, &plain)?)
            }
            Kind::Parquet => Err(EngineError::Broken("a Parquet file was to be ingested".into())),
        }
    }

    /// Opens what the file was ingested to.
    pub(crate) fn open_ingested(
        &mut self,
        path: &Path,
        columns: &Columns,
        aside: bool,
    ) -> Result<(), EngineError> {
        self.reading = self.open(path, columns, true, aside)?;
        Ok(())
    }

    fn open(
        &self,
        path: &Path,
        columns: &Columns,
        ingested: bool,
        aside: bool,
    ) -> Result<Reading, EngineError> {
        let footer = match Footer::read(path) {
            Ok(footer) => footer,
            Err(error) => return Ok(Reading::Unreadable(error)),
        };
        let schema = footer.metadata.file_metadata().schema_descr();
        // A file without rows, or with broken records only, needs no text column.
        let empty =
            footer.group_rows().sum::<u64>() == 0 || ingested && own(schema).next().is_none();
        let file = &self.found.file;
        let find = if aside { Roles::find_aside } else { Roles::find };
        let roles = match find(file, schema, columns) {
            Err(_) if empty => Roles::default(),
            found => found?,
        };
        Ok(Reading::Parquet(ParquetFile { path: path.to_owned(), ingested, footer, roles }))
    }

    fn record(&self) -> InputRecord {
        let (footer_hash, rows, text) = match &self.reading {
            Reading::Parquet(file) => (
                file.footer.hash.clone(),
                Some(file.footer.group_rows().sum()),
                file.roles.text.clone(),
            ),
            _ => (String::new(), None, Vec::new()),
        };
        let format = match &self.found.kind {
            Kind::Parquet => "parquet",
            Kind::Other(Format::Jsonl) => "jsonl",
            Kind::Other(Format::Csv) => "csv",
            Kind::Other(Format::Arrow) => "arrow",
            Kind::Other(Format::Text) | Kind::Texts(_) => "text",
        };
        InputRecord {
            file: self.found.file.clone(),
            path: self.found.path.display().to_string(),
            format: format.to_owned(),
            size: self.found.size,
            tag: self.found.tag.clone(),
            footer_hash,
            rows,
            text,
        }
    }
}

impl ParquetFile {
    fn units(&self, ordinal: u32, file: &CorpusFile) -> Vec<Unit> {
        let mut units: Vec<Unit> = Vec::new();
        let (mut bytes, mut first_row, mut open) = (0, 0, false);
        for (group, metadata) in (0_u64..).zip(self.footer.metadata.row_groups()) {
            let rows = metadata.num_rows().unsigned_abs();
            let size = metadata.total_byte_size().unsigned_abs();
            let last = units
                .last_mut()
                .filter(|unit| open && bytes + size <= UNIT_BYTES && unit.rows + rows <= UNIT_ROWS);
            if let Some(unit) = last {
                unit.groups += 1;
                unit.rows += rows;
                bytes += size;
            } else {
                units.push(self.unit(ordinal, file, group, first_row, rows));
                bytes = size;
                open = true;
            }
            first_row += rows;
        }
        units.retain(|unit| 0 < unit.rows);
        units
    }

    fn unit(&self, ordinal: u32, file: &CorpusFile, group: u64, first_row: u64, rows: u64) -> Unit {
        Unit {
            ordinal,
            file: file.found.file.clone(),
            path: self.path.display().to_string(),
            version: format!("{}:{}", file.version(), self.footer.hash),
            group,
            groups: 1,
            first_row,
            rows,
            batch: self.batch(),
            roles: self.roles.clone(),
            ingested: self.ingested,
            aside: None,
        }
    }

    /// Rows that hold about [`BATCH_BYTES`] of text.
    fn batch(&self) -> u64 {
        let groups = self.footer.metadata.row_groups().iter();
        let text = groups.flat_map(|group| group.columns()).filter(|column| {
            self.roles.text.iter().any(|name| column.column_path().string() == *name)
        });
        let bytes: u64 = text.map(|column| column.uncompressed_size().unsigned_abs()).sum();
        let rows = self.footer.group_rows().sum::<u64>().max(1);
        let mean = (bytes / rows).max(1);
        (BATCH_BYTES / mean).clamp(1, BATCH_ROWS)
    }
}
