//! A source as lines, worked on in parallel and taken in order.

use std::{io::Read, path::PathBuf};

use memchr::{memchr, memrchr};
use rayon::prelude::*;

use crate::{IngestError, output::MAX_RECORD, source::Source};

/// Bytes read at a time, which bounds memory unless one line is longer.
const CHUNK: usize = 32 << 20;
/// Bytes after which lines make a piece of work for one thread.
pub(crate) const PIECE: usize = 1 << 20;

/// Cuts a source into chunks of whole lines.
#[derive(Debug)]
pub(crate) struct Lines {
    path: PathBuf,
    source: Source,
    /// The start of a line whose end is not read yet.
    carried: Vec<u8>,
    row: u64,
    chunk: usize,
}

impl Lines {
    /// Reads `source`; `path` is for messages.
    pub(crate) fn new(path: PathBuf, source: Source) -> Self {
        Self { path, source, carried: Vec::new(), row: 0, chunk: CHUNK }
    }

    /// Calls `work` for pieces of whole lines, in parallel, and `take` for what it
    /// returns, in order. Reading, working and taking overlap.
    ///
    /// Returns why the source ended early, if it did.
    pub(crate) fn run<T: Send>(
        mut self,
        work: impl Fn(&[u8]) -> T + Sync,
        mut take: impl FnMut(T) -> Result<(), IngestError> + Send,
    ) -> Result<Option<String>, IngestError> {
        let mut take_all = |done: Vec<T>| done.into_iter().try_for_each(&mut take);
        let mut done = Vec::new();
        let mut chunk = self.next()?;
        while let Some(bytes) = chunk {
            let (taken, (next, now_done)) = rayon::join(
                || take_all(done),
                || {
                    rayon::join(
                        || self.next(),
                        || pieces(&bytes).into_par_iter().map(&work).collect(),
                    )
                },
            );
            taken?;
            (chunk, done) = (next?, now_done);
        }
        take_all(done)?;
        Ok(self.source.failure())
    }

    /// The next whole lines; only the last line of a source may lack its end.
    fn next(&mut self) -> Result<Option<Vec<u8>>, IngestError> {
        let mut bytes = std::mem::take(&mut self.carried);
        loop {
            let searched = bytes.len();
            let wanted = self.chunk as u64;
            self.source
                .by_ref()
                .take(wanted)
                .read_to_end(&mut bytes)
                .map_err(IngestError::open(&self.path))?;
            // Only what is new is searched, or a long line would cost its square.
            if let Some(end) = memrchr(b'\n', &bytes[searched..]) {
                self.carried = bytes.split_off(searched + end + 1);
                break;
            }
            if bytes.len() == searched {
                break;
            }
            if MAX_RECORD < bytes.len() {
                return Err(self.too_long());
            }
        }
        // A line may also end, too late, in the last read.
        if MAX_RECORD < bytes.len() && each_line(&bytes).any(|line| MAX_RECORD < line.len()) {
            return Err(self.too_long());
        }
        self.row += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        Ok((!bytes.is_empty()).then_some(bytes))
    }

    fn too_long(&self) -> IngestError {
        IngestError::TooLong { path: self.path.clone(), row: self.row }
    }
}

/// Whole lines of about [`PIECE`] bytes; depends on the bytes only.
fn pieces(chunk: &[u8]) -> Vec<&[u8]> {
    let (mut rest, mut pieces) = (chunk, Vec::with_capacity(chunk.len() / PIECE + 1));
    while !rest.is_empty() {
        let end = match rest.get(PIECE..).and_then(|later| memchr(b'\n', later)) {
            Some(end) => PIECE + end + 1,
            None => rest.len(),
        };
        let (piece, after) = rest.split_at(end);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// The lines of a piece without their ends, `\n` or `\r\n`.
pub(crate) fn each_line(piece: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(piece.strip_suffix(b"\n").unwrap_or(piece));
    std::iter::from_fn(move || {
        let now = rest?;
        let line = match memchr(b'\n', now) {
            Some(end) => {
                rest = Some(&now[end + 1..]);
                &now[..end]
            }
            None => {
                rest = None;
                now
            }
        };
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    fn lines_of(bytes: &[u8], chunk: usize) -> Vec<Vec<u8>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        std::fs::write(&path, bytes).unwrap();
        let mut lines = Lines::new(path.clone(), Source::open(&path).unwrap());
        lines.chunk = chunk;
        let all = Mutex::new(Vec::new());
        let work = |piece: &[u8]| each_line(piece).map(<[u8]>::to_vec).collect::<Vec<_>>();
        lines
            .run(work, |piece| {
                all.lock().unwrap().extend(piece);
                Ok(())
            })
            .unwrap();
        all.into_inner().unwrap()
    }

    #[test]
    fn lines_do_not_depend_on_the_chunks() {
        let text = b"one\r\ntwo\n\nthree \r\r\n\n four";
        let whole = lines_of(text, 1 << 20);
        let expected: [&[u8]; 6] = [b"one", b"two", b"", b"three \r", b"", b" four"];
        assert_eq!(whole, expected);
        for chunk in 1..text.len() {
            assert_eq!(lines_of(text, chunk), whole, "chunks of {chunk} bytes");
        }
    }

    #[test]
    fn a_line_end_closes_a_line_and_opens_none() {
        assert_eq!(lines_of(b"", 8).len(), 0);
        assert_eq!(lines_of(b"\n", 8).len(), 1);
        assert_eq!(lines_of(b"a\n", 8).len(), 1);
        assert_eq!(lines_of(b"a\nb", 8).len(), 2);
    }

    #[test]
    fn pieces_are_whole_lines_and_nothing_is_left_out() {
        let chunk: Vec<u8> = (0..300_000).flat_map(|n| format!("{n}\n").into_bytes()).collect();
        let pieces = pieces(&chunk);
        assert!(1 < pieces.len());
        assert!(pieces.iter().all(|piece| piece.ends_with(b"\n")));
        assert_eq!(pieces.concat(), chunk);
    }
}
