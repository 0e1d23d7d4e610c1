//! Hierarchical softmax: labels as leaves of a Huffman tree, each fork of which decides with
//! a row of the output matrix.

/// Stands for the weight of a fork that is not there yet; no label is as frequent.
pub(super) const UNKNOWN: i64 = 1_000_000_000_000_000;

/// Nodes are numbered from the labels up, the root comes last.
#[derive(Debug)]
pub(super) struct Tree {
    labels: usize,
    /// Left and right of each fork.
    forks: Vec<[u32; 2]>,
}

impl Tree {
    /// The tree of labels that are as frequent as this, the most frequent first.
    pub(super) fn new(counts: &[i64]) -> Self {
        let labels = counts.len();
        let (mut forks, mut weights) = (Vec::new(), Vec::<i64>::new());
        let (mut leaves, mut taken) = (labels, 0);
        for _ in 1..labels {
            let mut pair = [0; 2];
            let mut weight = 0_i64;
            for side in &mut pair {
                let fork = weights.get(taken).copied().unwrap_or(UNKNOWN);
                let leaf = leaves.checked_sub(1).map(|leaf| (leaf, counts[leaf]));
                let (node, own) = match leaf {
                    Some((leaf, count)) if count < fork => {
                        leaves = leaf;
                        (leaf, count)
                    }
                    _ => {
                        taken += 1;
                        (labels + taken - 1, fork)
                    }
                };
                weight = weight.saturating_add(own);
                *side = u32::try_from(node).unwrap_or(u32::MAX);
            }
            forks.push(pair);
            weights.push(weight);
        }
        Self { labels, forks }
    }

    /// The node of which all others are part.
    pub(super) fn root(&self) -> usize {
        self.labels + self.forks.len() - 1
    }

    /// The row of the fork at `node` and its two sides; `None` at a label.
    pub(super) fn fork(&self, node: usize) -> Option<(usize, [usize; 2])> {
        let row = node.checked_sub(self.labels)?;
        Some((row, self.forks[row].map(|side| side as usize)))
    }

    /// The rows that decide on a label, from the root down, and whether they have to say right.
    pub(super) fn path(&self, label: usize) -> Vec<(usize, bool)> {
        let mut path = Vec::new();
        let mut node = label;
        // A fork stands behind what it joins.
        for (row, sides) in self.forks.iter().enumerate() {
            if let Some(side) = sides.iter().position(|side| *side as usize == node) {
                path.push((row, side == 1));
                node = self.labels + row;
            }
        }
        path.reverse();
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rarest_are_joined_first() {
        let tree = Tree::new(&[5, 3, 1, 1]);
        assert_eq!(tree.forks, [[3, 2], [4, 1], [5, 0]]);
        assert_eq!(tree.root(), 6);
        assert_eq!(tree.path(2), [(2, false), (1, false), (0, true)]);
        assert_eq!(tree.path(0), [(2, true)]);
    }

    #[test]
    fn a_single_label_is_the_root() {
        let tree = Tree::new(&[5]);
        assert_eq!((tree.root(), tree.fork(0)), (0, None));
    }
}
