//! What is counted in a text: runs of up to four letters within words, words, Han and Kana
//! characters alone and in pairs, and how signs stand between them.
//!
//! Words are letters between anything else, apostrophes inside them included. Runs see
//! where a word begins and ends, and no case. A run of signs sees whether letters touch it
//! and whether it begins or ends a line, which tells `call(this)` from a bracket in prose;
//! how far a line is indented is counted too.

use std::ops::Range;

use super::{
    familiar::Whole,
    script::{Kind, Script, read},
};

/// Where letters of one word end and others begin.
pub(super) const EDGE: u64 = b' ' as u64;
/// A letter beside a sign, whichever it is.
pub(super) const TOUCH: u64 = b'a' as u64;
/// The begin or end of a line beside a sign.
pub(super) const LINE: u64 = b'\n' as u64;
/// Indents are as deep as this, or less deep.
const DEEPEST: u32 = 9;
/// What a tabulator adds to an indent.
const TABULATOR: u32 = 4;
/// Longest words that are counted whole.
const LONGEST_WORD: u32 = 24;
const APOSTROPHE: u64 = b'\'' as u64;

/// One thing counted: a number that stands for it, and the bytes it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gram {
    /// 64 well mixed bits.
    pub hash: u64,
    /// One past its last byte in the text.
    pub end: usize,
    /// How many characters before that it covers, if the run has so many; 0 for all.
    pub covers: u32,
}

impl Gram {
    /// The bytes of `text`, from which it was counted, that it covers.
    #[must_use]
    pub fn range(&self, text: &str) -> Range<usize> {
        let same = |character: char| match read(character).0 {
            Kind::Letter(Script::Han) => Run::Han,
            Kind::Letter(_) => Run::Word,
            Kind::Digit | Kind::Sign => Run::Signs,
            Kind::Space | Kind::Nothing => Run::None,
        };
        let before = text[..self.end].char_indices().rev();
        let run = text[..self.end].chars().next_back().map(same);
        let most = if self.covers == 0 { usize::MAX } else { self.covers as usize };
        let own = before.take(most).take_while(|(_, character)| Some(same(*character)) == run);
        own.last().map_or(self.end, |(start, _)| start)..self.end
    }
}

/// How many bytes of which scripts a text has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bytes {
    /// Bytes of letters, by number of the script.
    pub letters: [u32; Script::ALL.len()],
    /// Bytes of digits and signs.
    pub signs: u32,
}

/// How much more than of another script there must be of Latin.
pub(super) const LATIN_LEAD: u32 = 3;

impl Bytes {
    /// The script of most bytes, the first of equal ones; `None` without letters. Names, terms
    /// and code put Latin letters into texts of every other script, so that Latin has to have
    /// three times as much.
    #[must_use]
    pub fn main_script(&self) -> Option<Script> {
        let weight = |script: Script| {
            let lead = if script == Script::Latin { 1 } else { LATIN_LEAD };
            self.letters[script as usize].saturating_mul(lead)
        };
        let most = Script::ALL.into_iter().map(weight).max().filter(|most| 0 < *most)?;
        Script::ALL.into_iter().find(|script| weight(*script) == most)
    }
}

/// What kind of run the reader is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Run {
    None,
    Word,
    /// A run whose grams were all given.
    Whole,
    Han,
    Signs,
}

/// Takes grams, in order.
pub(super) trait Sink {
    fn take(&mut self, gram: Gram);

    /// Whether it takes whole runs.
    fn takes_whole(&self) -> bool {
        false
    }

    /// Takes all grams of a run at once.
    fn whole(&mut self, _run: Whole) {}

    /// Takes the runs of 1 to `filled` characters at the end of `window`, which ends in a
    /// letter; `plain` if it has letters of ASCII only.
    #[inline]
    fn runs(&mut self, window: u64, filled: u32, _plain: bool, end: usize) {
        for length in 1..=filled {
            self.take(Gram { hash: run_hash(window, length, length), end, covers: length });
        }
    }

    /// Takes the runs of 2 to `filled` characters at the end of `window`, which ends with
    /// the edge of a word.
    #[inline]
    fn last_runs(&mut self, window: u64, filled: u32, _plain: bool, end: usize) {
        for length in 2..=filled {
            let hash = run_hash(window, length, length);
            self.take(Gram { hash, end, covers: length - 1 });
        }
    }
}

impl<F: FnMut(Gram)> Sink for F {
    #[inline]
    fn take(&mut self, gram: Gram) {
        self(gram);
    }
}

struct Reader<'s, S> {
    run: Run,
    /// One more than the white space since the line began; 0 after anything else.
    margin: u32,
    /// The last four characters, sixteen bits each.
    window: u64,
    /// How many of them belong to the run.
    filled: u32,
    word: u64,
    word_length: u32,
    lower_seen: bool,
    mixed_case: bool,
    /// Whether the word has letters of ASCII only.
    plain: bool,
    sink: &'s mut S,
}

/// Calls `sink` with everything that is counted in `text`, in order.
pub fn grams(text: &str, mut sink: impl FnMut(Gram)) -> Bytes {
    give(text, &mut sink)
}

/// Gives `sink` everything that is counted in `text`, in order.
#[inline]
pub(super) fn give(text: &str, sink: &mut impl Sink) -> Bytes {
    let mut reader = Reader {
        run: Run::None,
        margin: 1,
        window: 0,
        filled: 0,
        word: 0,
        word_length: 0,
        lower_seen: false,
        mixed_case: false,
        plain: false,
        sink,
    };
    let mut bytes = Bytes::default();
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        if character.is_ascii_alphabetic() {
            let end = reader.ascii_letters(text.as_bytes(), at);
            bytes.letters[Script::Latin as usize] += length(at..end);
            at = end;
            continue;
        }
        let end = at + character.len_utf8();
        let (kind, number) = read(character);
        let number = u64::from(number);
        match kind {
            Kind::Letter(script) => {
                bytes.letters[script as usize] += length(at..end);
                match script {
                    Script::Han => reader.han(number, at, end),
                    Script::Latin
                    | Script::Cyrillic
                    | Script::Arabic
                    | Script::Hebrew
                    | Script::Devanagari
                    | Script::Bengali
                    | Script::Ethiopic => reader.letter(number, false, at, end),
                    _ => reader.close(at, EDGE),
                }
            }
            Kind::Digit | Kind::Sign => {
                let joins = reader.run == Run::Word
                    && matches!(character, '\'' | '’' | 'ʼ' | '״' | '׳')
                    && text[end..].chars().next().is_some_and(char::is_alphabetic);
                if joins {
                    reader.letter(APOSTROPHE, false, at, end);
                } else if let Some(end) = reader.whole_signs(text.as_bytes(), at) {
                    bytes.signs += length(at..end);
                    at = end;
                    continue;
                } else {
                    bytes.signs += length(at..end);
                    reader.sign(number, at, end);
                }
            }
            Kind::Space => reader.space(character, at),
            Kind::Nothing => {}
        }
        at = end;
    }
    reader.close(text.len(), LINE);
    bytes
}

#[expect(clippy::cast_possible_truncation, reason = "documents are smaller")]
fn length(range: Range<usize>) -> u32 {
    range.len() as u32
}

impl<S: Sink> Reader<'_, S> {
    /// Reads the letters of ASCII from `at`, where one is; returns the end of them.
    #[inline]
    fn ascii_letters(&mut self, text: &[u8], mut at: usize) -> usize {
        if self.run != Run::Word
            && self.sink.takes_whole()
            && let Some(word) = Whole::word(&text[at..])
        {
            self.close(at, TOUCH);
            self.whole(word, at);
            return at + word.length;
        }
        while let Some(byte) = text.get(at).filter(|byte| byte.is_ascii_alphabetic()) {
            let upper = byte & 0x20 == 0;
            self.letter(u64::from(byte | 0x20), upper, at, at + 1);
            at += 1;
        }
        at
    }

    /// Reads signs of ASCII from `at`, where one is, if they are taken as a whole; returns the
    /// end of them.
    #[inline]
    fn whole_signs(&mut self, text: &[u8], at: usize) -> Option<usize> {
        if self.run == Run::Signs || !self.sink.takes_whole() {
            return None;
        }
        let signs = Whole::signs(&text[at..], self.before_signs())?;
        self.close(at, EDGE);
        self.whole(signs, at);
        Some(at + signs.length)
    }

    /// Gives a run that begins at `at`, where none is.
    #[inline]
    fn whole(&mut self, run: Whole, at: usize) {
        self.indent(at);
        self.sink.whole(run);
        self.run = Run::Whole;
    }

    /// What stands before signs that begin here.
    #[inline]
    fn before_signs(&self) -> u64 {
        match self.run {
            Run::None if 0 < self.margin => LINE,
            Run::None => EDGE,
            _ => TOUCH,
        }
    }

    #[inline]
    fn space(&mut self, character: char, at: usize) {
        if character == '\n' {
            self.close(at, LINE);
            self.margin = 1;
        } else {
            self.close(at, EDGE);
            if 0 < self.margin {
                self.margin += if character == '\t' { TABULATOR } else { 1 };
            }
        }
    }

    /// Counts the indent before the first run of a line.
    #[inline]
    fn indent(&mut self, at: usize) {
        if 1 < self.margin {
            let hash = mix(u64::from(self.margin.min(DEEPEST)), 10);
            self.sink.take(Gram { hash, end: at, covers: 0 });
        }
        self.margin = 0;
    }

    #[inline]
    fn letter(&mut self, number: u64, upper: bool, at: usize, end: usize) {
        if self.run != Run::Word {
            self.close(at, TOUCH);
            self.indent(at);
            self.run = Run::Word;
            (self.window, self.filled) = (EDGE, 1);
            (self.word, self.word_length) = (0, 0);
            (self.lower_seen, self.mixed_case, self.plain) = (false, false, true);
        }
        self.mixed_case |= upper && self.lower_seen;
        self.lower_seen |= !upper;
        self.word = mix(self.word ^ number, 7);
        self.word_length += 1;
        self.push(number);
        self.plain &= number < 0x80 && number != APOSTROPHE;
        self.sink.runs(self.window, self.filled, self.plain, end);
    }

    #[inline]
    fn han(&mut self, number: u64, at: usize, end: usize) {
        if self.run != Run::Han {
            self.close(at, TOUCH);
            self.indent(at);
            self.run = Run::Han;
            (self.window, self.filled) = (EDGE, 1);
        }
        self.push(number);
        self.emit(1, end, 0);
        self.emit(2, end, 0);
    }

    #[inline]
    fn sign(&mut self, number: u64, at: usize, end: usize) {
        if self.run != Run::Signs {
            let before = self.before_signs();
            self.close(at, EDGE);
            self.indent(at);
            self.run = Run::Signs;
            (self.window, self.filled) = (before, 1);
        }
        self.push(number);
        for length in 1..=self.filled.min(3) {
            self.emit(length + 4, end, 0);
        }
    }

    /// Ends the run before the byte `at`; `next` says what follows.
    #[inline]
    fn close(&mut self, at: usize, next: u64) {
        match self.run {
            Run::None => return,
            Run::Whole => {}
            Run::Word => {
                self.push(EDGE);
                self.sink.last_runs(self.window, self.filled, self.plain, at);
                if self.word_length <= LONGEST_WORD {
                    let hash = mix(self.word, 8);
                    self.sink.take(Gram { hash, end: at, covers: 0 });
                }
                if self.mixed_case {
                    let hash = mix(u64::from(self.word_length.min(12)), 9);
                    self.sink.take(Gram { hash, end: at, covers: 0 });
                }
            }
            Run::Han => {
                self.push(EDGE);
                self.emit(2, at, 1);
            }
            Run::Signs => {
                self.push(next);
                for length in 2..=self.filled.min(3) {
                    self.emit(length + 4, at, 1);
                }
            }
        }
        self.run = Run::None;
    }

    #[inline]
    fn push(&mut self, number: u64) {
        self.window = (self.window << 16) | number;
        self.filled = (self.filled + 1).min(4);
    }

    /// Runs of signs have lengths from 5, so that they differ from those of letters.
    /// `edges` are characters at the end that are not in the text before `end`.
    #[inline]
    fn emit(&mut self, salted: u32, end: usize, edges: u32) {
        let length = if 4 < salted { salted - 4 } else { salted };
        let hash = run_hash(self.window, length, salted);
        self.sink.take(Gram { hash, end, covers: length - edges });
    }
}

/// What stands for the last `length` characters of a window.
#[inline]
pub(super) fn run_hash(window: u64, length: u32, salted: u32) -> u64 {
    mix(window & (u64::MAX >> (64 - 16 * length)), salted)
}

/// Sixty-four bits that depend on every bit of `run` and on `salt`: two rounds of
/// multiplication with odd constants of about half ones, as in the finalizers of
/// `SplitMix64`.
#[inline]
fn mix(run: u64, salt: u32) -> u64 {
    let salted = run ^ (u64::from(salt) << 59) ^ u64::from(salt);
    let once = salted.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (once ^ (once >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn hashes(text: &str) -> Vec<u64> {
        let mut found = Vec::new();
        grams(text, |gram| found.push(gram.hash));
        found
    }

    #[test]
    fn case_and_which_digit_do_not_matter() {
        assert_eq!(hashes("Der Tag 12"), hashes("der tag 98"));
        assert_ne!(hashes("der tag"), hashes("der tor"));
    }

    #[test]
    fn the_same_signs_differ_by_what_touches_them() {
        let touching: BTreeSet<u64> = hashes("call(this)").into_iter().collect();
        let apart: BTreeSet<u64> = hashes("call (this)").into_iter().collect();
        assert_ne!(touching, apart);
    }

    #[test]
    fn where_lines_begin_and_end_matters() {
        let one_line: BTreeSet<u64> = hashes("stop(); go();").into_iter().collect();
        let two_lines: BTreeSet<u64> = hashes("stop();\ngo();").into_iter().collect();
        let indented: BTreeSet<u64> = hashes("stop();\n    go();").into_iter().collect();
        assert_ne!(one_line, two_lines);
        assert_eq!(indented.difference(&two_lines).count(), 1);
    }

    #[test]
    fn bytes_are_counted_by_script() {
        let bytes = grams("ab 质量 да 12", |_| ());
        assert_eq!(bytes.letters[Script::Latin as usize], 2);
        assert_eq!(bytes.letters[Script::Han as usize], 6);
        assert_eq!(bytes.letters[Script::Cyrillic as usize], 4);
        assert_eq!(bytes.signs, 2);
    }

    #[test]
    fn grams_end_on_boundaries_and_cover_no_more_than_there_is() {
        let text = "Où est l'été ? 质量。";
        let mut covered = BTreeSet::new();
        grams(text, |gram| {
            covered.insert(&text[gram.range(text)]);
        });
        for part in ["Où", "ù", "st", "été", "?", "质", "质量", "量", "。"] {
            assert!(covered.contains(part), "{part} in {covered:?}");
        }
        assert!(covered.iter().all(|part| !part.contains(' ')), "{covered:?}");
    }
}
