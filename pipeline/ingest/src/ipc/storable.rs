//! The type that a column has in Parquet.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, IntervalUnit};

/// The type as it is stored, without dictionaries, runs and views of lists. `Err` with
/// the innermost type that Parquet cannot hold.
pub(crate) fn stored(kind: &DataType) -> Result<DataType, DataType> {
    Ok(match kind {
        DataType::Dictionary(_, value) => stored(value)?,
        DataType::RunEndEncoded(_, value) => stored(value.data_type())?,
        DataType::List(item) | DataType::ListView(item) => DataType::List(inner(item)?),
        DataType::LargeList(item) | DataType::LargeListView(item) => {
            DataType::LargeList(inner(item)?)
        }
        DataType::FixedSizeList(item, size) => DataType::FixedSizeList(inner(item)?, *size),
        DataType::Map(entries, sorted) => DataType::Map(inner(entries)?, *sorted),
        DataType::Struct(fields) if !fields.is_empty() => {
            DataType::Struct(fields.iter().map(inner).collect::<Result<_, _>>()?)
        }
        DataType::Struct(_)
        | DataType::Union(_, _)
        | DataType::Interval(IntervalUnit::MonthDayNano) => return Err(kind.clone()),
        other => other.clone(),
    })
}

fn inner(field: &FieldRef) -> Result<FieldRef, DataType> {
    let kind = stored(field.data_type())?;
    Ok(Arc::new(Field::clone(field).with_data_type(kind)))
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::{Fields, UnionFields, UnionMode};

    use super::*;

    #[test]
    fn dictionaries_are_unpacked_wherever_they_are() {
        let packed = DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8));
        let list = DataType::new_list(packed.clone(), true);
        assert_eq!(stored(&list), Ok(DataType::new_list(DataType::Utf8, true)));
        let fields = Fields::from(vec![Field::new("a", packed, false)]);
        let plain = Fields::from(vec![Field::new("a", DataType::Utf8, false)]);
        assert_eq!(stored(&DataType::Struct(fields)), Ok(DataType::Struct(plain)));
    }

    #[test]
    fn what_has_no_place_in_parquet_is_refused() {
        let union = DataType::Union(UnionFields::empty(), UnionMode::Sparse);
        assert_eq!(stored(&DataType::new_list(union.clone(), true)), Err(union));
        let empty = DataType::Struct(Fields::empty());
        assert_eq!(stored(&empty), Err(empty.clone()));
    }
}
