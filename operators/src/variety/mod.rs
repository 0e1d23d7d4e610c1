//! How much a text repeats itself, as a whole.

pub mod compression;
pub mod unique_words;
pub mod word_entropy;
