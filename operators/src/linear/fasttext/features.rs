//! From a text to rows of the input matrix, in the order in which fastText adds them up.

use super::dictionary::{Buckets, Dictionary, LINE_END, Token};

/// Longest n-grams, of characters and of words, that a model may ask for.
pub(super) const LONGEST: usize = 64;

/// What of a text has rows.
#[derive(Debug)]
pub(super) struct Features {
    pub(super) dictionary: Dictionary,
    pub(super) buckets: Buckets,
    /// Fewest and most characters of an n-gram, with the marks of a word's edges; none if 0.
    pub(super) characters: (usize, usize),
    /// Most words of an n-gram.
    pub(super) words: usize,
}

/// Start of a hash: Fowler, Noll, Vo, FNV-1a of 32 bits.
const START: u32 = 2_166_136_261;
/// Joins hashes of words in fastText.
const JOIN: u64 = 116_049_371;

impl Features {
    /// Calls `add` with the row of every feature of `text`, which counts as one line. Says
    /// whether it holds any token.
    pub(super) fn rows(&self, text: &[u8], mut add: impl FnMut(usize)) -> bool {
        let has_tokens = tokens(text, |token, hash| self.word_rows(token, hash, &mut add));
        if 1 < self.words {
            self.ngram_rows(text, add);
        }
        has_tokens
    }

    #[inline]
    fn word_rows(&self, token: &[u8], hash: u32, add: &mut impl FnMut(usize)) {
        match self.dictionary.token(token, hash) {
            Token::Label => return,
            Token::Unknown => {}
            Token::Word(row) => add(row),
        }
        if 0 < self.characters.1 && token != LINE_END {
            self.character_rows(token, add);
        }
    }

    /// Rows of the n-grams of characters in `<word>`, by where they begin.
    #[inline]
    fn character_rows(&self, word: &[u8], add: &mut impl FnMut(usize)) {
        self.rows_from(step(START, b'<'), 1, word, add);
        for at in 0..word.len() {
            if !continues(word[at]) {
                self.rows_from(START, 0, &word[at..], add);
            }
        }
    }

    /// Rows of the n-grams that begin with `length` characters of the hash `hash` and go on
    /// into `rest` and the mark behind it.
    #[inline]
    fn rows_from(&self, hash: u32, length: usize, rest: &[u8], add: &mut impl FnMut(usize)) {
        let (least, most) = self.characters;
        let (mut hash, mut length, mut at) = (hash, length, 0);
        while length < most {
            let Some(first) = rest.get(at) else {
                // Alone, the mark is no n-gram; here something stands before it.
                if least <= length + 1 {
                    self.buckets.row(step(hash, b'>')).into_iter().for_each(add);
                }
                return;
            };
            hash = step(hash, *first);
            at += 1;
            while let Some(next) = rest.get(at).filter(|byte| continues(**byte)) {
                hash = step(hash, *next);
                at += 1;
            }
            length += 1;
            if least <= length {
                self.buckets.row(hash).into_iter().for_each(&mut *add);
            }
        }
    }

    /// Rows of the n-grams of two words and more, by where they begin. The text is taken apart
    /// again, so that nothing has to be kept for each word.
    fn ngram_rows(&self, text: &[u8], mut add: impl FnMut(usize)) {
        let mut window = [0; LONGEST];
        let mut held = 0;
        let mut first_rows = |window: &[u64]| {
            let Some((first, others)) = window.split_first() else { return };
            let mut joined = *first;
            for hash in others {
                joined = joined.wrapping_mul(JOIN).wrapping_add(*hash);
                self.buckets.long_row(joined).into_iter().for_each(&mut add);
            }
        };
        tokens(text, |token, hash| {
            if self.dictionary.is_label(token, hash) {
                return;
            }
            // A signed number in fastText, which keeps its sign when it is made longer.
            window[held] = i64::from(hash.cast_signed()).cast_unsigned();
            held += 1;
            if held == self.words {
                first_rows(&window[..held]);
                window.copy_within(1..held, 0);
                held -= 1;
            }
        });
        for at in 0..held {
            first_rows(&window[at..held]);
        }
    }
}

/// The hash of a whole token.
pub(super) fn hash(token: &[u8]) -> u32 {
    token.iter().fold(START, |hash, byte| step(hash, *byte))
}

/// Bytes are signed in fastText, so that those above 127 change all bits.
#[inline]
fn step(hash: u32, byte: u8) -> u32 {
    (hash ^ i32::from(byte.cast_signed()).cast_unsigned()).wrapping_mul(16_777_619)
}

/// Whether the byte goes on with a character of UTF-8.
#[inline]
fn continues(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

#[inline]
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | 0x0b | 0x0c | 0)
}

/// Calls `meet` with every token of a line and its hash, the one that ends the line included:
/// the line feed that has to stand behind a line, or that token itself within the text, behind
/// which fastText does not look. Says whether there is any other.
#[inline]
fn tokens(text: &[u8], mut meet: impl FnMut(&[u8], u32)) -> bool {
    let (mut at, mut has_tokens) = (0, false);
    loop {
        while text.get(at).is_some_and(|byte| is_space(*byte)) {
            at += 1;
        }
        let (start, mut token_hash) = (at, START);
        while let Some(byte) = text.get(at).filter(|byte| !is_space(**byte)) {
            token_hash = step(token_hash, *byte);
            at += 1;
        }
        let token = &text[start..at];
        if token.is_empty() || token == LINE_END {
            meet(LINE_END, hash(LINE_END));
            return has_tokens;
        }
        has_tokens = true;
        meet(token, token_hash);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_stand_between_seven_bytes_and_end_with_the_line() {
        let read = |text: &str| {
            let mut found = Vec::new();
            let any = tokens(text.as_bytes(), |token, own| {
                assert_eq!(own, hash(token));
                found.push(String::from_utf8(token.to_vec()).unwrap());
            });
            (any, found.join("|"))
        };
        assert_eq!(read("a b\nc\rd\te\u{b}f\u{c}g\0h "), (true, "a|b|c|d|e|f|g|h|</s>".into()));
        assert_eq!(
            read("low\u{a0}tide\u{3000}out"),
            (true, "low\u{a0}tide\u{3000}out|</s>".into())
        );
        assert_eq!(read("tide </s> out"), (true, "tide|</s>".into()));
        assert_eq!(read(" \0\n"), (false, "</s>".into()));
    }

    #[test]
    fn hashes_are_those_of_signed_bytes() {
        // Of plain ASCII as FNV-1a gives it: its reference code, test vector "foobar".
        assert_eq!(hash(b"foobar"), 0xbf9c_f968);
        // 0xe9 is -23, by which all upper bits are turned over.
        assert_eq!(hash(b"\xe9"), (START ^ 0xffff_ffe9).wrapping_mul(16_777_619));
    }
}
