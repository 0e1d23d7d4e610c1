//! Removing lines: which lines there are, and the edits that leave some of them.

use super::scan;
use crate::contract::{Document, Edit, Span};

/// Calls `each` with the lines of `document` in order, blank ones included, without white
/// space at their ends. Here a carriage return, a page break and the separators of Unicode
/// end a line, too.
pub(crate) fn for_each_line(document: &Document<'_>, mut each: impl FnMut(Span)) {
    let text = document.text();
    let next_break = |from| scan::find(text.as_bytes(), from, is_break).unwrap_or(text.len());
    let mut next = next_break(0);
    for line in document.lines() {
        let (mut start, end) = (line.trimmed.start as usize, line.trimmed.end as usize);
        if next < start {
            next = next_break(start);
        }
        while next < end {
            each(trimmed(text, start, next));
            start = next + text[next..].chars().next().map_or(1, char::len_utf8);
            next = next_break(start);
        }
        each(trimmed(text, start, end));
    }
}

fn trimmed(text: &str, start: usize, end: usize) -> Span {
    let rest = text[start..end].trim_start();
    let start = end - rest.len();
    Span::new(start, start + rest.trim_end().len())
}

/// Whether a character that ends a line, line feed aside, starts with byte `a`, followed
/// by `b` and `c`.
#[expect(clippy::needless_bitwise_bool, reason = "a branch would keep it from being vectorised")]
const fn is_break(a: u8, b: u8, c: u8) -> bool {
    let ascii = ((0x0b <= a) & (a <= 0x0d)) | ((0x1c <= a) & (a <= 0x1e));
    // U+0085; U+2028 and U+2029
    let next_line = (a == 0xc2) & (b == 0x85);
    let separator = (a == 0xe2) & (b == 0x80) & ((c == 0xa8) | (c == 0xa9));
    ascii | next_line | separator
}

/// Edits that leave some lines of a text, with one line feed between them and no white
/// space around them.
pub(crate) struct KeptLines<'t, 'e> {
    text: &'t str,
    edits: &'e mut Vec<Edit>,
    /// End of the last line that was kept.
    end: Option<usize>,
    /// End of the last one that is not blank, and the number of edits up to there.
    visible: (usize, usize),
}

impl<'t, 'e> KeptLines<'t, 'e> {
    /// Nothing is kept of `text` so far.
    pub(crate) fn new(text: &'t str, edits: &'e mut Vec<Edit>) -> Self {
        let visible = (0, edits.len());
        Self { text, edits, end: None, visible }
    }

    /// Keeps `line`, which comes after the lines before, without `marks` inside it.
    pub(crate) fn push(&mut self, line: Span, marks: &[Span]) {
        let (start, end, marks) = self.content(line, marks);
        if start == end && self.end.is_none() {
            return;
        }
        self.close_gap(start);
        self.edits.extend(marks.iter().map(|&span| Edit { span, replacement: "" }));
        self.end = Some(end);
        if start < end {
            self.visible = (end, self.edits.len());
        }
    }

    /// What is not kept at the end of the text goes.
    pub(crate) fn finish(self) {
        let (end, edits) = self.visible;
        self.edits.truncate(edits);
        if end < self.text.len() {
            let span = Span::new(end, self.text.len());
            self.edits.push(Edit { span, replacement: "" });
        }
    }

    /// The line without marks and white space at its ends, and the marks inside it. A line
    /// without anything else is empty at its end.
    fn content<'m>(&self, line: Span, mut marks: &'m [Span]) -> (usize, usize, &'m [Span]) {
        let (mut start, mut end) = (line.start as usize, line.end as usize);
        while let Some((first, rest)) = marks.split_first()
            && self.text[start..first.start as usize].trim_start().is_empty()
        {
            (start, marks) = (first.end as usize, rest);
        }
        start = end - self.text[start..end].trim_start().len();
        while let Some((last, rest)) = marks.split_last()
            && self.text[last.end as usize..end].trim_end().is_empty()
        {
            (end, marks) = (last.start as usize, rest);
        }
        (start, start + self.text[start..end].trim_end().len(), marks)
    }

    /// Leaves one line feed of what stands between the last kept line and `start`.
    fn close_gap(&mut self, start: usize) {
        let Some(end) = self.end else {
            if 0 < start {
                self.edits.push(Edit { span: Span::new(0, start), replacement: "" });
            }
            return;
        };
        let gap = &self.text[end..start];
        let (span, replacement) = match gap.strip_prefix('\n') {
            Some("") => return,
            Some(_) => (Span::new(end + 1, start), ""),
            None if gap.ends_with('\n') => (Span::new(end, start - 1), ""),
            None => (Span::new(end, start), "\n"),
        };
        self.edits.push(Edit { span, replacement });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Workspace, apply};

    /// What is left of `text` when the lines with a capital letter go.
    fn left(text: &str) -> (String, usize) {
        let (mut edits, mut out) = (Vec::new(), String::new());
        let mut workspace = Workspace::new();
        let mut kept = KeptLines::new(text, &mut edits);
        for_each_line(&workspace.open_text(text), |line| {
            if !line.of(text).contains(char::is_uppercase) {
                kept.push(line, &[]);
            }
        });
        kept.finish();
        apply(text, &edits, &mut out);
        (out, edits.len())
    }

    #[test]
    fn lines_that_go_take_their_line_feeds_along() {
        assert_eq!(left("A\n a\nB\nC\nb \r\nc\nD"), ("a\nb\nc".to_owned(), 4));
        assert_eq!(left("a\nb"), ("a\nb".to_owned(), 0));
        assert_eq!(left("A\nB\n"), (String::new(), 1));
        assert_eq!(left(""), (String::new(), 0));
    }

    #[test]
    fn kept_blank_lines_stay_inside() {
        assert_eq!(left("\n\na\n \nb\n\n"), ("a\n\nb".to_owned(), 3));
    }

    #[test]
    fn other_breaks_become_line_feeds() {
        assert_eq!(left("a\rb\u{c}B\u{b}c\u{2028}d\u{85}e\u{1e}f").0, "a\nb\nc\nd\ne\nf");
    }

    #[test]
    fn marks_at_the_ends_take_their_white_space_along() {
        let (text, mut edits, mut out) = ("[1] a [2] b [3] [4]", Vec::new(), String::new());
        let marks = [Span::new(0, 3), Span::new(6, 9), Span::new(12, 15), Span::new(16, 19)];
        let mut kept = KeptLines::new(text, &mut edits);
        kept.push(Span::new(0, 19), &marks);
        kept.push(Span::new(19, 19), &[]);
        kept.finish();
        apply(text, &edits, &mut out);
        assert_eq!((out.as_str(), edits.len()), ("a  b", 3));
    }
}
