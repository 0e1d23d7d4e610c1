//! Judges measured rows by the limits and rules of a plan. Reads facts, never text.

use std::sync::Arc;

use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch, StringArray},
    datatypes::{DataType, Float64Type, Int64Type},
};
use assay_ledger::{
    StepCounts,
    schema::{LANG, PROBLEM, SOURCE, problem},
};
use assay_operators::contract::{Judgement, Value};
use assay_plan::{Action, BoundOperator, BoundStep, Plan, column_name};
use serde::{Deserialize, Serialize};

use super::{
    rules::ReadyRule,
    verdict::{Reason, Verdict},
};
use crate::{EngineError, measure::facts_schema, ready::Ready, scope::allows};

/// The deciding half of a plan, made ready.
#[derive(Debug)]
pub(crate) struct Judge {
    plan: Plan,
    steps: Vec<BoundStep>,
    rules: Vec<ReadyRule>,
}

/// Verdicts of a batch, and what each step and rule saw.
pub(crate) struct Judged {
    pub verdicts: Vec<Verdict>,
    pub counts: Vec<StepCounts>,
}

/// One field of a step in a batch of facts.
enum Measured<'b> {
    Float(&'b arrow::array::Float64Array),
    Int(&'b arrow::array::Int64Array),
    Bool(&'b arrow::array::BooleanArray),
    /// Labels and columns that are not there cannot be compared with limits.
    Other,
}

/// A plan as text, which travels to where it is used and is made ready once there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct PlanText(Arc<str>);

impl PlanText {
    pub(crate) fn of(plan: &Plan) -> Result<Self, EngineError> {
        let text = serde_json::to_string(plan);
        text.map(|text| Self(text.into())).map_err(|error| EngineError::Broken(error.to_string()))
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The deciding half; a second call with the same plan is free.
    pub(crate) fn judge(&self) -> Result<Arc<Judge>, EngineError> {
        static READY: Ready<Judge> = Ready::new();
        READY.get(&self.0, || {
            let plan = serde_json::from_str(&self.0)
                .map_err(|error| EngineError::Broken(format!("the plan: {error}")))?;
            Judge::new(plan)
        })
    }
}

impl Judge {
    /// Makes the limits and rules of `plan` ready.
    fn new(plan: Plan) -> Result<Self, EngineError> {
        let steps = bound(&plan)?;
        let facts = facts_schema(&steps);
        let rules = plan.rules.iter().map(|rule| ReadyRule::new(rule, &facts));
        let rules = rules.collect::<Result<_, _>>()?;
        Ok(Self { plan, steps, rules })
    }

    /// The plan that it decides by.
    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Steps in recipe order.
    pub(crate) fn steps(&self) -> &[BoundStep] {
        &self.steps
    }

    /// Name, operator and version of the step or rule with this number.
    pub(crate) fn names(&self, number: usize) -> (&str, &str, u32) {
        match self.steps.get(number) {
            Some(step) => {
                (&step.step.name, step.step.operator.as_str(), step.step.operator_version)
            }
            None => match self.rules.get(number - self.steps.len()) {
                Some(rule) => (&rule.rule().name, "sql", 1),
                None => ("", "", 0),
            },
        }
    }

    /// Empty counters, one per step and rule.
    pub(crate) fn counters(&self) -> Vec<StepCounts> {
        let total = self.steps.len() + self.rules.len();
        let actions = self.steps.iter().map(|step| step.step.on_outside);
        let actions = actions.chain(self.rules.iter().map(|rule| rule.rule().action));
        let counter = |(number, action): (usize, Action)| {
            let (name, operator, _) = self.names(number);
            let edits = self.steps.get(number).is_some_and(BoundStep::edits);
            StepCounts {
                name: name.to_owned(),
                operator: operator.to_owned(),
                action: if edits { "edit".to_owned() } else { action.as_str().to_owned() },
                ..StepCounts::default()
            }
        };
        (0..total).zip(actions).map(counter).collect()
    }

    /// Judges every row of `facts` by itself. Rows with a problem that quarantines are
    /// decided by the problem alone.
    pub(crate) fn judge(&self, facts: &RecordBatch) -> Result<Judged, EngineError> {
        let mut judged =
            Judged { verdicts: vec![Verdict::keep(); facts.num_rows()], counts: self.counters() };
        let problems = text(facts, PROBLEM)?;
        let broken =
            |row: usize| problems.is_valid(row) && problem::quarantines(problems.value(row));
        for (row, verdict) in judged.verdicts.iter_mut().enumerate() {
            if broken(row) {
                verdict.action = Action::Quarantine;
            }
        }
        for (number, step) in self.steps.iter().enumerate() {
            apply_step(number, step, facts, &broken, &mut judged)?;
        }
        for (number, rule) in (self.steps.len()..).zip(&self.rules) {
            let holds = rule.holds(facts);
            for (row, verdict) in judged.verdicts.iter_mut().enumerate() {
                let counts = &mut judged.counts[number];
                if broken(row) {
                    counts.skipped += 1;
                } else if holds.is_valid(row) && holds.value(row) {
                    counts.outside += 1;
                    let limit = Some(rule.rule().when.clone());
                    let reason = Reason { step: number, value: None, limit, kept: None };
                    verdict.add(rule.rule().action, reason);
                } else {
                    counts.within += 1;
                }
            }
        }
        Ok(judged)
    }
}

/// The steps of a plan, ready to judge.
pub(super) fn bound(plan: &Plan) -> Result<Vec<BoundStep>, EngineError> {
    plan.bind().map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        EngineError::Broken(format!("the plan does not bind: {}", errors.join("; ")))
    })
}

/// Judges the rows of `facts` by one step.
fn apply_step(
    number: usize,
    step: &BoundStep,
    facts: &RecordBatch,
    broken: &dyn Fn(usize) -> bool,
    judged: &mut Judged,
) -> Result<(), EngineError> {
    if matches!(step.operator, BoundOperator::Signer(_)) {
        return Ok(());
    }
    let columns: Vec<Option<&ArrayRef>> =
        step.columns().map(|name| facts.column_by_name(&name)).collect();
    let measured: Vec<Measured<'_>> = columns.iter().map(|it| Measured::of(*it)).collect();
    let spoken = spoken_about(step, facts)?;
    let mut values = vec![Value::Missing; measured.len()];
    let counts = &mut judged.counts[number];
    for (row, verdict) in judged.verdicts.iter_mut().enumerate() {
        if broken(row) || !spoken(row) {
            counts.skipped += 1;
            continue;
        }
        for (value, column) in values.iter_mut().zip(&measured) {
            *value = column.get(row);
        }
        let BoundOperator::Gauge(gauge) = &step.operator else {
            edited(number, &values, verdict, counts);
            continue;
        };
        let mut add = |action, value, limit| {
            verdict.add(action, Reason { step: number, value, limit: Some(limit), kept: None });
        };
        match gauge.judge(&values) {
            Judgement::Within => counts.within += 1,
            Judgement::Outside(breaches) => {
                counts.outside += 1;
                for breach in breaches {
                    add(step.step.on_outside, Some(breach.value), breach.to_string());
                }
            }
            Judgement::Unmeasured => {
                counts.unmeasured += 1;
                if step.step.on_unmeasured != Action::Keep {
                    add(step.step.on_unmeasured, None, "unmeasured".to_owned());
                }
            }
        }
    }
    Ok(())
}

/// Whether a step speaks about a row at all.
pub(crate) fn spoken_about<'b>(
    step: &'b BoundStep,
    facts: &'b RecordBatch,
) -> Result<impl Fn(usize) -> bool + use<'b>, EngineError> {
    let mut conditions: Vec<(&str, &StringArray, &[String])> = Vec::new();
    for (field, allowed) in &step.step.only_for {
        let name = match field.as_str() {
            LANG | SOURCE => field.clone(),
            step => column_name(step, "value"),
        };
        conditions.push((field, text(facts, &name)?, allowed));
    }
    Ok(move |row: usize| {
        conditions.iter().all(|(field, column, allowed)| {
            allows(field, column.is_valid(row).then(|| column.value(row)), allowed)
        })
    })
}

/// A rewriter's edits are no judgement, but the ledger names them.
fn edited(number: usize, values: &[Value], verdict: &mut Verdict, counts: &mut StepCounts) {
    match values.first() {
        Some(Value::Int(0)) => counts.within += 1,
        Some(Value::Int(edits)) => {
            counts.outside += 1;
            verdict.edited = true;
            let value = Some(*edits as f64);
            verdict.reasons.push(Reason { step: number, value, limit: None, kept: None });
        }
        _ => counts.unmeasured += 1,
    }
}

impl<'b> Measured<'b> {
    fn of(column: Option<&'b ArrayRef>) -> Self {
        match column.map(|column| (column, column.data_type())) {
            Some((column, DataType::Float64)) => Self::Float(column.as_primitive::<Float64Type>()),
            Some((column, DataType::Int64)) => Self::Int(column.as_primitive::<Int64Type>()),
            Some((column, DataType::Boolean)) => Self::Bool(column.as_boolean()),
            _ => Self::Other,
        }
    }

    fn get(&self, row: usize) -> Value {
        match self {
            Self::Float(column) if column.is_valid(row) => Value::Float(column.value(row)),
            Self::Int(column) if column.is_valid(row) => Value::Int(column.value(row)),
            Self::Bool(column) if column.is_valid(row) => Value::Bool(column.value(row)),
            _ => Value::Missing,
        }
    }
}

/// The text column `name` of the facts.
pub(super) fn text<'b>(facts: &'b RecordBatch, name: &str) -> Result<&'b StringArray, EngineError> {
    let column = facts.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
    column.ok_or_else(|| EngineError::Broken(format!("the facts lack the text column {name}")))
}
