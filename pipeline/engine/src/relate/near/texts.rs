//! Texts of the rows that are compared: written unit by unit, read in any order.
//!
//! A file holds one frame per row (the key of the text, its length, and the text compressed
//! by Zstandard), then the place of every row's frame, so that a row is found without a
//! search and nothing about the rows is held in memory.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufWriter, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use assay_ledger::Folder;
use zstd::bulk::{Compressor, Decompressor};

use super::super::tables::broken;
use crate::{
    EngineError,
    input::{Unit, place_of},
};

/// Bytes of a frame before the compressed text: key and length.
const HEAD: usize = 24;
/// Zstandard's fastest level that still halves text.
const LEVEL: i32 = 1;

/// Path of the texts of a unit below `table`.
pub(super) fn path_of(table: &str, ordinal: u32, first_row: u64) -> String {
    format!("{table}/{ordinal:06}-{first_row:010}.texts")
}

/// Writes the texts of one unit.
pub(super) struct TextsWriter {
    file: BufWriter<File>,
    path: PathBuf,
    temporary: PathBuf,
    /// Where the frames of the rows so far begin.
    starts: Vec<u64>,
    at: u64,
    compressor: Compressor<'static>,
    frame: Vec<u8>,
}

impl TextsWriter {
    pub(super) fn create(folder: &Folder, relative: &str) -> Result<Self, EngineError> {
        let path = folder.path(relative);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(EngineError::io("created", parent))?;
        }
        let temporary = path.with_extension("texts.tmp");
        let file = File::create(&temporary).map_err(EngineError::io("written", &temporary))?;
        Ok(Self {
            file: BufWriter::new(file),
            path,
            temporary,
            starts: Vec::new(),
            at: 0,
            compressor: Compressor::new(LEVEL).map_err(broken)?,
            frame: Vec::new(),
        })
    }

    /// Appends the text of row `row` of the unit, counted from 0; rows come in order.
    pub(super) fn push(&mut self, row: u64, key: u128, text: &str) -> Result<(), EngineError> {
        let row = usize::try_from(row).map_err(broken)?;
        self.starts.resize(row + 1, self.at);
        self.frame.clear();
        self.frame.extend_from_slice(&key.to_be_bytes());
        self.frame.extend_from_slice(&(text.len() as u64).to_le_bytes());
        self.frame.extend(self.compressor.compress(text.as_bytes()).map_err(broken)?);
        let written = self.file.write_all(&self.frame);
        written.map_err(EngineError::io("written", &self.temporary))?;
        self.at += self.frame.len() as u64;
        Ok(())
    }

    /// Completes the file of a unit of `rows` rows.
    pub(super) fn finish(mut self, rows: u64) -> Result<(), EngineError> {
        let rows = usize::try_from(rows).map_err(broken)?;
        self.starts.resize(rows + 1, self.at);
        let starts = self.starts.iter().map(|start| start.to_le_bytes());
        let written = starts.into_iter().try_for_each(|start| self.file.write_all(&start));
        let named = written
            .and_then(|()| self.file.flush())
            .and_then(|()| fs::rename(&self.temporary, &self.path));
        named.map_err(EngineError::io("written", &self.path))
    }
}

/// Reads the texts of all units.
pub(super) struct Texts {
    folder: Folder,
    table: String,
    /// File, first row and rows of each unit, in order.
    units: Vec<(u32, u64, u64)>,
    open: BTreeMap<usize, (File, u64)>,
    decompressor: Decompressor<'static>,
    frame: Vec<u8>,
    text: Vec<u8>,
}

/// Files that are held open at a time.
const OPEN: usize = 64;

impl Texts {
    pub(super) fn open(folder: &Folder, table: &str, units: &[Unit]) -> Result<Self, EngineError> {
        Ok(Self {
            folder: folder.clone(),
            table: table.to_owned(),
            units: units.iter().map(|unit| (unit.ordinal, unit.first_row, unit.rows)).collect(),
            open: BTreeMap::new(),
            decompressor: Decompressor::new().map_err(broken)?,
            frame: Vec::new(),
            text: Vec::new(),
        })
    }

    /// The text of the row with number `id`.
    pub(super) fn text(&mut self, id: i64) -> Result<&str, EngineError> {
        let path = self.read(id)?;
        let length = self.frame.get(16..HEAD).and_then(|bytes| bytes.try_into().ok());
        let length = usize::try_from(length.map_or(0, u64::from_le_bytes)).map_err(broken)?;
        self.text.clear();
        self.text.reserve(length);
        let frame = self.frame.get(HEAD..).unwrap_or_default();
        let read = self.decompressor.decompress_to_buffer(frame, &mut self.text);
        let text = read.ok().and_then(|_| simdutf8::basic::from_utf8(&self.text).ok());
        text.ok_or_else(|| broken(format!("{} is damaged", path.display())))
    }

    /// The key of the text of the row with number `id`.
    pub(super) fn key(&mut self, id: i64) -> Result<u128, EngineError> {
        let path = self.read(id)?;
        let key = self.frame.get(..16).and_then(|bytes| bytes.try_into().ok());
        let damaged = || broken(format!("{} is damaged", path.display()));
        key.map(u128::from_be_bytes).ok_or_else(damaged)
    }

    /// Reads the frame of a row, and returns where from.
    fn read(&mut self, id: i64) -> Result<PathBuf, EngineError> {
        let (ordinal, row) = place_of(id);
        let after = self.units.partition_point(|unit| (unit.0, unit.1) <= (ordinal, row));
        let number = after.checked_sub(1).unwrap_or(usize::MAX);
        let lost = || broken(format!("row {row} of file {ordinal} was not set aside"));
        let (_, first, rows) = *self.units.get(number).ok_or_else(lost)?;
        let path = self.folder.path(&path_of(&self.table, ordinal, first));
        if !self.open.contains_key(&number) {
            if OPEN <= self.open.len() {
                self.open.clear();
            }
            self.open.insert(number, opened(&path, rows)?);
        }
        let Some((file, table)) = self.open.get_mut(&number) else { return Err(lost()) };
        let mut read = || {
            let mut ends = [0; 16];
            file.seek(SeekFrom::Start(*table + (row - first) * 8))?;
            file.read_exact(&mut ends)?;
            let [start, end] = [&ends[..8], &ends[8..]]
                .map(|bytes| bytes.try_into().map_or(0, u64::from_le_bytes));
            file.seek(SeekFrom::Start(start))?;
            self.frame.clear();
            file.take(end.saturating_sub(start)).read_to_end(&mut self.frame)
        };
        read().map_err(EngineError::io("read", &path))?;
        if self.frame.is_empty() { Err(lost()) } else { Ok(path) }
    }
}

/// A file of texts, and where its table of places begins.
fn opened(path: &Path, rows: u64) -> Result<(File, u64), EngineError> {
    let open = || {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        Ok((file, length.saturating_sub((rows + 1) * 8)))
    };
    open().map_err(EngineError::io("opened", path))
}
