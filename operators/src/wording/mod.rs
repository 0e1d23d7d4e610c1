//! Which words a text is made of.

pub mod alphabetic_words;
pub mod mean_word_length;
pub mod sentence_count;
pub mod stop_words;
pub mod symbol_words;
pub mod word_count;
