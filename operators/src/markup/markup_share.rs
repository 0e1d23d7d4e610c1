#![doc = include_str!("markup_share.md")]

use memchr::{memchr2, memchr3_iter};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::{
    AnyGauge, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind, Judgement,
    NoOptions, OptionsError, Source, Span, Support, Value,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<MarkupShare>::new();

/// Measures which share of a text is left-over markup.
#[derive(Debug)]
pub struct MarkupShare {
    limits: Limits,
}

/// Limits of [`MarkupShare`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Largest share of characters in markup allowed.
    pub max: Fraction,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max: Fraction::percent(50) }
    }
}

impl Gauge for MarkupShare {
    type Measuring = NoOptions;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "markup_share",
        version: 1,
        summary: "finds texts full of tags and entities of HTML, BBCode or wikis",
        fields: &[
            Field {
                name: "value",
                kind: FieldKind::Float,
                unit: "share",
                what: "the share of characters in markup",
            },
            Field {
                name: "tags",
                kind: FieldKind::Int,
                unit: "tags",
                what: "the number of tags and comments",
            },
            Field {
                name: "entities",
                kind: FieldKind::Int,
                unit: "entities",
                what: "the number of character entities",
            },
        ],
        support: Support::AnyText,
        source: Source {
            work: "defined here, after the syntax of the HTML Standard",
            url: "https://html.spec.whatwg.org/multipage/syntax.html",
            fidelity: Fidelity::Own,
        },
        guide: include_str!("markup_share.md"),
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
        let (mut characters, mut tags, mut entities) = (0, 0, 0);
        markup(document.text(), |mark, span| {
            let inside = span.of(document.text()).chars();
            characters += inside.filter(|character| !character.is_whitespace()).count() as u64;
            match mark {
                Mark::Tag => tags += 1,
                Mark::Entity => entities += 1,
            }
        });
        out[0] = Value::share(characters, visible);
        out[1] = Value::Int(tags);
        out[2] = Value::Int(entities);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_most(&measured[0], self.limits.max.get())
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        markup(document.text(), |_, span| spans.push(span));
    }
}

enum Mark {
    Tag,
    Entity,
}

/// Most bytes that a tag may have; what is longer is a comparison with `<`.
const LONGEST_TAG: usize = 4096;
/// Most bytes that a tag of a forum or wiki may have.
const LONGEST_BRACKET: usize = 512;

/// Calls `each` for every piece of markup, in order, none of them overlapping.
fn markup(text: &str, mut each: impl FnMut(Mark, Span)) {
    let bytes = text.as_bytes();
    let mut free = 0;
    // A comment that does not end is looked for once.
    let mut comments_end = true;
    for at in memchr3_iter(b'<', b'&', b'[', bytes) {
        if at < free {
            continue;
        }
        let rest = &bytes[at..];
        let found = match rest[0] {
            b'<' if comments_end && rest.starts_with(b"<!--") => {
                let length = comment(rest);
                comments_end = length.is_some();
                length.map(|length| (Mark::Tag, length))
            }
            b'<' => tag(rest).map(|length| (Mark::Tag, length)),
            b'&' => entity(rest).map(|length| (Mark::Entity, length)),
            _ => forum_tag(rest).map(|length| (Mark::Tag, length)),
        };
        if let Some((mark, length)) = found {
            each(mark, Span::new(at, at + length));
            free = at + length;
        }
    }
}

/// Length of `<name …>`, `</name>`, `<!DOCTYPE …>` or `<?name …?>`.
fn tag(rest: &[u8]) -> Option<usize> {
    let name = rest[1..].strip_prefix(b"/").unwrap_or(&rest[1..]);
    let name = name.strip_prefix(b"!").or_else(|| name.strip_prefix(b"?")).unwrap_or(name);
    let length = name.iter().take(32).take_while(|b| b.is_ascii_alphanumeric() || **b == b'-');
    let length = length.count();
    if !name.first()?.is_ascii_alphabetic() {
        return None;
    }
    // `<T>` and `<String>` are code more often than HTML, whose names are known.
    let after = name.get(length)?;
    let attributes = after.is_ascii_whitespace() || matches!(after, b'/' | b'>' | b':');
    if !attributes || !is_element(&name[..length]) {
        return None;
    }
    let body = &rest[1..rest.len().min(LONGEST_TAG)];
    let end = memchr2(b'>', b'<', body)?;
    (body[end] == b'>').then_some(end + 2)
}

/// Length of `<!-- … -->`.
fn comment(rest: &[u8]) -> Option<usize> {
    memchr::memmem::find(&rest[4..], b"-->").map(|end| end + 7)
}

/// Length of `&name;`, `&#123;` or `&#x1f;`.
fn entity(rest: &[u8]) -> Option<usize> {
    let body = &rest[1..];
    let (body, mark) = body.strip_prefix(b"#").map_or((body, 0), |body| (body, 1));
    let length = body.iter().take(32).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let is_name = mark == 1 || (2 <= length && body[0].is_ascii_alphabetic());
    (0 < length && is_name && body.get(length) == Some(&b';')).then_some(1 + mark + length + 1)
}

/// Length of a tag of forums (`[b]`, `[url=…]`, `[/quote]`) or of the brackets of wikis
/// (`[[`).
fn forum_tag(rest: &[u8]) -> Option<usize> {
    if rest.starts_with(b"[[") && !rest.starts_with(b"[[[") {
        let body = &rest[2..rest.len().min(LONGEST_BRACKET)];
        let end = memchr2(b']', b'\n', body)?;
        let prefixes: [&[u8]; 5] = [b"File:", b"Image:", b"Category:", b"Template:", b"User:"];
        let named = prefixes.iter().any(|prefix| body.starts_with(prefix));
        return (named && body[end..].starts_with(b"]]")).then_some(end + 4);
    }
    let name = rest[1..].strip_prefix(b"/").unwrap_or(&rest[1..]);
    let length = name.iter().take(8).take_while(|byte| byte.is_ascii_alphabetic()).count();
    if !FORUM_TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(&name[..length])) {
        return None;
    }
    match name.get(length)? {
        b']' => Some(rest.len() - name.len() + length + 1),
        b'=' => {
            let body = &rest[..rest.len().min(LONGEST_BRACKET)];
            let end = memchr2(b']', b'\n', body)?;
            (body[end] == b']').then_some(end + 1)
        }
        _ => None,
    }
}

const FORUM_TAGS: [&[u8]; 16] = [
    b"b", b"i", b"u", b"s", b"url", b"img", b"quote", b"code", b"size", b"color", b"font", b"list",
    b"align", b"center", b"attach", b"media",
];

/// Whether `name` is an element of HTML, past or present, or opens a declaration.
fn is_element(name: &[u8]) -> bool {
    let mut lower = [0_u8; 12];
    let Some(lower) = lower.get_mut(..name.len()) else { return false };
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    ELEMENTS.binary_search(&&*lower).is_ok()
}

#[rustfmt::skip]
const ELEMENTS: [&[u8]; 115] = [
    b"a", b"abbr", b"acronym", b"address", b"applet", b"area", b"article", b"aside", b"audio",
    b"b", b"base", b"bdi", b"bdo", b"big", b"blockquote", b"body", b"br", b"button", b"canvas",
    b"caption", b"center", b"cite", b"code", b"col", b"colgroup", b"data", b"dd", b"del",
    b"details", b"dfn", b"dialog", b"dir", b"div", b"dl", b"doctype", b"dt", b"em", b"embed",
    b"fieldset", b"figcaption", b"figure", b"font", b"footer", b"form", b"frame", b"frameset",
    b"h1", b"h2", b"h3", b"h4", b"h5", b"h6", b"head", b"header", b"hr", b"html", b"i", b"iframe",
    b"img", b"input", b"ins", b"kbd", b"label", b"legend", b"li", b"link", b"main", b"map",
    b"mark", b"meta", b"nav", b"nobr", b"noscript", b"object", b"ol", b"optgroup", b"option",
    b"p", b"param", b"path", b"picture", b"pre", b"q", b"ref", b"s", b"script", b"section",
    b"select", b"small", b"source", b"span", b"strike", b"strong", b"style", b"sub", b"summary",
    b"sup", b"svg", b"table", b"tbody", b"td", b"textarea", b"tfoot", b"th", b"thead", b"time",
    b"title", b"tr", b"tt", b"u", b"ul", b"var", b"video", b"wbr", b"xml",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{located, measured};

    #[test]
    fn tags_comments_and_entities_are_markup() {
        assert_eq!(
            located(KIND, "<p class=\"a\">x &amp; y&#160;</P><br/><!-- a <b> --><!DOCTYPE html>"),
            [
                "<p class=\"a\">",
                "&amp;",
                "&#160;",
                "</P>",
                "<br/>",
                "<!-- a <b> -->",
                "<!DOCTYPE html>"
            ]
        );
    }

    #[test]
    fn forums_and_wikis_have_markup_of_their_own() {
        assert_eq!(
            located(KIND, "[b]x[/b] [url=https://a.example]y[/url] [[File:a.png|thumb]] [[link]]"),
            ["[b]", "[/b]", "[url=https://a.example]", "[/url]", "[[File:a.png|thumb]]"]
        );
    }

    #[test]
    fn comparisons_and_types_are_none() {
        let text = "a < b, b<c>d, Vec<String>, &str, &x; R&D; [bold], array[i ], <https://a.b>, <p";
        assert_eq!(located(KIND, text), Vec::<&str>::new());
    }

    #[test]
    fn white_space_in_a_tag_does_not_count() {
        let expected = [Value::Float(0.5), Value::Int(1), Value::Int(0)];
        assert_eq!(measured(KIND, "<br  /> 12345"), expected);
    }

    #[test]
    fn elements_are_in_order() {
        assert!(ELEMENTS.is_sorted());
    }
}
