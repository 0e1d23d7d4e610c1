//! Shared views of a text, each defined once: characters, lines and pieces, words and
//! their runs, sentences, normal form.

mod address;
mod affixes;
pub mod characters;
pub(crate) mod chinese;
mod chunks;
pub(crate) mod citations;
pub(crate) mod compressed;
pub(crate) mod copies;
pub(crate) mod entries;
pub(crate) mod folded;
mod interner;
pub(crate) mod kept_lines;
pub(crate) mod lazy;
pub mod line_counts;
pub mod lines;
pub(crate) mod mojibake;
pub mod ngrams;
pub mod normal;
pub(crate) mod pattern;
pub(crate) mod phrases;
pub mod pieces;
pub(crate) mod scan;
pub mod sentences;
mod specials;
pub mod tokens;
pub mod vocabulary;
pub mod words;
