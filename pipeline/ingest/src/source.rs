//! The bytes of a source, unpacked.

use std::{
    fmt,
    fs::File,
    io::{self, BufReader, Cursor, Read},
    path::Path,
};

use flate2::bufread::MultiGzDecoder;

use crate::IngestError;

/// Bytes read from disk at a time.
const BUFFER: usize = 1 << 20;
/// Some editors put this in front of UTF-8 text; it is no part of it.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Reads a source, plain or packed as its extension says, without byte order mark.
///
/// A failure after the start looks like the end of the source and is remembered:
/// what was read until then is worth keeping.
pub(crate) struct Source {
    bytes: Box<dyn Read + Send>,
    last: Option<u8>,
    failure: Option<io::Error>,
}

impl Source {
    /// Opens the file at `path` and reads its first bytes.
    pub(crate) fn open(path: &Path) -> Result<Self, IngestError> {
        let file = File::open(path).map_err(IngestError::open(path))?;
        let length = file.metadata().map_err(IngestError::open(path))?.len();
        let mut bytes = match path.extension().and_then(|extension| extension.to_str()) {
            // A packed file has a header even if nothing is in it, but an empty file is
            // what an interrupted or idle writer leaves: no rows, not a damaged start.
            _ if length == 0 => Box::new(io::empty()),
            Some(extension) => unpack(extension, file).map_err(IngestError::open(path))?,
            None => Box::new(file) as Box<dyn Read + Send>,
        };
        let mut head = Vec::with_capacity(BYTE_ORDER_MARK.len());
        bytes.by_ref().take(BYTE_ORDER_MARK.len() as u64).read_to_end(&mut head).map_err(
            |error| IngestError::Unreadable { path: path.into(), reason: error.to_string() },
        )?;
        if head == BYTE_ORDER_MARK {
            head.clear();
        }
        let last = head.last().copied();
        Ok(Self { bytes: Box::new(Cursor::new(head).chain(bytes)), last, failure: None })
    }

    /// Why the source ended early, if it did.
    pub(crate) fn failure(&self) -> Option<String> {
        self.failure.as_ref().map(ToString::to_string)
    }

    /// Whether the source ended early and inside a line.
    pub(crate) fn is_cut_off(&self) -> bool {
        self.failure.is_some() && self.last != Some(b'\n')
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("failure", &self.failure).finish_non_exhaustive()
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.failure.is_some() {
            return Ok(0);
        }
        match self.bytes.read(buffer) {
            Ok(count) => {
                if 0 < count {
                    self.last = Some(buffer[count - 1]);
                }
                Ok(count)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => {
                self.failure = Some(error);
                Ok(0)
            }
        }
    }
}

/// Reads little at a time. The decoder of gzip, when it meets damage, forgets what it has
/// unpacked in the same call; so little is lost.
struct Sips<R>(R);

const SIP: usize = 8 << 10;

impl<R: Read> Read for Sips<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = buffer.len().min(SIP);
        self.0.read(&mut buffer[..end])
    }
}

fn unpack(extension: &str, file: File) -> io::Result<Box<dyn Read + Send>> {
    let buffered = BufReader::with_capacity(BUFFER, file);
    Ok(match extension.to_ascii_lowercase().as_str() {
        "gz" => Box::new(Sips(MultiGzDecoder::new(buffered))),
        "zst" => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(buffered)?;
            // Long-distance archives (`zstd --long=31`) are common among corpora.
            decoder.window_log_max(31)?;
            Box::new(decoder)
        }
        _ => Box::new(buffered),
    })
}
