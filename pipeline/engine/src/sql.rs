//! SQL over the columns of the facts, evaluated row by row: of rules and expressions.

use std::sync::Arc;

use arrow::{
    array::{Array, ArrayRef, RecordBatch, new_null_array},
    compute::concat,
    datatypes::{DataType, Schema},
};
use datafusion::{
    common::{
        DFSchema, Result,
        tree_node::{Transformed, TreeNode},
    },
    logical_expr::{BinaryExpr, Expr, Operator, cast},
    physical_plan::PhysicalExpr,
    prelude::SessionContext,
};

/// An expression, ready to be evaluated.
#[derive(Debug)]
pub(crate) struct Sql {
    expression: Arc<dyn PhysicalExpr>,
    /// Type of what it gives.
    pub kind: DataType,
}

impl Sql {
    /// Plans `text` over the columns of `facts`. `/` divides as decimals do: counts of a
    /// text divided by each other would all be zero otherwise.
    pub(crate) fn new(text: &str, facts: &Schema) -> Result<Self> {
        let schema = DFSchema::try_from(facts.clone())?;
        let context = SessionContext::new();
        let expression =
            context.parse_sql_expr(text, &schema)?.transform_up(|part| Ok(exact(part)))?.data;
        let expression = context.create_physical_expr(expression, &schema)?;
        let kind = expression.data_type(facts)?;
        Ok(Self { expression, kind })
    }

    /// One value for each row of `facts`; null where it cannot be computed.
    pub(crate) fn evaluate(&self, facts: &RecordBatch) -> Result<ArrayRef> {
        self.at_once(facts).or_else(|_| {
            // One row that cannot be computed, such as a number that is too large, must not
            // cost the others.
            let each: Vec<ArrayRef> = (0..facts.num_rows())
                .map(|row| {
                    let one = self.at_once(&facts.slice(row, 1));
                    one.unwrap_or_else(|_| new_null_array(&self.kind, 1))
                })
                .collect();
            let each: Vec<&dyn Array> = each.iter().map(AsRef::as_ref).collect();
            if each.is_empty() { Ok(new_null_array(&self.kind, 0)) } else { Ok(concat(&each)?) }
        })
    }

    fn at_once(&self, facts: &RecordBatch) -> Result<ArrayRef> {
        self.expression.evaluate(facts)?.into_array(facts.num_rows())
    }
}

fn exact(expression: Expr) -> Transformed<Expr> {
    match expression {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Divide, right }) => {
            let left = Box::new(cast(*left, DataType::Float64));
            Transformed::yes(Expr::BinaryExpr(BinaryExpr { left, op: Operator::Divide, right }))
        }
        other => Transformed::no(other),
    }
}

#[cfg(test)]
mod tests {
    use arrow::{
        array::{AsArray, Int64Array},
        datatypes::Float64Type,
    };

    use super::*;

    fn facts() -> RecordBatch {
        let a: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), Some(7), None]));
        let b: ArrayRef = Arc::new(Int64Array::from(vec![2, 0, 4]));
        RecordBatch::try_from_iter([("a", a), ("b", b)]).unwrap()
    }

    #[test]
    fn whole_numbers_are_divided_as_decimals() {
        let facts = facts();
        let found = Sql::new("a / nullif(b, 0)", &facts.schema()).unwrap();
        let found = found.evaluate(&facts).unwrap();
        let found: Vec<_> = found.as_primitive::<Float64Type>().iter().collect();
        assert_eq!(found, [Some(0.5), None, None]);
    }

    #[test]
    fn a_row_that_cannot_be_computed_costs_itself() {
        let facts = facts();
        let found = Sql::new("a % b = 1", &facts.schema()).unwrap();
        let found = found.evaluate(&facts).unwrap();
        assert_eq!(found.as_boolean().iter().collect::<Vec<_>>(), [Some(true), None, None]);
    }
}
