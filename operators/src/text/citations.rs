//! Marks that a wiki leaves in its text: `[12]`, `[]`, `[edit]`, `[citation needed]`.

use crate::contract::Span;

/// A line without its marks, in memory that is used again.
#[derive(Debug, Default)]
pub(crate) struct Citations {
    kept: String,
    marks: Vec<Span>,
}

impl Citations {
    /// Takes the marks out of `line`, which stands in `text`, until none is left. Returns
    /// what stays, and where the marks are, in order.
    pub(crate) fn of<'c>(&'c mut self, text: &'c str, line: Span) -> (&'c str, &'c [Span]) {
        let whole = line.of(text);
        self.marks.clear();
        if memchr::memchr(b'[', whole.as_bytes()).is_none() {
            return (whole, &self.marks);
        }
        self.kept.clear();
        let mut from = 0;
        for at in memchr::memchr_iter(b']', whole.as_bytes()) {
            self.kept.push_str(&whole[from..at]);
            from = at + 1;
            match opening(&self.kept) {
                Some(open) => self.take(line.start as usize + at, open),
                None => self.kept.push(']'),
            }
        }
        self.kept.push_str(&whole[from..]);
        (&self.kept, &self.marks)
    }

    /// Takes a mark whose closing bracket stands at `close` of the text, and whose opening
    /// one at `open` of what was kept, with the marks inside it.
    fn take(&mut self, close: usize, open: usize) {
        let (mut start, mut length) = (close, self.kept.len() - open);
        while let Some(inner) = self.marks.last() {
            let between = start - inner.end as usize;
            if length <= between {
                break;
            }
            length -= between;
            start = inner.start as usize;
            self.marks.pop();
        }
        self.kept.truncate(open);
        self.marks.push(Span::new(start - length, close + 1));
    }
}

/// Where the mark opens that a closing bracket after `kept` would complete.
fn opening(kept: &str) -> Option<usize> {
    let inside = kept.trim_end_matches(|digit: char| digit.is_ascii_digit());
    let known = ["edit", "citation needed"];
    let open = known.iter().find_map(|name| kept.strip_suffix(name)).unwrap_or(inside);
    open.strip_suffix('[').map(str::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> (String, Vec<&str>) {
        let mut citations = Citations::default();
        let (kept, marks) = citations.of(text, Span::new(0, text.len()));
        (kept.to_owned(), marks.iter().map(|mark| mark.of(text)).collect())
    }

    #[test]
    fn marks_are_taken_where_they_stand() {
        let (kept, marks) = cleaned("Tide[12] tables[] [edit]go[citation needed] [a] 1] [2");
        assert_eq!(kept, "Tide tables go [a] 1] [2");
        assert_eq!(marks, ["[12]", "[]", "[edit]", "[citation needed]"]);
    }

    #[test]
    fn marks_in_marks_are_one() {
        assert_eq!(cleaned("a[[1]2[3]]b"), ("ab".to_owned(), vec!["[[1]2[3]]"]));
        assert_eq!(cleaned("a[ed[1]it]b"), ("ab".to_owned(), vec!["[ed[1]it]"]));
        assert_eq!(cleaned("[x[1]]"), ("[x]".to_owned(), vec!["[1]"]));
    }

    #[test]
    fn nesting_takes_linear_time() {
        let depth = 1 << 20;
        let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let (kept, marks) = cleaned(&nested);
        assert_eq!((kept.as_str(), marks.len()), ("", 1));
        let closing = format!("[{}", "1]".repeat(depth));
        let (kept, _) = cleaned(&closing);
        assert_eq!(kept.len(), 2 * depth - 2);
    }
}
