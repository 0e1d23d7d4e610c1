//! Tokens: words and punctuation marks of English, cut as spaCy's blank English pipeline
//! cuts them.
//!
//! What stands between white space is taken apart from both ends: quotation marks,
//! brackets and other punctuation at either end, then `'s`, units behind numbers and full
//! stops at the end, are tokens of their own. What is left is one token, unless it is
//! special (`don't` is `do` and `n't`, `Mr.` stays whole) or holds a joint, such as the
//! hyphen of `well-known`, and is no address.

use std::ops::{Range, RangeInclusive};

use icu_properties::{CodePointSetData, props::SentenceTerminal};

use super::{
    address,
    affixes::{CLASS, FACE, LETTER, WIDE, class, next_joint, prefix, suffix},
    chunks::{Seen, chunks},
    scan, specials,
    words::Word,
};
use crate::contract::Span;

/// White space of ASCII for Python alone.
const SEPARATORS: RangeInclusive<char> = '\u{1c}'..='\u{1f}';

/// Appends the tokens of `text`.
pub fn split(text: &str, out: &mut Vec<Word>) {
    let mut suffixes = Vec::new();
    chunks(text, |Range { start, end }, seen| {
        let chunk = Chunk { text, start, end };
        // Letters that it opens with.
        let letters = seen.stretches.map_or(0, |found| found.letter.trailing_ones() as usize);
        if letters == chunk.len() {
            chunk.letters(out);
        } else if chunk.is_mark_or_number(seen) {
            let chars = u32::try_from(chunk.len()).unwrap_or(u32::MAX);
            out.push(Word { span: Span::new(start, end), chars, has_letter: false });
        } else if letters + 1 == chunk.len() && chunk.word_and_mark(out) {
            // Most words that are not alone are followed by a comma or a full stop.
        } else {
            chunk.between_other_spaces(seen.wide, |part| part.take_apart(&mut suffixes, out));
        }
    });
}

/// Whether a token holds nothing but punctuation, symbols of ASCII and control characters.
#[inline]
#[must_use]
pub fn is_mark(token: &str) -> bool {
    // Most of them are a comma or a full stop.
    match token.as_bytes() {
        [byte] => byte.is_ascii_punctuation() || byte.is_ascii_control(),
        _ => token.chars().all(is_mark_character),
    }
}

fn is_mark_character(mark: char) -> bool {
    // As datatrove has them: what ends sentences, and common marks of a few scripts.
    const MARKS: &str = "«´»’“”„–—━►、〈〉《》「」【】％（），．：；～∶…";
    let ends_sentences = CodePointSetData::new::<SentenceTerminal>();
    match mark {
        '\0'..='\u{9f}' => mark.is_ascii_punctuation() || mark.is_control(),
        _ => MARKS.contains(mark) || ends_sentences.contains(mark),
    }
}

/// A piece of a text that is still to be cut.
#[derive(Clone, Copy)]
struct Chunk<'t> {
    text: &'t str,
    start: usize,
    end: usize,
}

impl<'t> Chunk<'t> {
    fn is_special(self) -> bool {
        specials::find(self.bytes()).is_some()
    }

    fn str(&self) -> &'t str {
        &self.text[self.start..self.end]
    }

    fn bytes(&self) -> &'t [u8] {
        &self.text.as_bytes()[self.start..self.end]
    }

    fn len(&self) -> usize {
        self.end - self.start
    }

    fn without_prefix(self, length: usize) -> Self {
        Self { start: self.start + length, ..self }
    }

    fn without_suffix(self, length: usize) -> Self {
        Self { end: self.end - length, ..self }
    }

    /// Whether it is one mark or nothing but digits: from these, nothing is cut.
    #[inline]
    fn is_mark_or_number(self, seen: Seen) -> bool {
        let digits = seen.stretches.map_or(0, |found| found.plain.trailing_ones() as usize);
        digits == self.len() && !seen.letter
            || self.len() == 1 && !SEPARATORS.contains(&char::from(self.bytes()[0]))
    }

    /// Calls `each` with what stands between white space that does not part chunks: that
    /// beyond ASCII, and what Python takes for some.
    fn between_other_spaces(self, is_wide: bool, mut each: impl FnMut(Self)) {
        let bytes = self.bytes();
        if !bytes.iter().any(|&byte| SEPARATORS.contains(&char::from(byte)))
            && (!is_wide || scan::find(bytes, 0, scan::is_wide_space).is_none())
        {
            return each(self);
        }
        let is_space = |c: char| c.is_whitespace() || SEPARATORS.contains(&c);
        for part in self.str().split(is_space).filter(|part| !part.is_empty()) {
            let start = part.as_ptr() as usize - self.text.as_ptr() as usize;
            each(Self { start, end: start + part.len(), ..self });
        }
    }

    /// Letters of ASCII and one mark, of which nothing is special; `false` for all else.
    #[inline]
    fn word_and_mark(self, out: &mut Vec<Word>) -> bool {
        let word = self.without_suffix(1);
        let parts = match self.bytes() {
            [.., before, b'.'] => before.is_ascii_lowercase(),
            [_, .., b',' | b';' | b':' | b'!' | b'?' | b')' | b'"'] => true,
            _ => false,
        };
        if !parts || self.is_special() || word.is_special() {
            return false;
        }
        word.push_letters(out);
        let span = Span::new(word.end, self.end);
        out.push(Word { span, chars: 1, has_letter: false });
        true
    }

    /// Letters of ASCII only: one word, or a contraction that is not marked as one.
    #[inline]
    fn letters(self, out: &mut Vec<Word>) {
        match specials::find(self.bytes()) {
            Some(cuts) => self.cut(cuts, out),
            None => self.push_letters(out),
        }
    }

    #[inline]
    fn push_letters(self, out: &mut Vec<Word>) {
        out.push(Word {
            span: Span::new(self.start, self.end),
            chars: u32::try_from(self.len()).unwrap_or(u32::MAX),
            has_letter: true,
        });
    }

    fn take_apart(self, suffixes: &mut Vec<usize>, out: &mut Vec<Word>) {
        let first = out.len();
        let mut rest = self;
        while !rest.is_special() {
            let prefix = prefix(rest.str());
            let shorter = rest.without_prefix(prefix);
            if 0 < prefix && shorter.is_special() {
                rest.without_suffix(shorter.len()).push(out);
                rest = shorter;
                break;
            }
            let suffix = suffix(shorter.str());
            if 0 < suffix {
                suffixes.push(suffix);
                if rest.without_suffix(suffix).is_special() {
                    rest = rest.without_suffix(suffix);
                    break;
                }
            }
            if prefix == 0 && suffix == 0 {
                break;
            }
            if 0 < prefix {
                rest.without_suffix(shorter.len()).push(out);
            }
            rest = shorter.without_suffix(suffix);
        }
        rest.middle(out);
        let mut at = rest.end;
        while let Some(length) = suffixes.pop() {
            Chunk { start: at, end: at + length, ..self }.push(out);
            at += length;
        }
        self.mend(first, out);
    }

    /// What is left when no prefix or suffix is.
    fn middle(self, out: &mut Vec<Word>) {
        if self.len() == 0 {
            return;
        }
        if let Some(cuts) = specials::find(self.bytes()) {
            return self.cut(cuts, out);
        }
        let text = self.str();
        let mut joint = next_joint(text, 0);
        if joint.is_none() || address::is_address(text) {
            return self.push(out);
        }
        let mut from = 0;
        while let Some((at, length)) = joint {
            if from < at {
                Chunk { start: self.start + from, end: self.start + at, ..self }.push(out);
            }
            from = at + length;
            Chunk { start: self.start + at, end: self.start + from, ..self }.push(out);
            joint = next_joint(text, from);
        }
        if from < text.len() {
            self.without_prefix(from).push(out);
        }
    }

    fn cut(self, cuts: specials::Cuts, out: &mut Vec<Word>) {
        let mut from = self.start;
        for cut in cuts {
            if 0 < cut {
                let end = self.start + usize::from(cut);
                Self { start: from, end, ..self }.push(out);
                from = end;
            }
        }
        Self { start: from, ..self }.push(out);
    }

    #[inline]
    fn push(self, out: &mut Vec<Word>) {
        out.push(self.word());
    }

    fn word(self) -> Word {
        let (mut any, mut chars) = (0, 0);
        for &byte in self.bytes() {
            any |= CLASS[usize::from(byte)];
            // A byte that continues a character is no character.
            chars += u32::from(byte & 0xc0 != 0x80);
        }
        let has_letter =
            any & LETTER != 0 || (any & WIDE != 0 && self.str().chars().any(char::is_alphabetic));
        Word { span: Span::new(self.start, self.end), chars, has_letter }
    }

    /// Joins tokens from `first` on that are special together: `)` and `:` are `):`.
    fn mend(self, first: usize, out: &mut Vec<Word>) {
        if out.len() < first + 2 {
            return;
        }
        let (mut from, mut to) = (first, first);
        while from < out.len() {
            let joined = self.joined(&out[from..]);
            out[to] = joined.map_or(out[from], |(word, _)| word);
            from += joined.map_or(1, |(_, count)| count);
            to += 1;
        }
        out.truncate(to);
    }

    /// The longest special word that the first tokens make, and how many they are.
    fn joined(self, tokens: &[Word]) -> Option<(Word, usize)> {
        let start = tokens[0].span.start as usize;
        let bytes = self.text.as_bytes();
        let stop = |next: &Word| next.chars == 1 && bytes[next.span.start as usize] == b'.';
        if class(bytes.get(start)) & FACE == 0 && !tokens.get(1).is_some_and(stop) {
            return None;
        }
        (2..=tokens.len().min(5)).rev().find_map(|count| {
            let end = tokens[count - 1].span.end as usize;
            let chunk = Self { start, end, ..self };
            let whole = specials::find(chunk.bytes()) == Some([0, 0]);
            whole.then(|| (chunk.word(), count))
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tokens(text: &str) -> Vec<&str> {
        let mut out = Vec::new();
        split(text, &mut out);
        out.iter().map(|token| token.span.of(text)).collect()
    }

    /// Tokens joined by spaces.
    fn cut(text: &str) -> String {
        tokens(text).join(" ")
    }

    #[test]
    fn punctuation_at_both_ends_is_cut_off() {
        assert_eq!(cut("(“Wait...” she said.)"), "( “ Wait ... ” she said . )");
        assert_eq!(cut("the dog's -- it’s his"), "the dog 's -- it ’s his");
    }

    #[test]
    fn contractions_are_cut_and_abbreviations_are_not() {
        assert_eq!(cut("I'd say cannot, Mr. A."), "I 'd say can not , Mr. A.");
        assert_eq!(cut("(e.g., the U.S. or USA.)"), "( e.g. , the U.S. or USA . )");
    }

    #[test]
    fn joints_part_words_and_addresses_stay_whole() {
        assert_eq!(
            cut("well-known end.Next a/b 3-4 x—y"),
            "well - known end . Next a / b 3 - 4 x — y"
        );
        assert_eq!(cut("see https://a-b.org/c=d!"), "see https://a-b.org/c=d !");
    }

    #[test]
    fn numbers_part_from_units_and_currencies() {
        assert_eq!(cut("10km, $5.50 20% 3rd 5€"), "10 km , $ 5.50 20 % 3rd 5 €");
    }

    #[test]
    fn faces_stay_whole_even_behind_a_word() {
        assert_eq!(cut("so :-) and (here):"), "so :-) and ( here ):");
    }

    #[test]
    fn a_mark_has_no_letter_digit_or_symbol_beyond_ascii() {
        assert!(["--", "“", "$", "…", "。"].iter().all(|token| is_mark(token)));
        assert!(!["a", "1", "'s", "€", "•"].iter().any(|token| is_mark(token)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn what_is_common_is_cut_as_all_else(
            text in "([a-zA-Z]{1,4}|Mr|vs|Im|cannot|x|xD|etc)?[.,;:!?)\"]|[0-9]{1,5}|[!-~]",
        ) {
            let (mut fast, mut slow) = (Vec::new(), Vec::new());
            split(&text, &mut fast);
            let chunk = Chunk { text: &text, start: 0, end: text.len() };
            chunk.take_apart(&mut Vec::new(), &mut slow);
            prop_assert_eq!(fast, slow);
        }

        #[test]
        fn tokens_are_the_text_without_white_space(
            text in "(\\PC|[a-z0-9'’.,:;()\\-/@_ \n\u{a0}—…😀$%+]){0,40}",
        ) {
            let space = |c: char| c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}');
            let wanted: String = text.chars().filter(|&c| !space(c)).collect();
            prop_assert_eq!(tokens(&text).concat(), wanted);
        }
    }
}
