//! Pass 2b: reads the rows that are to be compared once more and sets their texts aside.

use serde::{Deserialize, Serialize};

use super::{
    super::{
        participation::Participation,
        tables::{broken, read_between},
    },
    texts::{TextsWriter, path_of},
};
use crate::{
    EngineError, Progress,
    assets::rewriters,
    input::Unit,
    measure::Scratch,
    scan::{Passage, each_passage, lost},
    stage::Task,
};
use assay_operators::contract::Declared;

/// Sets the texts of candidate rows aside, as the step sees them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RevisitTask {
    pub about: Participation,
    /// Numbers of the candidate rows, in order; below the run folder.
    pub candidates: String,
    /// Where the texts go, below the run folder.
    pub table: String,
}

impl Task for RevisitTask {
    fn run(&self, unit: &Unit, progress: &Progress) -> Result<String, EngineError> {
        let ids = unit.ids();
        let first = ids.start;
        let mut rows = Vec::new();
        read_between(&self.about.folder, &self.candidates, ids, |id, _, _| {
            rows.push(unit.first_row + (id - first).unsigned_abs());
        })?;
        if rows.is_empty() {
            return Ok(String::new());
        }
        let judge = self.about.plan.judge()?;
        let before = judge.steps().get(..self.about.step).unwrap_or_default();
        let rewriters = rewriters(before)?;
        let mut scratch = Scratch::default();
        let path = path_of(&self.table, unit.ordinal, unit.first_row);
        let mut writer = TextsWriter::create(&self.about.folder, &path)?;
        let mut failure = None;
        let read = each_passage(unit, &rows, &mut |passage: Passage| {
            let text = passage.text.as_deref().unwrap_or_default();
            let declared = Declared {
                lang: passage.lang.as_deref(),
                source: passage.source.as_deref(),
                url: None,
            };
            progress.add(1, text.len() as u64);
            let seen = scratch.measure(&rewriters, &[Some(text.as_bytes())], declared, u64::MAX);
            let key = seen.key.map_or(0, |key| key.hash);
            let row = passage.row - unit.first_row;
            failure = writer.push(row, key, seen.edited.unwrap_or(text)).err();
            failure.is_none()
        });
        match failure {
            Some(failure) => return Err(failure),
            None => read.map_err(|error| lost(unit, error))?,
        }
        writer.finish(unit.rows)?;
        u64::try_from(rows.len()).map(|rows| rows.to_string()).map_err(broken)
    }
}
