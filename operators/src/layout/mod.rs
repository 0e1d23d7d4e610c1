//! How a text is laid out in lines.

pub mod bullet_lines;
pub mod ellipsis_lines;
