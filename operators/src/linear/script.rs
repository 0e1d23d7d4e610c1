//! What a character is to a linear model: a letter of some script, a digit, a sign.

/// Scripts that languages are told apart in, and those that decide the language alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Script {
    Latin,
    Cyrillic,
    Arabic,
    Hebrew,
    Devanagari,
    Bengali,
    Ethiopic,
    /// Han, Hiragana and Katakana, which Chinese and Japanese share.
    Han,
    Greek,
    Armenian,
    Georgian,
    Gurmukhi,
    Gujarati,
    Oriya,
    Tamil,
    Telugu,
    Kannada,
    Malayalam,
    Sinhala,
    Thai,
    Lao,
    Tibetan,
    Myanmar,
    Khmer,
    Hangul,
    Thaana,
    /// Letters of any other script.
    Other,
}

impl Script {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 27] = [
        Self::Latin,
        Self::Cyrillic,
        Self::Arabic,
        Self::Hebrew,
        Self::Devanagari,
        Self::Bengali,
        Self::Ethiopic,
        Self::Han,
        Self::Greek,
        Self::Armenian,
        Self::Georgian,
        Self::Gurmukhi,
        Self::Gujarati,
        Self::Oriya,
        Self::Tamil,
        Self::Telugu,
        Self::Kannada,
        Self::Malayalam,
        Self::Sinhala,
        Self::Thai,
        Self::Lao,
        Self::Tibetan,
        Self::Myanmar,
        Self::Khmer,
        Self::Hangul,
        Self::Thaana,
        Self::Other,
    ];

    /// Code of ISO 15924; `Zyyy` where there is no single one.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Latin => "Latn",
            Self::Cyrillic => "Cyrl",
            Self::Arabic => "Arab",
            Self::Hebrew => "Hebr",
            Self::Devanagari => "Deva",
            Self::Bengali => "Beng",
            Self::Ethiopic => "Ethi",
            Self::Han => "Hani",
            Self::Greek => "Grek",
            Self::Armenian => "Armn",
            Self::Georgian => "Geor",
            Self::Gurmukhi => "Guru",
            Self::Gujarati => "Gujr",
            Self::Oriya => "Orya",
            Self::Tamil => "Taml",
            Self::Telugu => "Telu",
            Self::Kannada => "Knda",
            Self::Malayalam => "Mlym",
            Self::Sinhala => "Sinh",
            Self::Thai => "Thai",
            Self::Lao => "Laoo",
            Self::Tibetan => "Tibt",
            Self::Myanmar => "Mymr",
            Self::Khmer => "Khmr",
            Self::Hangul => "Kore",
            Self::Thaana => "Thaa",
            Self::Other => "Zyyy",
        }
    }

    /// The language of every text in this script that we know of, if there is one.
    #[must_use]
    pub fn only_language(self) -> Option<&'static str> {
        Some(match self {
            Self::Greek => "el",
            Self::Armenian => "hy",
            Self::Georgian => "ka",
            Self::Gurmukhi => "pa",
            Self::Gujarati => "gu",
            Self::Oriya => "or",
            Self::Tamil => "ta",
            Self::Telugu => "te",
            Self::Kannada => "kn",
            Self::Malayalam => "ml",
            Self::Sinhala => "si",
            Self::Thai => "th",
            Self::Lao => "lo",
            Self::Tibetan => "bo",
            Self::Myanmar => "my",
            Self::Khmer => "km",
            Self::Hangul => "ko",
            Self::Thaana => "dv",
            _ => return None,
        })
    }
}

/// What a character is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Letter(Script),
    Digit,
    Sign,
    Space,
    /// Joiners and selectors, which are as if they were not there.
    Nothing,
}

/// The kind of a character and the number that stands for it in runs: letters in lower
/// case, every digit as one.
#[must_use]
#[inline]
pub fn read(character: char) -> (Kind, u16) {
    let code = u32::from(character);
    if code < 0x80 {
        return ascii(character);
    }
    let kind = kind_beyond_ascii(code);
    let number = match kind {
        Kind::Letter(Script::Latin | Script::Cyrillic | Script::Greek | Script::Armenian) => {
            lower(character, code)
        }
        _ => code,
    };
    // What lies beyond the first plane shares numbers; it is rare.
    #[expect(clippy::cast_possible_truncation, reason = "folded on purpose")]
    let number = (number ^ (number >> 16)) as u16;
    (kind, number)
}

#[inline]
fn ascii(character: char) -> (Kind, u16) {
    let byte = character as u8;
    match byte {
        b'a'..=b'z' => (Kind::Letter(Script::Latin), u16::from(byte)),
        b'A'..=b'Z' => (Kind::Letter(Script::Latin), u16::from(byte | 0x20)),
        b'0'..=b'9' => (Kind::Digit, u16::from(b'0')),
        b' ' | b'\t'..=b'\r' => (Kind::Space, u16::from(b' ')),
        _ => (Kind::Sign, u16::from(byte)),
    }
}

/// Lower case without tables where blocks are regular.
fn lower(character: char, code: u32) -> u32 {
    match code {
        0xc0..=0xde => code | 0x20,
        0xdf..=0xff | 0x430..=0x44f => code,
        0x410..=0x42f => code + 0x20,
        0x400..=0x40f => code + 0x50,
        0x1e00..=0x1e95 | 0x1ea0..=0x1eff => code | 1,
        _ => character.to_lowercase().next().map_or(code, u32::from),
    }
}

#[expect(clippy::match_same_arms, reason = "in the order of the code points")]
fn kind_beyond_ascii(code: u32) -> Kind {
    use Script::{
        Arabic, Armenian, Bengali, Cyrillic, Devanagari, Ethiopic, Georgian, Greek, Gujarati,
        Gurmukhi, Han, Hangul, Hebrew, Kannada, Khmer, Lao, Latin, Malayalam, Myanmar, Oriya,
        Other, Sinhala, Tamil, Telugu, Thaana, Thai, Tibetan,
    };
    let letter = match code {
        0x85 | 0xa0 | 0x1680 | 0x2000..=0x200a | 0x2028 | 0x2029 | 0x202f | 0x205f | 0x3000 => {
            return Kind::Space;
        }
        0xad
        | 0x61c
        | 0x200b..=0x200f
        | 0x202a..=0x202e
        | 0x2060..=0x2064
        | 0xfe00..=0xfe0f
        | 0xfeff => {
            return Kind::Nothing;
        }
        0xaa
        | 0xb5
        | 0xba
        | 0xc0..=0xd6
        | 0xd8..=0xf6
        | 0xf8..=0x2ff
        | 0x1d00..=0x1dbf
        | 0x1e00..=0x1eff
        | 0x2c60..=0x2c7f
        | 0xa720..=0xa7ff
        | 0xab30..=0xab6f
        | 0xff21..=0xff3a
        | 0xff41..=0xff5a => Latin,
        // Marks belong to the letter before them; most often that is Latin.
        0x300..=0x36f | 0x1dc0..=0x1dff => Latin,
        0x370..=0x3ff | 0x1f00..=0x1fff => Greek,
        0x400..=0x52f | 0x1c80..=0x1c8f | 0x2de0..=0x2dff | 0xa640..=0xa69f => Cyrillic,
        0x531..=0x556 | 0x559 | 0x560..=0x588 => Armenian,
        0x591..=0x5bd | 0x5bf | 0x5c1 | 0x5c2 | 0x5d0..=0x5f2 | 0xfb1d..=0xfb4f => Hebrew,
        0x660..=0x669 | 0x6f0..=0x6f9 | 0x966..=0x96f | 0x9e6..=0x9ef | 0xff10..=0xff19 => {
            return Kind::Digit;
        }
        0x60c | 0x61b | 0x61f | 0x66a..=0x66d | 0x6d4 | 0x964 | 0x965 => return Kind::Sign,
        0x600..=0x6ff | 0x750..=0x77f | 0x8a0..=0x8ff | 0xfb50..=0xfdff | 0xfe70..=0xfefc => Arabic,
        0x780..=0x7bf => Thaana,
        0x900..=0x97f | 0xa8e0..=0xa8ff => Devanagari,
        0x980..=0x9ff => Bengali,
        0xa00..=0xa7f => Gurmukhi,
        0xa80..=0xaff => Gujarati,
        0xb00..=0xb7f => Oriya,
        0xb80..=0xbff => Tamil,
        0xc00..=0xc7f => Telugu,
        0xc80..=0xcff => Kannada,
        0xd00..=0xd7f => Malayalam,
        0xd80..=0xdff => Sinhala,
        0xe00..=0xe7f => Thai,
        0xe80..=0xeff => Lao,
        0xf0b..=0xf14 => return Kind::Sign,
        0xf00..=0xfff => Tibetan,
        0x1000..=0x109f | 0xa9e0..=0xa9ff | 0xaa60..=0xaa7f => Myanmar,
        0x10a0..=0x10ff | 0x1c90..=0x1cbf | 0x2d00..=0x2d2f => Georgian,
        0x1100..=0x11ff | 0x3130..=0x318f | 0xa960..=0xa97f | 0xac00..=0xd7ff => Hangul,
        0x1361..=0x1368 => return Kind::Sign,
        0x1200..=0x139f | 0x2d80..=0x2ddf | 0xab00..=0xab2f => Ethiopic,
        0x1780..=0x17ff | 0x19e0..=0x19ff => Khmer,
        0x3005..=0x3007
        | 0x3041..=0x3096
        | 0x309d..=0x309f
        | 0x30a1..=0x30fa
        | 0x30fc..=0x30ff
        | 0x31f0..=0x31ff
        | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff
        | 0xf900..=0xfaff
        | 0xff66..=0xff9f
        | 0x20000..=0x323af => Han,
        0x80..=0xbf
        | 0xd7
        | 0xf7
        | 0x2010..=0x2bff
        | 0x2e00..=0x2e7f
        | 0x3001..=0x303f
        | 0x3099..=0x30a0
        | 0x30fb
        | 0x3190..=0x33ff
        | 0xe000..=0xf8ff
        | 0xfe10..=0xfe6f
        | 0xff00..=0xffff
        | 0x1d000..=0x1d7ff
        | 0x1f000..=0x1faff => return Kind::Sign,
        _ => Other,
    };
    Kind::Letter(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_read_in_lower_case() {
        for (upper, lower) in
            [('A', 'a'), ('Ä', 'ä'), ('Ж', 'ж'), ('Ѐ', 'ѐ'), ('Ő', 'ő'), ('Ế', 'ế')]
        {
            assert_eq!(read(upper), read(lower), "{upper}");
        }
    }

    #[test]
    fn numbers_of_scripts_are_their_place_in_the_list() {
        for (place, script) in Script::ALL.into_iter().enumerate() {
            assert_eq!(script as usize, place);
        }
    }

    #[test]
    fn signs_digits_and_joiners_are_no_letters() {
        assert_eq!(read('。').0, Kind::Sign);
        assert_eq!(read('🚀').0, Kind::Sign);
        assert_eq!(read('７').0, Kind::Digit);
        assert_eq!(read('\u{200c}').0, Kind::Nothing);
        assert_eq!(read('\u{3000}').0, Kind::Space);
        assert_eq!(read('々').0, Kind::Letter(Script::Han));
    }
}
