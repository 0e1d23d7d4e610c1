//! Lines that occur again.

use xxhash_rust::xxh3::xxh3_64;

use super::{lazy::Reuse, lines::Line};

/// The copies among the lines of one text.
#[derive(Debug, Default)]
pub(crate) struct Copies {
    /// Hash of a line, and its number.
    hashes: Vec<(u64, u32)>,
    copies: Vec<Line>,
}

impl Copies {
    /// Non-blank lines that read as an earlier one does, white space included, in order.
    pub(crate) fn lines(&self) -> &[Line] {
        &self.copies
    }

    /// Finds the copies among `lines`, the lines of `text`.
    pub(crate) fn fill(&mut self, text: &str, lines: &[Line]) {
        let numbered = (0_u32..).zip(lines).filter(|(_, line)| !line.is_blank());
        let hashed = |line: &Line| xxh3_64(line.whole.of(text).as_bytes());
        self.hashes.extend(numbered.map(|(number, line)| (hashed(line), number)));
        // Equal lines come to stand together, the first one first.
        self.hashes.sort_unstable();
        for equal in self.hashes.chunk_by(|a, b| a.0 == b.0) {
            let line = |&(_, number): &(u64, u32)| lines[number as usize];
            let Some((first, later)) = equal.split_first() else { continue };
            let original = line(first).whole.of(text);
            let later = later.iter().map(line);
            self.copies.extend(later.filter(|copy| copy.whole.of(text) == original));
        }
        self.copies.sort_unstable_by_key(|copy| copy.whole);
    }
}

impl Reuse for Copies {
    fn empty(&mut self) {
        self.hashes.clear();
        self.copies.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::lines;

    #[test]
    fn copies_come_after_their_original_and_in_order() {
        let text = "a\nb\n a\n\na\n\nb\na";
        let (mut found, mut copies) = (Vec::new(), Copies::default());
        lines::split(text, &mut found);
        copies.fill(text, &found);
        let places: Vec<u32> = copies.lines().iter().map(|line| line.whole.start).collect();
        assert_eq!(places, [8, 11, 13]);
    }
}
