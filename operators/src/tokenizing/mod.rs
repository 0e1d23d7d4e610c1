//! How many tokens a tokenizer makes of a text, without making them: the pieces that it cuts
//! a text into occur again and again, and each has the same number of tokens wherever it is.

pub(crate) mod counter;
mod expression;
pub(crate) mod memory;
mod pairs;
mod way;
