#![doc = include_str!("web_addresses.md")]

use memchr::memchr3_iter;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::{
    AnyGauge, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind, Judgement,
    NoOptions, OptionsError, Source, Span, Support, Value,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<WebAddresses>::new();

/// Measures which share of a text is web and e-mail addresses.
#[derive(Debug)]
pub struct WebAddresses {
    limits: Limits,
}

/// Limits of [`WebAddresses`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Largest share of characters in addresses allowed.
    pub max: Fraction,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max: Fraction::percent(80) }
    }
}

impl Gauge for WebAddresses {
    type Measuring = NoOptions;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "web_addresses",
        version: 1,
        summary: "finds link lists and address books: texts that are mostly URLs and e-mail addresses",
        fields: &[
            Field {
                name: "value",
                kind: FieldKind::Float,
                unit: "share",
                what: "the share of characters in addresses",
            },
            Field {
                name: "urls",
                kind: FieldKind::Int,
                unit: "addresses",
                what: "the number of web addresses",
            },
            Field {
                name: "emails",
                kind: FieldKind::Int,
                unit: "addresses",
                what: "the number of e-mail addresses",
            },
        ],
        support: Support::AnyText,
        source: Source {
            work: "defined here, after the syntax of RFC 3986 and RFC 5322",
            url: "https://www.rfc-editor.org/rfc/rfc3986",
            fidelity: Fidelity::Own,
        },
        guide: include_str!("web_addresses.md"),
    };

    fn new(_: NoOptions, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let counts = document.characters();
        let visible = counts.all - counts.white_space;
        if visible == 0 {
            return;
        }
        let (mut characters, mut urls, mut emails) = (0, 0, 0);
        addresses(document.text().as_bytes(), |kind, span| {
            // Addresses are ASCII, so that bytes are characters.
            characters += u64::from(span.end - span.start);
            match kind {
                Address::Web => urls += 1,
                Address::Mail => emails += 1,
            }
        });
        out[0] = Value::share(characters, visible);
        out[1] = Value::Int(urls);
        out[2] = Value::Int(emails);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_most(&measured[0], self.limits.max.get())
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        addresses(document.text().as_bytes(), |_, span| spans.push(span));
    }
}

enum Address {
    Web,
    Mail,
}

/// Calls `each` for every address, in order, none of them overlapping.
fn addresses(bytes: &[u8], mut each: impl FnMut(Address, Span)) {
    let mut free = 0;
    for at in memchr3_iter(b':', b'@', b'w', bytes) {
        if at < free {
            continue;
        }
        let found = match bytes[at] {
            b'@' => mail(bytes, free, at).map(|(start, end)| (Address::Mail, start, end)),
            b':' => scheme(bytes, free, at).map(|(start, end)| (Address::Web, start, end)),
            _ => host(bytes, free, at).map(|(start, end)| (Address::Web, start, end)),
        };
        if let Some((kind, start, end)) = found {
            each(kind, Span::new(start, end));
            free = end;
        }
    }
}

/// Bytes of the longest scheme in use.
const LONGEST_SCHEME: usize = 12;

/// `scheme://…` around the colon at `at`.
fn scheme(bytes: &[u8], free: usize, at: usize) -> Option<(usize, usize)> {
    if !bytes[at..].starts_with(b"://") {
        return None;
    }
    let letters = bytes[free..at].iter().rev().take(LONGEST_SCHEME + 1);
    let length = letters.take_while(|byte| byte.is_ascii_alphabetic()).count();
    if !(2..=LONGEST_SCHEME).contains(&length) {
        return None;
    }
    let end = end_of(bytes, at + 3);
    (at + 3 < end).then_some((at - length, end))
}

/// `www.…` at `at`.
fn host(bytes: &[u8], free: usize, at: usize) -> Option<(usize, usize)> {
    let inside = free < at && bytes[at - 1].is_ascii_alphanumeric();
    if inside || !bytes[at..].starts_with(b"www.") {
        return None;
    }
    bytes.get(at + 4)?.is_ascii_alphanumeric().then(|| (at, end_of(bytes, at + 4)))
}

/// Where an address that goes on at `from` ends: before white space, brackets and quotes
/// that cannot be in it, before anything beyond ASCII, and before closing punctuation.
fn end_of(bytes: &[u8], from: usize) -> usize {
    let belongs = |byte: &&u8| byte.is_ascii_graphic() && !b"<>\"`{}|\\^".contains(byte);
    let address = &bytes[from..];
    let mut length = address.iter().take_while(belongs).count();
    while let Some(last) = length.checked_sub(1).map(|last| address[last]) {
        if !b".,;:!?)]}'*_".contains(&last) {
            break;
        }
        length -= 1;
    }
    from + length
}

/// `name@host.domain` around the sign at `at`.
fn mail(bytes: &[u8], free: usize, at: usize) -> Option<(usize, usize)> {
    let in_name = |byte: &&u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(byte);
    let in_host = |byte: &&u8| byte.is_ascii_alphanumeric() || b".-".contains(byte);
    let name = bytes[free..at].iter().rev().take_while(in_name).count();
    let mut host: &[u8] = &bytes[at + 1..];
    host = &host[..host.iter().take_while(in_host).count()];
    while let Some((b'.' | b'-', shorter)) = host.split_last() {
        host = shorter;
    }
    let dot = memchr::memrchr(b'.', host)?;
    let domain = &host[dot + 1..];
    let is_domain = 2 <= domain.len() && domain.iter().all(u8::is_ascii_alphabetic);
    (0 < name && 0 < dot && is_domain).then_some((at - name, at + 1 + host.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{located, measured};

    #[test]
    fn addresses_end_where_the_sentence_goes_on() {
        assert_eq!(
            located(KIND, "(see https://a.example/b_(c)?d=1). www.b.example, ftp://c.example/!"),
            ["https://a.example/b_(c)?d=1", "www.b.example", "ftp://c.example/"]
        );
        assert_eq!(located(KIND, "见https://a.example/路径。"), ["https://a.example/"]);
    }

    #[test]
    fn mail_needs_a_name_and_a_domain() {
        assert_eq!(
            located(KIND, "to a.b+c@mail.example. @handle, x@y, 1@2.3, 写信给me@b.example吧"),
            ["a.b+c@mail.example", "me@b.example"]
        );
    }

    #[test]
    fn what_looks_like_an_address_is_none() {
        for text in ["std::vec", "a ://b", "12:30", "x://", "www.", "awww.b.example", "http://"] {
            assert_eq!(located(KIND, text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn the_share_is_of_what_can_be_seen() {
        let expected = [Value::Float(0.5), Value::Int(1), Value::Int(0)];
        assert_eq!(measured(KIND, "www.a.example  0123456789abc"), expected);
    }
}
