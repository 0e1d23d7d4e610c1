//! Which words a text is made of.

pub mod alphabetic_words;
pub mod boilerplate_phrases;
pub mod listed_words;
pub mod mean_word_length;
pub mod stop_words;
pub mod symbol_words;
pub mod upper_case_words;
pub mod word_count;
