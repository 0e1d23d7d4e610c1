//! Numbers by key, in a table that cannot be made slow.

use super::reader::FormatError;

/// Steps from the place where a key belongs. Half of the places are free, so that chance
/// needs far fewer, even for millions of keys.
const MOST_STEPS: usize = 1024;

/// Numbers by hash. What has the same hash is told apart by whoever asks.
#[derive(Debug)]
pub(super) struct Table {
    slots: Vec<Slot>,
    shift: u32,
    /// Some bits for each slot, of which each key sets one: they tell most keys that are not
    /// there and fit nearer caches.
    hints: Vec<u64>,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    key: u32,
    /// [`FREE`] if nothing is here.
    number: u32,
}

const FREE: u32 = u32::MAX;
/// Bits for each slot, as a power of two.
const HINTS: u32 = 2;
/// 2^32 by the golden ratio: Knuth, The Art of Computer Programming, volume 3, section 6.4.
const SPREAD: u32 = 0x9e37_79b9;

impl Table {
    /// An empty table with room for `count` keys.
    pub(super) fn for_keys(count: usize) -> Self {
        let bits = (count.max(8) * 2).next_power_of_two().ilog2();
        Self {
            slots: vec![Slot { key: 0, number: FREE }; 1 << bits],
            shift: 32 - bits.min(32 - HINTS),
            hints: vec![0; 1 << (bits + HINTS - 6)],
        }
    }

    /// Puts `number` at `key`, in the place of the number there that `is_same`, if any.
    pub(super) fn insert(
        &mut self,
        key: u32,
        number: u32,
        what: &'static str,
        is_same: impl Fn(u32) -> bool,
    ) -> Result<(), FormatError> {
        let mask = self.slots.len() - 1;
        let (first, hint) = (self.first(key), self.hint(key));
        let word = (hint / 64) & (self.hints.len() - 1);
        self.hints[word] |= 1 << (hint % 64);
        for step in 0..MOST_STEPS.min(self.slots.len()) {
            let slot = &mut self.slots[(first + step) & mask];
            if slot.number == FREE || (slot.key == key && is_same(slot.number)) {
                *slot = Slot { key, number };
                return Ok(());
            }
        }
        Err(FormatError::Collisions { what })
    }

    /// The number at `key` that `is_it`.
    #[inline]
    pub(super) fn find(&self, key: u32, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let hint = self.hint(key);
        if self.hints[(hint / 64) & (self.hints.len() - 1)] >> (hint % 64) & 1 == 0 {
            return None;
        }
        let mask = self.slots.len() - 1;
        let first = self.first(key);
        for step in 0..MOST_STEPS {
            let slot = self.slots[(first + step) & mask];
            if slot.number == FREE {
                return None;
            }
            if slot.key == key && is_it(slot.number) {
                return Some(slot.number);
            }
        }
        None
    }

    #[inline]
    fn hint(&self, key: u32) -> usize {
        (key.wrapping_mul(SPREAD) >> (self.shift - HINTS)) as usize
    }

    #[inline]
    fn first(&self, key: u32) -> usize {
        (key.wrapping_mul(SPREAD) >> self.shift) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_equal_keys_stays_and_what_differs_has_its_own_place() {
        let mut table = Table::for_keys(3);
        table.insert(7, 70, "keys", |_| true).unwrap();
        table.insert(7, 71, "keys", |_| true).unwrap();
        table.insert(7, 72, "keys", |_| false).unwrap();
        assert_eq!(table.find(7, |number| number != 72), Some(71));
        assert_eq!(table.find(7, |number| number == 72), Some(72));
        assert_eq!(table.find(8, |_| true), None);
    }

    #[test]
    fn keys_that_were_made_to_collide_are_refused() {
        let mut table = Table::for_keys(4 * MOST_STEPS);
        let all = (0..4_096).try_for_each(|number| table.insert(7, number, "keys", |_| false));
        assert_eq!(all, Err(FormatError::Collisions { what: "keys" }));
    }
}
