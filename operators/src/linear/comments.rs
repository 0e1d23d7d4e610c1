//! Which lines of a program are comments or quoted texts.

/// What those of several lines open and close with.
const BLOCKS: [(&str, &str); 14] = [
    ("/*", "*/"),
    ("(*", "*)"),
    ("{-", "-}"),
    ("#|", "|#"),
    ("--[[", "]]"),
    ("--[=", "=]"),
    ("#[[", "]]"),
    ("#[=", "=]"),
    ("%{", "%}"),
    ("=begin", "=end"),
    ("<!--", "-->"),
    ("\"\"\"", "\"\"\""),
    ("'''", "'''"),
    ("\"", "\""),
];
/// Those that only open one if white space or another sign follows: `(*note this)` and `{-a|-b}`
/// are texts and options.
const LOOSE: [&str; 3] = ["(*", "{-", "#|"];
/// One that is not closed within so many bytes is none.
const LONGEST: usize = 2048;

/// Reads passages of a text in order.
#[derive(Debug, Default)]
pub(super) struct Comments {
    /// What closes the one that is open, and how many bytes it may still have.
    open: Option<(&'static str, usize)>,
}

impl Comments {
    /// Whether more than half of the bytes of `passage` are on such lines.
    pub(super) fn have(&mut self, passage: &str) -> bool {
        let lines = passage.split_inclusive('\n');
        let own: usize = lines.filter(|line| self.has(line)).map(str::len).sum();
        passage.len() < 2 * own
    }

    fn has(&mut self, line: &str) -> bool {
        if let Some((close, left)) = self.open {
            let ends = line.contains(close) || left < line.len();
            self.open = (!ends).then(|| (close, left - line.len()));
            return true;
        }
        let text = line.trim_start_matches([' ', '\t']);
        if !text.starts_with(|first: char| first.is_ascii_punctuation()) {
            return is_worded(line, text);
        }
        let block = BLOCKS.iter().find_map(|(open, close)| {
            let rest = text.strip_prefix(open)?;
            let goes_on = rest.starts_with(|next: char| next.is_alphanumeric() || next == ')');
            (!goes_on || !LOOSE.contains(open)).then_some((rest, *close))
        });
        if let Some((rest, close)) = block {
            self.open = (!rest.contains(close)).then_some((close, LONGEST));
            return true;
        }
        is_marked(line, text.as_bytes())
    }
}

/// Whether a line, which is `text` after an indent, opens with a word that marks comments: `dnl`
/// or `rem`, or with a `C` in the first column and two spaces.
fn is_worded(line: &str, text: &str) -> bool {
    let is = |mark| text.split(char::is_whitespace).next() == Some(mark);
    match text.as_bytes().first() {
        Some(b'C' | b'c') => ["C  ", "c  ", "C\n"].iter().any(|mark| line.starts_with(mark)),
        Some(b'd') => is("dnl"),
        Some(b'r') => is("rem"),
        Some(b'R') => is("REM"),
        _ => false,
    }
}

/// Whether a line, which is `text` after an indent, opens with `//`, or if white space follows
/// with `;`, `%` or `#`, several of one too, `--`, `!`, `\`, or `*` after an odd number of
/// spaces, where no list has it.
fn is_marked(line: &str, text: &[u8]) -> bool {
    let Some((&sign, rest)) = text.split_first() else { return false };
    let same = rest.iter().take_while(|byte| **byte == sign).count();
    let ends = |at: usize| rest.get(at).is_none_or(u8::is_ascii_whitespace);
    match sign {
        b'/' => 0 < same,
        b';' | b'%' | b'#' => ends(same),
        b'-' => same == 1 && ends(1),
        b'!' | b'\\' => ends(0),
        b'*' => {
            let indent = &line.as_bytes()[..line.len() - text.len()];
            let spaces = indent.iter().rev().take_while(|byte| **byte == b' ').count();
            !spaces.is_multiple_of(2) && (ends(0) || rest[0] == b'/')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_open_with_the_sign_of_a_comment_are_comments() {
        for line in [
            "// Adds up.",
            "/// Adds up.",
            "\t/* Adds up.",
            " * Adds up.",
            "\t * Adds up.",
            "     */",
            ";;; Adds up.",
            "%% Adds up.",
            "#",
            "  # Adds up.",
            "-- Adds up.",
            "! Adds up.",
            "\\ Adds up.",
            "(** Adds up. *)",
            "{-# INLINE #-}",
            "#[=======[.rst:",
            "<!-- Adds up. -->",
            "C     ADDS UP",
            "dnl Adds up.",
        ] {
            assert!(Comments::default().have(line), "{line}");
        }
    }

    #[test]
    fn lists_options_and_headings_over_text_are_not() {
        for text in [
            "* the tide\n* the boats",
            "  * the tide",
            "--tide goes out",
            "--- the tide",
            "#tide goes out",
            "/etc/tides",
            "(*note Tides::) say when the water",
            "(*) In spring",
            "{-t tide} [-b boat]",
            "C is what it is written in",
            "remember the tide",
            "'tide, which is 'low if it is not said",
            "# Tides\n\nThe tide went out before dawn.",
            "",
            "\n",
        ] {
            assert!(!Comments::default().have(text), "{text}");
        }
    }

    #[test]
    fn a_comment_of_several_lines_lasts_until_it_is_closed() {
        let mut comments = Comments::default();
        assert!(comments.have("  (* Adds up\n"));
        assert!(comments.have("how long\nthey are. *)\n"));
        assert!(!comments.have("let total rows = sum rows\n"));
        assert!(comments.have("\"\"\"Adds up.\"\"\"\n"));
        assert!(!comments.have("total = sum(rows)\n"));
        assert!(comments.have("  \"Adds up\nhow long they are.\"\n"));
        assert!(!comments.have("(sum rows)\n"));
        assert!(comments.have("/*\n"));
        assert!(comments.have(&"and so on ".repeat(300)));
        assert!(!comments.have("The tide went out before dawn.\n"));
    }
}
