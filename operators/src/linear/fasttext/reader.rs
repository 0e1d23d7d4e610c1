//! Taking the bytes of a model apart, with no trust in any number of it.

use std::{ops::Deref, ops::Range, sync::Arc};

use thiserror::Error;

/// Why a file cannot be used as a model. Places are bytes from the start of the file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FormatError {
    /// Some other file.
    #[error("it does not begin as a model of fastText does")]
    Foreign,
    /// Too old or too new.
    #[error("it has version {0} of the format, not 11 or 12")]
    Version(i32),
    /// A model without labels.
    #[error("it holds word vectors, not labels: it was not trained with `supervised`")]
    Unsupervised,
    /// The file was cut.
    #[error("it ends at byte {at}, within {part}")]
    Ends {
        /// Length of the file.
        at: usize,
        /// What was being read.
        part: &'static str,
    },
    /// A number that no model has.
    #[error("{what} is {value} at byte {at}, which no model can have")]
    Number {
        /// What the number says.
        what: &'static str,
        /// The number.
        value: i64,
        /// Where it stands.
        at: usize,
    },
    /// Two parts that do not belong together.
    #[error("{what} is {found} at byte {at}, where the rest of the file asks for {wanted}")]
    Size {
        /// What the number says.
        what: &'static str,
        /// The number.
        found: usize,
        /// The number that would fit.
        wanted: usize,
        /// Where it stands.
        at: usize,
    },
    /// A label that cannot be shown.
    #[error("a label at byte {at} is not UTF-8")]
    Label {
        /// Where it stands.
        at: usize,
    },
    /// Entries that were made to be slow to look up.
    #[error("{what} collide more often than chance allows")]
    Collisions {
        /// Of which kind the entries are.
        what: &'static str,
    },
}

/// Bytes of the file, which is kept once however many parts a model has.
#[derive(Debug, Clone)]
pub(super) struct Slice {
    file: Arc<[u8]>,
    range: Range<usize>,
}

impl Deref for Slice {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.file[self.range.clone()]
    }
}

/// What is left of the file.
pub(super) struct Reader {
    file: Arc<[u8]>,
    at: usize,
    /// What is being read.
    pub(super) part: &'static str,
}

impl Reader {
    pub(super) fn new(file: Arc<[u8]>) -> Self {
        Self { file, at: 0, part: "the header" }
    }

    /// Where the next byte stands.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.file.len() - self.at
    }

    /// The next `rows` × `bytes` bytes.
    pub(super) fn slice(&mut self, rows: usize, bytes: usize) -> Result<Slice, FormatError> {
        let count = rows.checked_mul(bytes).ok_or(self.ends())?;
        let start = self.at;
        self.take(count)?;
        Ok(Slice { file: Arc::clone(&self.file), range: start..self.at })
    }

    /// What was read from `start` on.
    pub(super) fn since(&self, start: usize) -> Slice {
        Slice { file: Arc::clone(&self.file), range: start..self.at }
    }

    /// The bytes up to the next zero, which is passed over.
    pub(super) fn string(&mut self) -> Result<Slice, FormatError> {
        let length = memchr::memchr(0, &self.file[self.at..]).ok_or(self.ends())?;
        let string = self.slice(length, 1)?;
        self.take(1)?;
        Ok(string)
    }

    pub(super) fn u8(&mut self) -> Result<u8, FormatError> {
        self.array().map(|[byte]: [u8; 1]| byte)
    }

    pub(super) fn i32(&mut self) -> Result<i32, FormatError> {
        self.array().map(i32::from_le_bytes)
    }

    pub(super) fn i64(&mut self) -> Result<i64, FormatError> {
        self.array().map(i64::from_le_bytes)
    }

    /// A number of 32 bits from `least` to `most`.
    pub(super) fn count(
        &mut self,
        what: &'static str,
        least: usize,
        most: usize,
    ) -> Result<usize, FormatError> {
        let at = self.at;
        let value = i64::from(self.i32()?);
        within(what, value, least, most, at)
    }

    /// A number of 64 bits from `least` up.
    pub(super) fn long(&mut self, what: &'static str, least: usize) -> Result<usize, FormatError> {
        let at = self.at;
        let value = self.i64()?;
        within(what, value, least, usize::MAX, at)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], FormatError> {
        let at = self.at;
        self.take(N)?;
        self.file[at..].first_chunk().copied().ok_or(self.ends())
    }

    fn take(&mut self, count: usize) -> Result<(), FormatError> {
        if self.left() < count {
            return Err(self.ends());
        }
        self.at += count;
        Ok(())
    }

    fn ends(&self) -> FormatError {
        FormatError::Ends { at: self.file.len(), part: self.part }
    }
}

fn within(
    what: &'static str,
    value: i64,
    least: usize,
    most: usize,
    at: usize,
) -> Result<usize, FormatError> {
    usize::try_from(value)
        .ok()
        .filter(|count| (least..=most).contains(count))
        .ok_or(FormatError::Number { what, value, at })
}

/// Refuses `found` if it is not `wanted`.
pub(super) fn fits(
    what: &'static str,
    found: usize,
    wanted: usize,
    at: usize,
) -> Result<(), FormatError> {
    if found == wanted {
        return Ok(());
    }
    Err(FormatError::Size { what, found, wanted, at })
}
