//! What a Parquet footer says, read without trusting it.

use std::{
    fs::File,
    io::Read,
    ops::Deref,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::Arc,
};

use parquet::file::{
    metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData},
    reader::{ChunkReader, Length},
};
use xxhash_rust::xxh3::xxh3_128;

use super::thrift::{check_dictionary, check_footer};

/// Bytes in which the header of a dictionary page fits.
const PAGE_HEAD: usize = 64;

/// A footer.
#[derive(Debug, Clone)]
pub(crate) struct Footer {
    pub metadata: Arc<ParquetMetaData>,
    /// XXH3 of its bytes.
    pub hash: String,
}

impl Footer {
    /// Reads the footer of the file at `path`; the error says why it cannot be read.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        guarded(|| {
            let file = File::open(path).map_err(|error| error.to_string())?;
            let bytes = footer_bytes(&file)?;
            check_footer(&bytes)?;
            let hash = format!("{:032x}", xxh3_128(&bytes));
            // Page indexes go unread: a damaged one would send rows of one column beside
            // rows of another, and nothing would show it.
            let metadata = ParquetMetaDataReader::new()
                .with_page_index_policy(PageIndexPolicy::Skip)
                .parse_and_finish(&file)
                .map_err(|error| error.to_string())?;
            check(&metadata, file.len())?;
            Ok(Self { metadata: Arc::new(metadata), hash })
        })
    }

    /// Rows of each row group.
    pub(crate) fn group_rows(&self) -> impl Iterator<Item = u64> {
        self.metadata.row_groups().iter().map(|group| group.num_rows().unsigned_abs())
    }
}

/// Runs `work` on foreign bytes; a panic in a decoder becomes an error.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("unknown");
        Err(format!("the decoder gave up: {text}"))
    })
}

fn footer_bytes(file: &File) -> Result<impl Deref<Target = [u8]>, String> {
    let broken = || "is not a Parquet file: too short".to_owned();
    let length = file.len();
    let tail = length.checked_sub(8).ok_or_else(broken)?;
    let tail = file.get_bytes(tail, 8).map_err(|error| error.to_string())?;
    if &tail[4..] != b"PAR1" {
        return Err("is not a complete Parquet file: the end mark PAR1 is missing".to_owned());
    }
    let footer = u64::from(u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]));
    let start = length.checked_sub(footer + 8).ok_or_else(broken)?;
    let whole = usize::try_from(footer).map_err(|error| error.to_string())?;
    file.get_bytes(start, whole).map_err(|error| error.to_string())
}

/// Whether the decoder can be let at the columns `wanted` of a row group.
pub(crate) fn check_chunks(
    file: &File,
    group: &RowGroupMetaData,
    wanted: impl Fn(usize) -> bool,
) -> Result<(), String> {
    for (_, column) in group.columns().iter().enumerate().filter(|(at, _)| wanted(*at)) {
        let start = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
        let start = u64::try_from(start).map_err(|error| error.to_string())?;
        let mut head = Vec::with_capacity(PAGE_HEAD);
        let mut reader = file.get_read(start).map_err(|error| error.to_string())?;
        let read = reader.by_ref().take(PAGE_HEAD as u64).read_to_end(&mut head);
        read.map_err(|error| error.to_string())?;
        check_dictionary(&head)?;
    }
    Ok(())
}

/// Numbers that would send the decoder outside the file, or into an endless allocation.
fn check(metadata: &ParquetMetaData, length: u64) -> Result<(), String> {
    let (mut total, mut sizes): (i64, i64) = (0, 0);
    for (number, group) in metadata.row_groups().iter().enumerate() {
        if group.num_rows() < 0 || i64::from(u32::MAX) < group.num_rows() {
            return Err(format!("row group {number} claims {} rows", group.num_rows()));
        }
        total += group.num_rows();
        let claimed = group.columns().iter().map(|column| column.uncompressed_size());
        for size in claimed.chain([group.total_byte_size()]) {
            let sum = sizes.checked_add(size).filter(|_| 0 <= size);
            sizes = sum.ok_or_else(|| format!("row group {number} claims {size} bytes"))?;
        }
        for column in group.columns() {
            let (start, bytes) = (column.data_page_offset(), column.compressed_size());
            let start = column.dictionary_page_offset().unwrap_or(start);
            let end = u64::try_from(start).ok().zip(u64::try_from(bytes).ok());
            let end = end.and_then(|(start, bytes)| start.checked_add(bytes));
            if end.is_none_or(|end| length < end) {
                let path = column.column_path();
                return Err(format!("row group {number}, column {path} lies outside the file"));
            }
        }
    }
    if i64::from(u32::MAX) < total {
        return Err(format!("claims {total} rows; at most 4294967295 can be numbered in a file"));
    }
    Ok(())
}
