//! One JSON value, borrowed from its line.

use std::{
    borrow::Cow,
    fmt::{self, Write},
};

/// Names and values of an object; every name once, the last value of a name counts.
pub(crate) type Entries<'t> = Vec<(Cow<'t, str>, Value<'t>)>;

/// A value. Numbers stay text, so that no digit is lost before a type is chosen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'t> {
    Null,
    Bool(bool),
    Number(&'t str),
    Text(Quoted<'t>),
    List(Vec<Value<'t>>),
    Object(Entries<'t>),
}

impl Value<'_> {
    /// Writes the value as compact JSON.
    pub(crate) fn write_json(&self, out: &mut impl Write) -> fmt::Result {
        match self {
            Self::Null => out.write_str("null"),
            Self::Bool(value) => write!(out, "{value}"),
            Self::Number(digits) => out.write_str(digits),
            Self::Text(text) => write_quoted(&text.to_text(), out),
            Self::List(values) => {
                out.write_char('[')?;
                for (index, value) in values.iter().enumerate() {
                    out.write_str(if index == 0 { "" } else { "," })?;
                    value.write_json(out)?;
                }
                out.write_char(']')
            }
            Self::Object(entries) => {
                out.write_char('{')?;
                for (index, (name, value)) in entries.iter().enumerate() {
                    out.write_str(if index == 0 { "" } else { "," })?;
                    write_quoted(name, out)?;
                    out.write_char(':')?;
                    value.write_json(out)?;
                }
                out.write_char('}')
            }
        }
    }
}

fn write_quoted(text: &str, out: &mut impl Write) -> fmt::Result {
    let quoted = serde_json::to_string(text).map_err(|_| fmt::Error)?;
    out.write_str(&quoted)
}

/// What stands between two quotation marks, its escapes checked but still in place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Quoted<'t> {
    pub(crate) inner: &'t str,
    pub(crate) escaped: bool,
}

impl<'t> Quoted<'t> {
    /// The text that is meant.
    pub(crate) fn to_text(self) -> Cow<'t, str> {
        if !self.escaped {
            return Cow::Borrowed(self.inner);
        }
        let mut text = String::with_capacity(self.inner.len());
        // Writing to a string cannot fail.
        let _ = self.write_text(&mut text);
        Cow::Owned(text)
    }

    /// Writes the text that is meant.
    pub(crate) fn write_text(self, out: &mut impl Write) -> fmt::Result {
        let mut rest = self.inner;
        while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
            let (before, escape) = rest.split_at(at);
            out.write_str(before)?;
            let (meant, length) = unescape(escape).ok_or(fmt::Error)?;
            out.write_char(meant)?;
            rest = &escape[length..];
        }
        out.write_str(rest)
    }
}

/// The character behind the escape that `text` starts with, and the length of the
/// escape. `None` if there is no such escape, or if it is half of a surrogate pair.
pub(crate) fn unescape(text: &str) -> Option<(char, usize)> {
    let meant = match text.as_bytes().get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unescape_unicode(text),
        _ => return None,
    };
    Some((meant, 2))
}

fn unescape_unicode(text: &str) -> Option<(char, usize)> {
    let high = code_unit(text)?;
    if !(0xD800..0xDC00).contains(&high) {
        return Some((char::from_u32(high)?, 6));
    }
    let low = code_unit(text.get(6..)?)?;
    if !(0xDC00..0xE000).contains(&low) {
        return None;
    }
    Some((char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00))?, 12))
}

/// The number in `\uXXXX`.
fn code_unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    // `from_str_radix` would also take a sign.
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then_some(())?;
    u32::from_str_radix(digits, 16).ok()
}
