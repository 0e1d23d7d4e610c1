//! Adds up what many grams say, in steps over all of them: hashes, then the slots that they
//! are found in, then the rows of these. No step has a branch that depends on the text, so
//! that the memory of one gram is waited for while others are worked on.

use std::{mem, ops::RangeInclusive};

use pulp::{Arch, Simd, WithSimd};

use super::{
    familiar::{FILLER, Familiar, MOST_RUNS, Said, Whole},
    grams::{EDGE, Gram, Sink, give, run_hash},
    table::{DIMS, ROW, WAYS, place},
};

/// Grams of one batch.
const HELD: usize = 256;
/// Sums of so many rows fit eight bits.
const ROWS_IN_BYTES: usize = 17;
/// Words that the numbers of a row fill, eight bits each.
const WORDS: usize = DIMS / 8;
/// Three times five bits.
const TRIPLES: usize = 1 << 15;
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

/// The numbers of a row, eight to a word.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it is compiled for the processor of its caller")]
fn numbers(row: &[u8; ROW]) -> [u64; WORDS] {
    let [first, second] = words(row);
    [first & NUMBERS, second & NUMBERS, (first >> 4) & NUMBERS, (second >> 4) & NUMBERS]
}

/// What the runs of up to three letters at the end of each three letters of ASCII, or the
/// edge of a word in place of the first or last, say together: in most languages that is
/// most of what there is to look up.
#[derive(Debug)]
pub(super) struct Triples {
    /// Sums of the numbers of known grams, eight to a word.
    sums: Vec<[u64; WORDS]>,
    /// How many grams that are.
    known: Vec<u8>,
}

impl Triples {
    pub(super) fn of(slots: &Slots<'_>) -> Self {
        let mut triples = Self { sums: vec![[0; WORDS]; TRIPLES], known: vec![0; TRIPLES] };
        let letter = |bits: usize| if bits == 0 { EDGE } else { bits as u64 | 0x60 };
        for triple in 0..TRIPLES {
            let [first, second, third] = [triple >> 10, (triple >> 5) & 31, triple & 31];
            let window = (letter(first) << 32) | (letter(second) << 16) | letter(third);
            for length in lengths(triple) {
                if let Some(row) = slots.row(run_hash(window, length, length)) {
                    let sums = triples.sums[triple].iter_mut().zip(numbers(row));
                    sums.for_each(|(sum, more)| *sum += more);
                    triples.known[triple] += 1;
                }
            }
        }
        triples
    }
}

/// The place of the last three characters of a window, of which each is a letter of ASCII
/// or [`EDGE`]: the lowest five bits of each.
#[inline]
fn triple(window: u64) -> u16 {
    #[expect(clippy::cast_possible_truncation, reason = "fifteen bits")]
    let triple = ((window >> 22) & 0x7c00 | (window >> 11) & 0x3e0 | window & 0x1f) as u16;
    triple
}

/// Runs of how many characters are counted where a window ends so: not of an edge alone,
/// and none that begins before the word.
fn lengths(triple: usize) -> RangeInclusive<u32> {
    let least = if triple.is_multiple_of(32) { 2 } else { 1 };
    let most = if triple & (31 << 5) == 0 { 2 } else { 3 };
    least..=most
}

/// Adds up the rows of the grams it is given.
#[derive(Debug)]
pub struct Adder<'t> {
    slots: Slots<'t>,
    triples: &'t Triples,
    hashes: [u64; HELD],
    held: usize,
    letters: [u16; HELD],
    letters_held: usize,
    runs: [Whole; MOST_RUNS],
    runs_held: usize,
    familiar: Option<&'t mut Familiar>,
    sums: [i64; DIMS],
    known: u32,
    seen: u32,
}

impl<'t> Adder<'t> {
    pub(super) fn new(
        slots: Slots<'t>,
        triples: &'t Triples,
        familiar: Option<&'t mut Familiar>,
    ) -> Self {
        Self {
            slots,
            triples,
            hashes: [0; HELD],
            held: 0,
            letters: [0; HELD],
            letters_held: 0,
            runs: [Whole::NONE; MOST_RUNS],
            runs_held: 0,
            familiar,
            sums: [0; DIMS],
            known: 0,
            seen: 0,
        }
    }

    /// The sums of the rows, how many these are, and how many grams there were; then it
    /// begins anew.
    pub(super) fn finish(&mut self) -> ([i64; DIMS], u32, u32) {
        self.add();
        self.add_runs();
        let Self { sums, known, seen, .. } = self;
        (mem::replace(sums, [0; DIMS]), mem::take(known), mem::take(seen))
    }

    #[inline(never)]
    fn add(&mut self) {
        let Slots { arch, checks, rows } = self.slots;
        let (hashes, letters) = (&self.hashes[..self.held], &self.letters[..self.letters_held]);
        let (triples, sums) = (self.triples, &mut self.sums);
        self.known += arch.dispatch(Pass { checks, rows, triples, hashes, letters, sums });
        (self.held, self.letters_held) = (0, 0);
    }

    /// Adds what whole runs say, one after the other, so that the memory of one is waited for
    /// while others are worked on.
    #[inline(never)]
    fn add_runs(&mut self) {
        let (slots, triples) = (self.slots, self.triples);
        let Some(familiar) = self.familiar.as_deref_mut() else { return };
        let mut sums = [0_u16; DIMS];
        for run in &self.runs[..mem::take(&mut self.runs_held)] {
            let Some(said) = familiar.said(*run, || ask(slots, triples, *run)) else { continue };
            // A copy cannot overlap the sums, so that many are added at once.
            let Said { sums: own, known, seen } = *said;
            for (sum, own) in sums.iter_mut().zip(own) {
                *sum += own;
            }
            self.known += u32::from(known);
            self.seen += u32::from(seen);
        }
        for (sum, said) in self.sums.iter_mut().zip(sums) {
            *sum += i64::from(said);
        }
    }

    /// Adds a run of four or none, and those of three or less of which `seen` are counted.
    #[inline]
    fn plain(&mut self, window: u64, filled: u32, seen: u32) {
        if HELD - 1 <= self.held.max(self.letters_held) {
            self.add();
        }
        self.letters[self.letters_held] = triple(window);
        self.letters_held += 1;
        self.hashes[self.held] = run_hash(window, 4, 4);
        self.held += usize::from(filled == 4);
        self.seen += seen;
    }
}

/// What the grams of a run say, looked up one by one.
#[cold]
fn ask(slots: Slots<'_>, triples: &Triples, run: Whole) -> Said {
    let mut adder = Adder::new(slots, triples, None);
    let mut said = |text: &[u8]| {
        give(str::from_utf8(text).unwrap_or_default(), &mut adder);
        let (sums, known, seen) = adder.finish();
        Said {
            sums: sums.map(|sum| sum.try_into().unwrap_or(u16::MAX)),
            known: known.try_into().unwrap_or(u8::MAX),
            seen: seen.try_into().unwrap_or(u8::MAX),
        }
    };
    let (text, length, fillers) = run.example();
    let mut own = said(&text[..length]);
    if 0 < fillers {
        own.take_away(&said(&[FILLER]), fillers);
    }
    own
}

impl Sink for Adder<'_> {
    #[inline]
    fn takes_whole(&self) -> bool {
        self.familiar.is_some()
    }

    #[inline]
    fn whole(&mut self, run: Whole) {
        if self.runs_held == MOST_RUNS {
            self.add_runs();
        }
        self.runs[self.runs_held] = run;
        self.runs_held += 1;
    }

    #[inline]
    fn take(&mut self, gram: Gram) {
        if self.held == HELD {
            self.add();
        }
        self.hashes[self.held] = gram.hash;
        self.held += 1;
        self.seen += 1;
    }

    #[inline]
    fn runs(&mut self, window: u64, filled: u32, plain: bool, _: usize) {
        if plain {
            self.plain(window, filled, filled);
            return;
        }
        if HELD - 4 < self.held {
            self.add();
        }
        if let Some(places) = self.hashes[self.held..].first_chunk_mut() {
            // All four are written, and those that are too long written over.
            *places = [1, 2, 3, 4].map(|length| run_hash(window, length, length));
            self.held += filled as usize;
            self.seen += filled;
        }
    }

    #[inline]
    fn last_runs(&mut self, window: u64, filled: u32, plain: bool, _: usize) {
        if plain {
            self.plain(window, filled, filled - 1);
            return;
        }
        if HELD - 3 < self.held {
            self.add();
        }
        if let Some(places) = self.hashes[self.held..].first_chunk_mut() {
            *places = [2, 3, 4].map(|length| run_hash(window, length, length));
            self.held += filled as usize - 1;
            self.seen += filled - 1;
        }
    }
}

/// One batch: grams whose numbers are added to `sums`.
struct Pass<'a> {
    checks: &'a [[u8; WAYS * 2]],
    rows: &'a [[u8; ROW]],
    triples: &'a Triples,
    hashes: &'a [u64],
    letters: &'a [u16],
    sums: &'a mut [i64; DIMS],
}

impl WithSimd for Pass<'_> {
    /// How many of the grams are known.
    type Output = u32;

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is compiled for the processor of its caller")]
    fn with_simd<S: Simd>(self, _: S) -> u32 {
        let mut found = [0; HELD];
        let mut known = 0_u32;
        for &hash in self.hashes {
            let (slot, is_known) = find(self.checks, hash);
            found[known as usize % HELD] = slot;
            known += u32::from(is_known);
        }
        let mut far = Far::default();
        for slots in found[..HELD.min(known as usize)].chunks(ROWS_IN_BYTES) {
            let mut near = [0; WORDS];
            for &slot in slots {
                let numbers = numbers(&self.rows[slot]);
                near = std::array::from_fn(|word| near[word] + numbers[word]);
            }
            far.add(near);
        }
        for letters in self.letters.chunks(ROWS_IN_BYTES / 3) {
            let mut near = [0; WORDS];
            for &triple in letters {
                let sums = &self.triples.sums[usize::from(triple)];
                near = std::array::from_fn(|word| near[word] + sums[word]);
                known += u32::from(self.triples.known[usize::from(triple)]);
            }
            far.add(near);
        }
        far.add_to(self.sums);
        known
    }
}

/// Sums of sixteen bits, four to a word: those at even places of a row, then odd ones.
#[derive(Default)]
struct Far([[u64; WORDS]; 2]);

impl Far {
    /// Adds sums of eight bits.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is compiled for the processor of its caller")]
    fn add(&mut self, near: [u64; WORDS]) {
        let [even, odd] = &mut self.0;
        for word in 0..WORDS {
            even[word] += near[word] & EVEN;
            odd[word] += (near[word] >> 8) & EVEN;
        }
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is compiled for the processor of its caller")]
    fn add_to(&self, sums: &mut [i64; DIMS]) {
        for (place, sum) in sums.iter_mut().enumerate() {
            let lane = self.0[place % 2][place / 8] >> (place % 8 / 2 * 16);
            *sum += (lane & 0xffff).cast_signed();
        }
    }
}
