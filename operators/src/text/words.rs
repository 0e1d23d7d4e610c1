//! Words, under named definitions.
//!
//! * [`WordView::Uax29`]: word segments of Unicode Standard Annex 29 that hold a
//!   letter or a digit. Every Han ideograph is a word of its own.
//! * [`WordView::Whitespace`]: what stands between white space, punctuation included.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use super::{lazy::Reuse, scan};
use crate::contract::Span;

/// What counts as a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WordView {
    /// Word segments of UAX 29 with a letter or a digit.
    #[default]
    Uax29,
    /// What stands between white space.
    Whitespace,
}

impl WordView {
    pub(crate) const COUNT: usize = 2;

    pub(crate) const fn index(self) -> usize {
        match self {
            Self::Uax29 => 0,
            Self::Whitespace => 1,
        }
    }
}

/// One word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Where it stands.
    pub span: Span,
    /// Its length in characters.
    pub chars: u32,
    /// Whether it holds a letter.
    pub has_letter: bool,
}

/// The words of one text, under every definition.
///
/// They are found together: looking at the bytes costs more than noting the words, and
/// most recipes ask for more than one definition.
#[derive(Debug, Default)]
pub struct Words {
    views: [Vec<Word>; WordView::COUNT],
}

impl Words {
    /// Words as `view` defines them, in order.
    #[must_use]
    pub fn of(&self, view: WordView) -> &[Word] {
        &self.views[view.index()]
    }

    /// Appends the words of `text`.
    pub fn fill(&mut self, text: &str) {
        let [by_annex, by_space] = &mut self.views;
        chunks(text, |start, chunk, seen| {
            uax29(start, chunk, seen, by_annex);
            whitespace(start, chunk, seen, by_space);
        });
    }
}

impl Reuse for Words {
    fn empty(&mut self) {
        self.views.iter_mut().for_each(Vec::clear);
    }
}

/// Appends the words of `text` as `view` defines them.
pub fn split(text: &str, view: WordView, out: &mut Vec<Word>) {
    match view {
        WordView::Uax29 => chunks(text, |start, chunk, seen| uax29(start, chunk, seen, out)),
        WordView::Whitespace => {
            chunks(text, |start, chunk, seen| whitespace(start, chunk, seen, out));
        }
    }
}

fn whitespace(start: usize, chunk: &str, seen: Seen, out: &mut Vec<Word>) {
    if seen.is_ascii() {
        push_ascii(out, start, chunk.len(), seen.has_letter());
    } else if scan::find_wide(chunk.as_bytes(), 0, scan::is_wide_space).is_none() {
        push(out, start, chunk);
    } else {
        chunk.split_whitespace().for_each(|word| {
            let at = start + (word.as_ptr() as usize - chunk.as_ptr() as usize);
            push(out, at, word);
        });
    }
}

/// Chunks between ASCII white space can be segmented one by one: no rule of UAX 29
/// joins a character to the white space before it, and what follows white space
/// (a mark, a joiner) joins to the white space, which holds no letter.
fn uax29(start: usize, chunk: &str, seen: Seen, out: &mut Vec<Word>) {
    if !seen.is_ascii() {
        mixed_segments(chunk, start, out);
    } else if seen.is_plain() {
        push_ascii(out, start, chunk.len(), seen.has_letter());
    } else {
        ascii_segments(chunk.as_bytes(), start, out);
    }
}

/// Classes of bytes that occur in a chunk, and those that all its bytes have.
#[derive(Clone, Copy)]
struct Seen {
    any: u8,
    all: u8,
}

impl Seen {
    fn is_ascii(self) -> bool {
        self.any & WIDE == 0
    }

    fn has_letter(self) -> bool {
        self.any & LETTER != 0
    }

    /// Letters and digits only.
    fn is_plain(self) -> bool {
        self.all & PLAIN != 0
    }
}

/// Calls `each` with the place and the text of everything between ASCII white space.
fn chunks<'t>(text: &'t str, mut each: impl FnMut(usize, &'t str, Seen)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let mut seen = Seen { any: 0, all: u8::MAX };
        for &byte in &bytes[start..] {
            let class = CLASS[usize::from(byte)];
            if class & SPACE != 0 {
                break;
            }
            seen.any |= class;
            seen.all &= class;
            at += 1;
        }
        if start < at {
            each(start, &text[start..at], seen);
        }
        at += 1;
    }
}

const LETTER: u8 = 1;
const DIGIT: u8 = 2;
/// Letter or digit.
const PLAIN: u8 = 4;
/// Joins letters: `'` `.` `:`, and no others in ASCII.
const MID_LETTER: u8 = 8;
/// Joins digits: `'` `.` `,` `;`.
const MID_NUMBER: u8 = 16;
/// `_` joins letters, digits and itself.
const EXTEND: u8 = 32;
/// White space.
const SPACE: u8 = 64;
/// Part of a character beyond ASCII.
const WIDE: u8 = 128;

const CLASS: [u8; 256] = {
    let mut table = [WIDE; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => LETTER | PLAIN,
            b'0'..=b'9' => DIGIT | PLAIN,
            b'\'' | b'.' => MID_LETTER | MID_NUMBER,
            b':' => MID_LETTER,
            b',' | b';' => MID_NUMBER,
            b'_' => EXTEND,
            b' ' | b'\t'..=b'\r' => SPACE,
            _ => 0,
        };
        byte += 1;
    }
    table
};

/// The segments of an ASCII chunk that hold a letter or a digit (rules `WB5` to `WB13b`).
fn ascii_segments(chunk: &[u8], offset: usize, out: &mut Vec<Word>) {
    let class = |at: usize| chunk.get(at).map_or(0, |&byte| CLASS[usize::from(byte)]);
    let mut at = 0;
    while at < chunk.len() {
        if class(at) & (PLAIN | EXTEND) == 0 {
            at += 1;
            continue;
        }
        let start = at;
        let mut seen = class(at);
        at += 1;
        loop {
            let (before, here, after) = (class(at - 1), class(at), class(at + 1));
            if here & (PLAIN | EXTEND) != 0 {
                seen |= here;
                at += 1;
            } else if (before & LETTER != 0 && here & MID_LETTER != 0 && after & LETTER != 0)
                || (before & DIGIT != 0 && here & MID_NUMBER != 0 && after & DIGIT != 0)
            {
                seen |= after;
                at += 2;
            } else {
                break;
            }
        }
        if seen & PLAIN != 0 {
            push_ascii(out, offset + start, at - start, seen & LETTER != 0);
        }
    }
}

/// The segments of any chunk that hold a letter or a digit. Ideographs in daily use and
/// a few marks stand alone unless something that can extend them follows.
fn mixed_segments(chunk: &str, offset: usize, out: &mut Vec<Word>) {
    let bytes = chunk.as_bytes();
    let (mut rest_from, mut at) = (0, 0);
    while at < bytes.len() {
        if !matches!(bytes[at], 0xe2..=0xe9) {
            at += 1;
            continue;
        }
        let (ideograph, end) = (is_ideograph(&bytes[at..]), at + 3);
        if !ideograph && !is_mark(&bytes[at..]) {
            at = end;
            continue;
        }
        if stands_apart(&bytes[end..]) {
            if rest_from < at {
                segments(&chunk[rest_from..at], offset + rest_from, out);
            }
            if ideograph {
                let span = Span::new(offset + at, offset + end);
                out.push(Word { span, chars: 1, has_letter: true });
            }
            rest_from = end;
        }
        at = end;
    }
    segments(&chunk[rest_from..], offset + rest_from, out);
}

fn segments(text: &str, offset: usize, out: &mut Vec<Word>) {
    if text.is_ascii() {
        ascii_segments(text.as_bytes(), offset, out);
    } else if text.chars().any(char::is_alphanumeric) {
        text.unicode_word_indices().for_each(|(at, word)| push(out, offset + at, word));
    }
}

/// Whether the text opens with a character from U+4E00 to U+9FFF.
fn is_ideograph(bytes: &[u8]) -> bool {
    match bytes {
        [0xe4, second, ..] => 0xb8 <= *second,
        [first, ..] => matches!(first, 0xe5..=0xe9),
        [] => false,
    }
}

/// Whether the text opens with one of `–—“”…、。`, which never join to a letter or digit.
fn is_mark(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0xe2, 0x80, 0x93 | 0x94 | 0x9c | 0x9d | 0xa6, ..] | [0xe3, 0x80, 0x81 | 0x82, ..]
    )
}

/// Whether the text opens with a character that never joins to one of these before it,
/// or is empty: they themselves, ASCII, U+3001 to U+3029, U+FF01 to U+FF1F.
fn stands_apart(bytes: &[u8]) -> bool {
    match bytes {
        [] | [0x21..=0x7e, ..] | [0xe3, 0x80, 0x81..=0xa9, ..] | [0xef, 0xbc, 0x81..=0x9f, ..] => {
            true
        }
        _ => is_ideograph(bytes) || is_mark(bytes),
    }
}

fn push_ascii(out: &mut Vec<Word>, start: usize, length: usize, has_letter: bool) {
    let chars = u32::try_from(length).unwrap_or(u32::MAX);
    out.push(Word { span: Span::new(start, start + length), chars, has_letter });
}

fn push(out: &mut Vec<Word>, start: usize, word: &str) {
    let chars = u32::try_from(word.chars().count()).unwrap_or(u32::MAX);
    let has_letter = word.chars().any(char::is_alphabetic);
    out.push(Word { span: Span::new(start, start + word.len()), chars, has_letter });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str, view: WordView) -> Vec<&str> {
        let mut out = Vec::new();
        split(text, view, &mut out);
        out.iter().map(|word| word.span.of(text)).collect()
    }

    #[test]
    fn punctuation_is_no_word() {
        assert_eq!(
            words("Don't stop -- it's 3.14, e.g.", WordView::Uax29),
            ["Don't", "stop", "it's", "3.14", "e.g"]
        );
    }

    #[test]
    fn every_ideograph_is_a_word() {
        assert_eq!(words("数据质量ok。", WordView::Uax29), ["数", "据", "质", "量", "ok"]);
    }

    #[test]
    fn wide_spaces_end_a_word() {
        assert_eq!(words("甲\u{3000}乙 丙!", WordView::Whitespace), ["甲", "乙", "丙!"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn ascii_words_are_those_of_the_annex(text in "[ -~\n\t]{0,60}") {
            let theirs: Vec<&str> = text.unicode_words().collect();
            prop_assert_eq!(words(&text, WordView::Uax29), theirs);
        }

        #[test]
        fn words_are_those_of_the_annex(text in "(\\PC|[a-z'._:0-9 \n一-龥\u{200d}\u{301}\u{feff}。，、–—“”’…ぁ-ゔ]){0,40}") {
            // A mark after a space counts as a letter there and carries the space with it.
            let space = |c: char| matches!(c, ' ' | '\t'..='\r');
            let theirs: Vec<&str> = text.unicode_words().map(|w| w.trim_start_matches(space)).collect();
            prop_assert_eq!(words(&text, WordView::Uax29), theirs);
        }

        #[test]
        fn all_definitions_together_are_each_of_them(text in "(\\PC|[a-z' \n\u{3000}’一。]){0,40}") {
            let mut together = Words::default();
            together.fill(&text);
            for view in [WordView::Uax29, WordView::Whitespace] {
                let mut alone = Vec::new();
                split(&text, view, &mut alone);
                prop_assert_eq!(together.of(view), alone);
            }
        }

        #[test]
        fn whitespace_words_are_those_of_the_standard_library(text in "(\\PC|[a-z \n\u{3000}\u{a0}一]){0,40}") {
            let theirs: Vec<&str> = text.split_whitespace().collect();
            prop_assert_eq!(words(&text, WordView::Whitespace), theirs);
        }
    }
}
