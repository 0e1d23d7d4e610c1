//! What two sequences have in common, in order.
//!
//! Runs that stand once in either sequence are anchors; between anchors shorter runs are, and
//! what is left is compared token by token where that is cheap. Time and memory are those of
//! sorting, whatever the sequences are: what is left and large counts as different.

use std::ops::Range;

/// Places where two sequences differ: these elements of the first stand for those of the
/// second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hunk {
    pub(super) left: Range<usize>,
    pub(super) right: Range<usize>,
}

/// Lengths of anchors, longest first.
const ANCHORS: [usize; 4] = [16, 6, 2, 1];
/// Pairs of elements that are compared one by one, at most, within one gap.
const CELLS: usize = 1 << 14;

/// Aligns sequences, in memory that is reused.
#[derive(Debug, Default)]
pub(super) struct Aligner {
    left: Vec<(u64, u32)>,
    right: Vec<(u64, u32)>,
    /// Places of anchors: in the first sequence, and in the second.
    anchors: Vec<(usize, usize)>,
    chain: Chain,
    lengths: Vec<u16>,
    gaps: Vec<Gap>,
}

#[derive(Debug)]
struct Gap {
    left: Range<usize>,
    right: Range<usize>,
    /// Which length of anchors comes next.
    level: usize,
}

impl Aligner {
    /// Replaces `out` by the differences of `left` and `right`, in order, none of them empty
    /// and none next to another.
    pub(super) fn align(&mut self, left: &[u64], right: &[u64], out: &mut Vec<Hunk>) {
        out.clear();
        self.gaps.clear();
        self.gaps.push(Gap { left: 0..left.len(), right: 0..right.len(), level: 0 });
        while let Some(gap) = self.gaps.pop() {
            let gap = trimmed(left, right, &gap);
            let (rows, columns) = (gap.left.len(), gap.right.len());
            if rows == 0 || columns == 0 {
                if rows + columns != 0 {
                    push(out, gap.left, gap.right);
                }
            } else if rows * columns <= CELLS {
                self.compare(left, right, &gap, out);
            } else if gap.level < ANCHORS.len() {
                self.split(left, right, &gap);
            } else {
                push(out, gap.left, gap.right);
            }
        }
    }

    /// Puts what stands between the anchors of a gap on the list, first on top.
    fn split(&mut self, left: &[u64], right: &[u64], gap: &Gap) {
        let Self { left: firsts, right: seconds, anchors, chain, gaps, .. } = self;
        let length = ANCHORS[gap.level];
        unique_runs(left, gap.left.clone(), length, firsts);
        unique_runs(right, gap.right.clone(), length, seconds);
        anchors.clear();
        let mut seconds = seconds.iter().peekable();
        for &(hash, place) in firsts.iter() {
            while seconds.next_if(|second| second.0 < hash).is_some() {}
            if let Some(second) = seconds.next_if(|second| second.0 == hash) {
                anchors.push((place as usize, second.1 as usize));
            }
        }
        anchors.sort_unstable();
        chain.longest(anchors);
        let level = gap.level + 1;
        let first = gaps.len();
        let (mut from, mut with) = (gap.left.start, gap.right.start);
        for &(place, other) in &chain.kept {
            if place < from || other < with || left[place] != right[other] {
                continue;
            }
            gaps.push(Gap { left: from..place, right: with..other, level });
            (from, with) = (place, other);
            let same = |from: &usize, with: &usize| {
                *from < gap.left.end && *with < gap.right.end && left[*from] == right[*with]
            };
            while same(&from, &with) {
                (from, with) = (from + 1, with + 1);
            }
        }
        gaps.push(Gap { left: from..gap.left.end, right: with..gap.right.end, level });
        gaps[first..].reverse();
    }

    /// Finds a longest common subsequence of a small gap.
    fn compare(&mut self, left: &[u64], right: &[u64], gap: &Gap, out: &mut Vec<Hunk>) {
        let (left, right) = (&left[gap.left.clone()], &right[gap.right.clone()]);
        let width = right.len() + 1;
        let lengths = &mut self.lengths;
        lengths.clear();
        lengths.resize((left.len() + 1) * width, 0);
        for i in (0..left.len()).rev() {
            for j in (0..right.len()).rev() {
                lengths[i * width + j] = if left[i] == right[j] {
                    lengths[(i + 1) * width + j + 1] + 1
                } else {
                    lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
                };
            }
        }
        let (mut i, mut j) = (0, 0);
        while i < left.len() || j < right.len() {
            let (from, beside) = (i, j);
            while i < left.len() && j < right.len() && left[i] != right[j] {
                if lengths[(i + 1) * width + j] < lengths[i * width + j + 1] {
                    j += 1;
                } else {
                    i += 1;
                }
            }
            if i == left.len() || j == right.len() {
                (i, j) = (left.len(), right.len());
            }
            let (start, other) = (gap.left.start, gap.right.start);
            if from < i || beside < j {
                push(out, start + from..start + i, other + beside..other + j);
            }
            while i < left.len() && j < right.len() && left[i] == right[j] {
                (i, j) = (i + 1, j + 1);
            }
        }
    }
}

/// Appends a difference, or makes the last one longer.
fn push(out: &mut Vec<Hunk>, left: Range<usize>, right: Range<usize>) {
    match out.last_mut() {
        Some(last) if last.left.end == left.start && last.right.end == right.start => {
            (last.left.end, last.right.end) = (left.end, right.end);
        }
        _ => out.push(Hunk { left, right }),
    }
}

/// A gap without what both sides open or close with.
fn trimmed(left: &[u64], right: &[u64], gap: &Gap) -> Gap {
    let (a, b) = (&left[gap.left.clone()], &right[gap.right.clone()]);
    let before = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[before..], &b[before..]);
    let after = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    Gap {
        left: gap.left.start + before..gap.left.end - after,
        right: gap.right.start + before..gap.right.end - after,
        level: gap.level,
    }
}

/// Replaces `out` by hash and place of the runs of `length` elements that stand once within
/// `range`, in order of hash.
fn unique_runs(all: &[u64], range: Range<usize>, length: usize, out: &mut Vec<(u64, u32)>) {
    // The leading factor of a run that is left behind.
    const BASE: u64 = 0xd1b5_4a32_d192_ed03;
    out.clear();
    let power = (0..length).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    let mut hash = 0_u64;
    for at in range.clone() {
        hash = hash.wrapping_mul(BASE).wrapping_add(all[at]);
        if range.start + length <= at {
            hash = hash.wrapping_sub(all[at - length].wrapping_mul(power));
        }
        if range.start + length <= at + 1 {
            out.push((hash, u32::try_from(at + 1 - length).unwrap_or(u32::MAX)));
        }
    }
    out.sort_unstable();
    let mut kept = 0;
    let mut at = 0;
    while at < out.len() {
        let next = at + out[at..].iter().take_while(|run| run.0 == out[at].0).count();
        if next == at + 1 {
            out[kept] = out[at];
            kept += 1;
        }
        at = next;
    }
    out.truncate(kept);
}

/// The longest run of pairs that ascend on both sides, in memory that is reused.
#[derive(Debug, Default)]
struct Chain {
    /// For each length of a chain, the pair that ends the best one.
    ends: Vec<usize>,
    /// For each pair, the one before it; itself if there is none.
    before: Vec<usize>,
    kept: Vec<(usize, usize)>,
}

impl Chain {
    /// `pairs` ascend on the left.
    fn longest(&mut self, pairs: &[(usize, usize)]) {
        let Self { ends, before, kept } = self;
        ends.clear();
        before.clear();
        kept.clear();
        for (at, pair) in pairs.iter().enumerate() {
            let length = ends.partition_point(|&end| pairs[end].1 < pair.1);
            before.push(if length == 0 { at } else { ends[length - 1] });
            if length == ends.len() {
                ends.push(at);
            } else {
                ends[length] = at;
            }
        }
        let mut next = ends.last().copied();
        while let Some(at) = next {
            kept.push(pairs[at]);
            next = Some(before[at]).filter(|&before| before != at);
        }
        kept.reverse();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hunks(left: &[u64], right: &[u64]) -> Vec<Hunk> {
        let mut out = Vec::new();
        Aligner::default().align(left, right, &mut out);
        out
    }

    fn check(left: &[u64], right: &[u64]) {
        let (mut i, mut j) = (0, 0);
        for hunk in hunks(left, right) {
            assert_eq!(left[i..hunk.left.start], right[j..hunk.right.start]);
            assert!(i == 0 && j == 0 || i < hunk.left.start, "neighbours: {hunk:?}");
            assert!(!hunk.left.is_empty() || !hunk.right.is_empty());
            (i, j) = (hunk.left.end, hunk.right.end);
        }
        assert_eq!(left[i..], right[j..]);
    }

    #[test]
    fn one_changed_word_is_one_difference() {
        let left: Vec<u64> = (0..5000).map(super::super::minhash::mixed).collect();
        let mut right = left.clone();
        right[2500] = 1;
        right.remove(4000);
        right.insert(100, 7);
        assert_eq!(
            hunks(&left, &right),
            [
                Hunk { left: 100..100, right: 100..101 },
                Hunk { left: 2500..2501, right: 2501..2502 },
                Hunk { left: 4000..4001, right: 4001..4001 },
            ]
        );
    }

    #[test]
    fn large_sequences_without_order_take_no_long_time() {
        let count = 100_000;
        let number = |at: u64| super::super::minhash::mixed(at) % 3;
        let left: Vec<u64> = (0..count).map(number).collect();
        let right: Vec<u64> = (count..2 * count).map(number).collect();
        check(&left, &right);
        check(&vec![1; 100_000], &vec![1; 90_000]);
        let backwards: Vec<u64> = (0..count).rev().collect();
        check(&(0..count).collect::<Vec<_>>(), &backwards);
    }

    proptest! {
        #[test]
        fn what_is_between_differences_is_equal(
            left in prop::collection::vec(0_u64..6, 0..400),
            right in prop::collection::vec(0_u64..6, 0..400),
        ) {
            check(&left, &right);
        }

        #[test]
        fn edited_sequences_differ_where_they_were_edited(
            left in prop::collection::vec(0_u64..900, 0..900),
            edits in prop::collection::vec((0_usize..900, 0_usize..9, 0_u64..900), 0..9),
        ) {
            let mut right = left.clone();
            for (at, gone, new) in edits {
                let at = at.min(right.len());
                let end = (at + gone).min(right.len());
                right.splice(at..end, [new]);
            }
            check(&left, &right);
        }
    }
}
