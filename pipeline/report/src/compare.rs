//! Two runs side by side: what was asked differently, and which rows fared differently.

mod plans;
mod rows;
mod text;

use assay_ledger::{Counts, Folder, RunRecord};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ReportError, query, tables::Table};

/// How two runs differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The first run.
    pub left: Side,
    /// The second run.
    pub right: Side,
    /// What the plans ask differently, by path; steps and rules are matched by name.
    pub plan: Vec<Change>,
    /// How rows were matched.
    pub matching: Matching,
    /// Rows found in both runs.
    pub matched: u64,
    /// Rows that only the first run has.
    pub only_left: u64,
    /// Rows that only the second run has.
    pub only_right: u64,
    /// Rows of both runs that cannot be told apart from others by their content, or that
    /// have none. Matching by file and row leaves none.
    pub ambiguous: u64,
    /// Matched rows by what became of them in each run.
    pub turns: Vec<Turn>,
    /// Some rows whose action changed, in order of place.
    pub examples: Vec<Example>,
}

/// One of the two runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// Name of the recipe.
    pub recipe: String,
    /// Version of the program.
    pub version: String,
    /// Identifies what was measured.
    pub measure_hash: String,
    /// Identifies what was decided.
    pub decision_hash: String,
    /// Rows by what became of them.
    pub counts: Counts,
}

/// One difference between the plans.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Where, such as `steps.words.options.min`.
    pub path: String,
    /// In the first plan, if it is there.
    pub left: Option<Value>,
    /// In the second plan, if it is there.
    pub right: Option<Value>,
}

/// How rows of two runs were matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Matching {
    /// Both runs read the same files.
    Row,
    /// The inputs differ, so rows are matched by the bytes of their text.
    Content,
}

/// Matched rows with one pair of actions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Action in the first run.
    pub left: String,
    /// Action in the second run.
    pub right: String,
    /// How many rows.
    pub rows: u64,
}

/// A row whose action changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// File in the first run.
    pub file: String,
    /// Row in the first run.
    pub row: u64,
    /// The user's own id.
    pub id: Option<String>,
    /// Action in the first run.
    pub left_action: String,
    /// What decided in the first run.
    pub left_step: Option<String>,
    /// Action in the second run.
    pub right_action: String,
    /// What decided in the second run.
    pub right_step: Option<String>,
}

impl Side {
    fn of(run: &RunRecord) -> Self {
        Self {
            recipe: run.recipe.clone(),
            version: run.version.clone(),
            measure_hash: run.measure_hash.clone(),
            decision_hash: run.decision_hash.clone(),
            counts: run.counts,
        }
    }
}

impl Comparison {
    /// Rows whose action changed.
    #[must_use]
    pub fn changed(&self) -> u64 {
        self.turns.iter().filter(|turn| turn.left != turn.right).map(|turn| turn.rows).sum()
    }
}

/// Compares two finished runs.
///
/// # Errors
///
/// When one of the folders holds no finished run or its decisions cannot be read.
pub async fn compare(left: &Folder, right: &Folder) -> Result<Comparison, ReportError> {
    let (first, second) = (RunRecord::read(&left.run_json())?, RunRecord::read(&right.run_json())?);
    let session = query::session(None)?;
    query::register(&session, left, &[Table::Decisions], "left_").await?;
    query::register(&session, right, &[Table::Decisions], "right_").await?;
    let matching = if same_inputs(&first, &second) { Matching::Row } else { Matching::Content };
    let found = rows::read(&session, matching).await?;
    let rows = (first.counts.rows, second.counts.rows);
    // Matched rows were read on both sides; what is neither matched nor missing on the
    // other side cannot be told apart.
    let all = rows.0.saturating_sub(found.matched) + rows.1.saturating_sub(found.matched);
    Ok(Comparison {
        left: Side::of(&first),
        right: Side::of(&second),
        plan: plans::changes(&first.plan, &second.plan),
        matching,
        matched: found.matched,
        only_left: found.only_left,
        only_right: found.only_right,
        ambiguous: all.saturating_sub(found.only_left + found.only_right),
        turns: found.turns,
        examples: found.examples,
    })
}

/// Whether a row's place means the same row in both runs.
fn same_inputs(left: &RunRecord, right: &RunRecord) -> bool {
    let names = |run: &RunRecord| -> Vec<(String, u64, String)> {
        let inputs = run.inputs.iter();
        inputs.map(|file| (file.file.clone(), file.size, file.footer_hash.clone())).collect()
    };
    names(left) == names(right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    #[tokio::test]
    async fn a_run_equals_itself() {
        let run = Fixture::write();
        let found = compare(run.folder(), run.folder()).await.unwrap();
        assert_eq!((found.matching, found.changed()), (Matching::Row, 0));
        assert_eq!(found.matched, run.run().counts.rows);
        assert!(found.plan.is_empty() && found.examples.is_empty());
        assert!(found.to_string().contains("every row has the same action"), "{found}");
    }

    #[tokio::test]
    async fn a_moved_limit_shows_in_plan_and_rows() {
        let (left, right) = (Fixture::write(), Fixture::with_min_words(80));
        let found = compare(left.folder(), right.folder()).await.unwrap();
        assert_eq!(found.matching, Matching::Row);
        let paths: Vec<&str> = found.plan.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(paths, ["steps.words.options.min"]);
        assert!(0 < found.changed());
        assert!(found.examples.iter().all(|example| example.left_action != example.right_action));
        assert!(found.examples.len() <= 20);
        let rows: u64 = found.turns.iter().map(|turn| turn.rows).sum();
        assert_eq!(rows, found.matched);
        insta::assert_snapshot!(found.to_string());
    }

    #[tokio::test]
    async fn other_inputs_are_matched_by_content() {
        let (left, right) = (Fixture::write(), Fixture::with_file_name("moved"));
        let found = compare(left.folder(), right.folder()).await.unwrap();
        assert_eq!(found.matching, Matching::Content);
        assert!(0 < found.matched && 0 < found.ambiguous);
        assert_eq!((found.only_left, found.only_right), (0, 0));
        assert_eq!(found.changed(), 0);
    }
}
