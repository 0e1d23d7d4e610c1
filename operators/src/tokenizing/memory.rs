//! Numbers of tokens of pieces that were met before.

use std::fmt;

use xxhash_rust::xxh3::xxh3_64;

/// Longest piece that is kept, in bytes.
const LONGEST: usize = 25;
/// Pieces that are kept: one megabyte.
const PLACES: usize = 1 << 15;

/// Short pieces with their numbers of tokens. A new one takes the place of another.
#[derive(Default)]
pub(crate) struct Memory {
    entries: Vec<Entry>,
}

#[derive(Clone, Copy)]
struct Entry {
    /// Number of the tokenizer; 0 for none.
    owner: u32,
    tokens: u16,
    length: u8,
    piece: [u8; LONGEST],
}

const EMPTY: Entry = Entry { owner: 0, tokens: 0, length: 0, piece: [0; LONGEST] };

impl Memory {
    /// The number of tokens of `piece`, by `count` if it is not known yet. `owner` stands for
    /// the tokenizer and is not 0.
    #[inline]
    pub(super) fn tokens(
        &mut self,
        owner: u32,
        piece: &str,
        count: impl FnOnce() -> Option<usize>,
    ) -> Option<usize> {
        let bytes = piece.as_bytes();
        if LONGEST < bytes.len() {
            return count();
        }
        if self.entries.is_empty() {
            self.entries.resize(PLACES, EMPTY);
        }
        #[expect(clippy::cast_possible_truncation, reason = "the lowest bits")]
        let place = xxh3_64(bytes) as usize % PLACES;
        let entry = &mut self.entries[place];
        let same = usize::from(entry.length) == bytes.len() && entry.owner == owner;
        if same && &entry.piece[..bytes.len()] == bytes {
            return Some(usize::from(entry.tokens));
        }
        let tokens = count()?;
        if let (Ok(number), Ok(length)) = (u16::try_from(tokens), u8::try_from(bytes.len())) {
            *entry = Entry { owner, tokens: number, length, ..EMPTY };
            entry.piece[..bytes.len()].copy_from_slice(bytes);
        }
        Some(tokens)
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_counted_once_for_each_tokenizer() {
        let mut memory = Memory::default();
        assert_eq!(memory.tokens(1, "tide", || Some(2)), Some(2));
        assert_eq!(memory.tokens(1, "tide", || None), Some(2));
        assert_eq!(memory.tokens(2, "tide", || Some(3)), Some(3));
        assert_eq!(memory.tokens(1, "tides", || None), None);
    }

    #[test]
    fn pieces_that_are_not_kept_are_counted_each_time() {
        let mut memory = Memory::default();
        let long = "ebb and flow, ".repeat(3);
        assert_eq!(memory.tokens(1, &long, || Some(9)), Some(9));
        assert_eq!(memory.tokens(1, &long, || Some(8)), Some(8));
        assert_eq!(memory.tokens(1, "ebb", || Some(100_000)), Some(100_000));
        assert_eq!(memory.tokens(1, "ebb", || Some(1)), Some(1));
    }
}
