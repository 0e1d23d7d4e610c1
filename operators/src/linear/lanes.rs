//! Sixteen bytes of a text at once, the first in the lowest byte.

/// The lowest bit of each byte.
const ONES: u128 = u128::MAX / 0xff;
/// What tells the cases of a letter of ASCII apart.
pub(super) const CASE: u128 = ONES * 0x20;
/// The highest bit of each byte.
pub(super) const HIGH: u128 = ONES * 0x80;

/// The first sixteen bytes, with zeros behind a shorter text.
#[inline]
pub(super) fn first(text: &[u8]) -> u128 {
    match text.first_chunk() {
        Some(bytes) => u128::from_le_bytes(*bytes),
        None => text.iter().rev().fold(0, |all, byte| (all << 8) | u128::from(*byte)),
    }
}

/// Marks in the highest bits the bytes between two of ASCII; those of `low` are ASCII.
#[inline]
pub(super) const fn between(low: u128, from: u8, to: u8) -> u128 {
    let reaches = low + ONES * (0x80 - from as u128);
    let beyond = low + ONES * (0x7f - to as u128);
    reaches & !beyond & HIGH
}

/// Marks letters of ASCII.
#[inline]
pub(super) fn letters(bytes: u128) -> u128 {
    between(bytes & !HIGH | CASE, b'a', b'z') & !bytes
}

/// The bits before the first byte that is marked, and their number; `None` without a mark.
#[inline]
pub(super) fn until(marks: u128) -> Option<(u128, usize)> {
    let bits = marks.trailing_zeros() & !7;
    Some((1_u128.checked_shl(bits)? - 1, bits as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_told_from_everything_around_them() {
        for byte in 0..=u8::MAX {
            let marked = letters(u128::from(byte)) == 0x80;
            assert_eq!(marked, byte.is_ascii_alphabetic(), "{byte}");
        }
        let bytes = first(b"tide, ebb");
        assert_eq!(until(!letters(bytes) & HIGH), Some((0xffff_ffff, 32)));
        assert_eq!(until(0), None);
        assert_eq!(first(b"0123456789abcdefg") >> 120, u128::from(b'f'));
    }
}
