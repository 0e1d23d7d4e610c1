//! How much two documents have in common, exactly.

use std::cmp::Ordering;

use crate::contract::Fraction;

/// How many shingles two documents share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap {
    /// Different shingles of both.
    pub shared: u64,
    /// Different shingles of the first.
    pub left: u64,
    /// Different shingles of the second.
    pub right: u64,
}

/// How many hashes two lists share, each in ascending order and without repetition.
#[must_use]
pub fn overlap(left: &[u64], right: &[u64]) -> Overlap {
    let (mut shared, mut i, mut j) = (0, 0, 0);
    while let (Some(a), Some(b)) = (left.get(i), right.get(j)) {
        let order = a.cmp(b);
        shared += u64::from(order == Ordering::Equal);
        i += usize::from(order != Ordering::Greater);
        j += usize::from(order != Ordering::Less);
    }
    Overlap { shared, left: left.len() as u64, right: right.len() as u64 }
}

impl Overlap {
    /// Shingles of either.
    #[must_use]
    pub fn united(&self) -> u64 {
        self.left + self.right - self.shared
    }

    /// Shared shingles by those of either; 0 if there are none.
    #[must_use]
    pub fn jaccard(&self) -> f64 {
        share(self.shared, self.united())
    }

    /// Shared shingles by those of the shorter document; 0 if it has none.
    #[must_use]
    pub fn containment(&self) -> f64 {
        share(self.shared, self.left.min(self.right))
    }

    /// Whether the Jaccard similarity is at least `similarity`, taken as a whole number of
    /// millionths and compared as whole numbers. Documents without shingles reach nothing.
    #[must_use]
    pub fn reaches(&self, similarity: Fraction) -> bool {
        const WHOLE: u128 = 1_000_000;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share from 0 to 1"
        )]
        let wanted = (similarity.get() * WHOLE as f64).round() as u128;
        let united = u128::from(self.united());
        0 < united && united * wanted <= u128::from(self.shared) * WHOLE
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
