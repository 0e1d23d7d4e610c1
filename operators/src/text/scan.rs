//! Finding rare characters in long texts.

/// Place of the first byte from `from` on for which `wanted` is true, given the byte and
/// the two after it (0 beyond the end). `wanted` should not branch, so that the compiler
/// can test many bytes at once.
#[inline]
pub(crate) fn find(
    bytes: &[u8],
    from: usize,
    wanted: impl Fn(u8, u8, u8) -> bool + Copy,
) -> Option<usize> {
    let mut at = from;
    while block::<64>(bytes, at, wanted) == Some(false) {
        at += 64;
    }
    while block::<16>(bytes, at, wanted) == Some(false) {
        at += 16;
    }
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    (at..bytes.len()).find(|&at| wanted(byte(at), byte(at + 1), byte(at + 2)))
}

/// Place from `from` on that says `phrase`, whose ASCII letters may be small or capital.
pub(crate) fn find_phrase(bytes: &[u8], mut from: usize, phrase: &[u8]) -> Option<usize> {
    let lower = |at: usize| phrase.get(at).map_or(0, u8::to_ascii_lowercase);
    let (first, second, third) = (lower(0), lower(1), lower(2));
    let may_open = move |a: u8, b: u8, c: u8| {
        (a.to_ascii_lowercase() == first)
            & (b.to_ascii_lowercase() == second)
            & (c.to_ascii_lowercase() == third)
    };
    loop {
        let at = find(bytes, from, may_open)?;
        let found = bytes.get(at..at + phrase.len())?;
        if found.eq_ignore_ascii_case(phrase) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// Whether any of `N` bytes is wanted; `None` if there are too few.
#[inline]
fn block<const N: usize>(
    bytes: &[u8],
    at: usize,
    wanted: impl Fn(u8, u8, u8) -> bool,
) -> Option<bool> {
    let a = bytes.get(at..)?.first_chunk::<N>()?;
    let b = bytes.get(at + 1..)?.first_chunk::<N>()?;
    let c = bytes.get(at + 2..)?.first_chunk::<N>()?;
    let mut any = false;
    for i in 0..N {
        any |= wanted(a[i], b[i], c[i]);
    }
    Some(any)
}

/// Whether white space beyond ASCII starts with byte `a`, followed by `b` and `c`.
#[inline]
#[expect(clippy::needless_bitwise_bool, reason = "a branch would keep it from being vectorised")]
pub(crate) const fn is_wide_space(a: u8, b: u8, c: u8) -> bool {
    // U+0085, U+00A0, U+1680, U+3000
    let next_line = (a == 0xc2) & ((b == 0x85) | (b == 0xa0));
    let ogham = (a == 0xe1) & (b == 0x9a) & (c == 0x80);
    let ideographic = (a == 0xe3) & (b == 0x80) & (c == 0x80);
    // U+2000 to U+200A, U+2028, U+2029, U+202F; U+205F
    let low = (b == 0x80) & ((c <= 0x8a) | (c == 0xa8) | (c == 0xa9) | (c == 0xaf));
    let high = (b == 0x81) & (c == 0x9f);
    next_line | ogham | ideographic | ((a == 0xe2) & (low | high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_found() {
        for length in 0..200 {
            for place in 0..length {
                let mut bytes = vec![b'x'; length];
                bytes[place] = b'!';
                assert_eq!(find(&bytes, 0, |a, _, _| a == b'!'), Some(place));
                assert_eq!(find(&bytes, place + 1, |a, _, _| a == b'!'), None);
            }
        }
    }

    #[test]
    fn phrases_are_found_in_small_and_capital_letters() {
        let places = |text: &str| find_phrase(text.as_bytes(), 0, b"Lorem");
        assert_eq!(places("lore LoReM"), Some(5));
        assert_eq!((places("lore"), places("")), (None, None));
    }

    #[test]
    fn wide_space_is_that_of_the_standard_library() {
        for character in ('\u{80}'..=char::MAX).chain(['a']) {
            let mut bytes = [0; 4];
            character.encode_utf8(&mut bytes);
            let wide = is_wide_space(bytes[0], bytes[1], bytes[2]);
            assert_eq!(wide, character.is_whitespace(), "{character:?}");
        }
    }
}
