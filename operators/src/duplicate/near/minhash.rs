//! Smallest hashes of a set.

/// Hash functions x → a·x + b modulo 2³², one for each place of a signature.
#[derive(Debug, Clone)]
pub(super) struct Functions {
    factors: Vec<u32>,
    offsets: Vec<u32>,
}

impl Functions {
    /// `count` functions. Factors and offsets come from `SplitMix64` started with `seed`: of each
    /// number the lower half, with its lowest bit set, is the factor, the upper the offset.
    pub(super) fn new(count: usize, seed: u64) -> Self {
        let (mut factors, mut offsets) = (Vec::new(), Vec::new());
        let mut state = seed;
        for _ in 0..count {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let number = mixed(state);
            factors.push(low(number) | 1);
            offsets.push(low(number >> 32));
        }
        Self { factors, offsets }
    }

    /// Writes the smallest value of every function over `inputs`.
    pub(super) fn minima(&self, inputs: &[u32], out: &mut Vec<u32>) {
        out.clear();
        out.resize(self.factors.len(), u32::MAX);
        for &input in inputs {
            for ((least, factor), offset) in out.iter_mut().zip(&self.factors).zip(&self.offsets) {
                *least = (*least).min(input.wrapping_mul(*factor).wrapping_add(*offset));
            }
        }
    }
}

/// The output function of `SplitMix64` (Steele, Lea, Flood 2014; constants of Vigna).
pub(super) fn mixed(state: u64) -> u64 {
    let state = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ state >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ state >> 31
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
pub(super) fn low(number: u64) -> u32 {
    number as u32
}
