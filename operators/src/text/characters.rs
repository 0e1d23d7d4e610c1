//! How many characters of each class a text has.
//!
//! ASCII is counted as a histogram of bytes, which needs no branch; only other
//! characters are decoded and looked up.

use std::sync::LazyLock;

use icu_properties::{
    CodePointMapData, CodePointMapDataBorrowed,
    props::{GeneralCategory, Script},
};

/// Counts of characters by class. Every character is in exactly one of `letters`,
/// `marks`, `digits`, `punctuation`, `symbols`, `white_space`, `control`, `other`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Characters {
    /// All characters (Unicode scalar values).
    pub all: u64,
    /// General category L, marks not included.
    pub letters: u64,
    /// General category M.
    pub marks: u64,
    /// General category N.
    pub digits: u64,
    /// General category P.
    pub punctuation: u64,
    /// General category S.
    pub symbols: u64,
    /// White space, line feeds and tabs included.
    pub white_space: u64,
    /// General categories Cc and Cf that are not white space.
    pub control: u64,
    /// Unassigned, private use, and U+FFFD.
    pub other: u64,
    /// Letters in upper case.
    pub upper: u64,
    /// Letters of the Latin script.
    pub latin: u64,
    /// Han ideographs.
    pub han: u64,
    /// Letters of Hiragana and Katakana.
    pub kana: u64,
    /// Letters of Hangul.
    pub hangul: u64,
    /// Letters of the Cyrillic script.
    pub cyrillic: u64,
    /// Letters of the Greek script.
    pub greek: u64,
    /// Letters of the Arabic script.
    pub arabic: u64,
    /// Letters of the Hebrew script.
    pub hebrew: u64,
    /// Letters of the Devanagari script.
    pub devanagari: u64,
    /// Letters of the Thai script.
    pub thai: u64,
    /// Letters of scripts that put no spaces between words: Han, Hiragana, Katakana,
    /// Thai, Lao, Khmer, Myanmar, Tibetan.
    pub unspaced: u64,
    /// U+FFFD, what a failed decoding leaves behind.
    pub replacement: u64,
    /// Whether all characters are ASCII.
    pub is_ascii: bool,
}

/// Letters that say as much as one ideograph: 2.65 in a textbook that there is in English
/// and in Chinese, without its code.
const LETTERS_PER_IDEOGRAPH: u64 = 3;

impl Characters {
    /// Whether ideographs say more than all other letters do, and stand among few letters
    /// of Japanese and Korean.
    #[must_use]
    pub fn is_chinese(&self) -> bool {
        let Self { letters, han, kana, hangul, .. } = *self;
        letters - han < han * LETTERS_PER_IDEOGRAPH && (kana + hangul) * 4 < han
    }

    /// Whether scripts that put spaces between words say at least as much as the others.
    #[must_use]
    pub fn is_spaced(&self) -> bool {
        let Self { letters, han, kana, unspaced, .. } = *self;
        let ideographs = han + kana;
        ideographs * LETTERS_PER_IDEOGRAPH + (unspaced - ideographs) <= letters - unspaced
    }
}

const CATEGORY: CodePointMapDataBorrowed<'static, GeneralCategory> =
    CodePointMapData::<GeneralCategory>::new();
const SCRIPT: CodePointMapDataBorrowed<'static, Script> = CodePointMapData::<Script>::new();

/// Counts the characters of `text`.
#[must_use]
pub fn count(text: &str) -> Characters {
    let bytes = text.as_bytes();
    // Four tables for ASCII, so that equal neighbours do not wait for each other.
    let mut ascii = [[0_u32; 128]; 4];
    let mut wide = [0_u64; CLASSES];
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at..].first_chunk::<16>() {
            Some(chunk) if chunk.is_ascii() => {
                for four in chunk.chunks_exact(4) {
                    for (table, &byte) in ascii.iter_mut().zip(four) {
                        table[usize::from(byte & 127)] += 1;
                    }
                }
                at += 16;
            }
            _ => {
                let end = (at + 16).min(bytes.len());
                for character in text[at..].chars() {
                    match u8::try_from(character) {
                        Ok(byte @ ..=127) => ascii[0][usize::from(byte)] += 1,
                        _ => wide[class_of(character) as usize] += 1,
                    }
                    at += character.len_utf8();
                    if end <= at {
                        break;
                    }
                }
            }
        }
    }
    let is_ascii = wide.iter().all(|&count| count == 0);
    for (byte, class) in ASCII.iter().enumerate() {
        wide[*class as usize] += ascii.iter().map(|table| u64::from(table[byte])).sum::<u64>();
    }
    summed(&wide, is_ascii)
}

/// Whether `character` is a letter of a script that puts no spaces between words.
pub(crate) fn is_unspaced(character: char) -> bool {
    matches!(class_of(character), Class::Han | Class::Unspaced)
}

/// Whether `character` is a letter of a script that puts no spaces between words, Kana included.
pub(crate) fn has_no_spaces(character: char) -> bool {
    matches!(class_of(character), Class::Han | Class::Kana | Class::Thai | Class::Unspaced)
}

/// Whether `character` is a sign of currency or mathematics, `|` and `~` aside.
pub(crate) fn is_sign(character: char) -> bool {
    let signs = [GeneralCategory::CurrencySymbol, GeneralCategory::MathSymbol];
    match character {
        ' '..='~' => matches!(character, '$' | '+' | '<' | '=' | '>'),
        // Most of punctuation, and the ideographs in daily use, without a look-up.
        '‘'..='‧' | '、'..='〗' | '一'..='\u{9fff}' => false,
        _ => signs.contains(&CATEGORY.get(character)),
    }
}

/// Whether `character` is a mark that belongs to the one before it.
pub(crate) fn is_mark(character: char) -> bool {
    class_of(character) == Class::Mark
}

/// Whether `character` is a control or format character that is not white space.
pub(crate) fn is_control(character: char) -> bool {
    class_of(character) == Class::Control
}

/// What is counted: classes of which each character has exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Class {
    Letter,
    UpperLetter,
    Latin,
    UpperLatin,
    Han,
    Kana,
    Hangul,
    Cyrillic,
    UpperCyrillic,
    Greek,
    UpperGreek,
    Arabic,
    Hebrew,
    Devanagari,
    Thai,
    /// Lao, Khmer, Myanmar, Tibetan.
    Unspaced,
    Mark,
    Digit,
    Punctuation,
    Symbol,
    WhiteSpace,
    Control,
    Other,
    Replacement,
}

const CLASSES: usize = Class::Replacement as usize + 1;

fn summed(counts: &[u64; CLASSES], is_ascii: bool) -> Characters {
    let of = |class: Class| counts[class as usize];
    let [han, kana, thai] = [Class::Han, Class::Kana, Class::Thai].map(of);
    let unspaced = han + kana + thai + of(Class::Unspaced);
    let latin = of(Class::Latin) + of(Class::UpperLatin);
    let cyrillic = of(Class::Cyrillic) + of(Class::UpperCyrillic);
    let greek = of(Class::Greek) + of(Class::UpperGreek);
    let [hangul, arabic, hebrew, devanagari] =
        [Class::Hangul, Class::Arabic, Class::Hebrew, Class::Devanagari].map(of);
    let spaced = latin + cyrillic + greek + hangul + arabic + hebrew + devanagari;
    Characters {
        all: counts.iter().sum(),
        letters: of(Class::Letter) + of(Class::UpperLetter) + spaced + unspaced,
        marks: of(Class::Mark),
        digits: of(Class::Digit),
        punctuation: of(Class::Punctuation),
        symbols: of(Class::Symbol),
        white_space: of(Class::WhiteSpace),
        control: of(Class::Control),
        other: of(Class::Other) + of(Class::Replacement),
        upper: [Class::UpperLetter, Class::UpperLatin, Class::UpperCyrillic, Class::UpperGreek]
            .map(of)
            .iter()
            .sum(),
        latin,
        han,
        kana,
        hangul,
        cyrillic,
        greek,
        arabic,
        hebrew,
        devanagari,
        thai,
        unspaced,
        replacement: of(Class::Replacement),
        is_ascii,
    }
}

const ASCII: [Class; 128] = {
    let mut table = [Class::Punctuation; 128];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = match byte {
            b'a'..=b'z' => Class::Latin,
            b'A'..=b'Z' => Class::UpperLatin,
            b'0'..=b'9' => Class::Digit,
            b' ' | b'\t'..=b'\r' => Class::WhiteSpace,
            0x00..=0x1f | 0x7f => Class::Control,
            b'$' | b'+' | b'<' | b'=' | b'>' | b'^' | b'`' | b'|' | b'~' => Class::Symbol,
            _ => Class::Punctuation,
        };
        byte += 1;
    }
    table
};

/// What a character adds to the counts of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineClass {
    WhiteSpace,
    Digit,
    Upper,
    Other,
}

impl LineClass {
    pub(crate) fn of(character: char) -> Self {
        let class = match u8::try_from(character) {
            Ok(byte @ ..=127) => ASCII[usize::from(byte)],
            _ => class_of(character),
        };
        match class {
            Class::WhiteSpace => Self::WhiteSpace,
            Class::Digit => Self::Digit,
            Class::UpperLetter | Class::UpperLatin | Class::UpperCyrillic | Class::UpperGreek => {
                Self::Upper
            }
            _ => Self::Other,
        }
    }
}

/// Classes of the characters up to U+FFFF, looked up once.
static PLANE: LazyLock<Vec<Class>> = LazyLock::new(|| {
    (0..=0xffff).map(|code| char::from_u32(code).map_or(Class::Other, look_up)).collect()
});

fn class_of(character: char) -> Class {
    // The ideographs in daily use, without a look-up.
    if matches!(character, '\u{4e00}'..='\u{9fff}') {
        return Class::Han;
    }
    PLANE.get(character as usize).copied().unwrap_or_else(|| look_up(character))
}

fn look_up(character: char) -> Class {
    use GeneralCategory as G;
    if character.is_whitespace() {
        return Class::WhiteSpace;
    }
    if character == char::REPLACEMENT_CHARACTER {
        return Class::Replacement;
    }
    match CATEGORY.get(character) {
        G::UppercaseLetter => match SCRIPT.get(character) {
            Script::Latin => Class::UpperLatin,
            Script::Cyrillic => Class::UpperCyrillic,
            Script::Greek => Class::UpperGreek,
            _ => Class::UpperLetter,
        },
        G::LowercaseLetter | G::TitlecaseLetter | G::ModifierLetter | G::OtherLetter => {
            letter_of(SCRIPT.get(character))
        }
        G::NonspacingMark | G::SpacingMark | G::EnclosingMark => Class::Mark,
        G::DecimalNumber | G::LetterNumber | G::OtherNumber => Class::Digit,
        G::ConnectorPunctuation
        | G::DashPunctuation
        | G::OpenPunctuation
        | G::ClosePunctuation
        | G::InitialPunctuation
        | G::FinalPunctuation
        | G::OtherPunctuation => Class::Punctuation,
        G::MathSymbol | G::CurrencySymbol | G::ModifierSymbol | G::OtherSymbol => Class::Symbol,
        G::Control | G::Format => Class::Control,
        _ => Class::Other,
    }
}

fn letter_of(script: Script) -> Class {
    match script {
        Script::Latin => Class::Latin,
        Script::Han => Class::Han,
        Script::Hiragana | Script::Katakana => Class::Kana,
        Script::Hangul => Class::Hangul,
        Script::Cyrillic => Class::Cyrillic,
        Script::Greek => Class::Greek,
        Script::Arabic => Class::Arabic,
        Script::Hebrew => Class::Hebrew,
        Script::Devanagari => Class::Devanagari,
        Script::Thai => Class::Thai,
        Script::Lao | Script::Khmer | Script::Myanmar | Script::Tibetan => Class::Unspaced,
        _ => Class::Letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_exclusive_and_complete() {
        let text: String = (0..=0x2_ffff).filter_map(char::from_u32).collect();
        let c = count(&text);
        let classes = c.letters + c.marks + c.digits + c.punctuation + c.symbols;
        assert_eq!(classes + c.white_space + c.control + c.other, c.all);
        assert_eq!(c.all, text.chars().count() as u64);
    }

    #[test]
    fn the_ascii_table_agrees_with_unicode() {
        for byte in 0..128_u8 {
            let (fast, slow) = (ASCII[usize::from(byte)], look_up(char::from(byte)));
            assert_eq!(fast, slow, "byte {byte:#x}");
        }
    }

    #[test]
    fn characters_are_counted_wherever_they_stand() {
        for at in 0..40 {
            let c = count(&format!("{}。{}é", "x".repeat(at), "Y1".repeat(at)));
            let at = at as u64;
            assert_eq!((c.all, c.latin, c.upper, c.digits), (3 * at + 2, 2 * at + 1, at, at));
            assert_eq!((c.punctuation, c.is_ascii), (1, false));
        }
    }

    #[test]
    fn an_ideograph_weighs_as_much_as_three_letters() {
        let speaks = |text: &str| (count(text).is_chinese(), count(text).is_spaced());
        assert_eq!(speaks("用 rustup 安装"), (true, false));
        assert_eq!(speaks("install rustup 安装"), (false, true));
        assert_eq!(speaks("質の高いデータ"), (false, false));
        assert_eq!(speaks("東京国立近代美術館の展示"), (true, false));
        assert_eq!(speaks("國立中央圖書館 국립중앙도서관"), (false, false));
        assert_eq!(speaks("คุณภาพ ok"), (false, false));
        assert_eq!(speaks("12:30"), (false, true));
    }

    #[test]
    fn chinese_has_no_spaces_between_words() {
        let c = count("质量 ok");
        assert_eq!((c.han, c.unspaced, c.latin, c.white_space), (2, 2, 2, 1));
    }
}
