//! Rows that hang together by similar pairs. This only labels groups: it removes nothing.

use std::collections::BTreeMap;

use roaring::RoaringTreemap;

/// Rows by place, in disjoint sets.
pub(super) struct Components {
    places: Vec<u64>,
    parents: Vec<u32>,
}

impl Components {
    /// Every row by itself.
    pub(super) fn new(rows: &RoaringTreemap) -> Self {
        let places: Vec<u64> = rows.iter().collect();
        let parents = (0_u32..).take(places.len()).collect();
        Self { places, parents }
    }

    /// Puts the sets of two rows together; the better root stays the root.
    pub(super) fn join(&mut self, one: i64, other: i64) {
        let (Some(one), Some(other)) = (self.find(one), self.find(other)) else { return };
        let (root, child) = (one.min(other), one.max(other));
        if let Some(parent) = self.parents.get_mut(child as usize) {
            *parent = root;
        }
    }

    /// Place of the best row of the set that holds the row at `place`; that row itself if
    /// it is in none.
    pub(super) fn best(&mut self, place: i64) -> i64 {
        let root = self.find(place).and_then(|root| self.places.get(root as usize));
        root.map_or(place, |best| i64::try_from(*best).unwrap_or(place))
    }

    /// Best rows of the sets with more than `rows` rows, each with nothing counted yet.
    pub(super) fn larger_than(&mut self, rows: u64) -> BTreeMap<i64, (u64, u64)> {
        let mut sizes = vec![0_u64; self.places.len()];
        for at in 0..self.places.len() {
            let place = self.places.get(at).and_then(|place| i64::try_from(*place).ok());
            let root = place.and_then(|place| self.find(place));
            if let Some(size) = root.and_then(|root| sizes.get_mut(root as usize)) {
                *size += 1;
            }
        }
        let sizes = sizes.into_iter().zip(&self.places).filter(|(size, _)| rows < *size);
        sizes.filter_map(|(_, best)| Some((i64::try_from(*best).ok()?, (0, 0)))).collect()
    }

    /// Number of the root; paths are halved on the way.
    fn find(&mut self, place: i64) -> Option<u32> {
        let at = self.places.binary_search(&place.unsigned_abs()).ok()?;
        let mut at = u32::try_from(at).ok()?;
        loop {
            let parent = *self.parents.get(at as usize)?;
            if parent == at {
                return Some(at);
            }
            let above = *self.parents.get(parent as usize)?;
            *self.parents.get_mut(at as usize)? = above;
            at = above;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_hang_together_share_their_best_row() {
        let mut sets = Components::new(&[3, 5, 8, 13, 21].into_iter().collect());
        sets.join(8, 21);
        sets.join(5, 21);
        sets.join(13, 3);
        let best: Vec<i64> = [3, 5, 8, 13, 21, 34].into_iter().map(|row| sets.best(row)).collect();
        assert_eq!(best, [3, 5, 5, 3, 5, 34]);
    }
}
