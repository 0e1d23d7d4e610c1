//! Smallest hashes of a set.

use pulp::{Arch, Simd, WithSimd};

/// Functions that are followed side by side: as many as fit into the registers of a
/// processor with AVX2, together with their factors and offsets.
const LANES: usize = 32;
/// Inputs that are passed over by one block of functions after the other.
const CHUNK: usize = 4096;

/// Hash functions x → a·x + b modulo 2³², one for each place of a signature. As `a` is odd,
/// each of them is a permutation.
#[derive(Debug, Clone)]
pub(super) struct Functions {
    arch: Arch,
    count: usize,
    blocks: Vec<Block>,
}

#[derive(Debug, Clone)]
struct Block {
    factors: [u32; LANES],
    offsets: [u32; LANES],
}

impl Functions {
    /// `count` functions. Factors and offsets come from `SplitMix64` started with `seed`: of
    /// each number the lower half, with its lowest bit set, is the factor, the upper the
    /// offset.
    pub(super) fn new(count: usize, seed: u64) -> Self {
        let empty = Block { factors: [1; LANES], offsets: [0; LANES] };
        let mut blocks = vec![empty; count.div_ceil(LANES)];
        let mut state = seed;
        for place in 0..count {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let number = mixed(state);
            let block = &mut blocks[place / LANES];
            block.factors[place % LANES] = low(number) | 1;
            block.offsets[place % LANES] = low(number >> 32);
        }
        Self { arch: Arch::new(), count, blocks }
    }

    /// Writes the smallest value of every function over `inputs`.
    pub(super) fn minima(&self, inputs: &[u32], out: &mut Vec<u32>) {
        out.clear();
        out.resize(self.blocks.len() * LANES, u32::MAX);
        for inputs in inputs.chunks(CHUNK) {
            let (blocks, minima) = (&self.blocks, out.as_chunks_mut().0);
            self.arch.dispatch(Pass { blocks, inputs, minima });
        }
        out.truncate(self.count);
    }
}

/// One chunk of inputs through all functions. The loops are plain; compiled for several
/// kinds of processors, they become vector instructions.
struct Pass<'a> {
    blocks: &'a [Block],
    inputs: &'a [u32],
    minima: &'a mut [[u32; LANES]],
}

impl WithSimd for Pass<'_> {
    type Output = ();

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is compiled for the processor of its caller")]
    fn with_simd<S: Simd>(self, _: S) {
        for (Block { factors, offsets }, minima) in self.blocks.iter().zip(self.minima) {
            let mut least = *minima;
            for &input in self.inputs {
                for lane in 0..LANES {
                    let value = input.wrapping_mul(factors[lane]).wrapping_add(offsets[lane]);
                    least[lane] = least[lane].min(value);
                }
            }
            *minima = least;
        }
    }
}

/// The output function of `SplitMix64` (Steele, Lea, Flood 2014; constants of Vigna).
#[inline]
pub(super) fn mixed(state: u64) -> u64 {
    let state = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ state >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ state >> 31
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
#[inline]
pub(super) fn low(number: u64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, without lanes and blocks.
    fn naive(count: usize, seed: u64, inputs: &[u32]) -> Vec<u32> {
        let number = |place: usize| {
            mixed(seed.wrapping_add(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(place as u64 + 1)))
        };
        let value = |place, input: u32| {
            input.wrapping_mul(low(number(place)) | 1).wrapping_add(low(number(place) >> 32))
        };
        (0..count).map(|place| inputs.iter().map(|&x| value(place, x)).min().unwrap()).collect()
    }

    fn inputs(count: u64) -> Vec<u32> {
        (0..count).map(|number| low(mixed(number))).collect()
    }

    #[test]
    fn every_kind_of_processor_gives_the_same() {
        for count in [1, 31, 32, 33, 78, 112, 250] {
            for length in [1, 7, 500, 4096, 9000] {
                let inputs = inputs(length);
                let wanted = naive(count, 7, &inputs);
                for arch in [Arch::new(), Arch::Scalar] {
                    let mut out = Vec::new();
                    Functions { arch, ..Functions::new(count, 7) }.minima(&inputs, &mut out);
                    assert_eq!(out, wanted, "{count} functions, {length} inputs, {arch:?}");
                }
            }
        }
    }

    #[test]
    fn the_generator_stays_as_it_is() {
        // The first number of SplitMix64 from 1, as published with its reference code.
        assert_eq!(mixed(1_u64.wrapping_add(0x9e37_79b9_7f4a_7c15)), 0x910a_2dec_8902_5cc1);
        let mut out = Vec::new();
        Functions::new(3, 1).minima(&[1, 2, 3], &mut out);
        assert_eq!(out, naive(3, 1, &[1, 2, 3]));
    }
}
