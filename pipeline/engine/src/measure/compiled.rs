//! The measuring half of a plan, made ready once per process.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields};
use assay_ledger::schema::{BYTES, CONTENT, KEY, KEY_BYTES, PROBLEM, signature_field};
use assay_operators::contract::FieldKind;
use assay_plan::{BoundStep, Plan, Step, column_name};
use datafusion::common::{DataFusionError, Result, plan_datafusion_err};
use serde::{Deserialize, Serialize};

use super::scratch::signs;
use crate::{assets::loaded, ready::Ready};

/// What the function has to know; travels as the text of a literal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct MeasurePlan {
    steps: Vec<Step>,
    max_document_bytes: u64,
    parts: usize,
}

impl MeasurePlan {
    /// The measuring half of `plan`, over up to `parts` text columns.
    pub(crate) fn of(plan: &Plan, parts: usize) -> Self {
        Self { steps: plan.text_steps(), max_document_bytes: plan.input.max_document_bytes, parts }
    }

    /// As a literal of a query.
    pub(crate) fn to_text(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| DataFusionError::External(Box::new(error)))
    }
}

/// A measuring plan with its operators made ready.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// In recipe order.
    pub steps: Arc<Vec<BoundStep>>,
    pub max_document_bytes: u64,
    pub parts: usize,
    /// Columns of the result: the fixed ones, the measured ones, the signatures.
    pub fields: Fields,
}

/// Columns that every result has, before the measured ones.
pub(super) const FIXED: usize = 5;

impl Compiled {
    /// Makes the plan in `text` ready; a second call with the same text is free.
    pub(crate) fn from_text(text: &str) -> Result<Arc<Self>> {
        static READY: Ready<Compiled> = Ready::new();
        READY.get(text, || {
            let MeasurePlan { steps, max_document_bytes, parts } = read(text)?;
            let steps = loaded(&steps)?;
            let fields = result_fields(&steps);
            Ok(Self { steps, max_document_bytes, parts, fields })
        })
    }
}

/// Columns of the result of the plan in `text`; no file that it names is needed for this.
pub(super) fn fields_of(text: &str) -> Result<Arc<Fields>> {
    static READY: Ready<Fields> = Ready::new();
    READY.get(text, || {
        let plan = read(text)?;
        let bound = plan.steps.iter().map(|step| {
            step.bind().map_err(|errors| {
                let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
                plan_datafusion_err!("step {:?}: {}", step.name, errors.join("; "))
            })
        });
        Ok(result_fields(&bound.collect::<Result<Vec<_>>>()?))
    })
}

fn read(text: &str) -> Result<MeasurePlan> {
    serde_json::from_str(text)
        .map_err(|error| plan_datafusion_err!("measure: the plan is not readable: {error}"))
}

fn result_fields(steps: &[BoundStep]) -> Fields {
    let mut fields = vec![
        Field::new(KEY, DataType::FixedSizeBinary(16), true),
        Field::new(CONTENT, DataType::FixedSizeBinary(16), true),
        Field::new(BYTES, DataType::Int64, true),
        Field::new(KEY_BYTES, DataType::Int64, true),
        Field::new(PROBLEM, DataType::Utf8, true),
    ];
    debug_assert_eq!(fields.len(), FIXED);
    fields.extend(measured_fields(steps));
    let signers = steps.iter().filter(|step| signs(step).is_some());
    fields.extend(signers.map(|step| signature_field(&step.step.name)));
    fields.into()
}

/// Columns that the steps measure, in recipe order.
pub(super) fn measured_fields(steps: &[BoundStep]) -> impl Iterator<Item = Field> {
    steps.iter().flat_map(|step| {
        step.fields().iter().map(|field| {
            let name = column_name(&step.step.name, field.name);
            Field::new(name, data_type(field.kind), true)
        })
    })
}

/// Whether a column of the result is a signature, which is no measurement.
pub(super) fn is_signature(field: &Field) -> bool {
    matches!(field.data_type(), DataType::List(_))
}

fn data_type(kind: FieldKind) -> DataType {
    match kind {
        FieldKind::Float => DataType::Float64,
        FieldKind::Int => DataType::Int64,
        FieldKind::Bool => DataType::Boolean,
        FieldKind::Label => DataType::Utf8,
    }
}
