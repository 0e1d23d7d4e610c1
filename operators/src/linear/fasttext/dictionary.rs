//! The words and labels that a model knows, and where its rows for n-grams are.

use super::{
    reader::{FormatError, Reader, Slice, fits},
    table::Table,
    tree::UNKNOWN,
};

/// The token that ends a line.
pub(super) const LINE_END: &[u8] = b"</s>";
/// Tokens that open so are labels, even if the model does not know them.
const LABEL: &[u8] = b"__label__";
/// What an entry without a name takes in the file.
const SHORTEST: usize = 1 + size_of::<i64>() + 1;
/// What a bucket that was kept takes in the file.
const KEPT: usize = 2 * size_of::<i32>();
const LARGEST: usize = i32::MAX as usize;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// A word of the model, by its row.
    Word(usize),
    /// Some other word.
    Unknown,
    /// A label, which says nothing about the text.
    Label,
}

/// Words, then labels, in the order of the file.
#[derive(Debug)]
pub(super) struct Dictionary {
    entries: Slice,
    /// Where the names stand in `entries`, and their lengths.
    names: Vec<(u32, u32)>,
    by_hash: Table,
    words: usize,
    /// Bytes with which labels open.
    opens_label: [bool; 256],
    /// How often each label stood in what the model was trained on.
    pub(super) counts: Vec<i64>,
}

/// Rows for n-grams: one for each bucket, or only for the buckets that were kept.
#[derive(Debug)]
pub(super) struct Buckets {
    count: u32,
    /// 2^64 by `count`, rounded up.
    inverse: u64,
    first_row: usize,
    /// Rows of the buckets that were kept.
    kept: Option<Table>,
    rows: usize,
}

impl Dictionary {
    /// Reads the words and labels; `hash` gives their keys.
    pub(super) fn read(
        reader: &mut Reader,
        hash: impl Fn(&[u8]) -> u32,
    ) -> Result<(Self, Option<usize>), FormatError> {
        let most = reader.left() / SHORTEST;
        let at = reader.at();
        let size = reader.count("the number of entries", 1, most)?;
        let words = reader.count("the number of words", 0, size)?;
        let labels = reader.count("the number of labels", 1, size)?;
        fits("the number of entries", size, words + labels, at)?;
        // How many tokens the model was trained on.
        reader.i64()?;
        let at = reader.at();
        let kept = match reader.i64()? {
            ..0 => None,
            value => {
                let count = usize::try_from(value).ok().filter(|count| *count <= LARGEST);
                let what = "the number of kept buckets";
                Some(count.ok_or(FormatError::Number { what, value, at })?)
            }
        };
        Ok((Self::entries(reader, words, labels, hash)?, kept))
    }

    fn entries(
        reader: &mut Reader,
        words: usize,
        labels: usize,
        hash: impl Fn(&[u8]) -> u32,
    ) -> Result<Self, FormatError> {
        let start = reader.at();
        let (mut names, mut counts) = (Vec::with_capacity(words + labels), Vec::new());
        for number in 0..words + labels {
            let at = reader.at();
            let name = reader.string()?;
            if words <= number {
                str::from_utf8(&name).map_err(|_| FormatError::Label { at })?;
                let (what, at, value) = ("how often a label was seen", reader.at(), reader.i64()?);
                let is_one = (0..UNKNOWN).contains(&value);
                counts.push(is_one.then_some(value).ok_or(FormatError::Number {
                    what,
                    value,
                    at,
                })?);
            } else {
                reader.i64()?;
            }
            let kind_at = reader.at();
            let kind = usize::from(reader.u8()?);
            fits("the kind of an entry", kind, usize::from(words <= number), kind_at)?;
            let place = u32::try_from(at - start).ok().zip(u32::try_from(name.len()).ok());
            names.push(place.ok_or(FormatError::Number {
                what: "the length of the dictionary",
                value: i64::MAX,
                at,
            })?);
        }
        let entries = reader.since(start);
        let mut dictionary = Self {
            by_hash: Table::for_keys(0),
            entries,
            names,
            words,
            opens_label: [false; 256],
            counts,
        };
        dictionary.index(hash)?;
        Ok(dictionary)
    }

    fn index(&mut self, hash: impl Fn(&[u8]) -> u32) -> Result<(), FormatError> {
        let mut by_hash = Table::for_keys(self.names.len());
        for (entry, number) in (0..self.names.len()).zip(0..) {
            let name = self.name(entry);
            let same = |other: u32| self.name(other as usize) == name;
            by_hash.insert(hash(name), number, "words", same)?;
        }
        self.by_hash = by_hash;
        let labels = (self.words..self.names.len()).map(|entry| self.name(entry));
        let first: Vec<u8> =
            labels.chain([LABEL]).filter_map(|name| name.first().copied()).collect();
        for byte in first {
            self.opens_label[usize::from(byte)] = true;
        }
        Ok(())
    }

    pub(super) fn words(&self) -> usize {
        self.words
    }

    pub(super) fn labels(&self) -> usize {
        self.names.len() - self.words
    }

    /// The name of label number `label`.
    pub(super) fn label(&self, label: usize) -> &str {
        // Checked when it was read.
        str::from_utf8(self.name(self.words + label)).unwrap_or_default()
    }

    /// What `token` with this hash is.
    #[inline]
    pub(super) fn token(&self, token: &[u8], hash: u32) -> Token {
        let same = |entry: u32| self.name(entry as usize) == token;
        match self.by_hash.find(hash, same).map(|entry| entry as usize) {
            Some(entry) if entry < self.words => Token::Word(entry),
            Some(_) => Token::Label,
            None if token.starts_with(LABEL) => Token::Label,
            None => Token::Unknown,
        }
    }

    /// Whether `token` is a label, which most words are told not to be by their first byte.
    #[inline]
    pub(super) fn is_label(&self, token: &[u8], hash: u32) -> bool {
        token.first().is_some_and(|byte| self.opens_label[usize::from(*byte)])
            && self.token(token, hash) == Token::Label
    }

    fn name(&self, entry: usize) -> &[u8] {
        let (at, length) = self.names[entry];
        &self.entries[at as usize..][..length as usize]
    }
}

impl Buckets {
    /// Reads which of `count` buckets were kept, `None` if all were. Their rows follow those
    /// of `words`.
    pub(super) fn read(
        reader: &mut Reader,
        count: u32,
        kept: Option<usize>,
        words: usize,
    ) -> Result<Self, FormatError> {
        let inverse = u64::MAX.checked_div(u64::from(count)).unwrap_or(0).wrapping_add(1);
        let mut buckets =
            Self { count, inverse, first_row: words, kept: None, rows: count as usize };
        let Some(kept) = kept else { return Ok(buckets) };
        let at = reader.at();
        fits("the number of kept buckets", kept, kept.min(reader.left() / KEPT), at)?;
        let mut table = Table::for_keys(kept);
        buckets.rows = 0;
        for _ in 0..kept {
            let (bucket, row) = (reader.i32()?, reader.count("a row", 0, LARGEST)?);
            buckets.rows = buckets.rows.max(row + 1);
            // None of these is ever asked for.
            let Ok(bucket) = u32::try_from(bucket) else { continue };
            let row = u32::try_from(row).unwrap_or_default();
            table.insert(bucket, row, "buckets", |_| true)?;
        }
        buckets.kept = Some(table);
        Ok(buckets)
    }

    /// How many rows words and n-grams have.
    pub(super) fn rows(&self) -> usize {
        self.first_row + self.rows
    }

    /// The row of the n-gram of characters with this hash, if there is one.
    #[inline]
    pub(super) fn row(&self, hash: u32) -> Option<usize> {
        // The remainder, as Lemire et al. 2019 take it, Faster Remainder by Direct Computation.
        let fraction = self.inverse.wrapping_mul(u64::from(hash));
        #[expect(clippy::cast_possible_truncation, reason = "less than `count`")]
        let bucket = ((u128::from(fraction) * u128::from(self.count)) >> 64) as u32;
        self.row_of(bucket)
    }

    /// The row of the n-gram of words with this hash, if there is one.
    #[inline]
    pub(super) fn long_row(&self, hash: u64) -> Option<usize> {
        #[expect(clippy::cast_possible_truncation, reason = "less than `count`")]
        self.row_of(hash.checked_rem(u64::from(self.count))? as u32)
    }

    #[inline]
    fn row_of(&self, bucket: u32) -> Option<usize> {
        let row = match &self.kept {
            None => bucket,
            Some(kept) => kept.find(bucket, |_| true)?,
        };
        Some(self.first_row + row as usize)
    }
}
