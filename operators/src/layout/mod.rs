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

use crate::{
    contract::{Dialect, Fraction, Span, Value},
    text::line_counts::LineCounts,
};

/// Whether blank lines are lines too.
const fn counts_blank_lines(dialect: Dialect) -> bool {
    matches!(dialect, Dialect::Datatrove | Dialect::Dolma)
}

/// Measures in which share of the lines `share` is at least `from`, and its mean.
fn measure_lines(
    lines: &[LineCounts],
    share: fn(&LineCounts) -> f64,
    from: Fraction,
    out: &mut [Value],
) {
    if lines.is_empty() {
        return;
    }
    let such = lines.iter().filter(|line| from.get() <= share(line)).count();
    let sum: f64 = lines.iter().map(share).sum();
    out[0] = Value::share(such as u64, lines.len() as u64);
    out[1] = Value::Float((sum / lines.len() as f64).min(1.0));
}

/// Appends the lines in which `share` is at least `from`.
fn locate_lines(
    lines: &[LineCounts],
    share: fn(&LineCounts) -> f64,
    from: Fraction,
    spans: &mut Vec<Span>,
) {
    spans.extend(lines.iter().filter(|line| from.get() <= share(line)).map(|line| line.span));
}
