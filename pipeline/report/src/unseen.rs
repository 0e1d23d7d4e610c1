//! Characters that cannot be seen, move what is around them or command a terminal.

/// Whether a character shows as itself and leaves its surroundings alone.
pub(crate) fn shows(char: char) -> bool {
    match char {
        '\n' | '\t' => true,
        '\u{ad}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{feff}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => false,
        other => !other.is_control(),
    }
}

/// What stands for a character that does not show: its code, since few fonts have
/// pictures of control characters.
pub(crate) fn sign(char: char) -> String {
    format!("{:02X}", u32::from(char))
}

/// Text of a corpus or a recipe for a terminal, on one line.
pub(crate) fn spelled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        if shows(char) && !matches!(char, '\n' | '\t') {
            out.push(char);
        } else {
            out.extend(char.escape_default());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_not_commanded() {
        assert_eq!(spelled("a\u{1b}[2Jb\nc\u{9b}"), "a\\u{1b}[2Jb\\nc\\u{9b}");
        assert_eq!(spelled("中文 \u{200d}👩"), "中文 \u{200d}👩");
    }
}
