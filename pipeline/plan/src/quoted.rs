//! From a place inside a string to the place inside the TOML that quotes it.

use std::ops::Range;

/// Where the bytes `range` of `content` stand in `raw`, the string as it is quoted;
/// nothing if the two cannot be laid side by side.
pub(crate) fn place_in_quotes(
    raw: &str,
    content: &str,
    range: Range<usize>,
) -> Option<Range<usize>> {
    let quotes = ["\"\"\"", "'''", "\"", "'"];
    let quote = quotes.into_iter().find(|quote| raw.starts_with(quote))?;
    let inside = raw.strip_prefix(quote)?.strip_suffix(quote)?;
    if inside.ends_with(content) {
        // The line break right after opening triple quotes is not part of the string.
        let shift = quote.len() + inside.len() - content.len();
        return Some(range.start + shift..range.end + shift);
    }
    let escaped = Escaped { inside, content };
    (quote == "\"").then_some(())?;
    Some(quote.len() + escaped.offset(range.start)?..quote.len() + escaped.offset(range.end)?)
}

/// A string of one line with escapes.
struct Escaped<'q> {
    inside: &'q str,
    content: &'q str,
}

impl Escaped<'_> {
    /// The byte inside the quotes at which byte `wanted` of the content is written.
    fn offset(&self, wanted: usize) -> Option<usize> {
        let mut at = 0;
        for character in self.content.get(..wanted)?.chars() {
            let rest = self.inside.get(at..)?.as_bytes();
            at += match (rest.first()?, rest.get(1)) {
                (b'\\', Some(b'U')) => 10,
                (b'\\', Some(b'u')) => 6,
                (b'\\', Some(b'x')) => 4,
                (b'\\', _) => 2,
                _ => character.len_utf8(),
            };
        }
        (at <= self.inside.len()).then_some(at)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::place_in_quotes;

    /// What stands in `raw` where `part` stands in its content.
    fn found<'r>(raw: &'r str, part: &str) -> Option<&'r str> {
        let table = format!("x = {raw}").parse::<toml::Table>().expect(raw);
        let content = table["x"].as_str().expect("a string");
        let start = content.find(part).expect(part);
        Some(&raw[place_in_quotes(raw, content, start..start + part.len())?])
    }

    #[test]
    fn a_plain_string_is_as_it_is_written() {
        assert_eq!(found("\"lang = 'en'\"", "'en'"), Some("'en'"));
        assert_eq!(found("'a < b'", "b"), Some("b"));
    }

    #[test]
    fn the_line_break_after_triple_quotes_is_left_out() {
        assert_eq!(found("'''\na < b'''", "a"), Some("a"));
        assert_eq!(found("\"\"\"a < b\"\"\"", "b"), Some("b"));
    }

    #[test]
    fn escapes_are_stepped_over() {
        assert_eq!(found(r#""lang = \"en\" AND b""#, "b"), Some("b"));
        assert_eq!(found(r#""lang = \"en\"""#, "\"en\""), Some(r#"\"en\""#));
        assert_eq!(found(r#""'\u8a9e' < b""#, "b"), Some("b"));
    }

    #[test]
    fn a_line_that_is_continued_is_given_up() {
        assert_eq!(found("\"\"\"a \\\n < b\"\"\"", "b"), None);
    }

    proptest! {
        #[test]
        fn places_never_leave_the_quotes(raw in "\"\\PC{0,20}\"", content in "\\PC{0,20}") {
            let place = place_in_quotes(&raw, &content, 0..content.len());
            prop_assert!(place.is_none_or(|place| place.end < raw.len()));
        }
    }
}
