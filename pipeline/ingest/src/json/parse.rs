//! Reads one JSON object from one line.
//!
//! Accepts what `serde_json` accepts, to the same depth. It is written here because
//! digits of numbers have to survive until the type of their column is known.

use std::{borrow::Cow, collections::HashMap};

use memchr::memchr2;

use super::value::{Entries, Quoted, Value, unescape};

/// Deepest nesting, as in `serde_json`; bounds the stack.
const MAX_DEPTH: usize = 127;
/// Entries up to which names are compared with each other instead of hashed.
const FEW: usize = 16;

/// The object that `line` is; `None` if it is anything else.
pub(crate) fn object(line: &str) -> Option<Entries<'_>> {
    let mut parser = Parser { line, at: 0 };
    parser.skip_space();
    parser.expect(b'{')?;
    let entries = parser.entries(MAX_DEPTH)?;
    parser.skip_space();
    (parser.at == line.len()).then_some(entries)
}

struct Parser<'t> {
    line: &'t str,
    at: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<u8> {
        self.line.as_bytes().get(self.at).copied()
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
    }

    /// `depth` is how many levels of nesting are left, this one included.
    fn value(&mut self, depth: usize) -> Option<Value<'t>> {
        self.skip_space();
        match self.peek()? {
            b'"' => {
                self.at += 1;
                Some(Value::Text(self.quoted()?))
            }
            b'{' => {
                self.at += 1;
                Some(Value::Object(self.entries(depth)?))
            }
            b'[' => {
                self.at += 1;
                Some(Value::List(self.items(depth)?))
            }
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'n' => self.word("null", Value::Null),
            _ => self.number(),
        }
    }

    fn word(&mut self, word: &str, value: Value<'t>) -> Option<Value<'t>> {
        self.line.as_bytes()[self.at..].starts_with(word.as_bytes()).then(|| {
            self.at += word.len();
            value
        })
    }

    /// After `[`.
    fn items(&mut self, depth: usize) -> Option<Vec<Value<'t>>> {
        let inner = depth.checked_sub(1)?;
        let mut items = Vec::new();
        self.skip_space();
        if self.expect(b']').is_some() {
            return Some(items);
        }
        loop {
            items.push(self.value(inner)?);
            self.skip_space();
            if self.expect(b',').is_none() {
                self.expect(b']')?;
                return Some(items);
            }
        }
    }

    /// After `{`.
    fn entries(&mut self, depth: usize) -> Option<Entries<'t>> {
        let inner = depth.checked_sub(1)?;
        let mut entries = Vec::new();
        self.skip_space();
        if self.expect(b'}').is_some() {
            return Some(entries);
        }
        loop {
            self.skip_space();
            self.expect(b'"')?;
            let name = self.quoted()?.to_text();
            self.skip_space();
            self.expect(b':')?;
            entries.push((name, self.value(inner)?));
            self.skip_space();
            if self.expect(b',').is_none() {
                self.expect(b'}')?;
                return Some(last_of_each(entries));
            }
        }
    }

    /// After the opening quotation mark.
    fn quoted(&mut self) -> Option<Quoted<'t>> {
        let (start, mut escaped) = (self.at, false);
        loop {
            let rest = &self.line.as_bytes()[self.at..];
            let plain = memchr2(b'"', b'\\', rest)?;
            if has_control(&rest[..plain]) {
                return None;
            }
            self.at += plain;
            if rest[plain] == b'"' {
                let inner = &self.line[start..self.at];
                self.at += 1;
                return Some(Quoted { inner, escaped });
            }
            escaped = true;
            self.at += unescape(&self.line[self.at..])?.1;
        }
    }

    fn number(&mut self) -> Option<Value<'t>> {
        let start = self.at;
        let _ = self.expect(b'-');
        if self.expect(b'0').is_none() {
            self.digits()?;
        }
        if self.expect(b'.').is_some() {
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Some(Value::Number(&self.line[start..self.at]))
    }

    /// At least one digit.
    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        (start < self.at).then_some(())
    }
}

/// Without early exit, so that it is done many bytes at a time.
fn has_control(bytes: &[u8]) -> bool {
    bytes.iter().fold(0, |found, byte| found | u8::from(*byte < 0x20)) != 0
}

/// Leaves the last value of every name, at the place of the first.
fn last_of_each(entries: Entries<'_>) -> Entries<'_> {
    if entries.len() <= FEW {
        let names = || entries.iter().map(|(name, _)| name);
        let twice = |(index, name): (usize, &Cow<'_, str>)| names().take(index).any(|n| n == name);
        if !names().enumerate().any(twice) {
            return entries;
        }
    }
    let mut places = HashMap::with_capacity(entries.len());
    let mut unique: Entries<'_> = Vec::with_capacity(entries.len());
    for (name, value) in entries {
        let place = *places.entry(name.clone()).or_insert(unique.len());
        match unique.get_mut(place) {
            Some(earlier) => earlier.1 = value,
            None => unique.push((name, value)),
        }
    }
    unique
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn json(line: &str) -> Option<String> {
        let mut text = String::new();
        Value::Object(object(line)?).write_json(&mut text).unwrap();
        Some(text)
    }

    fn reference(line: &str) -> Option<serde_json::Value> {
        serde_json::from_str(line).ok().filter(serde_json::Value::is_object)
    }

    #[test]
    fn an_object_comes_back_compact() {
        let line = r#" { "a" : [ 1 , -0.5e+3, true,false , null ,{} , [] ] ,"b":"x\/\u00e9\n" } "#;
        let expected = r#"{"a":[1,-0.5e+3,true,false,null,{},[]],"b":"x/é\n"}"#;
        assert_eq!(json(line).as_deref(), Some(expected));
    }

    #[test]
    fn the_last_of_equal_names_counts() {
        assert_eq!(json(r#"{"a":1,"b":2,"\u0061":3}"#).as_deref(), Some(r#"{"a":3,"b":2}"#));
        let many: Vec<String> = (0..40).map(|n| format!(r#""{}":{n}"#, n % 20)).collect();
        let entries = format!("{{{}}}", many.join(","));
        assert_eq!(object(&entries).unwrap().len(), 20);
        assert_eq!(object(&entries).unwrap()[0].1, Value::Number("20"));
    }

    #[test]
    fn escapes_of_every_plane_are_read() {
        let line = r#"{"t":"\u4e2d\uD83D\uDE00\\\"\b\f\r\t"}"#;
        assert_eq!(object(line).unwrap()[0].1, {
            let inner = &line[6..line.len() - 2];
            Value::Text(Quoted { inner, escaped: true })
        });
        assert_eq!(json(line), reference(line).map(|value| value.to_string()));
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for line in [
            "",
            " ",
            "[]",
            "1",
            "\"a\"",
            "null",
            "{",
            "}",
            "{}}",
            "{} x",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{a:1}",
            "{\"a\":01}",
            "{\"a\":1.}",
            "{\"a\":.5}",
            "{\"a\":+1}",
            "{\"a\":-}",
            "{\"a\":1e}",
            "{\"a\":NaN}",
            "{\"a\":tru}",
            "{\"a\":[1,]}",
            "{\"a\":[1 2]}",
            "{\"a\":\"\t\"}",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\u12\"}",
            "{\"a\":\"\\u+123\"}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\\ud800x\"}",
            "{\"a\":\"\\udc00\"}",
            "{\"a\":\"\\ud800\\ud800\"}",
            "{\"a\":\"\\u12é\"}",
            "{\"a\":\"",
            "{\"a\":\"\\",
        ] {
            assert_eq!(json(line), None, "{line}");
            assert_eq!(reference(line), None, "{line}");
        }
    }

    #[test]
    fn depth_ends_where_it_ends_for_serde_json() {
        for depth in [1, 120, 126, 127, 128, 200] {
            let line = format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
            assert_eq!(object(&line).is_some(), reference(&line).is_some(), "{depth}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_serde_json(line in r#"[{}\[\]":, a0-9eE.+\-\\unt/é]{0,24}"#) {
            // Numbers beyond a float are text here and an error there.
            if !line.to_ascii_lowercase().contains('e') {
                let line = format!("{{\"a\":{line}}}");
                prop_assert_eq!(object(&line).is_some(), reference(&line).is_some());
            }
        }

        #[test]
        fn keeps_what_serde_json_wrote(text in any::<String>(), number in any::<i64>()) {
            let line = serde_json::json!({ "t": text, "n": [number, { "x": text }] }).to_string();
            let again = json(&line).and_then(|line| reference(&line));
            prop_assert_eq!(again, reference(&line));
        }
    }
}
