//! Rules: SQL conditions over the facts, evaluated row by row.

use arrow::{
    array::{AsArray, BooleanArray, RecordBatch},
    datatypes::{DataType, Schema},
};
use assay_plan::{Plan, Rule};

use super::judge::bound;
use crate::{EngineError, derive::Derivers, import::check_tables, measure::facts_schema, sql::Sql};

/// A rule, ready to be evaluated.
#[derive(Debug)]
pub(super) struct ReadyRule {
    rule: Rule,
    condition: Sql,
}

impl ReadyRule {
    /// Plans the condition over the columns of `facts`.
    pub(super) fn new(rule: &Rule, facts: &Schema) -> Result<Self, EngineError> {
        let asker = format!("rule {:?}", rule.name);
        let wrong = |problem| EngineError::sql(&asker, &rule.when, problem);
        let condition =
            Sql::new(&rule.when, facts).map_err(|error| wrong(error.strip_backtrace()))?;
        match &condition.kind {
            DataType::Boolean | DataType::Null => Ok(Self { rule: rule.clone(), condition }),
            other => Err(wrong(format!("it is a {other}, not true or false"))),
        }
    }

    /// For which rows the condition is true. Unknown counts as not true, and so does a
    /// condition that cannot be computed for a row.
    pub(super) fn holds(&self, facts: &RecordBatch) -> BooleanArray {
        let holds = self.condition.evaluate(facts).ok();
        let holds = holds.and_then(|holds| holds.as_boolean_opt().cloned());
        holds.unwrap_or_else(|| vec![false; facts.num_rows()].into())
    }

    pub(super) fn rule(&self) -> &Rule {
        &self.rule
    }
}

/// Whether every rule and expression of `plan` is valid over its facts, and every table that
/// it imports holds what is asked for; all problems at once.
pub(crate) fn check_sql(plan: &Plan) -> Result<(), Vec<EngineError>> {
    let steps = bound(plan).map_err(|error| vec![error])?;
    let facts = facts_schema(&steps);
    let mut problems = Derivers::problems(&steps);
    problems.extend(check_tables(&steps));
    let rules = plan.rules.iter().map(|rule| ReadyRule::new(rule, &facts));
    problems.extend(rules.filter_map(Result::err));
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}
