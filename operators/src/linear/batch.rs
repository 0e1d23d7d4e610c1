//! Adds up what many grams say, in steps over all of them: hashes, then the slots that they
//! are found in, then the rows of these. No step has a branch that depends on the text, so
//! that the memory of one gram is waited for while others are worked on.

use std::mem;

use pulp::{Arch, Simd, WithSimd};

use super::{
    grams::{Gram, Sink, run_hash},
    table::{DIMS, ROW, WAYS, place},
};

/// Grams of one batch.
const HELD: usize = 256;
/// Sums of this many rows fit eight bits.
const FLUSH: usize = 17;
/// One in each of four places of sixteen bits.
const LANES: u64 = 0x0001_0001_0001_0001;

/// The low four bits of each of eight bytes.
const NUMBERS: u64 = 0x0f0f_0f0f_0f0f_0f0f;
/// Every other byte.
const EVEN: u64 = 0x00ff_00ff_00ff_00ff;

/// Where the rows of grams are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slots<'b> {
    pub(super) arch: Arch,
    /// The bits that the grams of each bucket are known by.
    pub(super) checks: &'b [[u8; WAYS * 2]],
    /// The first half of the numbers of a gram in the low four bits, the second in the high.
    pub(super) rows: &'b [[u8; ROW]],
}

impl<'b> Slots<'b> {
    /// The row of the gram with this hash, if there is one.
    pub(super) fn row(&self, hash: u64) -> Option<&'b [u8; ROW]> {
        let (slot, known) = find(self.checks, hash);
        self.rows.get(slot).filter(|_| known)
    }
}

/// The slot of a gram, and whether it is there.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it is compiled for the processor of its caller")]
fn find(checks: &[[u8; WAYS * 2]], hash: u64) -> (usize, bool) {
    let (bucket, check) = place(hash, checks.len() as u64);
    // Sixteen bits that are zero are found in all four places at once.
    let differ = u64::from_le_bytes(checks[bucket]) ^ (u64::from(check) * LANES);
    let zero = differ.wrapping_sub(LANES) & !differ & (LANES << 15);
    (bucket * WAYS + zero.trailing_zeros() as usize / 16, zero != 0)
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "it is compiled for the processor of its caller")]
fn words(row: &[u8; ROW]) -> [u64; 2] {
    let number = u128::from_le_bytes(*row);
    #[expect(clippy::cast_possible_truncation, reason = "one half after the other")]
    [number as u64, (number >> 64) as u64]
}

/// Adds up the rows of the grams it is given.
#[derive(Debug)]
pub struct Adder<'b> {
    slots: Slots<'b>,
    hashes: [u64; HELD],
    held: usize,
    sums: [i64; DIMS],
    known: u32,
    seen: u32,
}

impl<'b> Adder<'b> {
    pub(super) fn new(slots: Slots<'b>) -> Self {
        Self { slots, hashes: [0; HELD], held: 0, sums: [0; DIMS], known: 0, seen: 0 }
    }

    /// The sums of the rows, how many these are, and how many grams there were; then it
    /// begins anew.
    pub(super) fn finish(&mut self) -> ([i64; DIMS], u32, u32) {
        self.add();
        let Self { sums, known, seen, .. } = self;
        (mem::replace(sums, [0; DIMS]), mem::take(known), mem::take(seen))
    }

    #[inline(never)]
    fn add(&mut self) {
        let Slots { arch, checks, rows } = self.slots;
        let hashes = &self.hashes[..self.held];
        let known = arch.dispatch(Pass { checks, rows, hashes, sums: &mut self.sums });
        self.known += known;
        self.seen += u32::try_from(self.held).unwrap_or(0);
        self.held = 0;
    }
}

impl Sink for Adder<'_> {
    #[inline]
    fn take(&mut self, gram: Gram) {
        if self.held == HELD {
            self.add();
        }
        self.hashes[self.held] = gram.hash;
        self.held += 1;
    }

    #[inline]
    fn runs(&mut self, window: u64, filled: u32, _: usize) {
        if HELD - 4 < self.held {
            self.add();
        }
        if let Some(places) = self.hashes[self.held..].first_chunk_mut() {
            // All four are written, and those that are too long written over.
            *places = [1, 2, 3, 4].map(|length| run_hash(window, length, length));
            self.held += filled as usize;
        }
    }
}

/// One batch: hashes whose rows are added to `sums`.
struct Pass<'a> {
    checks: &'a [[u8; WAYS * 2]],
    rows: &'a [[u8; ROW]],
    hashes: &'a [u64],
    sums: &'a mut [i64; DIMS],
}

impl WithSimd for Pass<'_> {
    /// How many of the grams are known.
    type Output = u32;

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is compiled for the processor of its caller")]
    fn with_simd<S: Simd>(self, _: S) -> u32 {
        let mut found = [0_u32; HELD];
        let mut known = 0;
        for &hash in self.hashes {
            let (slot, is_known) = find(self.checks, hash);
            found[known % HELD] = slot as u32;
            known += usize::from(is_known);
        }
        // Numbers of sixteen bits, four to a word: those at even places of a row, then odd ones.
        let mut far = [[0_u64; DIMS / 8]; 2];
        for slots in found[..known.min(HELD)].chunks(FLUSH) {
            // Numbers of eight bits, eight to a word.
            let mut near = [0_u64; DIMS / 8];
            for &slot in slots {
                let [first, second] = words(&self.rows[slot as usize]);
                near[0] += first & NUMBERS;
                near[1] += second & NUMBERS;
                near[2] += (first >> 4) & NUMBERS;
                near[3] += (second >> 4) & NUMBERS;
            }
            for word in 0..DIMS / 8 {
                far[0][word] += near[word] & EVEN;
                far[1][word] += (near[word] >> 8) & EVEN;
            }
        }
        for (place, sum) in self.sums.iter_mut().enumerate() {
            let lane = far[place % 2][place / 8] >> (place % 8 / 2 * 16);
            *sum += (lane & 0xffff).cast_signed();
        }
        u32::try_from(known).unwrap_or(0)
    }
}
