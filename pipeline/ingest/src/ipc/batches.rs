//! Record batches of an Arrow IPC file or stream that may be damaged.
//!
//! The decoder checks much but not all, and panics on some damage; every call into it
//! is therefore caught. Lengths are checked against the file before memory is taken.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use arrow::{
    array::RecordBatch,
    buffer::Buffer,
    datatypes::{Schema, SchemaRef},
    error::ArrowError,
    ipc::{
        Block,
        convert::fb_to_schema,
        reader::{FileDecoder, StreamDecoder, read_footer_length},
        root_as_footer,
    },
};

use super::sizes;
use crate::IngestError;

/// What an IPC file starts with, padding included.
const FILE_MAGIC: &[u8; 8] = b"ARROW1\0\0";
/// What a file of the first Feather version starts with.
const FEATHER_1: &[u8] = b"FEA1";
/// Length of the footer, and the magic again.
const TRAILER: usize = 10;

/// Calls the decoder; a panic becomes a reason.
pub(crate) fn caught<T>(call: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(call))
        .unwrap_or_else(|_| Err("the bytes are damaged in a way the decoder cannot name".into()))
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands errors over by value")]
fn told(error: impl ToString) -> String {
    error.to_string()
}

/// The batches of a source, one after the other.
pub(crate) struct Batches {
    schema: SchemaRef,
    reader: Reader,
    /// Read while looking for the schema.
    first: Option<Result<RecordBatch, String>>,
    /// What is wrong although every batch may be readable.
    damage: Option<String>,
}

enum Reader {
    File(FileBatches),
    Stream(StreamBatches),
}

impl Batches {
    /// Opens a file or a stream.
    pub(crate) fn open(path: &Path) -> Result<Self, IngestError> {
        let mut file = File::open(path).map_err(IngestError::open(path))?;
        let mut start = Vec::new();
        let head = file.by_ref().take(FILE_MAGIC.len() as u64);
        { head }.read_to_end(&mut start).map_err(IngestError::open(path))?;
        let unreadable = |reason| IngestError::Unreadable { path: path.into(), reason };
        if start.starts_with(FEATHER_1) {
            return Err(unreadable("Feather version 1; write it again as Arrow IPC".into()));
        }
        if start != FILE_MAGIC {
            file.rewind().map_err(IngestError::open(path))?;
            return Self::stream(file, None).map_err(unreadable);
        }
        let copy = file.try_clone().map_err(IngestError::open(path))?;
        match caught(|| FileBatches::open(copy)) {
            Ok(batches) => Ok(Self {
                schema: batches.schema.clone(),
                reader: Reader::File(batches),
                first: None,
                damage: None,
            }),
            // Between its magics, a file is a stream; a truncated one has no footer.
            Err(reason) => {
                skip_padding(&mut file).map_err(IngestError::open(path))?;
                let damage = format!("the footer is missing or damaged ({reason})");
                Self::stream(file, Some(damage)).map_err(unreadable)
            }
        }
    }

    fn stream(file: File, damage: Option<String>) -> Result<Self, String> {
        let mut batches = StreamBatches {
            file,
            decoder: StreamDecoder::new(),
            buffer: Buffer::from(Vec::<u8>::new()),
            over: false,
        };
        let first = batches.next();
        match (batches.decoder.schema(), first) {
            (Some(schema), first) => {
                Ok(Self { schema, reader: Reader::Stream(batches), first, damage })
            }
            (None, Some(Err(reason))) => Err(reason),
            (None, _) => Err("there is no schema".to_owned()),
        }
    }

    /// The columns.
    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The next batch, or why there are no more.
    pub(crate) fn next(&mut self) -> Option<Result<RecordBatch, String>> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        match &mut self.reader {
            Reader::File(batches) => batches.next(),
            Reader::Stream(batches) => batches.next(),
        }
    }

    /// What is wrong with the source as a whole.
    pub(crate) fn into_damage(self) -> Option<String> {
        self.damage
    }
}

struct FileBatches {
    file: File,
    length: u64,
    schema: SchemaRef,
    decoder: FileDecoder,
    blocks: std::vec::IntoIter<Block>,
}

impl FileBatches {
    fn open(mut file: File) -> Result<Self, String> {
        let length = file.metadata().map_err(told)?.len();
        let footer = read_footer(&mut file, length)?;
        let footer = root_as_footer(&footer).map_err(told)?;
        let schema = footer.schema().ok_or("there is no schema")?;
        if !schema.endianness().equals_to_target_endianness() {
            return Err("the bytes are in another order than this machine's".to_owned());
        }
        let schema = SchemaRef::new(fb_to_schema(schema));
        let decoder = FileDecoder::new(schema.clone(), footer.version());
        let blocks: Vec<Block> = footer.recordBatches().iter().flatten().copied().collect();
        let mut batches = Self { file, length, schema, decoder, blocks: blocks.into_iter() };
        for block in footer.dictionaries().iter().flatten() {
            let bytes = batches.read(block)?;
            check_block(block, &bytes)?;
            batches.decoder.read_dictionary(block, &bytes).map_err(told)?;
        }
        Ok(batches)
    }

    fn read(&mut self, block: &Block) -> Result<Buffer, String> {
        let outside = || "a batch lies outside of the file".to_owned();
        let part = |length: i64| u64::try_from(length).map_err(|_| outside());
        let (from, body) = (part(block.offset())?, part(block.bodyLength())?);
        let length = part(block.metaDataLength().into())?.checked_add(body).ok_or_else(outside)?;
        if from.checked_add(length).is_none_or(|end| self.length < end) {
            return Err(outside());
        }
        read_at(&mut self.file, from, length).map(Buffer::from).map_err(told)
    }

    fn next(&mut self) -> Option<Result<RecordBatch, String>> {
        let block = self.blocks.next()?;
        Some(caught(|| {
            let bytes = self.read(&block)?;
            check_block(&block, &bytes)?;
            let batch = self.decoder.read_record_batch(&block, &bytes).map_err(told)?;
            batch.ok_or_else(|| "a batch is missing".to_owned())
        }))
    }
}

fn check_block(block: &Block, bytes: &[u8]) -> Result<(), String> {
    let head = usize::try_from(block.metaDataLength()).map_err(told)?;
    let (head, body) = bytes.split_at_checked(head).ok_or("a batch is cut off")?;
    sizes::check(&sizes::message(head)?, body)
}

fn read_footer(file: &mut File, length: u64) -> Result<Vec<u8>, String> {
    let cut = || "the file is cut off".to_owned();
    let end = length.checked_sub(TRAILER as u64).ok_or_else(cut)?;
    let trailer = read_at(file, end, TRAILER as u64).map_err(told)?;
    let trailer = trailer.try_into().map_err(|_| cut())?;
    let footer = read_footer_length(trailer).map_err(told)? as u64;
    read_at(file, end.checked_sub(footer).ok_or_else(cut)?, footer).map_err(told)
}

/// Goes to the first message of a file; some writers align it to 64 bytes.
fn skip_padding(file: &mut File) -> io::Result<()> {
    let (mut at, mut word) = (FILE_MAGIC.len() as u64, [0; 8]);
    loop {
        file.seek(SeekFrom::Start(at))?;
        let read = file.read(&mut word)?;
        if read < word.len() || word != [0; 8] {
            return file.seek(SeekFrom::Start(at)).map(|_| ());
        }
        at += word.len() as u64;
    }
}

fn read_at(file: &mut File, from: u64, length: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

struct StreamBatches {
    file: File,
    decoder: StreamDecoder,
    buffer: Buffer,
    over: bool,
}

impl StreamBatches {
    fn next(&mut self) -> Option<Result<RecordBatch, String>> {
        if self.over {
            return None;
        }
        let batch = caught(|| self.decode()).transpose();
        self.over = !matches!(batch, Some(Ok(_)));
        batch
    }

    fn decode(&mut self) -> Result<Option<RecordBatch>, String> {
        loop {
            if self.buffer.is_empty() {
                let Some(message) = self.message()? else {
                    let end: Result<(), ArrowError> = self.decoder.finish();
                    return end.map(|()| None).map_err(told);
                };
                self.buffer = Buffer::from(message);
            }
            if let Some(batch) = self.decoder.decode(&mut self.buffer).map_err(told)? {
                return Ok(Some(batch));
            }
        }
    }

    /// The bytes of the next message, its buffers checked; `None` at the end.
    fn message(&mut self) -> Result<Option<Vec<u8>>, String> {
        let mut bytes = self.take(4)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        if bytes == sizes::CONTINUATION {
            bytes.extend(self.take(4)?);
        }
        let Some(length) = bytes.last_chunk::<4>() else { return Err("is cut off".to_owned()) };
        let length = u64::try_from(i32::from_le_bytes(*length)).map_err(told)?;
        if length == 0 {
            return Ok(Some(bytes));
        }
        bytes.extend(self.take(length)?);
        let message = sizes::message(&bytes)?;
        let body = self.take(u64::try_from(message.bodyLength()).map_err(told)?)?;
        sizes::check(&message, &body)?;
        bytes.extend(body);
        Ok(Some(bytes))
    }

    /// As many of the next bytes as there are.
    fn take(&mut self, length: u64) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        (&mut self.file).take(length).read_to_end(&mut bytes).map_err(told)?;
        Ok(bytes)
    }
}
