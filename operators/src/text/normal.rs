//! The normal form of a text, and the fingerprints made of it.

use icu_normalizer::{ComposingNormalizer, ComposingNormalizerBorrowed};
use xxhash_rust::xxh3::xxh3_128;

use super::scan;

const NFC: ComposingNormalizerBorrowed<'static> = ComposingNormalizer::new_nfc();

/// Fingerprint of a text: hash and length of what was hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// 128-bit XXH3.
    pub hash: u128,
    /// Bytes that were hashed.
    pub bytes: u64,
}

/// Key of the normal form: Unicode NFC, every run of white space as one space, none at
/// either end. `buffer` is scratch memory.
#[must_use]
pub fn key(text: &str, buffer: &mut Vec<u8>) -> Key {
    buffer.clear();
    if is_plain(text) {
        collapse(text, buffer);
    } else {
        let composed = NFC.normalize(text);
        collapse(&composed, buffer);
    }
    content(buffer)
}

/// Key of every byte as it is.
#[must_use]
pub fn content(bytes: &[u8]) -> Key {
    Key { hash: xxh3_128(bytes), bytes: bytes.len() as u64 }
}

/// Appends `text` with its white space collapsed. What stands between runs of white space
/// is copied as a whole, single line feeds and tabs included, which become spaces.
fn collapse(text: &str, out: &mut Vec<u8>) {
    let bytes = text.trim().as_bytes();
    out.reserve(bytes.len());
    let mut from = 0;
    scan::each(bytes, opens_ascii_run, opens_run, |at| {
        // Places within the run before were dealt with.
        if from <= at {
            copy(&bytes[from..at], out);
            out.push(b' ');
            from = end_of_run(bytes, at);
        }
    });
    copy(&bytes[from..], out);
}

fn copy(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend(bytes.iter().map(|&byte| if is_space(byte) { b' ' } else { byte }));
}

/// End of the white space that starts at `at`.
fn end_of_run(bytes: &[u8], at: usize) -> usize {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let mut end = at;
    loop {
        if is_space(byte(end)) {
            end += 1;
        } else if scan::is_wide_space(byte(end), byte(end + 1), byte(end + 2)) {
            // Two bytes from U+0080 to U+07FF, three beyond.
            end += if byte(end) == 0xc2 { 2 } else { 3 };
        } else {
            return end;
        }
    }
}

/// Whether `byte` is white space by itself.
#[expect(clippy::needless_bitwise_bool, reason = "a branch would keep it from being vectorised")]
const fn is_space(byte: u8) -> bool {
    (byte == b' ') | ((b'\t' <= byte) & (byte <= b'\r'))
}

/// Whether a run of at least two white spaces may start with byte `a`, followed by `b`.
const fn opens_ascii_run(a: u8, b: u8) -> bool {
    is_space(a) & is_space(b)
}

/// Whether white space other than one of ASCII may start with byte `a`, followed by `b`
/// and `c`. Always white space, if not always more than one.
#[expect(clippy::needless_bitwise_bool, reason = "a branch would keep it from being vectorised")]
const fn opens_run(a: u8, b: u8, c: u8) -> bool {
    let wide = (b == 0xc2) | (b == 0xe1) | (b == 0xe2) | (b == 0xe3);
    (is_space(a) & (is_space(b) | wide)) | scan::is_wide_space(a, b, c)
}

/// Whether `text` holds only characters that are in form NFC whatever stands beside
/// them; `false` says nothing.
fn is_plain(text: &str) -> bool {
    scan::find_wide(text.as_bytes(), 0, may_compose).is_none()
}

/// Whether a character that starts with byte `a`, followed by `b` and `c`, may have
/// another form in NFC. Beyond ASCII the others are: U+0080 to U+02FF; Cyrillic letters;
/// common dashes, quotation marks and ellipses; CJK punctuation, Hiragana, Katakana,
/// ideographs, most Hangul syllables, full-width forms; emoji.
#[expect(clippy::needless_bitwise_bool, reason = "a branch would keep it from being vectorised")]
const fn may_compose(a: u8, b: u8, c: u8) -> bool {
    let two = ((0xcc <= a) & (a <= 0xcf)) | ((0xd2 <= a) & (a <= 0xdf));
    let mark = (a == 0xe2) & ((b != 0x80) | (c < 0x82));
    let tone = (b == 0x80) & (0xaa <= c);
    let voicing = (b == 0x82) & ((c == 0x99) | (c == 0x9a));
    let block = (a == 0xe0) | (a == 0xe1) | (a == 0xea) | (a == 0xed) | (a == 0xee);
    let form = (a == 0xef) & ((b < 0xbc) | (b == 0xbf));
    let four = ((a == 0xf0) & (b != 0x9f)) | (0xf1 <= a);
    two | mark | ((a == 0xe3) & (tone | voicing)) | block | form | four
}

#[cfg(test)]
mod tests {
    use icu_properties::props::CanonicalCombiningClass;
    use proptest::prelude::*;

    use super::*;

    fn normal(text: &str) -> String {
        let mut buffer = Vec::new();
        let _ = key(text, &mut buffer);
        String::from_utf8(buffer).unwrap()
    }

    #[test]
    fn white_space_is_collapsed_and_trimmed() {
        assert_eq!(normal(" a \r\n\tb\u{3000}c  "), "a b c");
    }

    #[test]
    fn accents_are_composed() {
        assert_eq!(normal("cafe\u{301}"), "caf\u{e9}");
    }

    #[test]
    fn case_and_punctuation_stay() {
        assert_eq!(normal("A, b."), "A, b.");
    }

    #[test]
    fn plain_characters_are_starters_in_composed_form() {
        let classes = icu_properties::CodePointMapData::<CanonicalCombiningClass>::new();
        for character in '\0'..=char::MAX {
            let text = String::from(character);
            if is_plain(&text) {
                assert_eq!(classes.get(character), CanonicalCombiningClass::NotReordered);
                // A base that composes with what follows would be changed.
                for base in ["a", "\u{1100}", "\u{ac00}", "か", "و", "\u{9c7}"] {
                    assert!(NFC.is_normalized(&format!("{base}{text}")), "{character:?}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn plain_texts_are_in_normal_form(text in "[a-zà-ÿ一-龥가-힣ぁ-ヿ“”…。А-я\u{300}\u{1100}-\u{11ff}]{0,9}") {
            prop_assert!(!is_plain(&text) || NFC.is_normalized(&text));
        }

        #[test]
        fn the_fast_way_is_the_definition(text in "(\\PC|[ \t\r\na-c\u{3000}\u{a0}é一]){0,60}") {
            let composed = NFC.normalize(&text);
            let words: Vec<&str> = composed.split_whitespace().collect();
            prop_assert_eq!(normal(&text), words.join(" "));
        }

        #[test]
        fn the_normal_form_is_its_own(text in "\\PC{0,60}") {
            let once = normal(&text);
            prop_assert_eq!(normal(&once), once);
        }
    }
}
