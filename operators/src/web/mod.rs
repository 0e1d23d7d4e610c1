//! What web pages hold beside their text: notices, placeholders, code.

pub mod c4_lines;
pub mod curly_brackets;
pub mod lorem_ipsum;
