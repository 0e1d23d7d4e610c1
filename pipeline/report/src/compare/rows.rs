//! Rows of two runs, matched and counted inside the engine, which spills.

use arrow::array::RecordBatch;
use datafusion::prelude::SessionContext;

use super::{Example, Matching, Turn};
use crate::{ReportError, cells, query};

/// What was found.
pub(super) struct Found {
    pub(super) matched: u64,
    pub(super) only_left: u64,
    pub(super) only_right: u64,
    pub(super) turns: Vec<Turn>,
    pub(super) examples: Vec<Example>,
}

/// Most examples.
const EXAMPLES: usize = 20;

/// The rows of one side whose content no other row of it has.
fn unique(side: &str) -> String {
    format!(
        "SELECT content, min(file) AS file, min(\"row\") AS \"row\", min(id) AS id, \
                min(action) AS action, min(step) AS step \
         FROM {side}_decisions WHERE content IS NOT NULL GROUP BY content HAVING count(*) = 1"
    )
}

/// Reads both runs' decisions from a session in which they are registered.
pub(super) async fn read(
    session: &SessionContext,
    matching: Matching,
) -> Result<Found, ReportError> {
    let pairs = match matching {
        Matching::Row => "left_decisions AS l JOIN right_decisions AS r \
             ON l.file = r.file AND l.\"row\" = r.\"row\""
            .to_owned(),
        Matching::Content => {
            format!(
                "({}) AS l JOIN ({}) AS r ON l.content = r.content",
                unique("left"),
                unique("right")
            )
        }
    };
    let turns = turns(session, &pairs).await?;
    Ok(Found {
        matched: turns.iter().map(|turn| turn.rows).sum(),
        only_left: only(session, matching, "left", "right").await?,
        only_right: only(session, matching, "right", "left").await?,
        turns,
        examples: examples(session, &pairs).await?,
    })
}

async fn ask(session: &SessionContext, sql: &str) -> Result<Vec<RecordBatch>, ReportError> {
    let frame = query::plan(session, sql).await?;
    frame.collect().await.map_err(ReportError::query(sql))
}

async fn turns(session: &SessionContext, pairs: &str) -> Result<Vec<Turn>, ReportError> {
    let sql = format!(
        "SELECT l.action, r.action, count(*) AS n FROM {pairs} \
         GROUP BY l.action, r.action ORDER BY 1, 2"
    );
    let mut turns = Vec::new();
    for batch in &ask(session, &sql).await? {
        let (left, right) = (cells::texts(batch, 0)?, cells::texts(batch, 1)?);
        let rows = cells::ints(batch, 2)?;
        turns.extend((0..batch.num_rows()).map(|row| Turn {
            left: left.value(row).to_owned(),
            right: right.value(row).to_owned(),
            rows: cells::count(&rows, row),
        }));
    }
    Ok(turns)
}

/// Rows of one side that the other side does not have.
async fn only(
    session: &SessionContext,
    matching: Matching,
    side: &str,
    other: &str,
) -> Result<u64, ReportError> {
    let (same, known) = match matching {
        Matching::Row => ("l.file = r.file AND l.\"row\" = r.\"row\"", "true"),
        Matching::Content => ("l.content = r.content", "l.content IS NOT NULL"),
    };
    let sql = format!(
        "SELECT count(*) FROM {side}_decisions AS l WHERE {known} \
         AND NOT EXISTS (SELECT 1 FROM {other}_decisions AS r WHERE {same})"
    );
    let mut rows = 0;
    for batch in &ask(session, &sql).await? {
        rows += cells::count(&cells::ints(batch, 0)?, 0);
    }
    Ok(rows)
}

async fn examples(session: &SessionContext, pairs: &str) -> Result<Vec<Example>, ReportError> {
    let sql = format!(
        "SELECT l.file, l.\"row\", l.id, l.action, l.step, r.action, r.step FROM {pairs} \
         WHERE l.action <> r.action ORDER BY l.file, l.\"row\" LIMIT {EXAMPLES}"
    );
    let mut examples = Vec::new();
    for batch in &ask(session, &sql).await? {
        let text = |index| cells::texts(batch, index);
        let (files, rows, ids) = (text(0)?, cells::ints(batch, 1)?, text(2)?);
        let (left, left_steps, right, right_steps) = (text(3)?, text(4)?, text(5)?, text(6)?);
        examples.extend((0..batch.num_rows()).map(|row| Example {
            file: files.value(row).to_owned(),
            row: cells::count(&rows, row),
            id: cells::optional(&ids, row),
            left_action: left.value(row).to_owned(),
            left_step: cells::optional(&left_steps, row),
            right_action: right.value(row).to_owned(),
            right_step: cells::optional(&right_steps, row),
        }));
    }
    Ok(examples)
}
