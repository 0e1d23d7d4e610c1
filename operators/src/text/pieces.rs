//! What stands between line feeds, compared with what came before it.

use std::ops::Range;

use super::{interner, lazy::Reuse};
use crate::contract::Span;

/// The pieces of one text, and which of them are equal.
#[derive(Debug, Default)]
pub struct Pieces {
    all: Vec<Piece>,
    counts: Vec<u32>,
    interner: interner::Pieces,
}

/// What becomes of white space at the ends of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// It belongs to the piece, which can be blank.
    Kept,
    /// It is no part of the piece, and a blank piece is none.
    Stripped,
}

impl Ends {
    /// Both ways.
    pub const ALL: [Self; 2] = [Self::Kept, Self::Stripped];
}

/// What stands between runs of line feeds; with its ends kept it can be empty at either end
/// of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Where it stands.
    pub span: Span,
    /// Whether an equal piece stands before it.
    pub is_copy: bool,
    kind: u32,
}

impl Pieces {
    /// All pieces in order.
    #[must_use]
    pub fn all(&self) -> &[Piece] {
        &self.all
    }

    /// How many pieces are equal to this one, itself included.
    #[must_use]
    pub fn count(&self, piece: &Piece) -> u32 {
        self.counts[piece.kind as usize]
    }

    /// Takes the lines of `text`; blank lines between them are not kept.
    pub fn fill_lines(&mut self, text: &str, ends: Ends) {
        self.fill(text, 0, 1, ends);
    }

    /// Takes the paragraphs of `text`, without white space before the first and after the last.
    pub fn fill_paragraphs(&mut self, text: &str, ends: Ends) {
        let start = text.len() - text.trim_start().len();
        self.fill(&text[..start + text.trim().len()], start, 2, ends);
    }

    /// Splits `text` from `start` on at runs of at least `fewest` line feeds.
    fn fill(&mut self, text: &str, mut start: usize, fewest: usize, ends: Ends) {
        let feeds = memchr::memchr_iter(b'\n', &text.as_bytes()[start..]);
        let offset = start;
        let mut feeds = feeds.map(|at| offset + at).peekable();
        while let Some(first) = feeds.next() {
            let mut end = first + 1;
            while feeds.next_if_eq(&end).is_some() {
                end += 1;
            }
            if fewest <= end - first {
                self.push(text, start..first, ends);
                start = end;
            }
        }
        self.push(text, start..text.len(), ends);
        let mut numbers = self.interner.start(text, self.all.len());
        for piece in &mut self.all {
            piece.kind = numbers.number(piece.span);
            piece.is_copy = (piece.kind as usize) < self.counts.len();
            if !piece.is_copy {
                self.counts.push(0);
            }
            self.counts[piece.kind as usize] += 1;
        }
    }

    fn push(&mut self, text: &str, place: Range<usize>, ends: Ends) {
        let Range { mut start, mut end } = place;
        if ends == Ends::Stripped {
            let rest = text[start..end].trim_start();
            start = end - rest.len();
            end = start + rest.trim_end().len();
            if start == end {
                return;
            }
        }
        self.all.push(Piece { span: Span::new(start, end), is_copy: false, kind: 0 });
    }
}

impl Reuse for Pieces {
    fn empty(&mut self) {
        self.all.clear();
        self.counts.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str, fill: fn(&mut Pieces, &str, Ends), ends: Ends) -> Vec<(&str, bool, u32)> {
        let mut pieces = Pieces::default();
        fill(&mut pieces, text, ends);
        let piece = |piece: &Piece| (piece.span.of(text), piece.is_copy, pieces.count(piece));
        pieces.all().iter().map(piece).collect()
    }

    #[test]
    fn runs_of_line_feeds_part_once() {
        assert_eq!(
            pieces("a\n\nb\na\n", Pieces::fill_lines, Ends::Kept),
            [("a", false, 2), ("b", false, 1), ("a", true, 2), ("", false, 1)]
        );
    }

    #[test]
    fn one_line_feed_parts_no_paragraphs() {
        let found = pieces("\n\na\nb\n\n\na\nb\n ", Pieces::fill_paragraphs, Ends::Kept);
        assert_eq!(found, [("a\nb", false, 2), ("a\nb", true, 2)]);
    }

    #[test]
    fn stripped_pieces_show_something() {
        assert_eq!(
            pieces(" a\n\u{3000}\n\tb\r\na \n", Pieces::fill_lines, Ends::Stripped),
            [("a", false, 2), ("b", false, 1), ("a", true, 2)]
        );
        assert_eq!(
            pieces("a\nb \n\n \n\n\n  a\nb", Pieces::fill_paragraphs, Ends::Stripped),
            [("a\nb", false, 2), ("a\nb", true, 2)]
        );
        assert_eq!(pieces(" \n\n ", Pieces::fill_lines, Ends::Stripped), []);
    }
}
