//! Shared views of a text, each defined once: characters, lines, words, vocabulary,
//! normal form; and what is looked for in a text.

pub mod characters;
pub(crate) mod compressed;
pub(crate) mod lazy;
pub mod line_counts;
pub mod lines;
pub(crate) mod mojibake;
pub mod normal;
pub(crate) mod phrases;
pub(crate) mod scan;
pub mod vocabulary;
pub mod words;
