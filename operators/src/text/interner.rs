//! Small numbers for equal things, in tables that are reused from text to text.
//!
//! Both tables compare what they hold, so that equal numbers mean equal things, whatever
//! the hashes are.

use xxhash_rust::xxh3::xxh3_64;

use crate::contract::Span;

/// No number.
const EMPTY: u32 = u32::MAX;

/// Numbers pieces of one text in order of their first occurrence.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    slots: Vec<PieceSlot>,
    firsts: Vec<Span>,
}

#[derive(Debug, Clone, Copy)]
struct PieceSlot {
    /// Upper half of the hash.
    tag: u32,
    number: u32,
}

impl Pieces {
    /// Forgets all pieces and makes room for `most`.
    pub(super) fn reset(&mut self, most: usize) {
        self.firsts.clear();
        reset(&mut self.slots, most, PieceSlot { tag: 0, number: EMPTY });
    }

    /// How many different pieces there are.
    pub(super) fn len(&self) -> usize {
        self.firsts.len()
    }

    /// The number of the piece at `span`.
    #[inline]
    pub(super) fn number(&mut self, text: &str, span: Span) -> u32 {
        let bytes = &text.as_bytes()[span.start as usize..span.end as usize];
        let hash = xxh3_64(bytes);
        let (tag, mask) = ((hash >> 32) as u32, self.slots.len() - 1);
        let mut at = place(hash, mask);
        loop {
            let slot = self.slots[at];
            if slot.number == EMPTY {
                break;
            }
            if slot.tag == tag {
                let first = self.firsts[slot.number as usize];
                if text.as_bytes()[first.start as usize..first.end as usize] == *bytes {
                    return slot.number;
                }
            }
            at = (at + 1) & mask;
        }
        let number = next(self.firsts.len());
        self.firsts.push(span);
        self.slots[at] = PieceSlot { tag, number };
        number
    }
}

/// Numbers pairs of numbers in order of their first occurrence.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    slots: Vec<PairSlot>,
    count: usize,
}

#[derive(Debug, Clone, Copy)]
struct PairSlot {
    pair: u64,
    number: u32,
}

impl Pairs {
    /// Forgets all pairs and makes room for `most`.
    pub(super) fn reset(&mut self, most: usize) {
        self.count = 0;
        reset(&mut self.slots, most, PairSlot { pair: 0, number: EMPTY });
    }

    /// How many different pairs there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The number of a pair.
    #[inline]
    pub(super) fn number(&mut self, left: u32, right: u32) -> u32 {
        let pair = u64::from(left) << 32 | u64::from(right);
        let product = (pair ^ (pair >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mask = self.slots.len() - 1;
        let mut at = place(product ^ (product >> 32), mask);
        loop {
            let slot = self.slots[at];
            if slot.number == EMPTY {
                break;
            }
            if slot.pair == pair {
                return slot.number;
            }
            at = (at + 1) & mask;
        }
        let number = next(self.count);
        self.count += 1;
        self.slots[at] = PairSlot { pair, number };
        number
    }
}

/// Where to look first.
#[inline]
fn place(hash: u64, mask: usize) -> usize {
    usize::try_from(hash & mask as u64).unwrap_or(0)
}

fn next(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(EMPTY)
}

/// Makes `slots` empty and at least twice as many as `most`, a power of two.
fn reset<T: Copy>(slots: &mut Vec<T>, most: usize, empty: T) {
    slots.clear();
    slots.resize((2 * most).next_power_of_two().max(16), empty);
}
