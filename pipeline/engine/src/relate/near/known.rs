//! Which pairs were compared before.

use arrow::{array::AsArray, datatypes::Int64Type};
use assay_ledger::{Batches, Folder, batches};

use crate::EngineError;

/// Pairs that were compared in earlier rounds, each round in order, and the last one that was
/// asked about.
pub(super) struct Known {
    rounds: Vec<Round>,
    last: Option<(i64, i64)>,
}

/// The pairs of one round that were not passed yet.
struct Round {
    rest: Batches,
    pairs: Vec<(i64, i64)>,
    next: usize,
}

impl Known {
    /// The pairs in the files `compared`, below the run folder.
    pub(super) fn open(folder: &Folder, compared: &[String]) -> Result<Self, EngineError> {
        let round = |path: &String| {
            Ok(Round { rest: batches(&folder.path(path), None)?, pairs: Vec::new(), next: 0 })
        };
        let rounds = compared.iter().map(round).collect::<Result<_, EngineError>>()?;
        Ok(Self { rounds, last: None })
    }

    /// Whether a pair was neither compared nor asked about before; pairs are asked about in
    /// order.
    pub(super) fn is_new(&mut self, pair: (i64, i64)) -> Result<bool, EngineError> {
        if self.last.replace(pair) == Some(pair) {
            return Ok(false);
        }
        for round in &mut self.rounds {
            if round.first_from(pair)? == Some(pair) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Round {
    /// The first pair that is not below `pair`.
    fn first_from(&mut self, pair: (i64, i64)) -> Result<Option<(i64, i64)>, EngineError> {
        loop {
            let passed = self.pairs[self.next..].iter().take_while(|other| **other < pair).count();
            self.next += passed;
            if let Some(found) = self.pairs.get(self.next) {
                return Ok(Some(*found));
            }
            let Some(batch) = self.rest.next().transpose()? else { return Ok(None) };
            let column = |at: usize| batch.column(at).as_primitive::<Int64Type>().values();
            self.pairs.clear();
            self.pairs.extend(column(0).iter().copied().zip(column(1).iter().copied()));
            self.next = 0;
        }
    }
}
