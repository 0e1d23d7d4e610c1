//! Shared views of a text, each defined once: characters, lines, copies of lines,
//! sentences, words, normal form.

pub mod characters;
pub(crate) mod citations;
pub(crate) mod copies;
pub(crate) mod kept_lines;
pub(crate) mod lazy;
pub mod lines;
pub mod normal;
pub(crate) mod scan;
pub mod sentences;
pub mod words;
