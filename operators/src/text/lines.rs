//! Lines: what stands between line feeds.

use crate::contract::Span;

/// One line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The line without its line feed.
    pub whole: Span,
    /// The line without white space at either end; empty for a blank line.
    pub trimmed: Span,
}

impl Line {
    /// Whether the line holds only white space.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.trimmed.start == self.trimmed.end
    }

    /// Whether no white space stands before the line's first character.
    #[must_use]
    pub fn is_flush_left(&self, text: &str) -> bool {
        let before = &text[..self.trimmed.start as usize];
        before.is_empty() || before.ends_with('\n')
    }

    /// Whether no white space stands after the line's last character, a carriage return aside.
    #[must_use]
    pub fn is_flush_right(&self, text: &str) -> bool {
        let after = &text[self.trimmed.end as usize..];
        after.is_empty() || after.starts_with('\n') || after.starts_with("\r\n")
    }
}

/// Appends the lines of `text`. A line feed at the end does not open another line.
pub fn split(text: &str, out: &mut Vec<Line>) {
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()) {
        out.push(line(text, start, end));
        start = end + 1;
    }
    if start < text.len() {
        out.push(line(text, start, text.len()));
    }
}

fn line(text: &str, start: usize, end: usize) -> Line {
    let rest = text[start..end].trim_start();
    let visible = end - rest.len();
    Line {
        whole: Span::new(start, end),
        trimmed: Span::new(visible, visible + rest.trim_end().len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<&str> {
        let mut out = Vec::new();
        split(text, &mut out);
        out.iter().map(|line| line.trimmed.of(text)).collect()
    }

    #[test]
    fn a_final_line_feed_opens_no_line() {
        assert_eq!(lines("a\nb\n"), ["a", "b"]);
    }

    #[test]
    fn blank_lines_are_lines() {
        assert_eq!(lines("a\n \u{3000}\n\nb"), ["a", "", "", "b"]);
    }

    #[test]
    fn carriage_returns_and_indentation_are_trimmed() {
        assert_eq!(lines("  a\r\n\tb \r\n"), ["a", "b"]);
    }

    #[test]
    fn nothing_has_no_lines() {
        assert_eq!(lines(""), Vec::<&str>::new());
    }
}
