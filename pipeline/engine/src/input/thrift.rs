//! A walk over compact Thrift before a decoder sees it: the decoder takes memory for
//! whatever number a list claims, and a failed allocation would end the process.

/// Deeper than any footer nests.
const DEEPEST: usize = 32;
/// Numbers of fields in a file's footer and in an element of its schema.
const SCHEMA: i64 = 2;
const CHILDREN: i64 = 5;
/// Numbers of fields in the header of a page.
const PAGE_BYTES: i64 = 2;
const DICTIONARY: i64 = 7;
const DICTIONARY_VALUES: i64 = 1;

/// Whether every list in a footer could have as many items as it claims.
pub(super) fn check_footer(bytes: &[u8]) -> Result<(), String> {
    let damaged = || "the footer is damaged: a list is longer than the footer".to_owned();
    let mut walk = Walk { rest: bytes };
    walk.fields(&mut |walk, number, kind| {
        if number != SCHEMA || kind != LIST {
            return walk.skip(kind, 0);
        }
        let (items, _) = walk.list()?;
        for _ in 0..items {
            walk.fields(&mut |walk, number, kind| {
                if number != CHILDREN || kind != I32 {
                    return walk.skip(kind, 1);
                }
                let children = walk.integer()?;
                usize::try_from(children).ok().filter(|it| *it <= items).map(|_| ())
            })?;
        }
        Some(())
    })
    .ok_or_else(damaged)
}

/// Whether a chunk whose bytes start like this begins with a dictionary that claims
/// more values than its page has bytes.
pub(super) fn check_dictionary(start: &[u8]) -> Result<(), String> {
    let (mut bytes, mut values) = (i64::MAX, 0);
    let mut walk = Walk { rest: start };
    // A header that cannot be read is the decoder's to complain about.
    let _ = walk.fields(&mut |walk, number, kind| match number {
        PAGE_BYTES if kind == I32 => walk.integer().map(|it| bytes = it),
        DICTIONARY if kind == STRUCT => walk.fields(&mut |walk, number, kind| match number {
            DICTIONARY_VALUES if kind == I32 => walk.integer().map(|it| values = it),
            _ => walk.skip(kind, 1),
        }),
        _ => walk.skip(kind, 0),
    });
    if bytes < values {
        return Err(format!("a dictionary of {bytes} bytes claims {values} values"));
    }
    Ok(())
}

/// Types of the compact protocol.
const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I16: u8 = 4;
const I32: u8 = 5;
const I64: u8 = 6;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
const STRUCT: u8 = 12;
const UUID: u8 = 13;

struct Walk<'b> {
    rest: &'b [u8],
}

/// What is done with a field of this number and type.
type Visit<'v, 'b> = &'v mut dyn FnMut(&mut Walk<'b>, i64, u8) -> Option<()>;

impl<'b> Walk<'b> {
    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|byte| byte[0])
    }

    fn number(&mut self) -> Option<u64> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(number);
            }
            shift += 7;
        }
    }

    fn integer(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    fn fields(&mut self, visit: Visit<'_, 'b>) -> Option<()> {
        let mut number = 0;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Some(());
            }
            number = match head >> 4 {
                0 => self.integer()?,
                step => number + i64::from(step),
            };
            visit(self, number, head & 0xf)?;
        }
    }

    /// Items of a list, each of at least a byte, and their type.
    fn list(&mut self) -> Option<(usize, u8)> {
        let head = self.byte()?;
        let items = match head >> 4 {
            15 => usize::try_from(self.number()?).ok()?,
            few => usize::from(few),
        };
        (items <= self.rest.len()).then_some((items, head & 0xf))
    }

    fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
        if DEEPEST < depth {
            return None;
        }
        match kind {
            TRUE | FALSE => Some(()),
            BYTE => self.take(1).map(|_| ()),
            I16 | I32 | I64 => self.number().map(|_| ()),
            DOUBLE => self.take(8).map(|_| ()),
            UUID => self.take(16).map(|_| ()),
            BINARY => {
                let length = usize::try_from(self.number()?).ok()?;
                self.take(length).map(|_| ())
            }
            LIST | SET => {
                let (items, kind) = self.list()?;
                (0..items).try_for_each(|_| self.item(kind, depth))
            }
            MAP => {
                let pairs = usize::try_from(self.number()?).ok()?;
                if pairs == 0 {
                    return Some(());
                }
                let kinds = self.byte()?;
                (0..pairs).try_for_each(|_| {
                    self.item(kinds >> 4, depth)?;
                    self.item(kinds & 0xf, depth)
                })
            }
            STRUCT => self.fields(&mut |walk, _, kind| walk.skip(kind, depth + 1)),
            _ => None,
        }
    }

    /// In lists and maps a truth has a byte of its own.
    fn item(&mut self, kind: u8, depth: usize) -> Option<()> {
        match kind {
            TRUE | FALSE => self.take(1).map(|_| ()),
            kind => self.skip(kind, depth + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Field 1: version 2. Field 2: a root with one child, and that child.
    const HEAD: &[u8] = &[0x15, 0x04, 0x19, 0x2c, 0x48, 0x01, b'm', 0x15, 0x02, 0x00];
    const CHILD: &[u8] = &[0x15, 0x0c, 0x38, 0x01, b'a', 0x00];

    fn footer(head: &[u8], groups: &[u8]) -> Vec<u8> {
        // Field 3: rows. Field 4: row groups.
        [head, CHILD, &[0x16, 0x02, 0x19], groups, &[0x00]].concat()
    }

    #[test]
    fn a_list_may_not_claim_more_items_than_there_are_bytes() {
        assert_eq!(check_footer(&footer(HEAD, &[0x0c])), Ok(()));
        assert_eq!(check_footer(&footer(HEAD, &[0x1c, 0x00])), Ok(()));
        let endless = [0xfc, 0xff, 0xff, 0xff, 0xff, 0x07];
        assert!(check_footer(&footer(HEAD, &endless)).is_err());
    }

    #[test]
    fn a_group_may_not_claim_more_children_than_there_are_elements() {
        let mut head = HEAD.to_vec();
        head.splice(8..9, [0xfe, 0xff, 0xff, 0xff, 0x0f]);
        assert!(check_footer(&footer(&head, &[0x0c])).is_err());
    }

    #[test]
    fn a_dictionary_may_not_claim_more_values_than_it_has_bytes() {
        let header = |values: &[u8]| {
            // Type 2, 20 bytes, 20 bytes compressed, a dictionary header.
            let start = [0x15, 0x04, 0x15, 0x28, 0x15, 0x28, 0x4c, 0x15];
            [&start[..], values, &[0x15, 0x00, 0x00, 0x00]].concat()
        };
        assert_eq!(check_dictionary(&header(&[0x0a])), Ok(()));
        assert!(check_dictionary(&header(&[0xfe, 0xff, 0xff, 0xff, 0x0f])).is_err());
        assert_eq!(check_dictionary(b"nonsense"), Ok(()));
    }
}
