//! Shared views of a text, each defined once: characters, lines, words,
//! repeated pieces, normal form.

mod address;
mod affixes;
pub mod characters;
mod interner;
pub(crate) mod lazy;
pub mod lines;
pub mod ngrams;
pub mod normal;
pub mod pieces;
pub(crate) mod scan;
mod specials;
pub mod tokens;
pub mod words;
