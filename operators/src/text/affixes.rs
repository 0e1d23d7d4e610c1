//! What is cut off a word, or out of it, to make [tokens](super::tokens).

use icu_properties::{CodePointMapData, CodePointMapDataBorrowed, props::GeneralCategory};

pub(super) const LETTER: u8 = 1;
const DIGIT: u8 = 2;
/// A token of its own before a word.
const PREFIX: u8 = 4;
/// A token of its own after a word.
const SUFFIX: u8 = 8;
/// Can be a token of its own inside a word.
const JOINT: u8 = 16;
/// Opens an emoticon, or a tail such as `'s`.
pub(super) const FACE: u8 = 32;
/// Part of a character beyond ASCII.
pub(super) const WIDE: u8 = 128;

pub(super) const CLASS: [u8; 256] = {
    let mut table = [WIDE; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        let kind = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'0'..=b'9' => DIGIT,
            b'%' | b'=' | b'$' => PREFIX,
            b',' | b':' | b';' | b'!' | b'?' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'<'
            | b'>' | b'_' | b'#' | b'*' | b'&' | b'\'' | b'"' | b'`' => PREFIX | SUFFIX,
            _ => 0,
        };
        let joint = matches!(
            byte,
            b'.' | b',' | b'-' | b'+' | b'*' | b'^' | b'~' | b':' | b'<' | b'>' | b'=' | b'/'
        );
        let face = matches!(
            byte,
            b'(' | b')'
                | b'['
                | b']'
                | b':'
                | b';'
                | b'='
                | b'<'
                | b'>'
                | b'8'
                | b'^'
                | b'@'
                | b'-'
                | b'o'
                | b'O'
                | b'v'
                | b'V'
                | b'0'
                | b'\''
        );
        table[byte as usize] = kind | if joint { JOINT } else { 0 } | if face { FACE } else { 0 };
        byte += 1;
    }
    table
};

const CATEGORY: CodePointMapDataBorrowed<'static, GeneralCategory> =
    CodePointMapData::<GeneralCategory>::new();

pub(super) fn class(byte: Option<&u8>) -> u8 {
    byte.map_or(0, |&byte| CLASS[usize::from(byte)])
}

/// Bytes of the token that `text` opens with, if it is not the word itself.
pub(super) fn prefix(text: &str) -> usize {
    let bytes = text.as_bytes();
    let Some(&first) = bytes.first() else { return 0 };
    match first {
        b'+' => usize::from(class(bytes.get(1)) & DIGIT == 0),
        b'.' => match bytes.iter().take_while(|&&byte| byte == b'.').count() {
            1 => 0,
            dots => dots,
        },
        b'U' if text.starts_with("US$") => 3,
        b'A' | b'C' if bytes.get(1) == Some(&b'$') => 2,
        0x80.. => match text.chars().next() {
            Some(mark) if is_wide_prefix(mark) => mark.len_utf8(),
            _ => 0,
        },
        _ => usize::from(CLASS[usize::from(first)] & PREFIX != 0),
    }
}

/// Bytes of the token that `text` ends with, if it is not the word itself.
pub(super) fn suffix(text: &str) -> usize {
    let bytes = text.as_bytes();
    let Some(&last) = bytes.last() else { return 0 };
    let length = match last {
        b'.' => full_stops(text),
        b's' | b'S' if text[..text.len() - 1].ends_with('\'') => 2,
        b's' | b'S' if text[..text.len() - 1].ends_with('’') => 4,
        b'+' => usize::from(ends_in_digit(&bytes[..bytes.len() - 1])),
        0x80.. => match text.chars().next_back() {
            Some('…') if text.ends_with("……") => "……".len(),
            Some(mark) if is_wide_suffix(mark) => mark.len_utf8(),
            _ => 0,
        },
        _ => usize::from(CLASS[usize::from(last)] & SUFFIX != 0),
    };
    if length == 0 { unit(text) } else { length }
}

/// Full stops at the end: two or more, or one that ends a sentence.
fn full_stops(text: &str) -> usize {
    let before = text.trim_end_matches('.');
    let dots = text.len() - before.len();
    if 1 < dots {
        return dots;
    }
    let mut back = before.chars().rev();
    let ends_a_sentence = match (back.next(), back.next()) {
        (Some('0'..='9' | 'a'..='z' | '%' | '²' | '-' | '+' | '|'), _)
        | (Some('F' | 'C' | 'K'), Some('°')) => true,
        (Some(last), _) if is_lower(last) || is_closing(last) => true,
        (Some(last), Some(other)) => is_upper(last) && is_upper(other),
        _ => false,
    };
    usize::from(ends_a_sentence)
}

/// Punctuation after which a full stop ends a sentence.
fn is_closing(mark: char) -> bool {
    match u8::try_from(mark) {
        Ok(byte @ ..=127) => CLASS[usize::from(byte)] & SUFFIX != 0,
        _ => is_wide_punctuation(mark) || is_quote(mark),
    }
}

/// A unit or a currency behind the last digit.
fn unit(text: &str) -> usize {
    const UNITS: &str = " km km² km³ m m² m³ dm dm² dm³ cm cm² cm³ mm mm² mm³ ha µm nm yd in ft \
        kg g mg µg t lb oz m/s km/h kmh mph hPa Pa mbar mb MB kb KB gb GB tb TB T G M K % \
        км км² км³ м м² м³ дм см мм нм кг г мг м/с км/ч кПа Па мбар Кб КБ кб Мб МБ мб Гб ГБ гб Тб \
        $ £ € ¥ ฿ US$ C$ A$ ₽ ﷼ ₴ ₩ ₪ ₫ ₭ ₮ ₱ ₲ ₵ ₸ ₹ ₺ ₼ ₾ ₿ ";
    const LONGEST: usize = 9;
    let bytes = text.as_bytes();
    let near = &bytes[bytes.len().saturating_sub(LONGEST + 1)..];
    let Some(digit) = near.iter().rposition(u8::is_ascii_digit) else { return 0 };
    let length = near.len() - digit - 1;
    let tail = &text[text.len() - length..];
    let known = !tail.is_empty()
        && UNITS
            .match_indices(tail)
            .any(|(at, _)| UNITS[..at].ends_with(' ') && UNITS[at + length..].starts_with(' '));
    if known { length } else { 0 }
}

fn ends_in_digit(bytes: &[u8]) -> bool {
    class(bytes.last()) & DIGIT != 0
}

/// Place and length of the first token from `from` on that parts a word, never at its start.
pub(super) fn next_joint(text: &str, from: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        let class = CLASS[usize::from(bytes[at])];
        let length = if class & WIDE != 0 {
            match wide_joint(text, at) {
                (0, step) => {
                    at += step;
                    continue;
                }
                (length, _) => length,
            }
        } else if class & JOINT != 0 {
            joint(text, at)
        } else {
            0
        };
        if 0 < length && 0 < at {
            return Some((at, length));
        }
        at += length.max(1);
    }
    None
}

/// Bytes of the ASCII joint at `at`, 0 if there is none.
fn joint(text: &str, at: usize) -> usize {
    let before = || text[..at].chars().next_back();
    let after = |length: usize| text[at + length..].chars().next();
    let between = |left: fn(char) -> bool, right: fn(char) -> bool| {
        usize::from(before().is_some_and(left) && after(1).is_some_and(right))
    };
    let wordy: fn(char) -> bool = |c| c.is_ascii_digit() || c.is_alphabetic();
    match text.as_bytes()[at] {
        b'.' => match text[at..].bytes().take_while(|&byte| byte == b'.').count() {
            1 => between(|c| is_lower(c) || is_quote(c), |c| is_upper(c) || is_quote(c)),
            dots => dots,
        },
        b',' => between(char::is_alphabetic, char::is_alphabetic),
        b'+' | b'*' | b'^' => between(|c| c.is_ascii_digit(), |c| c.is_ascii_digit() || c == '-'),
        b'-' => {
            if between(|c| c.is_ascii_digit(), |c| c.is_ascii_digit() || c == '-') == 1 {
                return 1;
            }
            let hyphens = text[at..].bytes().take(4).take_while(|&byte| byte == b'-').count();
            let parts = hyphens < 4
                && before().is_some_and(wordy)
                && after(hyphens).is_some_and(char::is_alphabetic);
            if parts { hyphens } else { 0 }
        }
        b'~' | b':' | b'<' | b'>' | b'=' | b'/' => between(wordy, char::is_alphabetic),
        _ => 0,
    }
}

/// Bytes of the joint beyond ASCII at `at`, 0 if there is none, and of the character there.
fn wide_joint(text: &str, at: usize) -> (usize, usize) {
    let Some(mark) = text[at..].chars().next() else { return (0, 1) };
    let step = mark.len_utf8();
    let after = |length: usize| text[at + length..].chars().next();
    let parts = |length: usize| {
        let before = text[..at].chars().next_back();
        before.is_some_and(|c| c.is_ascii_digit() || c.is_alphabetic())
            && after(length).is_some_and(char::is_alphabetic)
    };
    let length = match mark {
        '…' => step,
        '–' | '—' if parts(step) => step,
        '—' if text[at..].starts_with("——") && parts(2 * step) => 2 * step,
        _ if is_icon(mark) => step,
        _ => 0,
    };
    (length, step)
}

fn is_lower(c: char) -> bool {
    c.is_lowercase() || (c.is_alphabetic() && !c.is_uppercase())
}

/// Letters without case are both.
fn is_upper(c: char) -> bool {
    c.is_uppercase() || (c.is_alphabetic() && !c.is_lowercase())
}

fn is_wide_prefix(mark: char) -> bool {
    mark == '§' || is_wide_suffix(mark) || is_currency(mark)
}

fn is_wide_suffix(mark: char) -> bool {
    matches!(mark, '—' | '–') || is_wide_punctuation(mark) || is_quote(mark) || is_icon(mark)
}

fn is_wide_punctuation(mark: char) -> bool {
    "…¿؟¡。？！，、；：～·।،۔؛٪".contains(mark)
}

fn is_quote(mark: char) -> bool {
    "'\"”“`‘´’‚,„»«「」『』（）〔〕【】《》〈〉〈〉⟦⟧".contains(mark)
}

fn is_currency(mark: char) -> bool {
    !mark.is_alphabetic() && CATEGORY.get(mark) == GeneralCategory::CurrencySymbol
}

fn is_icon(mark: char) -> bool {
    !mark.is_alphanumeric() && CATEGORY.get(mark) == GeneralCategory::OtherSymbol
}
