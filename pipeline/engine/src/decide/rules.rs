//! Rules: SQL conditions over the facts, evaluated row by row.

use std::sync::Arc;

use arrow::{
    array::{Array, AsArray, BooleanArray, RecordBatch},
    datatypes::{DataType, Schema},
};
use assay_plan::{Plan, Rule};
use datafusion::{common::DFSchema, physical_plan::PhysicalExpr, prelude::SessionContext};

use super::judge::bound;
use crate::{EngineError, measure::facts_schema};

/// A rule, ready to be evaluated.
#[derive(Debug)]
pub(super) struct ReadyRule {
    rule: Rule,
    condition: Arc<dyn PhysicalExpr>,
}

impl ReadyRule {
    /// Plans the condition over the columns of `facts`.
    pub(super) fn new(rule: &Rule, facts: &Schema) -> Result<Self, EngineError> {
        let wrong = |problem: String| EngineError::Rule {
            rule: rule.name.clone(),
            when: rule.when.clone(),
            problem,
        };
        let plan = || {
            let schema = DFSchema::try_from(facts.clone())?;
            let context = SessionContext::new();
            let condition = context.parse_sql_expr(&rule.when, &schema)?;
            context.create_physical_expr(condition, &schema)
        };
        let condition = plan().map_err(|error| wrong(error.strip_backtrace()))?;
        match condition.data_type(facts) {
            Ok(DataType::Boolean | DataType::Null) => Ok(Self { rule: rule.clone(), condition }),
            Ok(other) => Err(wrong(format!("it is a {other}, not true or false"))),
            Err(error) => Err(wrong(error.strip_backtrace())),
        }
    }

    /// For which rows the condition is true. Unknown counts as not true, and so does a
    /// condition that cannot be computed for a row.
    pub(super) fn holds(&self, facts: &RecordBatch) -> BooleanArray {
        self.evaluate(facts).unwrap_or_else(|_| {
            // One row that cannot be computed, such as a division by zero behind a guard,
            // must not cost the others.
            let each = (0..facts.num_rows()).map(|row| {
                let one = self.evaluate(&facts.slice(row, 1)).ok()?;
                one.is_valid(0).then(|| one.value(0))
            });
            each.collect()
        })
    }

    fn evaluate(&self, facts: &RecordBatch) -> datafusion::common::Result<BooleanArray> {
        let rows = facts.num_rows();
        let value = self.condition.evaluate(facts)?.into_array(rows)?;
        Ok(value.as_boolean_opt().cloned().unwrap_or_else(|| vec![false; rows].into()))
    }

    pub(super) fn rule(&self) -> &Rule {
        &self.rule
    }
}

/// Whether every rule of `plan` is valid over its facts; all problems at once.
pub(crate) fn check_rules(plan: &Plan) -> Result<(), Vec<EngineError>> {
    let facts = facts_schema(&bound(plan).map_err(|error| vec![error])?);
    let checked = plan.rules.iter().map(|rule| ReadyRule::new(rule, &facts));
    let problems: Vec<EngineError> = checked.filter_map(Result::err).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}
