//! Which parts of a text are read, and where they are cut.

use std::{ops::Range, sync::LazyLock};

use memchr::memmem::Finder;

/// A passage ends at the first line feed after this many bytes …
const SHORT: usize = 96;
/// … or at the last white space before this many.
const LONG: usize = 480;
/// … and before a line of backticks, as Markdown puts around code.
static FENCE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\n```"));
/// Passages of a text of which not all is read.
const SPREAD: usize = 16;

/// Calls `each` with passages of `text`, in order: all of it if it has at most `budget`
/// bytes, else about so many bytes in stretches that are spread evenly.
pub fn passages(text: &str, budget: usize, mut each: impl FnMut(Range<usize>)) {
    if text.len() <= budget {
        cut(text, 0..text.len(), &mut each);
        return;
    }
    let length = budget / SPREAD;
    for number in 0..SPREAD {
        let from = text.ceil_char_boundary((text.len() - length) / (SPREAD - 1) * number);
        let to = text.floor_char_boundary(from + length);
        // A stretch opens with a whole word if it has several.
        let start = match text[from..to].find(char::is_whitespace) {
            Some(space) if 0 < number && space < length / 4 => from + space,
            _ => from,
        };
        cut(text, start..to, &mut each);
    }
}

fn cut(text: &str, stretch: Range<usize>, each: &mut impl FnMut(Range<usize>)) {
    let bytes = text.as_bytes();
    let mut from = stretch.start;
    while from < stretch.end {
        let most = text.floor_char_boundary((from + LONG).min(stretch.end));
        let least = (from + SHORT).min(most);
        let end = match memchr::memchr(b'\n', &bytes[least..most]) {
            Some(feed) => least + feed + 1,
            None if most == stretch.end => most,
            None => match memchr::memrchr(b' ', &bytes[least..most]) {
                Some(space) => least + space + 1,
                None => most,
            },
        };
        // What is said and what is shown are not read together.
        let end = match FENCE.find(&bytes[from..end]) {
            Some(feed) => from + feed + 1,
            None => end,
        };
        each(from..end);
        from = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut_up(text: &str, budget: usize) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        passages(text, budget, |passage| found.push(passage));
        found
    }

    #[test]
    fn a_text_within_the_budget_is_read_whole() {
        let text = "The tide went out before dawn.\n潮水在黎明前退去。\n".repeat(40);
        let found = cut_up(&text, text.len());
        assert_eq!(found.first().map(|passage| passage.start), Some(0));
        assert_eq!(found.last().map(|passage| passage.end), Some(text.len()));
        for pair in found.windows(2) {
            assert_eq!(pair[0].end, pair[1].start);
        }
        assert!(found.iter().all(|passage| text.get(passage.clone()).is_some()));
    }

    #[test]
    fn a_longer_text_is_read_in_stretches_of_the_whole() {
        let text = "潮水在黎明前退去。".repeat(10_000);
        let found = cut_up(&text, 8192);
        let read: usize = found.iter().map(ExactSizeIterator::len).sum();
        assert!((7000..=8192).contains(&read), "{read}");
        assert!(text.len() - 1000 < found.last().unwrap().end);
        for pair in found.windows(2) {
            assert!(pair[0].end <= pair[1].start);
        }
    }

    #[test]
    fn a_line_of_backticks_begins_a_passage() {
        let text = "Say:\n```\nlet a = 1;\n```\nand so on";
        let found = cut_up(text, 8192);
        let parts: Vec<&str> = found.into_iter().map(|range| &text[range]).collect();
        assert_eq!(parts, ["Say:\n", "```\nlet a = 1;\n", "```\nand so on"]);
    }

    #[test]
    fn nothing_is_cut_out_of_nothing() {
        assert!(cut_up("", 8192).is_empty());
    }
}
