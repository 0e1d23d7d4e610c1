//! Writing and reading Parquet files of a run folder.

use std::{
    fs::{self, File},
    hash::{BuildHasher, Hasher, RandomState},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use arrow::{
    array::RecordBatch,
    datatypes::{DataType, Schema, SchemaRef},
};
use parquet::{
    arrow::{ArrowWriter, ProjectionMask, arrow_reader::ParquetRecordBatchReaderBuilder},
    basic::{Compression, Encoding, ZstdLevel},
    errors::ParquetError,
    file::{
        metadata::{KeyValue, RowGroupMetaData},
        properties::{EnabledStatistics, WriterProperties},
    },
    schema::types::ColumnPath,
};
use xxhash_rust::xxh3::Xxh3;

use crate::{
    Folder, LedgerError,
    manifest::FileRecord,
    recut::{Cut, Recut},
};

/// How a file is written.
#[derive(Debug, Clone, Default)]
pub struct WriterSettings {
    /// Columns of long text, hashes and row numbers, for which a dictionary does not pay.
    pub plain_columns: Vec<String>,
    /// Key-value metadata of the file.
    pub metadata: Option<Vec<KeyValue>>,
}

/// Most rows of a row group.
const GROUP_ROWS: u64 = 1 << 20;
/// Most bytes of a row group, as [`crate::row_bytes`] counts.
const GROUP_BYTES: u64 = 64 << 20;

/// Writes one file; it gets its name when it is complete.
///
/// The bytes depend on the rows, the schema and the settings only, not on how the
/// batches were cut.
pub struct TableWriter {
    folder: Folder,
    relative: String,
    temporary: Temporary,
    writer: ArrowWriter<HashingFile>,
    recut: Recut,
    cuts: Vec<Cut>,
    group_rows: u64,
    group_bytes: u64,
    rows: u64,
}

impl TableWriter {
    /// Opens `relative` below `folder` for writing.
    pub fn create(
        folder: &Folder,
        relative: &str,
        schema: SchemaRef,
        settings: &WriterSettings,
    ) -> Result<Self, LedgerError> {
        let path = folder.path(relative);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(LedgerError::io("created", parent))?;
        }
        // Two attempts at one file, on two machines perhaps, must not write into one another.
        let attempt = RandomState::new().build_hasher().finish() & u64::from(u32::MAX);
        let temporary = Temporary(path.with_extension(format!("{attempt:08x}.parquet.tmp")));
        let file = File::create(&temporary.0).map_err(LedgerError::io("written", &temporary.0))?;
        let properties = properties(settings, &schema);
        let writer = ArrowWriter::try_new(HashingFile::new(file), schema, Some(properties))
            .map_err(|source| LedgerError::Table { path: path.clone(), source })?;
        Ok(Self {
            folder: folder.clone(),
            relative: relative.to_owned(),
            temporary,
            writer,
            recut: Recut::default(),
            cuts: Vec::new(),
            group_rows: 0,
            group_bytes: 0,
            rows: 0,
        })
    }

    /// Rows written so far.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Appends rows.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), LedgerError> {
        self.rows += batch.num_rows() as u64;
        self.recut.push(batch, &mut self.cuts).map_err(|source| self.arrow(source))?;
        self.write_cuts()
    }

    /// Completes the file and gives it its name.
    pub fn finish(mut self) -> Result<FileRecord, LedgerError> {
        self.recut.flush(&mut self.cuts).map_err(|source| self.arrow(source))?;
        self.write_cuts()?;
        let path = self.folder.path(&self.relative);
        let table = |source| LedgerError::Table { path: path.clone(), source };
        let hashed = self.writer.into_inner().map_err(table)?;
        let (bytes, hash) =
            hashed.finish().map_err(LedgerError::io("written", &self.temporary.0))?;
        fs::rename(&self.temporary.0, &path).map_err(LedgerError::io("put in place", &path))?;
        Ok(FileRecord { path: self.relative, rows: self.rows, bytes, xxh3: format!("{hash:032x}") })
    }

    fn write_cuts(&mut self) -> Result<(), LedgerError> {
        for cut in std::mem::take(&mut self.cuts) {
            let rows = cut.batch.num_rows() as u64;
            let full =
                GROUP_ROWS < self.group_rows + rows || GROUP_BYTES < self.group_bytes + cut.bytes;
            if full && 0 < self.group_rows {
                self.writer.flush().map_err(|source| self.table(source))?;
                (self.group_rows, self.group_bytes) = (0, 0);
            }
            self.writer.write(&cut.batch).map_err(|source| self.table(source))?;
            self.group_rows += rows;
            self.group_bytes += cut.bytes;
        }
        Ok(())
    }

    fn table(&self, source: ParquetError) -> LedgerError {
        LedgerError::Table { path: self.folder.path(&self.relative), source }
    }

    fn arrow(&self, source: arrow::error::ArrowError) -> LedgerError {
        LedgerError::Arrow { path: self.folder.path(&self.relative), source }
    }
}

fn properties(settings: &WriterSettings, schema: &Schema) -> WriterProperties {
    let level = ZstdLevel::try_new(3).unwrap_or_default();
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_created_by(format!("assay {}", env!("CARGO_PKG_VERSION")))
        // Row groups are closed by this writer, from the rows.
        .set_max_row_group_row_count(None)
        .set_max_row_group_bytes(None)
        .set_key_value_metadata(settings.metadata.clone());
    for column in &settings.plain_columns {
        let path: ColumnPath = column.split('.').map(str::to_owned).collect::<Vec<_>>().into();
        builder = builder.set_column_dictionary_enabled(path.clone(), false);
        let kind = schema.field_with_name(column).map(|field| field.data_type());
        builder = match kind.unwrap_or(&DataType::Null) {
            // The smallest and the largest text or hash of a page help nobody.
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
                builder.set_column_statistics_enabled(path, EnabledStatistics::None)
            }
            // Hashes are random: they do not compress.
            DataType::FixedSizeBinary(_) | DataType::Decimal128(_, _) => builder
                .set_column_statistics_enabled(path.clone(), EnabledStatistics::None)
                .set_column_compression(path, Compression::UNCOMPRESSED),
            DataType::Int64 => builder.set_column_encoding(path, Encoding::DELTA_BINARY_PACKED),
            _ => builder,
        };
    }
    builder.build()
}

/// The rows of a table file, 8,192 at a time.
pub type Batches = Box<dyn Iterator<Item = Result<RecordBatch, LedgerError>> + Send>;

/// Reads a whole table file.
pub fn read_table(path: &Path) -> Result<Vec<RecordBatch>, LedgerError> {
    batches(path, None)?.collect()
}

/// Reads a table file bit by bit: all of its columns, or those named, in the order that they
/// have in the file.
pub fn batches(path: &Path, columns: Option<&[&str]>) -> Result<Batches, LedgerError> {
    batches_of(path, columns, |_| true)
}

/// As [`batches`], of the row groups that `wanted` says yes to.
pub fn batches_of(
    path: &Path,
    columns: Option<&[&str]>,
    wanted: impl Fn(&RowGroupMetaData) -> bool,
) -> Result<Batches, LedgerError> {
    let file = File::open(path).map_err(LedgerError::io("opened", path))?;
    let table = |source| LedgerError::Table { path: path.into(), source };
    let mut reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(table)?;
    if let Some(columns) = columns {
        let mask = ProjectionMask::columns(reader.parquet_schema(), columns.iter().copied());
        reader = reader.with_projection(mask);
    }
    let groups = reader.metadata().row_groups().iter().enumerate();
    let groups: Vec<usize> = groups.filter(|it| wanted(it.1)).map(|(number, _)| number).collect();
    let reader = reader.with_row_groups(groups).with_batch_size(8192).build().map_err(table)?;
    let path = path.to_owned();
    let arrow = move |source| LedgerError::Arrow { path: path.clone(), source };
    Ok(Box::new(reader.map(move |batch| batch.map_err(&arrow))))
}

/// A file that is not complete; removed unless it got its name.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // After the rename there is nothing under this name any more.
        let _ = fs::remove_file(&self.0);
    }
}

/// A file that hashes what goes through it.
struct HashingFile {
    file: BufWriter<File>,
    hasher: Box<Xxh3>,
    bytes: u64,
}

impl HashingFile {
    fn new(file: File) -> Self {
        Self { file: BufWriter::new(file), hasher: Box::new(Xxh3::new()), bytes: 0 }
    }

    fn finish(mut self) -> io::Result<(u64, u128)> {
        self.file.flush()?;
        Ok((self.bytes, self.hasher.digest128()))
    }
}

impl Write for HashingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_all(bytes)?;
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
