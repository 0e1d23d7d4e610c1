#![doc = include_str!("strip_control.md")]

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{CanonicalCombiningClass, EmojiModifier, ExtendedPictographic},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyRewriter, Card, Document, EDIT_FIELDS, Edit, Fidelity, OptionsError, Rewriter,
        RewriterKind, Source, Span, Support,
    },
    text::scan,
};

/// The entry for the registry.
pub const KIND: &dyn AnyRewriter = &RewriterKind::<StripControl>::new();

/// Removes control and invisible characters that do no work in a text.
#[derive(Debug)]
pub struct StripControl {
    options: Options,
}

/// Options of [`StripControl`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Options {
    /// Whether the controls of writing direction go too.
    pub bidi: bool,
}

impl Rewriter for StripControl {
    type Options = Options;

    const CARD: &'static Card = &Card {
        id: "strip_control",
        version: 1,
        summary: "removes control and invisible characters that do no work in the text",
        fields: EDIT_FIELDS,
        support: Support::AnyText,
        source: Source {
            work: "Unicode Standard, section 23.2, Layout Controls; the choice is our own",
            url: "https://www.unicode.org/versions/latest/core-spec/chapter-23/",
            fidelity: Fidelity::Own,
        },
        guide: include_str!("strip_control.md"),
    };

    fn new(options: Options) -> Result<Self, OptionsError> {
        Ok(Self { options })
    }

    fn edits(&self, document: &Document<'_>, out: &mut Vec<Edit>) {
        let text = document.text();
        let mut at = 0;
        while let Some(start) = scan::find(text.as_bytes(), at, is_suspect) {
            let end = self.invisible_end(text, start);
            if start < end {
                remove(text, start, end, out);
                at = end;
            } else {
                let suspect = text[start..].chars().next().unwrap_or_default();
                at = start + suspect.len_utf8();
                if suspect.is_whitespace() {
                    out.push(Edit { span: Span::new(start, at), replacement: "\n" });
                }
            }
        }
    }
}

impl StripControl {
    /// End of the run of invisible characters that starts at `start`.
    fn invisible_end(&self, text: &str, start: usize) -> usize {
        let rest = &text[start..];
        let visible = rest.find(|character: char| {
            !(is_invisible(character) || self.options.bidi && is_direction(character))
        });
        visible.map_or(text.len(), |visible| start + visible)
    }
}

const fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{0}'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}'
        | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

const fn is_direction(character: char) -> bool {
    matches!(character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Removes a run of invisible characters, save for the first that does work between
/// what stands before and after the run.
fn remove(text: &str, start: usize, end: usize, out: &mut Vec<Edit>) {
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    let works = text[start..end].char_indices().find(|&(_, joiner)| works(before, joiner, after));
    let (kept, resume) =
        works.map_or((end, end), |(at, joiner)| (start + at, start + at + joiner.len_utf8()));
    for (from, to) in [(start, kept), (resume, end)] {
        if from < to {
            out.push(Edit { span: Span::new(from, to), replacement: "" });
        }
    }
}

/// Whether `joiner` changes how the characters around it are written.
fn works(before: Option<char>, joiner: char, after: Option<char>) -> bool {
    let (Some(before), after) = (before, after.unwrap_or('\n')) else { return false };
    match joiner {
        '\u{200b}' => has_unmarked_words(before) && has_unmarked_words(after),
        '\u{200c}' => is_virama(before) || joins(before) && joins(after),
        '\u{200d}' => {
            is_virama(before) || joins(before) || is_pictograph(after) && ends_pictograph(before)
        }
        _ => false,
    }
}

/// Letters and marks of scripts whose letters change their form beside one another.
fn joins(character: char) -> bool {
    let block = matches!(character,
        // Arabic to Arabic Extended-A, without Thaana.
        '\u{600}'..='\u{77f}' | '\u{7c0}'..='\u{8ff}'
        // Devanagari to Sinhala, Myanmar, Khmer, Mongolian.
        | '\u{900}'..='\u{dff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{18af}'
        // Further scripts of South and South East Asia.
        | '\u{1a20}'..='\u{1c4f}' | '\u{a800}'..='\u{a8ff}' | '\u{a980}'..='\u{aaff}'
        | '\u{10d00}'..='\u{10d3f}' | '\u{11000}'..='\u{11fff}' | '\u{1e900}'..='\u{1e95f}');
    let unordered = CanonicalCombiningClass::NotReordered;
    block && (character.is_alphabetic() || combining_class(character) != unordered)
}

/// Letters and marks of scripts in which U+200B may stand between words.
fn has_unmarked_words(character: char) -> bool {
    matches!(character, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// Signs that join consonants, and that a joiner can bend to another form.
fn is_virama(character: char) -> bool {
    combining_class(character) == CanonicalCombiningClass::Virama
}

fn combining_class(character: char) -> CanonicalCombiningClass {
    CodePointMapData::<CanonicalCombiningClass>::new().get(character)
}

fn is_pictograph(character: char) -> bool {
    CodePointSetData::new::<ExtendedPictographic>().contains(character)
}

/// A pictograph, its skin tone or its presentation selector.
fn ends_pictograph(character: char) -> bool {
    character == '\u{fe0f}'
        || is_pictograph(character)
        || CodePointSetData::new::<EmojiModifier>().contains(character)
}

/// Whether a character that may have to go starts with byte `a`, followed by `b` and `c`.
#[expect(clippy::needless_bitwise_bool, reason = "a branch would keep it from being vectorised")]
const fn is_suspect(a: u8, b: u8, c: u8) -> bool {
    let ascii = ((a < 0x20) & (a != b'\t') & (a != b'\n') & (a != b'\r')) | (a == 0x7f);
    // U+0080 to U+009F, U+00AD, U+061C, U+FEFF
    let latin = (a == 0xc2) & ((b < 0xa0) | (b == 0xad));
    let arabic = (a == 0xd8) & (b == 0x9c);
    let mark = (a == 0xef) & (b == 0xbb) & (c == 0xbf);
    // U+200B to U+200F, U+202A to U+202E; U+2060, U+2066 to U+2069
    let low = (b == 0x80) & (((0x8b <= c) & (c <= 0x8f)) | ((0xaa <= c) & (c <= 0xae)));
    let high = (b == 0x81) & ((c == 0xa0) | ((0xa6 <= c) & (c <= 0xa9)));
    ascii | latin | arabic | mark | ((a == 0xe2) & (low | high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Workspace, apply};

    fn stripped(options: &str, text: &str) -> String {
        let rewriter = KIND.bind(&options.parse().unwrap()).unwrap();
        let (mut edits, mut out) = (Vec::new(), String::new());
        rewriter.edits(&Workspace::new().open_text(text), &mut edits);
        apply(text, &edits, &mut out);
        out
    }

    #[test]
    fn one_run_is_one_edit() {
        let mut edits = Vec::new();
        let text = "a\u{0}\u{200b}\u{ad}b";
        StripControl::new(Options::default())
            .unwrap()
            .edits(&Workspace::new().open_text(text), &mut edits);
        assert_eq!(edits, [Edit { span: Span::new(1, 7), replacement: "" }]);
    }

    #[test]
    fn tabs_and_line_ends_stay_and_page_ends_become_line_ends() {
        assert_eq!(stripped("", "a\tb\r\nc\rd\n\u{c}e\u{85}f"), "a\tb\r\nc\rd\n\ne\nf");
    }

    #[test]
    fn joiners_stay_where_they_work() {
        for text in
            ["می\u{200c}خواهم", "क्\u{200d}ष", "ബ്\u{200d}", "👩🏽\u{200d}🚀", "❤\u{fe0f}\u{200d}🔥"]
        {
            assert_eq!(stripped("", text), text);
        }
        assert_eq!(stripped("", "a\u{200c}b\u{200d} می\u{200c} 👩\u{200d}a"), "ab می 👩a");
    }

    #[test]
    fn one_joiner_of_a_run_is_enough() {
        assert_eq!(stripped("", "می\u{200c}\u{feff}\u{200c}خ"), "می\u{200c}خ");
    }

    #[test]
    fn every_place_in_a_block_is_seen() {
        for at in 0..200 {
            let text = format!("{}\u{200b}{}", "x".repeat(at), "一".repeat(70));
            assert_eq!(stripped("", &text).len(), text.len() - 3, "at {at}");
        }
    }

    #[test]
    fn direction_goes_only_when_asked() {
        let text = "\u{202e}abc\u{202c}\u{200f}\u{61c}\u{2067}";
        assert_eq!(stripped("", text), text);
        assert_eq!(stripped("bidi = true", text), "abc");
    }
}
