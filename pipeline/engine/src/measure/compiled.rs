//! The measuring half of a plan, made ready once per process.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields};
use assay_ledger::schema::{BYTES, CONTENT, KEY, KEY_BYTES, PROBLEM, signature_field};
use assay_operators::contract::{BoundSigner, FieldKind, Relation};
use assay_plan::{BoundOperator, BoundStep, Plan, Step, column_name};
use datafusion::common::{DataFusionError, Result, plan_datafusion_err};
use serde::{Deserialize, Serialize};

use crate::ready::Ready;

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
        Self { steps: plan.steps.clone(), max_document_bytes: plan.input.max_document_bytes, parts }
    }

    /// As a literal of a query.
    pub(crate) fn to_text(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| DataFusionError::External(Box::new(error)))
    }
}

/// A measuring plan with its operators made ready.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// Gauges, rewriters and what signs, in recipe order.
    pub steps: Vec<BoundStep>,
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
            let plan: MeasurePlan = serde_json::from_str(text).map_err(|error| {
                plan_datafusion_err!("measure: the plan is not readable: {error}")
            })?;
            Self::new(&plan)
        })
    }

    fn new(plan: &MeasurePlan) -> Result<Self> {
        let mut steps = Vec::new();
        for step in &plan.steps {
            let bound = step.bind().map_err(|errors| {
                let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
                plan_datafusion_err!("step {:?}: {}", step.name, errors.join("; "))
            })?;
            // Equal texts are found by their keys, which every row has.
            let by_key = |signer: &BoundSigner| matches!(signer.relation(), Relation::Exact { .. });
            if !matches!(&bound.operator, BoundOperator::Signer(signer) if by_key(signer)) {
                steps.push(bound);
            }
        }
        let mut fields = vec![
            Field::new(KEY, DataType::FixedSizeBinary(16), true),
            Field::new(CONTENT, DataType::FixedSizeBinary(16), true),
            Field::new(BYTES, DataType::Int64, true),
            Field::new(KEY_BYTES, DataType::Int64, true),
            Field::new(PROBLEM, DataType::Utf8, true),
        ];
        debug_assert_eq!(fields.len(), FIXED);
        for step in &steps {
            for field in step.fields() {
                let name = column_name(&step.step.name, field.name);
                fields.push(Field::new(name, data_type(field.kind), true));
            }
        }
        let signers = steps.iter().filter(|step| matches!(step.operator, BoundOperator::Signer(_)));
        fields.extend(signers.map(|step| signature_field(&step.step.name)));
        Ok(Self {
            steps,
            max_document_bytes: plan.max_document_bytes,
            parts: plan.parts,
            fields: fields.into(),
        })
    }
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
