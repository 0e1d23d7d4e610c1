//! Values as Arrow arrays of a known type.

use std::sync::Arc;

use arrow::{
    array::{
        ArrayRef, BooleanBuilder, Float64Builder, Int64Builder, ListArray, StringBuilder,
        StructArray,
    },
    buffer::{NullBuffer, OffsetBuffer},
    datatypes::{DataType, Field},
    error::ArrowError,
};

use super::{
    shape::{Fields, Numbers, Shape},
    value::{Entries, Value},
};

/// A value that does not fit the type found for its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mismatch;

/// Collects the values of one field.
#[derive(Debug)]
enum Column<'s> {
    Bool(BooleanBuilder),
    Int(Int64Builder),
    Float(Float64Builder),
    Text(StringBuilder),
    List(Box<ListColumn<'s>>),
    Struct(StructColumn<'s>),
}

impl<'s> Column<'s> {
    fn new(shape: &'s Shape) -> Self {
        match shape {
            Shape::Bool => Self::Bool(BooleanBuilder::new()),
            Shape::Number(Numbers { float: true, .. }) => Self::Float(Float64Builder::new()),
            Shape::Number(_) => Self::Int(Int64Builder::new()),
            Shape::List(item) => Self::List(Box::new(ListColumn {
                item: Self::new(item),
                item_type: item.data_type(),
                length: 0,
                offsets: vec![0],
                valid: Vec::new(),
            })),
            Shape::Struct(fields) if 0 < fields.len() => Self::Struct(StructColumn::new(fields)),
            Shape::Null | Shape::Text { .. } | Shape::Struct(_) => Self::Text(StringBuilder::new()),
        }
    }

    fn push(&mut self, value: &Value<'_>) -> Result<(), Mismatch> {
        match (self, value) {
            (column, Value::Null) => {
                column.push_null();
                Ok(())
            }
            (Self::Text(builder), value) => push_text(builder, value),
            (Self::Int(builder), Value::Number(digits)) => {
                digits.parse().map(|value| builder.append_value(value)).map_err(|_| Mismatch)
            }
            (Self::Float(builder), Value::Number(digits)) => {
                digits.parse().map(|value| builder.append_value(value)).map_err(|_| Mismatch)
            }
            (Self::Bool(builder), Value::Bool(value)) => {
                builder.append_value(*value);
                Ok(())
            }
            (Self::List(list), Value::List(values)) => list.push(values),
            (Self::Struct(fields), Value::Object(entries)) => fields.push(entries),
            _ => Err(Mismatch),
        }
    }

    fn push_null(&mut self) {
        match self {
            Self::Bool(builder) => builder.append_null(),
            Self::Int(builder) => builder.append_null(),
            Self::Float(builder) => builder.append_null(),
            Self::Text(builder) => builder.append_null(),
            Self::List(list) => list.push_null(),
            Self::Struct(fields) => fields.push_null(),
        }
    }

    fn finish(self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Bool(mut builder) => Arc::new(builder.finish()),
            Self::Int(mut builder) => Arc::new(builder.finish()),
            Self::Float(mut builder) => Arc::new(builder.finish()),
            Self::Text(mut builder) => Arc::new(builder.finish()),
            Self::List(list) => Arc::new(list.finish()?),
            Self::Struct(fields) => Arc::new(fields.finish()?),
        })
    }
}

/// Strings as they are, anything else as compact JSON.
fn push_text(builder: &mut StringBuilder, value: &Value<'_>) -> Result<(), Mismatch> {
    match value {
        Value::Text(text) if !text.escaped => {
            builder.append_value(text.inner);
            return Ok(());
        }
        Value::Text(text) => text.write_text(builder),
        other => other.write_json(builder),
    }
    .map_err(|_| Mismatch)?;
    // Closes the value whose parts were written above.
    builder.append_value("");
    Ok(())
}

#[derive(Debug)]
struct ListColumn<'s> {
    item: Column<'s>,
    item_type: DataType,
    length: usize,
    offsets: Vec<i32>,
    valid: Vec<bool>,
}

impl ListColumn<'_> {
    fn push(&mut self, values: &[Value<'_>]) -> Result<(), Mismatch> {
        values.iter().try_for_each(|value| self.item.push(value))?;
        self.length += values.len();
        self.offsets.push(i32::try_from(self.length).map_err(|_| Mismatch)?);
        self.valid.push(true);
        Ok(())
    }

    fn push_null(&mut self) {
        self.offsets.push(self.offsets.last().copied().unwrap_or_default());
        self.valid.push(false);
    }

    fn finish(self) -> Result<ListArray, ArrowError> {
        let field = Arc::new(Field::new_list_field(self.item_type, true));
        let offsets = OffsetBuffer::new(self.offsets.into());
        let valid = NullBuffer::from(self.valid);
        ListArray::try_new(field, offsets, self.item.finish()?, Some(valid))
    }
}

/// Collects objects; also the records themselves.
#[derive(Debug)]
pub(crate) struct StructColumn<'s> {
    fields: &'s Fields,
    columns: Vec<Column<'s>>,
    /// For every column, the number of objects when it last got a value.
    filled: Vec<usize>,
    valid: Vec<bool>,
}

impl<'s> StructColumn<'s> {
    /// Collects objects with these fields.
    pub(crate) fn new(fields: &'s Fields) -> Self {
        let columns: Vec<_> = fields.iter().map(|(_, shape)| Column::new(shape)).collect();
        Self { fields, filled: vec![0; columns.len()], columns, valid: Vec::new() }
    }

    /// Appends an object; fields that it lacks are null.
    pub(crate) fn push(&mut self, entries: &Entries<'_>) -> Result<(), Mismatch> {
        self.valid.push(true);
        let count = self.valid.len();
        let mut guess = 0;
        for (name, value) in entries {
            let place = self.fields.find(name, guess).ok_or(Mismatch)?;
            self.columns[place].push(value)?;
            self.filled[place] = count;
            guess = place + 1;
        }
        for (column, filled) in self.columns.iter_mut().zip(&self.filled) {
            if *filled != count {
                column.push_null();
            }
        }
        Ok(())
    }

    /// Appends nothing, for which every column still needs a place.
    pub(crate) fn push_null(&mut self) {
        self.valid.push(false);
        self.columns.iter_mut().for_each(Column::push_null);
    }

    /// The columns of the records.
    pub(crate) fn finish_columns(self) -> Result<Vec<ArrayRef>, ArrowError> {
        self.columns.into_iter().map(Column::finish).collect()
    }

    fn finish(self) -> Result<StructArray, ArrowError> {
        let valid = NullBuffer::from(self.valid.clone());
        let fields = self.fields.to_arrow().into();
        StructArray::try_new(fields, self.finish_columns()?, Some(valid))
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::AsArray;

    use super::{super::object, *};

    #[test]
    fn a_value_of_another_type_is_told_not_lost() {
        let mut fields = Fields::default();
        fields.absorb(&object(r#"{"a":1,"b":[true]}"#).unwrap());
        let mut rows = StructColumn::new(&fields);
        assert_eq!(rows.push(&object(r#"{"b":[false]}"#).unwrap()), Ok(()));
        for line in [r#"{"a":1.5}"#, r#"{"a":"x"}"#, r#"{"b":[1]}"#, r#"{"c":1}"#] {
            assert_eq!(rows.push(&object(line).unwrap()), Err(Mismatch), "{line}");
        }
    }

    #[test]
    fn mixed_values_keep_strings_and_show_the_rest_as_json() {
        let lines = [r#"{"a":"plain"}"#, r#"{"a":"q\"\n"}"#, r#"{"a":{"k":[1,"\u00e9"]}}"#, "{}"];
        let mut fields = Fields::default();
        for line in lines {
            fields.absorb(&object(line).unwrap());
        }
        let mut rows = StructColumn::new(&fields);
        for line in lines {
            rows.push(&object(line).unwrap()).unwrap();
        }
        let columns = rows.finish_columns().unwrap();
        let values: Vec<_> = columns[0].as_string::<i32>().iter().collect();
        assert_eq!(values, [Some("plain"), Some("q\"\n"), Some(r#"{"k":[1,"é"]}"#), None]);
    }
}
