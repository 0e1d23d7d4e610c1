//! Which parts of a text stand between fences, the lines of backticks that Markdown puts around
//! what is shown (`CommonMark` 0.31, section 4.5; indents of any depth, which lists have).

use std::{ops::Range, sync::LazyLock};

use memchr::{memchr, memmem::Finder};

static BACKTICKS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("```"));

/// Reads ranges of a text in order.
#[derive(Debug)]
pub(super) struct Fences<'t> {
    bytes: &'t [u8],
    /// Up to where lines of backticks were looked for.
    at: usize,
    /// The next one.
    next: Option<Fence>,
    /// The one that no other closed yet.
    open: Option<Fence>,
}

#[derive(Debug, Clone, Copy)]
struct Fence {
    start: usize,
    end: usize,
    backticks: usize,
    /// Whether nothing follows them.
    bare: bool,
}

impl<'t> Fences<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let mut fences = Self { bytes: text.as_bytes(), at: 0, next: None, open: None };
        fences.next = fences.find();
        // Only an opening one says what is shown. If it comes where one should close, the text
        // is a part of another and begins between fences; if one is left over and no other says
        // what is shown, nobody can say which.
        let mut ahead = Self { ..fences };
        while let Some(fence) = ahead.next.filter(|fence| fence.bare) {
            ahead.pass(fence);
        }
        match (ahead.open, ahead.next) {
            (Some(_), Some(_)) => {
                fences.open = fences.next.map(|first| Fence { start: 0, ..first });
            }
            (Some(_), None) => fences.next = None,
            (None, _) => {}
        }
        fences
    }

    /// Goes on to the next one; returns the one that this one closes.
    fn pass(&mut self, fence: Fence) -> Option<Fence> {
        self.next = self.find();
        match self.open {
            None => {
                self.open = Some(fence);
                None
            }
            Some(open) if fence.bare && open.backticks <= fence.backticks => self.open.take(),
            Some(_) => None,
        }
    }

    /// The next line that begins with backticks and has no others.
    fn find(&mut self) -> Option<Fence> {
        while let Some(found) = BACKTICKS.find(&self.bytes[self.at..]) {
            let first = self.at + found;
            let feed = memchr(b'\n', &self.bytes[first..]);
            let end = feed.map_or(self.bytes.len(), |feed| first + feed + 1);
            self.at = end;
            let before = self.bytes[..first].iter().rev();
            let start = first - before.take_while(|byte| **byte == b' ').count();
            let line = &self.bytes[first..end];
            let backticks = line.iter().take_while(|byte| **byte == b'`').count();
            let info = line[backticks..].trim_ascii();
            let begins = start == 0 || self.bytes[start - 1] == b'\n';
            if begins && memchr(b'`', info).is_none() {
                return Some(Fence { start, end, backticks, bare: info.is_empty() });
            }
        }
        self.at = self.bytes.len();
        None
    }

    /// Whether at least half of `range`, which begins after the last one that was asked for,
    /// stands between fences; one that nothing closes lasts to the end.
    pub(super) fn hold(&mut self, range: Range<usize>) -> bool {
        let shared =
            |from: usize, to: usize| to.min(range.end).saturating_sub(from.max(range.start));
        let mut inside = 0;
        while let Some(fence) = self.next.filter(|fence| fence.start < range.end) {
            inside += self.pass(fence).map_or(0, |open| shared(open.start, fence.end));
        }
        inside += self.open.map_or(0, |open| shared(open.start, range.end));
        range.len() <= 2 * inside
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of a text that stand between fences.
    fn held(text: &str) -> Vec<&str> {
        let (mut fences, mut at, mut held) = (Fences::of(text), 0, Vec::new());
        for line in text.split_inclusive('\n') {
            if fences.hold(at..at + line.len()) {
                held.push(line);
            }
            at += line.len();
        }
        held
    }

    #[test]
    fn what_stands_between_fences_is_held() {
        assert_eq!(
            held("Say:\n```rust\nlet a = 1;\n```\nand\n"),
            ["```rust\n", "let a = 1;\n", "```\n"]
        );
        assert_eq!(held("- so\n  ````\n  ```\n  ````\nend"), ["  ````\n", "  ```\n", "  ````\n"]);
        assert_eq!(held("Say ```this``` or\n```that``` but\n// ```\nnot"), [""; 0]);
        assert_eq!(held("Say:\n```js\nlet a = 1;"), ["```js\n", "let a = 1;"]);
        assert_eq!(held(""), [""; 0]);
    }

    #[test]
    fn a_part_of_a_text_may_begin_between_fences() {
        let part = "let a = 1;\n```\nSay:\n```rust\nlet b = 1;\n```\n";
        assert_eq!(held(part), ["let a = 1;\n", "```\n", "```rust\n", "let b = 1;\n", "```\n"]);
        assert_eq!(held("let a = 1;\n```\nSay:\n"), [""; 0]);
    }

    #[test]
    fn half_of_a_range_is_enough_and_what_is_skipped_counts() {
        let text = "0123\n```\n901\n```\n7890\n```\n5678\n```\n";
        let hold = |ranges: &[Range<usize>]| -> Vec<bool> {
            let mut fences = Fences::of(text);
            ranges.iter().map(|range| fences.hold(range.clone())).collect()
        };
        assert_eq!(hold(&[0..10, 10..35]), [true, true]);
        assert_eq!(hold(&[0..9, 9..12, 16..22, 26..30]), [false, true, false, true]);
    }
}
