//! What two texts are compared by: words, and signs that mean something.

use crate::text::{
    characters,
    folded::Folder,
    words::{self, Word, WordView},
};

/// A word or sign.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    /// Equal for equal tokens, whatever their case and form.
    pub(super) hash: u64,
    pub(super) start: u32,
    pub(super) end: u32,
    /// Number of its line, counting lines with tokens only.
    pub(super) line: u32,
    pub(super) kind: Kind,
    /// Whether a statement ends between the token before and this one.
    pub(super) opens: bool,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Has a digit: numbers, dates, ids; or is a Roman number.
    Number,
    /// A Han numeral.
    Numeral,
    /// A character of a script that puts no spaces between words.
    Character,
    /// A word that opens with a capital.
    Capital,
    /// Any other word.
    Word,
    /// A sign that changes what numbers and formulas mean.
    Sign,
}

impl Kind {
    /// Numbers and signs, which nothing else can stand for.
    pub(super) fn is_exact(self) -> bool {
        matches!(self, Self::Number | Self::Numeral | Self::Sign)
    }
}

/// The tokens of one text, in memory that is reused.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    pub(super) all: Vec<Token>,
    /// First token of each line that has any, and one past the last of all.
    pub(super) lines: Vec<u32>,
    words: Vec<Word>,
    folder: Folder,
}

impl Tokens {
    /// Replaces what is held by the tokens of `text`.
    pub(super) fn fill(&mut self, text: &str) {
        let Self { all, lines, words: found, folder } = self;
        all.clear();
        lines.clear();
        found.clear();
        words::split(text, WordView::Uax29, found);
        let mut writer = Writer { all, lines, opens: true, feeds: true };
        let mut at = 0;
        for word in found.iter() {
            let (start, end) = (word.span.start as usize, word.span.end as usize);
            writer.gap(text, at, start);
            at = end;
            let entity = text[..start].ends_with('&') && text[end..].starts_with(';');
            if !entity {
                writer.push(folder.hash(text, word), start, end, kind(&text[start..end], word));
            }
        }
        writer.gap(text, at, text.len());
        lines.push(u32::try_from(all.len()).unwrap_or(u32::MAX));
    }
}

struct Writer<'a> {
    all: &'a mut Vec<Token>,
    lines: &'a mut Vec<u32>,
    /// Whether a statement ended since the last token.
    opens: bool,
    /// Whether a line ended since the last token.
    feeds: bool,
}

impl Writer<'_> {
    fn push(&mut self, hash: u64, start: usize, end: usize, kind: Kind) {
        if self.feeds {
            self.lines.push(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        }
        let line = u32::try_from(self.lines.len()).unwrap_or(u32::MAX) - 1;
        let [start, end] = [start, end].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
        self.all.push(Token { hash, start, end, line, kind, opens: self.opens });
        (self.opens, self.feeds) = (false, false);
    }

    /// What stands between two words.
    fn gap(&mut self, text: &str, from: usize, to: usize) {
        if text[from..to] == *" " {
            return;
        }
        let mut spaced = from == 0;
        for (at, character) in text[from..to].char_indices() {
            let start = from + at;
            let end = start + character.len_utf8();
            let next = text[end..].chars().next();
            let before_digit = next.is_some_and(char::is_numeric);
            match character {
                '\n' => (self.opens, self.feeds) = (true, true),
                '!' | '?' | ';' | '…' | '。' | '！' | '？' | '；' | '|' | '»' | '›' | '•' | '·'
                | '\u{2028}' | '\u{2029}' => self.opens = true,
                '.' if next.is_none_or(|next| !next.is_alphanumeric()) => self.opens = true,
                '-' | '−' if spaced && before_digit => self.sign(start, end, '-'),
                '%' | '％' | '‰' => self.sign(start, end, character),
                _ if characters::is_sign(character) => self.sign(start, end, character),
                _ => {}
            }
            spaced = character.is_whitespace() || matches!(character, '(' | '[' | '=');
        }
    }

    fn sign(&mut self, start: usize, end: usize, sign: char) {
        self.push(super::minhash::mixed(u64::from(u32::from(sign))), start, end, Kind::Sign);
    }
}

fn kind(text: &str, word: &Word) -> Kind {
    let Some(first) = text.chars().next() else { return Kind::Word };
    if text.chars().any(char::is_numeric) {
        Kind::Number
    } else if is_numeral(first) {
        Kind::Numeral
    } else if characters::has_no_spaces(first) {
        Kind::Character
    } else if first.is_uppercase() {
        let roman = 1 < word.chars && text.bytes().all(|byte| b"IVXLCDM".contains(&byte));
        if roman { Kind::Number } else { Kind::Capital }
    } else {
        Kind::Word
    }
}

/// Whether a Han character writes a number.
fn is_numeral(character: char) -> bool {
    const NUMERALS: &str =
        "〇一二三四五六七八九十百千万亿零两廿卅壹贰叁肆伍陆柒捌玖拾佰仟萬億兩貳參陸";
    matches!(character, '\u{3007}'..='\u{9fff}') && NUMERALS.contains(character)
}
