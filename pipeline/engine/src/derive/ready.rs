//! The deriving steps of a plan, made ready.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use arrow::{
    array::{Array, ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch},
    compute::cast,
    datatypes::{DataType, Float64Type, Int64Type, Schema, SchemaRef},
    error::ArrowError,
};
use assay_ledger::schema::{PROBLEM, ROW, problem};
use assay_operators::contract::Derived;
use assay_plan::{BoundStep, Plan};

use super::column::Held;
use crate::{EngineError, input::Unit, measure::facts_schema, sql::Sql};

/// The deriving steps of a plan, in recipe order.
#[derive(Debug)]
pub(crate) struct Derivers {
    /// What is measured in the text.
    measured: SchemaRef,
    steps: Vec<Deriver>,
    /// All facts, in their order.
    facts: SchemaRef,
}

/// One step that derives.
#[derive(Debug)]
struct Deriver {
    step: String,
    columns: Vec<String>,
    origin: Origin,
}

#[derive(Debug)]
enum Origin {
    Sql(Sql),
    Imported,
    /// A column of the corpus.
    Column(String),
}

/// What does not come from the facts of a unit.
#[derive(Debug, Default)]
pub(super) struct Given {
    /// Imported values: number of the row and value, in order, by step.
    pub imported: BTreeMap<String, Vec<(i64, Option<f64>)>>,
    /// Columns of the corpus.
    pub columns: Held,
}

impl Derivers {
    /// Makes the deriving steps of `plan` ready.
    pub(crate) fn new(plan: &Plan) -> Result<Self, EngineError> {
        let steps = plan.bind().unwrap_or_default();
        let (ready, mut problems) = Self::made(&steps);
        if problems.is_empty() { Ok(ready) } else { Err(problems.swap_remove(0)) }
    }

    /// What is wrong with the steps that derive.
    pub(crate) fn problems(steps: &[BoundStep]) -> Vec<EngineError> {
        Self::made(steps).1
    }

    fn made(steps: &[BoundStep]) -> (Self, Vec<EngineError>) {
        let (elsewhere, from_text): (Vec<_>, Vec<_>) =
            steps.iter().cloned().partition(|step| step.derived().is_some());
        // Other values depend on nothing here, so that every expression sees them.
        let computed = |step: &&BoundStep| matches!(step.derived(), Some(Derived::Expression(_)));
        let given = elsewhere.iter().filter(|step| !computed(step));
        let in_order = given.chain(elsewhere.iter().filter(computed));
        let measured = facts_schema(&from_text);
        let mut known = measured.as_ref().clone();
        let (mut ready, mut problems) = (Vec::new(), Vec::new());
        for step in in_order {
            match Deriver::new(step, &known) {
                Ok(deriver) => ready.push(deriver),
                Err(error) => problems.push(error),
            }
            // What comes below sees it.
            let own = facts_schema(std::slice::from_ref(step));
            let own = own.fields().iter().skip(assay_ledger::schema::facts_base().len());
            let fields = known.fields().iter().chain(own).cloned();
            known = Schema::new(fields.collect::<Vec<_>>());
        }
        (Self { measured, steps: ready, facts: facts_schema(steps) }, problems)
    }

    /// Columns of the corpus that are read.
    pub(super) fn columns(&self) -> Vec<String> {
        let paths = self.steps.iter().filter_map(|step| match &step.origin {
            Origin::Column(path) => Some(path.clone()),
            Origin::Sql(_) | Origin::Imported => None,
        });
        paths.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Columns of all facts.
    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.facts
    }

    /// `facts` of `unit` with everything derived anew, whatever was derived before.
    pub(super) fn derive(
        &self,
        unit: &Unit,
        facts: &RecordBatch,
        given: &Given,
    ) -> Result<RecordBatch, EngineError> {
        let broken = |error: ArrowError| EngineError::Broken(error.to_string());
        let measured: Option<Vec<ArrayRef>> = self
            .measured
            .fields()
            .iter()
            .map(|field| facts.column_by_name(field.name()).cloned())
            .collect();
        let lacking = || EngineError::Broken("the facts lack what was measured".to_owned());
        let mut columns = measured.ok_or_else(lacking)?;
        let mut known = self.measured.as_ref().clone();
        let mut all =
            RecordBatch::try_new(self.measured.clone(), columns.clone()).map_err(broken)?;
        for step in &self.steps {
            let values = step.derive(unit, &all, given)?;
            let mut fields = known.fields().to_vec();
            for name in &step.columns {
                fields.push(Arc::new(self.facts.field_with_name(name).map_err(broken)?.clone()));
            }
            known = Schema::new(fields);
            columns.extend(values);
            all = RecordBatch::try_new(Arc::new(known.clone()), columns.clone()).map_err(broken)?;
        }
        let in_order = self.facts.fields().iter().map(|field| known.index_of(field.name()));
        let in_order: Vec<usize> = in_order.collect::<Result<_, _>>().map_err(broken)?;
        all.project(&in_order).map_err(broken)
    }
}

impl Deriver {
    fn new(step: &BoundStep, known: &Schema) -> Result<Self, EngineError> {
        let name = &step.step.name;
        let Some(derived) = step.derived() else {
            return Err(EngineError::Broken(format!("step {name:?} derives nothing")));
        };
        let made = |origin| Self { step: name.clone(), columns: step.columns().collect(), origin };
        let text = match derived {
            Derived::Expression(text) => text,
            Derived::Column(path) => return Ok(made(Origin::Column(path))),
            Derived::Imported(_) => return Ok(made(Origin::Imported)),
        };
        let wrong = |problem| EngineError::sql(&format!("step {name:?}"), &text, problem);
        let sql = Sql::new(&text, known).map_err(|error| wrong(error.strip_backtrace()))?;
        if sql.kind.is_numeric() || matches!(sql.kind, DataType::Boolean | DataType::Null) {
            return Ok(made(Origin::Sql(sql)));
        }
        Err(wrong(format!("it is a {}, not a number", sql.kind)))
    }

    /// For each row a finite number, or none, and what else there is.
    fn derive(
        &self,
        unit: &Unit,
        facts: &RecordBatch,
        given: &Given,
    ) -> Result<Vec<ArrayRef>, EngineError> {
        let (value, label) = match &self.origin {
            Origin::Sql(sql) => (sql.evaluate(facts)?, None),
            Origin::Imported => {
                let values = given.imported.get(&self.step).map(Vec::as_slice);
                (imported(unit, facts, values.unwrap_or_default())?, None)
            }
            Origin::Column(path) => {
                let lacking = || EngineError::Broken(format!("the column {path} was not read"));
                let values = given.columns.get(path).ok_or_else(lacking)?;
                let first =
                    rows(facts)?.values().first().map_or(unit.first_row, |row| row.unsigned_abs());
                let from = usize::try_from(first - unit.first_row).unwrap_or(usize::MAX);
                let [numbers, texts] = values.of(from, facts.num_rows());
                (numbers, Some(texts))
            }
        };
        let value = cast(&value, &DataType::Float64)
            .map_err(|error| EngineError::Broken(error.to_string()))?;
        let value = value.as_primitive::<Float64Type>();
        let problems = facts.column_by_name(PROBLEM).and_then(|it| it.as_string_opt::<i32>());
        let broken = |row: usize| {
            problems.is_some_and(|it| it.is_valid(row) && problem::quarantines(it.value(row)))
        };
        let finite = value.iter().enumerate().map(|(row, value)| {
            // There is one zero in the ledger.
            value.filter(|value| value.is_finite() && !broken(row)).map(|value| value + 0.0)
        });
        let finite: ArrayRef = Arc::new(finite.collect::<Float64Array>());
        Ok(std::iter::once(finite).chain(label).collect())
    }
}

fn rows(facts: &RecordBatch) -> Result<&Int64Array, EngineError> {
    let rows = facts.column_by_name(ROW).and_then(|it| it.as_primitive_opt::<Int64Type>());
    rows.ok_or_else(|| EngineError::Broken("the facts lack a fixed column".into()))
}

/// The values of the rows of `facts`.
fn imported(
    unit: &Unit,
    facts: &RecordBatch,
    values: &[(i64, Option<f64>)],
) -> Result<ArrayRef, EngineError> {
    let found = rows(facts)?.values().iter().map(|row| {
        let id = unit.id(row.unsigned_abs());
        let at = values.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        values[at].1
    });
    Ok(Arc::new(found.collect::<Float64Array>()))
}
