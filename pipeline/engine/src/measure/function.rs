//! Lets DataFusion call the operators: `measure(plan, lang, source, url, problem, text…)`.
//!
//! This is the only place where operators meet DataFusion. The function returns one
//! struct, and a plan hands the whole struct to a sink: with field accesses in the
//! plan, DataFusion would evaluate the function once per field.

use std::{cell::RefCell, sync::Arc};

use arrow::{
    array::{Array, AsArray, BinaryViewArray, StringArray},
    compute::cast,
    datatypes::{DataType, Field, FieldRef},
};
use assay_operators::contract::Declared;
use datafusion::{
    common::{Result, ScalarValue, exec_err, plan_err},
    config::ConfigOptions,
    logical_expr::{
        ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
        Volatility,
    },
    physical_expr::{
        PhysicalExpr, ScalarFunctionExpr,
        expressions::{Column, Literal},
    },
    physical_plan::{ExecutionPlan, projection::ProjectionExec},
};

use super::{
    columns::Columns,
    compiled::{Compiled, MeasurePlan, fields_of},
    scratch::Scratch,
};
use crate::scan::{IDENTITY, SCAN_COLUMNS};

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// `measure(plan, lang, source, url, problem, text_0, …) -> struct`.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Measure {
    signature: Signature,
}

/// Name of the struct that the function returns, as the sink finds it.
pub(super) const MEASURED: &str = "measured";
/// Arguments before the text columns.
const FIXED_ARGUMENTS: usize = 5;

impl Measure {
    /// Name in plans.
    pub(crate) const NAME: &'static str = "measure";

    pub(crate) fn function() -> Arc<ScalarUDF> {
        let signature = Signature::variadic_any(Volatility::Immutable);
        Arc::new(ScalarUDF::from(Self { signature }))
    }
}

impl ScalarUDFImpl for Measure {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        exec_err!("measure: its type follows from the plan literal")
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let Some(Some(ScalarValue::Utf8(Some(plan)))) = args.scalar_arguments.first() else {
            return plan_err!("measure: the first argument must be the plan, as a literal");
        };
        let fields = fields_of(plan)?.as_ref().clone();
        Ok(Arc::new(Field::new(self.name(), DataType::Struct(fields), false)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some(ColumnarValue::Scalar(ScalarValue::Utf8(Some(plan)))) = args.args.first() else {
            return exec_err!("measure: the first argument must be the plan, as a literal");
        };
        let plan = Compiled::from_text(plan)?;
        let rows = args.number_rows;
        let column = |at: usize, kind: &DataType| -> Result<_> {
            Ok(cast(&args.args[at].to_array(rows)?, kind)?)
        };
        let mut declared = Vec::with_capacity(FIXED_ARGUMENTS - 1);
        for at in 1..FIXED_ARGUMENTS {
            declared.push(column(at, &DataType::Utf8)?);
        }
        let declared: Vec<&StringArray> = declared.iter().map(AsArray::as_string).collect();
        let mut text = Vec::with_capacity(plan.parts);
        for at in FIXED_ARGUMENTS..args.args.len() {
            text.push(column(at, &DataType::BinaryView)?);
        }
        let text: Vec<&BinaryViewArray> = text.iter().map(AsArray::as_binary_view).collect();
        let [lang, source, url, problem] = declared.as_slice() else {
            return exec_err!("measure: expected four declared fields");
        };
        let mut out = Columns::new(&plan.fields, rows);
        SCRATCH.with_borrow_mut(|scratch| {
            let mut parts: Vec<Option<&[u8]>> = Vec::with_capacity(text.len());
            for row in 0..rows {
                if problem.is_valid(row) {
                    out.push_broken(problem.value(row));
                    continue;
                }
                parts.clear();
                parts.extend(text.iter().map(|part| part.is_valid(row).then(|| part.value(row))));
                let declared = Declared {
                    lang: value(lang, row),
                    source: value(source, row),
                    url: value(url, row),
                };
                let found = scratch.measure(&plan.steps, &parts, declared, plan.max_document_bytes);
                out.push(&found)?;
            }
            Ok::<_, datafusion::error::DataFusionError>(())
        })?;
        Ok(ColumnarValue::Array(Arc::new(out.finish()?)))
    }
}

fn value(column: &StringArray, row: usize) -> Option<&str> {
    column.is_valid(row).then(|| column.value(row))
}

/// The rows of `scan` with `measure` applied: its identity columns, id, lang, source, and
/// [`MEASURED`].
pub(crate) fn measured(
    scan: Arc<dyn ExecutionPlan>,
    plan: &MeasurePlan,
) -> Result<Arc<dyn ExecutionPlan>> {
    let schema = scan.schema();
    let column =
        |at: usize| -> Arc<dyn PhysicalExpr> { Arc::new(Column::new(schema.field(at).name(), at)) };
    let mut arguments: Vec<Arc<dyn PhysicalExpr>> =
        vec![Arc::new(Literal::new(ScalarValue::Utf8(Some(plan.to_text()?))))];
    // lang, source, url, problem and the text columns.
    arguments.extend((IDENTITY + 1..schema.fields().len()).map(column));
    debug_assert_eq!(SCAN_COLUMNS - IDENTITY, FIXED_ARGUMENTS);
    let call = ScalarFunctionExpr::try_new(
        Measure::function(),
        arguments,
        &schema,
        Arc::new(ConfigOptions::default()),
    )?;
    let mut expressions: Vec<(Arc<dyn PhysicalExpr>, String)> =
        (0..IDENTITY + 3).map(|at| (column(at), schema.field(at).name().clone())).collect();
    expressions.push((Arc::new(call), MEASURED.to_owned()));
    Ok(Arc::new(ProjectionExec::try_new(expressions, scan)?))
}
