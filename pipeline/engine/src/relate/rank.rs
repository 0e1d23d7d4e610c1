//! Which member of a group stays: values of facts columns, then the row's place.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, BinaryArray, RecordBatch},
    compute::SortOptions,
    row::{RowConverter, SortField},
};

use crate::EngineError;

/// `prefer` of a relating step: columns with their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rank(Vec<(String, bool)>);

impl Rank {
    /// Reads entries such as `words__value desc`.
    pub(super) fn new(prefer: &[String]) -> Self {
        let read = |entry: &String| {
            let (column, order) = entry.rsplit_once(' ').unwrap_or((entry, "asc"));
            (column.trim().to_owned(), order == "desc")
        };
        Self(prefer.iter().map(read).collect())
    }

    /// Bytes per row that sort as the rows are preferred; rows without a value come last.
    pub(super) fn of(&self, facts: &RecordBatch) -> Result<ArrayRef, EngineError> {
        if self.0.is_empty() {
            let same = std::iter::repeat_n([0_u8; 0], facts.num_rows());
            return Ok(Arc::new(BinaryArray::from_iter_values(same)));
        }
        let mut fields = Vec::new();
        let mut columns = Vec::new();
        for (name, descending) in &self.0 {
            let column = facts.column_by_name(name).ok_or_else(|| {
                EngineError::Broken(format!("prefer names {name}, which the facts lack"))
            })?;
            let order = SortOptions { descending: *descending, nulls_first: false };
            fields.push(SortField::new_with_options(column.data_type().clone(), order));
            columns.push(column.clone());
        }
        let broken = |error: arrow::error::ArrowError| EngineError::Broken(error.to_string());
        let rows = RowConverter::new(fields).map_err(broken)?;
        let rows = rows.convert_columns(&columns).map_err(broken)?;
        Ok(Arc::new(BinaryArray::from_iter_values(rows.iter().map(|row| row.data().to_vec()))))
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{AsArray, Int64Array};

    use super::*;

    #[test]
    fn the_preferred_row_sorts_first_and_missing_values_last() {
        let words: ArrayRef = Arc::new(Int64Array::from(vec![Some(3), None, Some(7)]));
        let facts = RecordBatch::try_from_iter([("words__value", words)]).unwrap();
        let rank = Rank::new(&["words__value desc".to_owned()]).of(&facts).unwrap();
        let rank = rank.as_binary::<i32>();
        let mut order = vec![0, 1, 2];
        order.sort_by_key(|&row| rank.value(row));
        assert_eq!(order, [2, 0, 1]);
    }
}
