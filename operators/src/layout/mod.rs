//! How a text is laid out in lines.

pub mod bullet_lines;
pub mod ellipsis_lines;
pub mod line_length;
pub mod numeric_lines;
pub mod upper_case_lines;
