//! How a text is laid out in lines.

pub mod bullet_lines;
pub mod copied_lines;
pub mod ellipsis_lines;
pub mod line_breaks;
pub mod line_length;
pub mod long_lines;
pub mod numeric_lines;
pub mod short_lines;
pub mod terminal_punctuation;
pub mod upper_case_lines;

use crate::contract::Dialect;

/// Whether blank lines are lines too.
const fn counts_blank_lines(dialect: Dialect) -> bool {
    matches!(dialect, Dialect::Datatrove | Dialect::Dolma)
}
