//! Small numbers for equal things, in tables that are reused from text to text.
//!
//! Both tables compare what they hold, so that equal numbers mean equal things, whatever
//! the hashes are. Whether a thing is new is as good as random, so that neither table
//! branches on it.

use xxhash_rust::xxh3::xxh3_64;

use crate::contract::Span;

/// Memory for numbering the pieces of one text at a time.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    slots: Slots<PieceSlot>,
    firsts: Vec<Key>,
}

/// Numbers pieces of one text in order of their first occurrence.
pub(super) struct PieceNumbers<'t> {
    text: &'t str,
    slots: Open<'t, PieceSlot>,
    /// Each piece, and room for one more.
    firsts: &'t mut [Key],
}

#[derive(Debug, Clone, Copy, Default)]
struct PieceSlot {
    /// Upper half of the hash.
    tag: u32,
    stamp: u32,
}

impl Pieces {
    /// Forgets all pieces and makes room for `most` of `text`.
    pub(super) fn start<'t>(&'t mut self, text: &'t str, most: usize) -> PieceNumbers<'t> {
        let room = most + 1;
        if self.firsts.len() < room {
            self.firsts.resize(room, Key::default());
        }
        PieceNumbers { text, slots: self.slots.open(most), firsts: &mut self.firsts[..room] }
    }
}

impl PieceNumbers<'_> {
    /// How many different pieces there are.
    pub(super) fn len(&self) -> usize {
        self.slots.count as usize
    }

    /// The number of the piece at `span`.
    #[inline]
    #[expect(clippy::needless_bitwise_bool, reason = "which of them holds is as good as random")]
    pub(super) fn number(&mut self, span: Span) -> u32 {
        let Self { text, slots, firsts } = self;
        let key = Key::of(text, span);
        let hash = key.hash(text);
        let (tag, mut at) = ((hash >> 32) as u32, slots.place(hash));
        // What is new is compared with itself.
        firsts[slots.count as usize] = key;
        loop {
            let slot = slots.all[at];
            let is_new = slot.stamp < slots.base;
            let number = slots.number(slot.stamp);
            if (is_new | (slot.tag == tag)) && key.equals(&firsts[number as usize], text) {
                slots.all[at] = PieceSlot { tag, stamp: slots.base + number };
                slots.count += u32::from(is_new);
                return number;
            }
            at = slots.after(at);
        }
    }
}

/// Where a piece stands, and its bytes, or none of them if it is long.
#[derive(Debug, Clone, Copy, Default)]
struct Key {
    bytes: [u64; 2],
    start: u32,
    length: u32,
}

/// Bytes of the longest piece that a key holds.
const LONGEST: u32 = 16;

/// The bits that the bytes of a piece of some length have, none for longer ones.
const MASKS: [[u64; 2]; LONGEST as usize + 2] = {
    let mut masks = [[0; 2]; LONGEST as usize + 2];
    let mut length = 1;
    while length <= LONGEST {
        masks[length as usize] = match length {
            ..=8 => [u64::MAX >> (64 - 8 * length), 0],
            _ => [u64::MAX, u64::MAX >> (128 - 8 * length)],
        };
        length += 1;
    }
    masks
};

impl Key {
    #[inline]
    fn of(text: &str, Span { start, end }: Span) -> Self {
        let rest = &text.as_bytes()[start as usize..];
        let halves = match rest.as_chunks::<8>().0 {
            [low, high, ..] => [*low, *high],
            _ => padded(rest),
        };
        let length = end - start;
        let [low, high] = MASKS[length.min(LONGEST + 1) as usize];
        let bytes = [u64::from_le_bytes(halves[0]) & low, u64::from_le_bytes(halves[1]) & high];
        Self { bytes, start, length }
    }

    #[inline]
    fn hash(&self, text: &str) -> u64 {
        if self.length <= LONGEST {
            mixed(self.bytes[0], self.bytes[1] ^ u64::from(self.length) << 56)
        } else {
            self.hash_of_all(text)
        }
    }

    #[inline]
    fn equals(&self, other: &Self, text: &str) -> bool {
        let [low, high] = [0, 1].map(|half| self.bytes[half] ^ other.bytes[half]);
        low | high | u64::from(self.length ^ other.length) == 0
            && (self.length <= LONGEST || self.all(text) == other.all(text))
    }

    #[cold]
    fn hash_of_all(&self, text: &str) -> u64 {
        xxh3_64(self.all(text))
    }

    fn all<'t>(&self, text: &'t str) -> &'t [u8] {
        &text.as_bytes()[self.start as usize..][..self.length as usize]
    }
}

/// The last bytes of a text.
#[cold]
fn padded(rest: &[u8]) -> [[u8; 8]; 2] {
    let mut bytes = [[0; 8]; 2];
    bytes.as_flattened_mut()[..rest.len()].copy_from_slice(rest);
    bytes
}

/// Memory for numbering pairs.
#[derive(Debug, Default)]
pub(super) struct Pairs(Slots<PairSlot>);

/// Numbers pairs of numbers in order of their first occurrence.
pub(super) struct PairNumbers<'t>(Open<'t, PairSlot>);

#[derive(Debug, Clone, Copy, Default)]
struct PairSlot {
    pair: u64,
    stamp: u32,
}

impl Pairs {
    /// Forgets all pairs and makes room for `most`.
    pub(super) fn start(&mut self, most: usize) -> PairNumbers<'_> {
        PairNumbers(self.0.open(most))
    }
}

impl PairNumbers<'_> {
    /// How many different pairs there are.
    pub(super) fn len(&self) -> usize {
        self.0.count as usize
    }

    /// The number of a pair.
    #[inline]
    #[expect(clippy::needless_bitwise_bool, reason = "which of them holds is as good as random")]
    pub(super) fn number(&mut self, left: u32, right: u32) -> u32 {
        let Self(slots) = self;
        let pair = u64::from(left) << 32 | u64::from(right);
        let mut at = slots.place(mixed(pair, 0));
        loop {
            let slot = slots.all[at];
            let is_new = slot.stamp < slots.base;
            if is_new | (slot.pair == pair) {
                let number = slots.number(slot.stamp);
                slots.all[at] = PairSlot { pair, stamp: slots.base + number };
                slots.count += u32::from(is_new);
                return number;
            }
            at = slots.after(at);
        }
    }
}

/// Slots of a table with open addressing.
#[derive(Debug, Default)]
struct Slots<T> {
    all: Vec<T>,
    /// Slots with a lower stamp are left from an earlier use.
    base: u32,
    /// The most things that were numbered from `base` on.
    room: u32,
}

/// Slots in use.
struct Open<'t, T> {
    /// A power of two.
    all: &'t mut [T],
    /// A thing has this and its number as stamp; what has a lower one is empty.
    base: u32,
    /// How many things are numbered.
    count: u32,
}

impl<T: Clone + Default> Slots<T> {
    /// Room for `most` things, with as much again left empty. Old stamps cost less than
    /// clearing.
    fn open(&mut self, most: usize) -> Open<'_, T> {
        let room = u32::try_from(most).unwrap_or(u32::MAX);
        self.base = match self.base.checked_add(self.room) {
            Some(base) if 0 < base && base.checked_add(room).is_some() => base,
            _ => {
                self.all.clear();
                1
            }
        };
        self.room = room;
        let slots = (2 * most).next_power_of_two().max(16);
        if self.all.len() < slots {
            self.all.resize(slots, T::default());
        }
        Open { all: &mut self.all[..slots], base: self.base, count: 0 }
    }
}

impl<T> Open<'_, T> {
    /// Where to look first.
    #[inline]
    fn place(&self, hash: u64) -> usize {
        usize::try_from(hash & (self.all.len() - 1) as u64).unwrap_or(0)
    }

    /// Where to look next.
    #[inline]
    fn after(&self, at: usize) -> usize {
        (at + 1) & (self.all.len() - 1)
    }

    /// The number that a stamp stands for, the next one if it is old.
    #[inline]
    fn number(&self, stamp: u32) -> u32 {
        if stamp < self.base { self.count } else { stamp - self.base }
    }
}

/// A hash of two numbers.
#[inline]
fn mixed(left: u64, right: u64) -> u64 {
    let (low, high) = (left ^ 0x9e37_79b9_7f4a_7c15).carrying_mul(right ^ 0xd1b5_4a32_d192_ed03, 0);
    low ^ high
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Numbers as looking through all that came before gives them.
    fn naive<T: PartialEq>(things: &[T]) -> Vec<usize> {
        let mut firsts: Vec<&T> = Vec::new();
        let number = |thing| {
            firsts.iter().position(|first| *first == thing).unwrap_or_else(|| {
                firsts.push(thing);
                firsts.len() - 1
            })
        };
        things.iter().map(number).collect()
    }

    fn numbers(pieces: &mut Pieces, text: &str) -> (Vec<usize>, usize) {
        let mut at = 0;
        let spans = text.split(' ').map(|piece| {
            at += piece.len() + 1;
            Span::new(at - 1 - piece.len(), at - 1)
        });
        let spans: Vec<Span> = spans.collect();
        let mut numbers = pieces.start(text, spans.len());
        let found = spans.into_iter().map(|span| numbers.number(span) as usize).collect();
        (found, numbers.len())
    }

    proptest! {
        #[test]
        fn equal_pieces_have_equal_numbers_in_every_text(
            texts in prop::collection::vec("([a\0]{0,3}|a{6,20}b?|é{14,18}[ab]?| ){0,30}", 1..6),
            base in prop_oneof![Just(0), u32::MAX - 60..=u32::MAX],
        ) {
            let mut pieces = Pieces::default();
            pieces.slots.base = base;
            for text in texts {
                let (found, count) = numbers(&mut pieces, &text);
                let wanted = naive(&text.split(' ').collect::<Vec<_>>());
                prop_assert_eq!(count, wanted.iter().max().map_or(0, |most| most + 1));
                prop_assert_eq!(found, wanted);
            }
        }

        #[test]
        fn equal_pairs_have_equal_numbers_at_every_use(
            uses in prop::collection::vec(prop::collection::vec((0..5_u32, 0..5_u32), 0..60), 1..6),
            base in prop_oneof![Just(0), u32::MAX - 60..=u32::MAX],
        ) {
            let mut memory = Pairs::default();
            memory.0.base = base;
            for pairs in uses {
                let mut numbers = memory.start(pairs.len());
                let found: Vec<usize> =
                    pairs.iter().map(|&(left, right)| numbers.number(left, right) as usize).collect();
                prop_assert_eq!(found, naive(&pairs));
            }
        }
    }
}
