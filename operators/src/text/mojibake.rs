//! Places of a text that were decoded with the wrong encoding.
//!
//! One pass from left to right. Only characters beyond ASCII are looked at, and most of
//! them only by their first byte.

use crate::contract::Span;

/// What was read as what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Damage {
    /// UTF-8 as Latin-1 or Windows-1252.
    Latin,
    /// A double-byte Chinese encoding as Latin-1.
    LatinHan,
    /// UTF-8 as GBK, or memory that was never set.
    Han,
    /// Bytes that were no text, as U+FFFD.
    Replacement,
}

impl Damage {
    pub(crate) const COUNT: usize = Self::Replacement as usize + 1;
}

/// Calls `each` with the kind, the place and the number of characters of every wrongly
/// decoded place, in order, none of them overlapping.
pub(crate) fn damaged(text: &str, mut each: impl FnMut(Damage, Span, u64)) {
    let bytes = text.as_bytes();
    let mut run = MarkerRun::default();
    let mut report = |damage, start: usize, end: usize| {
        let chars = text[start..end].chars().count() as u64;
        each(damage, Span::new(start, end), chars);
    };
    let mut at = 0;
    while at < bytes.len() {
        let lead = bytes[at];
        let rest = &bytes[at..];
        match lead {
            0..0x80 => {
                at += ascii_run(rest);
                continue;
            }
            0xe4..=0xe9 if rest.len() >= 3 => {
                if is_marker(code_of(rest)) {
                    run.add(at, &mut report);
                } else if let Some(length) = never_set(rest) {
                    run.end(&mut report);
                    report(Damage::Han, at, at + length);
                    at += length;
                    continue;
                }
            }
            0xc2 | 0xc3 => {
                let end = at + high_run(&text[at..]);
                run.end(&mut report);
                latin_run(text, at, end, &mut report);
                at = end;
                continue;
            }
            0xef if rest.starts_with(REPLACEMENT) => {
                let length = repeats(rest, REPLACEMENT) * REPLACEMENT.len();
                run.end(&mut report);
                report(Damage::Replacement, at, at + length);
                at += length;
                continue;
            }
            _ => {}
        }
        at += width(lead);
    }
    run.end(&mut report);
}

const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// Bytes of the character that opens with `lead`.
fn width(lead: u8) -> usize {
    match lead {
        0..0xc0 => 1,
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0.. => 4,
    }
}

/// Length of the ASCII at the start.
fn ascii_run(bytes: &[u8]) -> usize {
    let mut at = 0;
    while bytes[at..].first_chunk::<16>().is_some_and(|chunk| chunk.is_ascii()) {
        at += 16;
    }
    at + bytes[at..].iter().take_while(|byte| byte.is_ascii()).count()
}

/// How often `unit` stands at the start.
fn repeats(bytes: &[u8], unit: &[u8]) -> usize {
    bytes.chunks_exact(unit.len()).take_while(|chunk| *chunk == unit).count()
}

/// Code point of a character of three bytes.
fn code_of(bytes: &[u8]) -> u32 {
    let low = |byte: u8| u32::from(byte & 0x3f);
    u32::from(bytes[0] & 0xf) << 12 | low(bytes[1]) << 6 | low(bytes[2])
}

/// Length of what debuggers fill memory with (0xCC, 0xCD, 0xDD) and of U+FFFD in UTF-8,
/// read as GBK.
fn never_set(bytes: &[u8]) -> Option<usize> {
    for unit in ["烫", "屯", "葺"] {
        let times = repeats(bytes, unit.as_bytes());
        if 3 <= times {
            return Some(times * unit.len());
        }
    }
    let unit = "锟斤拷".as_bytes();
    match repeats(bytes, unit) {
        0 => None,
        times => Some(times * unit.len()),
    }
}

/// Characters that UTF-8 Chinese turns into when it is read as GBK, and that occur in
/// neither simplified, traditional nor classical Chinese text but as rare names: the
/// frequent lead bytes 0xE3 to 0xE9 and 0xEF with what tends to follow them.
const MARKERS: &str = "佸侀傛兘勪勫勬勭勯勶叧叾呭呮嗗嗘垎垨埌堜堝堟夊夋姟婂嬩嬫嬬尯屽屾岃岄嶆嶈庝庡庢\
彲忚悎憳戜戝戠拰撳撴敓敤暟曞杩栬椂楀殑氫氬氭氱浗湁湰湴熷熻犲犳瓑畾皯硶竴笂笅笉笟簲粡粬綋綔緥绗銆\
鍏鍐鍑鍒鍖鍗鍘鍚鍜鍝鍥鍦鍩鎯鎴鎵鎶鎷鎹鏀鏂鏉鏋鏍鐗鐜鐢鐨鑳锛閮闂闄";

const FIRST: u32 = 0x4e00;

/// One bit per character from U+4E00 to U+9FFF.
static IS_MARKER: [u64; 328] = {
    let bytes = MARKERS.as_bytes();
    let mut table = [0; 328];
    let mut at = 0;
    while at < bytes.len() {
        let high = ((bytes[at] & 0xf) as usize) << 12 | ((bytes[at + 1] & 0x3f) as usize) << 6;
        let code = (high | (bytes[at + 2] & 0x3f) as usize) - FIRST as usize;
        table[code / 64] |= 1 << (code % 64);
        at += 3;
    }
    table
};

fn is_marker(code: u32) -> bool {
    let at = code.wrapping_sub(FIRST);
    IS_MARKER.get((at / 64) as usize).is_some_and(|bits| bits >> (at % 64) & 1 == 1)
}

/// Bytes that may stand between two markers of one run: four ideographs.
const GAP: usize = 12;

/// Markers that stand close together. One alone says nothing.
#[derive(Default)]
struct MarkerRun {
    markers: usize,
    start: usize,
    end: usize,
}

impl MarkerRun {
    fn add(&mut self, at: usize, report: &mut impl FnMut(Damage, usize, usize)) {
        if self.end + GAP < at {
            self.end(report);
        }
        if self.markers == 0 {
            self.start = at;
        }
        self.markers += 1;
        self.end = at + 3;
    }

    fn end(&mut self, report: &mut impl FnMut(Damage, usize, usize)) {
        if 2 <= self.markers {
            report(Damage::Han, self.start, self.end);
        }
        self.markers = 0;
    }
}

/// Length of the characters at the start that stand for a byte beyond ASCII in Latin-1 or
/// Windows-1252.
fn high_run(text: &str) -> usize {
    text.char_indices().find(|(_, c)| byte_of(*c).is_none()).map_or(text.len(), |(at, _)| at)
}

/// Reports what of a run of such characters is UTF-8 when read as bytes again, or else the
/// whole run if it looks like a double-byte encoding.
fn latin_run(text: &str, start: usize, end: usize, report: &mut impl FnMut(Damage, usize, usize)) {
    let after_capital = text[..start].chars().next_back().is_some_and(char::is_uppercase);
    let mut found = false;
    let mut chain = Chain { start, sequences: 0, strong: false };
    let mut at = start;
    while at < end {
        match sequence(&text[at..end], after_capital && at == start) {
            Some((length, strong)) => {
                chain.sequences += 1;
                chain.strong |= strong;
                at += length;
            }
            None => {
                found |= chain.end(at, report);
                at += text[at..].chars().next().map_or(1, char::len_utf8);
                chain.start = at;
            }
        }
    }
    found |= chain.end(end, report);
    if !found && is_double_byte(&text[start..end]) {
        report(Damage::LatinHan, start, end);
    }
}

/// Sequences that follow each other without a gap.
struct Chain {
    start: usize,
    sequences: usize,
    strong: bool,
}

impl Chain {
    /// Ends the chain before `at`; whether it was reported.
    fn end(&mut self, at: usize, report: &mut impl FnMut(Damage, usize, usize)) -> bool {
        let damaged = self.strong || 2 <= self.sequences;
        if damaged {
            report(Damage::Latin, self.start, at);
        }
        (self.sequences, self.strong) = (0, false);
        damaged
    }
}

/// Length of the characters at the start that are one character in UTF-8, and whether
/// they are evidence without another one beside them. Correct text holds a few of these:
/// `é` with a space that does not break and `»`, or `É` with an ellipsis.
fn sequence(text: &str, after_capital: bool) -> Option<(usize, bool)> {
    let mut bytes = [0; 4];
    let mut wanted = 1;
    let mut typographic = 0;
    let (mut taken, mut length) = (0, 0);
    for character in text.chars() {
        let byte = byte_of(character)?;
        if taken == 0 {
            wanted = match byte {
                0xc2..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf4 => 4,
                _ => return None,
            };
        } else if byte & 0xc0 != 0x80 {
            return None;
        }
        typographic += usize::from(0xff < character as u32);
        bytes[taken] = byte;
        (taken, length) = (taken + 1, length + character.len_utf8());
        if taken == wanted {
            break;
        }
    }
    if taken < wanted || std::str::from_utf8(&bytes[..wanted]).is_err() {
        return None;
    }
    let strong = match bytes {
        [0xc2 | 0xc3, ..] => typographic == 0 || !after_capital,
        [0xe2, 0x80, ..] | [0xef, 0xbb..=0xbd, ..] | [0xf0, 0x9f, ..] => true,
        _ => false,
    };
    Some((length, strong))
}

/// Whether a run looks like double-byte Chinese: long, from U+00A1 up, letters and signs
/// mixed as no alphabet does.
fn is_double_byte(run: &str) -> bool {
    let (mut all, mut signs) = (0, 0);
    for character in run.chars() {
        if !matches!(character, '\u{a1}'..='\u{fe}') {
            return false;
        }
        all += 1;
        signs += usize::from(!character.is_alphabetic());
    }
    6 <= all && 0 < signs && signs < all
}

/// The byte that reads as `character` in Latin-1 or Windows-1252, if it is not ASCII.
fn byte_of(character: char) -> Option<u8> {
    /// What Windows-1252 has from 0x80 on; the five bytes it leaves free are controls.
    const WINDOWS: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    match u8::try_from(character) {
        Ok(byte) => (0x80 <= byte).then_some(byte),
        Err(_) => {
            let at = WINDOWS.iter().position(|known| *known == character)?;
            u8::try_from(0x80 + at).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn places(text: &str) -> Vec<(Damage, &str)> {
        let mut found = Vec::new();
        damaged(text, |damage, span, chars| {
            assert_eq!(chars, span.of(text).chars().count() as u64);
            found.push((damage, span.of(text)));
        });
        found
    }

    /// UTF-8 read as Windows-1252, free bytes as controls.
    fn misread(text: &str) -> String {
        let all: Vec<char> =
            ('\0'..='\u{ffff}').filter(|c| c.is_ascii() || byte_of(*c).is_some()).collect();
        let read = |byte: u8| {
            let of_byte = |c: &&char| byte_of(**c) == Some(byte) || **c as u32 == u32::from(byte);
            *all.iter().rev().find(of_byte).unwrap()
        };
        text.bytes().map(read).collect()
    }

    #[test]
    fn utf8_read_as_windows_1252_is_found() {
        assert_eq!(places(&misread("café au lait")), [(Damage::Latin, "Ã©")]);
        assert_eq!(places(&misread("it’s")), [(Damage::Latin, "â€™")]);
        assert_eq!(places(&misread("слово море 😀")).len(), 3);
        assert_eq!(places(&misread("潮水。")), [(Damage::Latin, misread("潮水。").as_str())]);
    }

    #[test]
    fn utf8_read_as_latin_1_is_found() {
        let text: String = "“été”".bytes().map(char::from).collect();
        let found: String = places(&text).iter().map(|(_, place)| *place).collect();
        assert_eq!(found, text.replace('t', ""));
    }

    #[test]
    fn gbk_read_as_latin_1_is_found() {
        assert_eq!(places("<b>³±Ë®ÍËÈ¥</b>"), [(Damage::LatinHan, "³±Ë®ÍËÈ¥")]);
    }

    #[test]
    fn utf8_read_as_gbk_is_found() {
        let place = "鐨勬垜浠";
        assert_eq!(places(&format!("A {place} Z"))[0].0, Damage::Han);
        assert_eq!(places("锟斤拷锟斤拷 烫烫烫烫 屯屯").len(), 2);
    }

    #[test]
    fn runs_of_replacement_characters_are_one_place() {
        assert_eq!(places("a\u{fffd}\u{fffd}b"), [(Damage::Replacement, "\u{fffd}\u{fffd}")]);
    }

    #[test]
    fn correct_text_is_not_damaged() {
        for text in [
            "« café\u{a0}» et « thé\u{a0}»… À «\u{a0}l’été\u{a0}», Œuvre, naïveté",
            "Straße “Maß” – größer, ÄÖÜäöüß, IRMÃ” É… ÀÉÈÙ",
            "São Paulo, NÃO, avó—mãe, ½ × ¾, 25 °C ± 1 µm, ©®™ § 5",
            "雨水滚烫，屯田，公斤，拷贝，锟铻之剑。",
            "鐢 alone",
            "横浜の海、ﾊﾝｶｸ",
        ] {
            assert_eq!(places(text), [], "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn misread_han_is_found_whole(text in "[一-龥]{2,20}") {
            let misread = misread(&text);
            prop_assert_eq!(places(&misread), [(Damage::Latin, misread.as_str())]);
        }

        #[test]
        fn places_stand_in_order(text in "(\\PC|[Ã©â€™\u{80}-\u{ff}鐨勬烫锟斤拷\u{fffd}]){0,40}") {
            let mut from = 0;
            damaged(&text, |_, span, chars| {
                assert!(from <= span.start && span.start < span.end && 0 < chars);
                from = span.end;
            });
        }
    }
}
