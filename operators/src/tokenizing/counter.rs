//! Counting the tokens of a text piece by piece.

use std::{
    fmt,
    sync::atomic::{AtomicU32, Ordering},
};

use aho_corasick::AhoCorasick;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokenizers::{Model as _, ModelWrapper, Tokenizer};

use super::{
    expression::Expression,
    memory::Memory,
    pairs::{Pairs, character},
    way::{Alone, Han, Way, added},
};
use crate::text::scan::plain_length;

/// The number of the tokenizer that was loaded last.
static LAST: AtomicU32 = AtomicU32::new(0);

/// Counts what a tokenizer would make.
pub(crate) struct Counter {
    tokenizer: Tokenizer,
    /// Tells this tokenizer from others.
    number: u32,
    way: Way,
    /// Finds tokens that are no matter of the model.
    added: Option<AhoCorasick>,
    pairs: Option<Pairs>,
    /// How each byte is written for the model.
    written: Vec<char>,
}

/// What is read of the file beside what the package reads.
#[derive(Deserialize)]
struct File<'f> {
    #[serde(borrow)]
    model: &'f RawValue,
}

impl Counter {
    /// A counter for `tokenizer`, which was read from `file`.
    pub(crate) fn new(tokenizer: Tokenizer, file: &str) -> Self {
        let way = Way::of(&tokenizer);
        let (way, added) = match added(&tokenizer, &way) {
            Some(tokens) if tokens.is_empty() => (way, None),
            Some(tokens) => match AhoCorasick::new(tokens) {
                Ok(added) => (way, Some(added)),
                Err(_) => (Way::Whole, None),
            },
            None => (Way::Whole, None),
        };
        let pairs = match (&way, tokenizer.get_model()) {
            (Way::Expressions { .. }, ModelWrapper::BPE(_)) => {
                let file = serde_json::from_str::<File<'_>>(file).ok();
                file.and_then(|file| Pairs::of(file.model.get()))
            }
            _ => None,
        };
        let number = LAST.fetch_add(1, Ordering::Relaxed).wrapping_add(1).max(1);
        let written = (0..=u8::MAX).map(character).collect();
        Self { tokenizer, number, way, added, pairs, written }
    }

    pub(crate) fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// The number of tokens; `None` where the tokenizer fails.
    pub(crate) fn count(&self, text: &str, memory: &mut Memory) -> Option<usize> {
        if self.added.as_ref().is_some_and(|added| added.is_match(text)) {
            return self.whole(text);
        }
        let mut tokens = 0;
        let found = match &self.way {
            Way::Whole => None,
            Way::Expressions { expressions, space } => {
                let with_space = (*space && !text.starts_with(' ')).then(|| format!(" {text}"));
                let text = with_space.as_deref().unwrap_or(text);
                cut(expressions, text, &mut |piece| {
                    tokens += memory.tokens(self.number, piece, || self.piece(piece))?;
                    Some(())
                })
            }
            Way::Characters(alone) => cut_characters(text, *alone, |piece| {
                tokens += memory.tokens(self.number, piece, || self.characters(piece, *alone))?;
                Some(())
            }),
            Way::Words => cut_words(text, |piece| {
                tokens += memory.tokens(self.number, piece, || self.whole(piece))?;
                Some(())
            }),
        };
        match found {
            Some(()) => Some(tokens),
            None => self.whole(text),
        }
    }

    fn whole(&self, text: &str) -> Option<usize> {
        Some(self.tokenizer.encode_fast(text, false).ok()?.len())
    }

    /// The tokens of a piece between white space and other characters.
    fn characters(&self, piece: &str, alone: Alone) -> Option<usize> {
        // They have one case and one form, and nothing cuts them.
        let is_han =
            |character| alone.han != Han::Spaced && matches!(character, '\u{4e00}'..='\u{9fff}');
        if !piece.chars().all(|it| it.is_ascii_alphanumeric() || is_han(it)) {
            return self.whole(piece);
        }
        let lower = alone.lower.then(|| piece.to_ascii_lowercase());
        Some(self.tokenizer.get_model().tokenize(lower.as_deref().unwrap_or(piece)).ok()?.len())
    }

    /// The tokens of a piece that the model gets as bytes.
    fn piece(&self, piece: &str) -> Option<usize> {
        self.pairs.as_ref().and_then(|pairs| pairs.count(piece)).or_else(|| {
            let written: String =
                piece.bytes().map(|byte| self.written[usize::from(byte)]).collect();
            Some(self.tokenizer.get_model().tokenize(&written).ok()?.len())
        })
    }
}

impl fmt::Debug for Counter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the vocabulary.
        f.debug_struct("Counter").field("number", &self.number).finish_non_exhaustive()
    }
}

/// Cuts by each expression what the one before it left.
fn cut<'t>(
    expressions: &[Expression],
    text: &'t str,
    each: &mut dyn FnMut(&'t str) -> Option<()>,
) -> Option<()> {
    match expressions {
        [] => each(text),
        [last] => last.cut(text, each),
        [first, others @ ..] => first.cut(text, |piece| cut(others, piece, each)),
    }
}

/// Calls `each` with what stands between white space and characters that stand alone, and
/// with each of these.
fn cut_characters<'t>(
    text: &'t str,
    alone: Alone,
    mut each: impl FnMut(&'t str) -> Option<()>,
) -> Option<()> {
    let (mut from, mut next) = (0, 0);
    loop {
        next += plain_length(&text.as_bytes()[next..]);
        let (at, Some(character)) = (next, text[next..].chars().next()) else { break };
        next += character.len_utf8();
        let is_space = matches!(character, ' ' | '\t' | '\n' | '\r');
        let is_alone = match character {
            '\0'..='\x7f' => alone.signs && character.is_ascii_punctuation(),
            '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' => alone.han == Han::Alone,
            _ => false,
        };
        if !is_space && !is_alone {
            continue;
        }
        if from < at {
            each(&text[from..at])?;
        }
        from = next;
        if is_alone {
            each(&text[at..from])?;
        }
    }
    if from < text.len() { each(&text[from..]) } else { Some(()) }
}

/// Calls `each` with words that a space opens, between characters of ASCII.
fn cut_words<'t>(text: &'t str, mut each: impl FnMut(&'t str) -> Option<()>) -> Option<()> {
    let bytes = text.as_bytes();
    let mut from = 0;
    for at in memchr::memchr_iter(b' ', bytes) {
        let is_plain = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_graphic);
        if 0 < at && is_plain(at - 1) && is_plain(at + 1) {
            each(&text[from..at])?;
            from = at;
        }
    }
    each(&text[from..])
}
