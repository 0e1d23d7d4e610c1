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
    search::<false>(bytes, from, wanted)
}

/// [`find`] where `wanted` is never true of an ASCII byte: long stretches of ASCII cost
/// much less.
#[inline]
pub(crate) fn find_wide(
    bytes: &[u8],
    from: usize,
    wanted: impl Fn(u8, u8, u8) -> bool + Copy,
) -> Option<usize> {
    search::<true>(bytes, from, wanted)
}

#[inline]
fn search<const WIDE: bool>(
    bytes: &[u8],
    from: usize,
    wanted: impl Fn(u8, u8, u8) -> bool + Copy,
) -> Option<usize> {
    let mut at = from;
    while block::<WIDE, 64>(bytes, at, wanted) == Some(false) {
        at += 64;
    }
    while block::<WIDE, 16>(bytes, at, wanted) == Some(false) {
        at += 16;
    }
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    (at..bytes.len()).find(|&at| wanted(byte(at), byte(at + 1), byte(at + 2)))
}

/// How many letters and digits of ASCII `bytes` begin with.
#[inline]
pub(crate) fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGH: u64 = ONES * 0x80;
    const CASE: u64 = ONES * 0x20;
    let (eights, rest) = bytes.as_chunks::<8>();
    for (number, eight) in eights.iter().enumerate() {
        let word = u64::from_le_bytes(*eight);
        // The highest bit of each byte says what is true of it.
        let beyond = |number: u64, byte: u8| number + ONES * (0x7f - u64::from(byte));
        let (low, folded) = (word & !HIGH, word & !HIGH | CASE);
        let digits = beyond(low, b'0' - 1) & !beyond(low, b'9');
        let letters = beyond(folded, b'a' - 1) & !beyond(folded, b'z');
        let others = (!(digits | letters) | word) & HIGH;
        if others != 0 {
            return number * 8 + others.trailing_zeros() as usize / 8;
        }
    }
    let done = bytes.len() - rest.len();
    done + rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count()
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
fn block<const WIDE: bool, const N: usize>(
    bytes: &[u8],
    at: usize,
    wanted: impl Fn(u8, u8, u8) -> bool,
) -> Option<bool> {
    let [a, b, c] = windows::<N>(bytes, at)?;
    if WIDE && a.is_ascii() {
        return Some(false);
    }
    Some((0..N).fold(false, |any, i| any | wanted(a[i], b[i], c[i])))
}

/// Calls `found` with every place for which `wanted` is true, in order: given the byte and
/// the two after it (0 beyond the end). Where these are ASCII, `ascii` is asked instead,
/// which costs less and must agree. Neither wants a 0.
#[inline]
pub(crate) fn each(
    bytes: &[u8],
    ascii: impl Fn(u8, u8) -> bool + Copy,
    wanted: impl Fn(u8, u8, u8) -> bool + Copy,
    mut found: impl FnMut(usize),
) {
    let mut blocks = |bytes: &[u8], offset: usize| {
        let mut at = 0;
        while let Some([a, b, c]) = windows::<64>(bytes, at) {
            let mut mask = if a.is_ascii() && c.is_ascii() {
                mask(|i| ascii(a[i], b[i]))
            } else {
                mask(|i| wanted(a[i], b[i], c[i]))
            };
            while mask != 0 {
                found(offset + at + mask.trailing_zeros() as usize);
                mask &= mask - 1;
            }
            at += 64;
        }
        at
    };
    let done = blocks(bytes, 0);
    // The rest, with zeros behind it.
    let rest = &bytes[done..];
    let mut padded = [0; 130];
    padded[..rest.len()].copy_from_slice(rest);
    blocks(&padded, done);
}

/// The answers for 0 to 63 as bits, the first as the lowest. Costs little more than the
/// questions if these do not branch.
#[inline]
pub(crate) fn mask(wanted: impl Fn(usize) -> bool) -> u64 {
    let mut flags = [0_u8; 64];
    for (i, flag) in flags.iter_mut().enumerate() {
        *flag = u8::from(wanted(i));
    }
    let mut mask = 0;
    if flags.iter().fold(0, |any, flag| any | flag) != 0 {
        let (eights, _) = flags.as_chunks::<8>();
        for eight in eights.iter().rev() {
            // The product moves the lowest bit of each byte into the highest byte.
            let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
            mask = mask << 8 | bits;
        }
    }
    mask
}

/// The `N` bytes from `at` on, those one further and those two further; `None` if there
/// are too few.
#[inline]
fn windows<const N: usize>(bytes: &[u8], at: usize) -> Option<[&[u8; N]; 3]> {
    let window = |at: usize| bytes.get(at..)?.first_chunk::<N>();
    Some([window(at)?, window(at + 1)?, window(at + 2)?])
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
    fn letters_and_digits_end_at_anything_else() {
        for byte in 0..=u8::MAX {
            for length in 0..20 {
                let mut bytes = vec![b'x'; length];
                bytes.push(byte);
                let plain = usize::from(byte.is_ascii_alphanumeric());
                assert_eq!(plain_length(&bytes), length + plain, "{byte:#x}");
                bytes.extend(b"\xe6\xbd\xae behind");
                assert_eq!(plain_length(&bytes), length + plain, "{byte:#x}");
            }
        }
    }

    #[test]
    fn every_place_is_found() {
        for length in 0..200 {
            for place in 0..length {
                let mut bytes = vec![b'x'; length];
                bytes[place] = 0xe3;
                let wide = |a: u8, _, _| a == 0xe3;
                assert_eq!(find(&bytes, 0, wide), Some(place));
                assert_eq!(find(&bytes, place + 1, wide), None);
                assert_eq!(find_wide(&bytes, 0, wide), Some(place));
                assert_eq!(find_wide(&bytes, place + 1, wide), None);
            }
        }
    }

    #[test]
    fn all_places_are_found_in_order() {
        let wanted = |a: u8, b: u8, _: u8| a == b'!' || a == b'?' && b == 0xe3;
        for length in 0..200 {
            for wide in [false, true] {
                let mut bytes = vec![b'x'; length];
                for place in (0..length).filter(|place| place % 7 == 3 || place % 64 == 0) {
                    bytes[place] = b'!';
                }
                if wide && 5 < length {
                    bytes[length / 2] = 0xe3;
                    bytes[length / 2 - 1] = b'?';
                }
                let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
                let expected: Vec<usize> =
                    (0..length).filter(|&at| wanted(byte(at), byte(at + 1), 0)).collect();
                let mut places = Vec::new();
                each(&bytes, |a, _| a == b'!', wanted, |at| places.push(at));
                assert_eq!(places, expected, "{length}");
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
