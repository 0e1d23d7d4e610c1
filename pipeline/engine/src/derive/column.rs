//! Columns of the corpus, as numbers and as texts.

use std::{collections::BTreeMap, sync::Arc};

use arrow::{
    array::{
        Array, ArrayRef, AsArray, Float64Array, Float64Builder, StringArray, StringBuilder,
        new_null_array,
    },
    compute::cast,
    datatypes::{DataType, Float64Type},
    error::ArrowError,
};
use assay_operators::contract::Derived;
use assay_plan::Plan;

use crate::{
    EngineError,
    input::{Corpus, Unit, guarded},
    scan::{column, lost, read_leaves},
};

/// Columns of a unit, by path.
pub(super) type Held = BTreeMap<String, Values>;

/// A column of a unit: a number or a text of each of its rows, or neither.
#[derive(Debug)]
pub(super) struct Values {
    numbers: Float64Array,
    texts: StringArray,
}

impl Values {
    /// Those of `count` rows from the row `from` of the unit.
    pub(super) fn of(&self, from: usize, count: usize) -> [ArrayRef; 2] {
        [Arc::new(self.numbers.slice(from, count)), Arc::new(self.texts.slice(from, count))]
    }
}

/// Checks the columns that `plan` takes from `corpus`; returns what is lacking.
pub(crate) fn check_columns(plan: &Plan, corpus: &Corpus) -> Result<Vec<String>, EngineError> {
    let mut warnings = Vec::new();
    for step in plan.bind().unwrap_or_default() {
        let Some(Derived::Column(path)) = step.derived() else { continue };
        let Some(lacking) = corpus.lacking(&path)? else { continue };
        if let Some(first) = lacking.first() {
            let name = &step.step.name;
            let lack = match lacking.len() - 1 {
                0 => "lacks".to_owned(),
                more => format!("and {more} more of the files lack"),
            };
            warnings.push(format!(
                "{first} {lack} the column {path}: step {name:?} measures nothing there"
            ));
        }
    }
    Ok(warnings)
}

/// Reads the columns at `paths` of `unit`.
pub(super) fn read_columns(unit: &Unit, paths: &[String]) -> Result<Held, EngineError> {
    let mut made: Vec<_> =
        paths.iter().map(|_| (Float64Builder::new(), StringBuilder::new())).collect();
    if !paths.is_empty() {
        let names: Vec<&str> = paths.iter().map(String::as_str).collect();
        guarded(|| {
            for batch in read_leaves(unit, &names, None)? {
                let batch = batch.map_err(|error| error.to_string())?;
                for (path, (numbers, texts)) in names.iter().zip(&mut made) {
                    let found = column(&batch, path);
                    let found =
                        found.unwrap_or_else(|| new_null_array(&DataType::Null, batch.num_rows()));
                    push(&found, numbers, texts).map_err(|error| format!("{path}: {error}"))?;
                }
            }
            Ok(())
        })
        .map_err(|error| lost(unit, error))?;
    }
    let mut held = Held::new();
    for (path, (mut numbers, mut texts)) in paths.iter().zip(made) {
        let values = Values { numbers: numbers.finish(), texts: texts.finish() };
        if values.numbers.len() as u64 != unit.rows {
            let found = values.numbers.len();
            return Err(lost(unit, format!("{path} has {found} values in {} rows", unit.rows)));
        }
        held.insert(path.clone(), values);
    }
    Ok(held)
}

fn push(
    column: &ArrayRef,
    numbers: &mut Float64Builder,
    texts: &mut StringBuilder,
) -> Result<(), ArrowError> {
    let kind = column.data_type();
    if kind.is_numeric() || matches!(kind, DataType::Boolean) {
        let column = cast(column, &DataType::Float64)?;
        numbers.append_array(column.as_primitive::<Float64Type>());
        texts.append_nulls(column.len());
        return Ok(());
    }
    numbers.append_nulls(column.len());
    match kind {
        DataType::Null => texts.append_nulls(column.len()),
        DataType::BinaryView => {
            let column = column.as_binary_view();
            column
                .iter()
                .for_each(|it| texts.append_option(it.and_then(|it| str::from_utf8(it).ok())));
        }
        _ => {
            let column = cast(column, &DataType::Utf8)?;
            texts.append_array(column.as_string::<i32>())?;
        }
    }
    Ok(())
}
