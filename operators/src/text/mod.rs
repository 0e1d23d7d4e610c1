//! Shared views of a text, each defined once: characters, lines, words, normal form.

pub mod characters;
mod chunks;
pub(crate) mod lazy;
pub mod lines;
pub mod normal;
pub(crate) mod scan;
pub mod words;
