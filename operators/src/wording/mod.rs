//! Which words a text is made of.

pub mod alphabetic_words;
pub mod boilerplate_phrases;
pub mod lexicon;
pub mod listed_words;
pub mod mean_word_length;
pub mod regex;
pub mod sentence_count;
pub mod stop_words;
pub mod symbol_words;
pub mod upper_case_words;
pub mod word_count;

use crate::{
    contract::{Dialect, Document},
    text::{
        tokens,
        words::{Word, WordView},
    },
};

/// The words whose number and length count: those of `chosen`, or else of `usual`, where
/// tokens that are only punctuation are left out.
fn counted<'t>(
    document: &Document<'t>,
    chosen: Option<WordView>,
    usual: WordView,
) -> impl Iterator<Item = &'t Word> + Clone + use<'t> {
    let text = document.text();
    let leaves_out = chosen.is_none() && usual == WordView::Tokens;
    let words = document.words(chosen.unwrap_or(usual)).iter();
    words.filter(move |word| !leaves_out || word.has_letter || !tokens::is_mark(word.span.of(text)))
}

/// What rules about single words split a text into; unlike for counting, DCLM does so at
/// white space.
const fn split_by(dialect: Dialect) -> WordView {
    match dialect {
        Dialect::Dclm => WordView::Whitespace,
        _ => dialect.words(),
    }
}
