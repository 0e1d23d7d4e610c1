//! The SQL that rules and expressions may use.
//!
//! Only what gives the same answer for a row on every machine and in every run is
//! let through: no other rows, no clock, no random numbers.

use assay_operators::registry::nearest_of;
use sqlparser::ast::{BinaryOperator, Expr, Function, FunctionArguments, Ident, Value};

/// Scalar functions that depend on nothing but their arguments.
const FUNCTIONS: &[&str] = &[
    "abs",
    "btrim",
    "cbrt",
    "ceil",
    "char_length",
    "character_length",
    "coalesce",
    "concat",
    "contains",
    "ends_with",
    "exp",
    "floor",
    "greatest",
    "isnan",
    "least",
    "left",
    "length",
    "ln",
    "log",
    "log10",
    "log2",
    "lower",
    "ltrim",
    "nanvl",
    "nullif",
    "nvl",
    "octet_length",
    "pow",
    "power",
    "regexp_like",
    "replace",
    "reverse",
    "right",
    "round",
    "rtrim",
    "signum",
    "split_part",
    "sqrt",
    "starts_with",
    "strpos",
    "substr",
    "trim",
    "trunc",
    "upper",
];

/// Names by which people ask about many rows.
const AGGREGATES: &[&str] = &[
    "approx_distinct",
    "approx_median",
    "approx_percentile_cont",
    "array_agg",
    "avg",
    "bool_and",
    "bool_or",
    "corr",
    "count",
    "first_value",
    "grouping",
    "last_value",
    "max",
    "mean",
    "median",
    "min",
    "quantile_cont",
    "stddev",
    "stddev_pop",
    "string_agg",
    "sum",
    "var",
    "var_pop",
];

/// Why an expression cannot be used, and what to do.
pub(crate) fn refusal(expression: &Expr) -> Option<(String, String)> {
    match expression {
        Expr::Function(function) => refused_function(function),
        Expr::BinaryOp { op, .. } if !is_known(op) => {
            let fix = "use comparisons, arithmetic, AND and OR".to_owned();
            Some((format!("uses the operator {op}"), fix))
        }
        Expr::Value(value) if matches!(value.value, Value::Placeholder(_)) => Some((
            format!("has the placeholder {}", value.value),
            "write the value itself".to_owned(),
        )),
        Expr::CompoundIdentifier(parts) => {
            let last = parts.last().map(column).unwrap_or_default();
            let problem = format!("names a table in {expression}");
            Some((problem, format!("there is only one table; write `{last}`")))
        }
        Expr::Exists { .. } | Expr::Subquery(_) | Expr::InSubquery { .. } => {
            Some(many_rows("asks a second query"))
        }
        Expr::Wildcard(_) | Expr::QualifiedWildcard(..) => {
            Some(("asks for all columns".to_owned(), "name the columns you need".to_owned()))
        }
        _ if is_plain(expression) => None,
        other => Some((
            format!("uses SQL that is not known here: {other}"),
            "use comparisons, arithmetic, AND, OR, NOT, IN, BETWEEN, LIKE, CASE and plain functions"
                .to_owned(),
        )),
    }
}

/// Expressions that only pass on what their parts say.
fn is_plain(expression: &Expr) -> bool {
    matches!(
        expression,
        Expr::Identifier(_)
            | Expr::Value(_)
            | Expr::Nested(_)
            | Expr::BinaryOp { .. }
            | Expr::UnaryOp { .. }
            | Expr::IsFalse(_)
            | Expr::IsNotFalse(_)
            | Expr::IsTrue(_)
            | Expr::IsNotTrue(_)
            | Expr::IsNull(_)
            | Expr::IsNotNull(_)
            | Expr::IsUnknown(_)
            | Expr::IsNotUnknown(_)
            | Expr::IsDistinctFrom(..)
            | Expr::IsNotDistinctFrom(..)
            | Expr::InList { .. }
            | Expr::Between { .. }
            | Expr::Like { .. }
            | Expr::ILike { .. }
            | Expr::SimilarTo { .. }
            | Expr::Cast { .. }
            | Expr::Case { .. }
            | Expr::Ceil { .. }
            | Expr::Floor { .. }
            | Expr::Position { .. }
            | Expr::Substring { .. }
            | Expr::Trim { .. }
    )
}

/// Whether it gives true or false for two values of any type.
pub(crate) fn is_comparison(operator: &BinaryOperator) -> bool {
    matches!(
        operator,
        BinaryOperator::Eq
            | BinaryOperator::NotEq
            | BinaryOperator::Lt
            | BinaryOperator::LtEq
            | BinaryOperator::Gt
            | BinaryOperator::GtEq
    )
}

fn is_known(operator: &BinaryOperator) -> bool {
    is_comparison(operator)
        || matches!(
            operator,
            BinaryOperator::And
                | BinaryOperator::Or
                | BinaryOperator::Plus
                | BinaryOperator::Minus
                | BinaryOperator::Multiply
                | BinaryOperator::Divide
                | BinaryOperator::Modulo
                | BinaryOperator::StringConcat
        )
}

fn refused_function(function: &Function) -> Option<(String, String)> {
    let name = function.name.to_string().to_lowercase();
    if function.over.is_some() {
        return Some(many_rows(&format!("has the window function {name}(…) OVER")));
    }
    if AGGREGATES.contains(&name.as_str()) {
        return Some(many_rows(&format!("has the aggregate function {name}(…)")));
    }
    if !FUNCTIONS.contains(&name.as_str()) {
        let fix = match nearest_of(&name, FUNCTIONS.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known are: {}", FUNCTIONS.join(", ")),
        };
        return Some((format!("has a function that is not known here: {name}"), fix));
    }
    let plain = matches!(function.args, FunctionArguments::List(_))
        && matches!(function.parameters, FunctionArguments::None)
        && function.filter.is_none()
        && function.null_treatment.is_none()
        && function.within_group.is_empty();
    (!plain).then(|| {
        let fix = format!("write {name}(…) with its arguments in brackets and nothing else");
        (format!("calls {name} in a way that is not known here"), fix)
    })
}

/// For what concerns more than one row.
pub(crate) fn many_rows(what: &str) -> (String, String) {
    let fix = "SQL sees one row at a time here; what concerns many rows is measured by a step";
    (what.to_owned(), fix.to_owned())
}

/// The name as the engine will look it up: without quotes, case does not matter.
pub(crate) fn column(ident: &Ident) -> String {
    match ident.quote_style {
        Some(_) => ident.value.clone(),
        None => ident.value.to_lowercase(),
    }
}
