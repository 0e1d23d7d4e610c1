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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_limit_itself_is_reached() {
        let four_of_five = Overlap { shared: 4, left: 4, right: 5 };
        assert!(four_of_five.reaches(Fraction::percent(80)));
        assert!(
            !Overlap { shared: 799_999, left: 1_000_000, right: 799_999 }
                .reaches(Fraction::percent(80))
        );
        assert!(!Overlap { shared: 0, left: 0, right: 0 }.reaches(Fraction::percent(0)));
    }

    #[test]
    fn the_shorter_document_is_contained() {
        let both = overlap(&[1, 2, 3, 4, 5, 6], &[2, 4, 7]);
        assert_eq!(both, Overlap { shared: 2, left: 6, right: 3 });
        assert!((both.containment() - 2.0 / 3.0).abs() < 1e-12);
        assert!((both.jaccard() - 2.0 / 7.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn shared_hashes_are_those_of_both_sets(
            left in prop::collection::btree_set(0_u64..60, 0..40),
            right in prop::collection::btree_set(0_u64..60, 0..40),
        ) {
            let both: BTreeSet<u64> = &left & &right;
            let [left, right]: [Vec<u64>; 2] = [left, right].map(|set| set.into_iter().collect());
            let found = overlap(&left, &right);
            prop_assert_eq!(found.shared, both.len() as u64);
            prop_assert_eq!(found.united(), (left.len() + right.len() - both.len()) as u64);
        }
    }
}
