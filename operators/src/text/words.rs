//! Words, under named definitions.
//!
//! * [`WordView::Uax29`]: word segments of Unicode Standard Annex 29 that hold a
//!   letter or a digit. Every Han ideograph is a word of its own.
//! * [`WordView::Whitespace`]: what stands between white space, punctuation included.
//! * [`WordView::Tokens`]: words and punctuation marks of English, see [`tokens`].
//! * [`WordView::Zh`]: words of Chinese, see [`chinese`].

use std::{mem, ops::Range};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use super::{
    chinese,
    chunks::{
        CLASS, DIGIT, EXTEND, LETTER, MID_LETTER, MID_NUMBER, PLAIN, Seen, Stretches, chunks,
    },
    lazy::Reuse,
    scan, tokens,
};
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
    /// Words and punctuation marks of English.
    Tokens,
    /// Words of Chinese: ideographs as a dictionary joins them, the rest as in UAX 29.
    Zh,
}

impl WordView {
    /// Every definition.
    pub const ALL: [Self; 4] = [Self::Uax29, Self::Whitespace, Self::Tokens, Self::Zh];
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

/// The words of one text by [`WordView::Uax29`] and [`WordView::Whitespace`].
///
/// They are found together: looking at the bytes costs more than noting the words, and
/// most recipes ask for more than one definition.
#[derive(Debug, Default)]
pub struct Words {
    by_annex: Vec<Word>,
    by_space: Vec<Word>,
}

impl Words {
    /// Words as `view` defines them, in order; none of other definitions.
    #[must_use]
    pub fn of(&self, view: WordView) -> &[Word] {
        match view {
            WordView::Uax29 => &self.by_annex,
            WordView::Whitespace => &self.by_space,
            WordView::Tokens | WordView::Zh => &[],
        }
    }

    /// Appends the words of `text`.
    pub fn fill(&mut self, text: &str) {
        let Self { by_annex, by_space } = self;
        chunks(text, |chunk, seen| {
            uax29(text, chunk.clone(), seen, by_annex);
            whitespace(text, chunk, seen, by_space);
        });
    }
}

impl Reuse for Words {
    fn empty(&mut self) {
        self.by_annex.clear();
        self.by_space.clear();
    }
}

/// Appends the words of `text` as `view` defines them.
pub fn split(text: &str, view: WordView, out: &mut Vec<Word>) {
    match view {
        WordView::Uax29 => chunks(text, |chunk, seen| uax29(text, chunk, seen, out)),
        WordView::Whitespace => chunks(text, |chunk, seen| whitespace(text, chunk, seen, out)),
        WordView::Tokens => tokens::split(text, out),
        WordView::Zh => {
            let mut segments = Vec::new();
            split(text, WordView::Uax29, &mut segments);
            chinese::join(text, &segments, &mut String::new(), out);
        }
    }
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "called for every word")]
fn whitespace(text: &str, chunk: Range<usize>, seen: Seen, out: &mut Vec<Word>) {
    if seen.wide {
        between_wide_spaces(text, chunk, out);
    } else {
        push_ascii(out, chunk.start, chunk.len(), seen.letter);
    }
}

fn between_wide_spaces(text: &str, chunk: Range<usize>, out: &mut Vec<Word>) {
    let word = &text[chunk.clone()];
    if scan::find_wide(word.as_bytes(), 0, scan::is_wide_space).is_none() {
        push(out, chunk.start, word);
    } else {
        word.split_whitespace().for_each(|word| {
            let at = word.as_ptr() as usize - text.as_ptr() as usize;
            push(out, at, word);
        });
    }
}

/// Chunks between ASCII white space can be segmented one by one: no rule of UAX 29
/// joins a character to the white space before it, and what follows white space
/// (a mark, a joiner) joins to the white space, which holds no letter.
#[inline(always)]
#[expect(clippy::inline_always, reason = "called for every word")]
fn uax29(text: &str, chunk: Range<usize>, seen: Seen, out: &mut Vec<Word>) {
    if seen.wide {
        mixed_segments(&text[chunk.clone()], chunk.start, out);
    } else if let Some(stretches) = seen.stretches {
        stretches.segments(&text.as_bytes()[chunk.clone()], chunk.start, out);
    } else {
        segments(&text[chunk.clone()], chunk.start, out);
    }
}

impl Stretches {
    /// Does what [`common_segments`] does, by the stretch.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "called for every word")]
    fn segments(self, chunk: &[u8], offset: usize, out: &mut Vec<Word>) {
        let mut rest = self.word;
        while rest != 0 {
            let start = rest.trailing_zeros();
            let mut end = self.end_of(start);
            while self.joins(chunk, end) {
                end = self.end_of(end + 1);
            }
            let within = u64::MAX.unbounded_shl(start) & !u64::MAX.unbounded_shl(end);
            if self.plain & within != 0 {
                let length = (end - start) as usize;
                push_ascii(out, offset + start as usize, length, self.letter & within != 0);
            }
            rest &= u64::MAX.unbounded_shl(end);
        }
    }

    /// End of the letters, digits and `_` that start at `start`.
    fn end_of(self, start: u32) -> u32 {
        start + (self.word >> start).trailing_ones()
    }

    /// Whether the byte at `end` joins what ends there to what follows it.
    fn joins(self, chunk: &[u8], end: u32) -> bool {
        self.word.unbounded_shr(end + 1) & 1 != 0
            && match chunk[end as usize - 1..] {
                [before, here, after, ..] => {
                    let class = |byte: u8| CLASS[usize::from(byte)];
                    joined(class(before), class(here), class(after))
                }
                _ => false,
            }
    }
}

/// Whether the rules `WB6`, `WB7`, `WB11` and `WB12` join characters of these classes.
fn joined(before: u8, here: u8, after: u8) -> bool {
    (before & LETTER != 0 && here & MID_LETTER != 0 && after & LETTER != 0)
        || (before & DIGIT != 0 && here & MID_NUMBER != 0 && after & DIGIT != 0)
}

/// Class and length of the first character, if it is one of ASCII, a letter from U+00C0 to
/// U+00FF, or one of `‘’–—“”…`.
fn common(bytes: &[u8]) -> Option<(u8, usize)> {
    match bytes {
        [byte @ 0..=127, ..] => Some((CLASS[usize::from(*byte)], 1)),
        [0xc3, second, ..] if !matches!(second, 0x97 | 0xb7) => Some((LETTER | PLAIN, 2)),
        [0xe2, 0x80, 0x98 | 0x99, ..] => Some((MID_LETTER | MID_NUMBER, 3)),
        bytes if is_mark(bytes) => Some((0, 3)),
        _ => None,
    }
}

/// A word that is not at its end yet.
#[derive(Default)]
struct Growing {
    start: usize,
    end: usize,
    chars: u32,
    seen: u8,
    last: u8,
    /// Class of what stands behind it and may join it to what follows.
    joint: u8,
}

impl Growing {
    fn push(self, offset: usize, out: &mut Vec<Word>) {
        if self.seen & PLAIN != 0 {
            let span = Span::new(offset + self.start, offset + self.end);
            out.push(Word { span, chars: self.chars, has_letter: self.seen & LETTER != 0 });
        }
    }
}

/// Appends the segments of a chunk of [`common`] characters that hold a letter or a digit
/// (rules `WB5` to `WB13b`); `None` if it has other characters.
fn common_segments(chunk: &[u8], offset: usize, out: &mut Vec<Word>) -> Option<()> {
    let known = out.len();
    let (mut at, mut word) = (0, Growing::default());
    while at < chunk.len() {
        let Some((class, length)) = common(&chunk[at..]) else {
            out.truncate(known);
            return None;
        };
        if class & (PLAIN | EXTEND) != 0 {
            if word.joint != 0 && joined(word.last, word.joint, class) {
                word.chars += 1;
            } else if word.joint != 0 || word.seen == 0 {
                mem::take(&mut word).push(offset, out);
                word.start = at;
            }
            word = Growing {
                end: at + length,
                chars: word.chars + 1,
                seen: word.seen | class,
                last: class,
                joint: 0,
                ..word
            };
        } else if word.seen != 0 && word.joint == 0 && class != 0 {
            word.joint = class;
        } else {
            mem::take(&mut word).push(offset, out);
        }
        at += length;
    }
    word.push(offset, out);
    Some(())
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
    let common = common_segments(text.as_bytes(), offset, out);
    if common.is_none() && text.chars().any(char::is_alphanumeric) {
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
        fn ascii_words_are_those_of_the_annex(text in "([ -~\n\t]|[a-z0-9']{1,70}| {1,70}){0,60}") {
            let theirs: Vec<&str> = text.unicode_words().collect();
            prop_assert_eq!(words(&text, WordView::Uax29), theirs);
        }

        #[test]
        fn common_words_are_those_of_the_annex(text in "([a-c'._:,0-9 à-ÿ‘’–—“”…]|[a-z]{1,40}|[ -~]){0,30}") {
            let theirs: Vec<&str> = text.unicode_words().collect();
            prop_assert_eq!(words(&text, WordView::Uax29), theirs);
            let mut out = Vec::new();
            split(&text, WordView::Uax29, &mut out);
            for word in out {
                let text = word.span.of(&text);
                prop_assert_eq!(word.chars as usize, text.chars().count());
                prop_assert_eq!(word.has_letter, text.chars().any(char::is_alphabetic));
            }
        }

        #[test]
        fn words_are_those_of_the_annex(text in "(\\PC|[a-z'._:0-9 \n一-龥\u{200d}\u{301}\u{feff}。，、–—“”‘’à-ÿ…ぁ-ゔ]){0,40}") {
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
