//! What each line is made of.

use super::{characters::LineClass, lines::Line};
use crate::contract::Span;

/// Numbers of characters of a line that holds more than white space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineCounts {
    /// The line without white space at either end.
    pub span: Span,
    /// Characters that are not white space, at least one.
    pub visible: u32,
    /// Digits and other numbers.
    pub digits: u32,
    /// Letters in upper case.
    pub upper: u32,
}

/// Appends the counts of `lines`, blank ones left out.
pub(crate) fn count(text: &str, lines: &[Line], out: &mut Vec<LineCounts>) {
    for line in lines.iter().filter(|line| !line.is_blank()) {
        let span = line.trimmed;
        let line = span.of(text);
        let [_, digits, upper, other] =
            if line.is_ascii() { ascii(line.as_bytes()) } else { wide(line) };
        out.push(LineCounts { span, visible: digits + upper + other, digits, upper });
    }
}

fn ascii(line: &[u8]) -> [u32; 4] {
    let count = |counts: fn(u8) -> bool| {
        let blocks = line.chunks(128).map(|block| {
            let count: u8 = block.iter().map(|&byte| u8::from(counts(byte))).sum();
            u32::from(count)
        });
        blocks.sum::<u32>()
    };
    let white_space = count(|byte| matches!(byte, b' ' | b'\t'..=b'\r'));
    let digits = count(|byte| byte.is_ascii_digit());
    let upper = count(|byte| byte.is_ascii_uppercase());
    let all = u32::try_from(line.len()).unwrap_or(u32::MAX);
    [white_space, digits, upper, all - white_space - digits - upper]
}

fn wide(line: &str) -> [u32; 4] {
    let mut counts = [0; 4];
    for character in line.chars() {
        counts[LineClass::of(character) as usize] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::lines::split;

    fn counts(text: &str) -> Vec<[u32; 3]> {
        let (mut lines, mut out) = (Vec::new(), Vec::new());
        split(text, &mut lines);
        count(text, &lines, &mut out);
        out.iter().map(|line| [line.visible, line.digits, line.upper]).collect()
    }

    #[test]
    fn blank_lines_are_left_out() {
        assert_eq!(counts("aB 1\n \n\n第２章É"), [[3, 1, 1], [4, 1, 1]]);
    }

    proptest! {
        #[test]
        fn ascii_lines_are_counted_like_others(line in "[ -~\\t]{0,300}") {
            prop_assert_eq!(ascii(line.as_bytes()), wide(&line));
        }
    }
}
