//! The brake: a relation that would empty a source stops the run.

use std::collections::BTreeMap;

use assay_plan::Plan;
use serde::{Deserialize, Serialize};

use crate::EngineError;

/// Rows of a source that a relation saw, and how many of them it removes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SourceCounts {
    pub rows: u64,
    pub removed: u64,
}

/// Sources with fewer rows are not watched.
const WATCHED_ROWS: u64 = 10_000;

/// Stops the run if a relating step removes more than half of a large source that the
/// recipe does not accept by name. `sources` is by step, then by source.
pub(crate) fn check(
    plan: &Plan,
    sources: &BTreeMap<String, BTreeMap<String, SourceCounts>>,
) -> Result<(), EngineError> {
    let mut emptied = Vec::new();
    for (step, sources) in sources {
        for (source, counts) in sources {
            let watched = WATCHED_ROWS <= counts.rows && !plan.brake.accept.contains(source);
            if watched && counts.rows < counts.removed * 2 {
                let SourceCounts { rows, removed } = counts;
                emptied.push((
                    format!(
                        "step {step:?} would remove {removed} of {rows} rows of source {source:?}"
                    ),
                    format!("{source:?}"),
                ));
            }
        }
    }
    if emptied.is_empty() {
        return Ok(());
    }
    let (problems, names): (Vec<_>, Vec<_>) = emptied.into_iter().unzip();
    Err(EngineError::Gate {
        problem: problems.join("; "),
        fix: format!(
            "look at the groups first; to go ahead, write in the recipe: [brake] accept = [{}]",
            names.join(", ")
        ),
    })
}
