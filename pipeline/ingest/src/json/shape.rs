//! The type that holds every value of a field, found by looking at all of them.
//!
//! Types form a lattice: absorbing values in another order, or merging what several
//! threads absorbed, gives the same type. Only the order of fields follows the records.

use std::{borrow::Cow, collections::HashMap};

use arrow::datatypes::{DataType, Field};

use super::value::{Entries, Value};

/// Most fields of an object inside a record; with more, names are data and the object
/// is kept as text.
const MAX_FIELDS: usize = 1_000;
/// Deepest nesting of a type; what lies deeper is kept as text. Readers of Parquet give
/// up on deep types: Arrow's own at about twice this.
const MAX_LEVELS: usize = 24;
/// Up to here, every integer is a float too.
const EXACT_FLOAT: u64 = 1 << 53;

/// The type of a field.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Shape {
    /// No value yet.
    #[default]
    Null,
    Bool,
    Number(Numbers),
    Text {
        /// Something else than strings is among the values, as compact JSON.
        mixed: bool,
    },
    List(Box<Shape>),
    Struct(Fields),
}

const MIXED: Shape = Shape::Text { mixed: true };

/// Which numbers were seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbers {
    /// One with a fraction or an exponent.
    pub(crate) float: bool,
    /// An integer that no float holds exactly.
    pub(crate) wide: bool,
}

impl Shape {
    fn of(value: &Value<'_>, levels: usize) -> Self {
        match value {
            Value::List(_) | Value::Object(_) if levels == 0 => MIXED,
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Bool,
            Value::Number(digits) => number(digits),
            Value::Text(_) => Self::Text { mixed: false },
            Value::List(values) => {
                let mut item = Self::Null;
                for value in values {
                    item.absorb(value, levels - 1);
                }
                Self::List(Box::new(item))
            }
            Value::Object(entries) => {
                let mut fields = Fields::default();
                fields.widen(entries, levels - 1);
                Self::Struct(fields).narrowed()
            }
        }
    }

    /// Widens the type until it holds `value`; `levels` is how deep it may go.
    fn absorb(&mut self, value: &Value<'_>, levels: usize) {
        match (&mut *self, value) {
            (_, Value::Null) | (Self::Text { .. }, Value::Text(_)) => {}
            (Self::Text { mixed }, _) => *mixed = true,
            (Self::List(item), Value::List(values)) => {
                for value in values {
                    item.absorb(value, levels - 1);
                }
            }
            (Self::Struct(fields), Value::Object(entries)) => {
                fields.widen(entries, levels - 1);
                if MAX_FIELDS < fields.len() {
                    *self = MIXED;
                }
            }
            _ => self.merge(Self::of(value, levels)),
        }
    }

    /// Widens the type until it holds all that `other` holds.
    fn merge(&mut self, other: Self) {
        *self = match (std::mem::take(self), other) {
            (Self::Null, shape) | (shape, Self::Null) => shape,
            (Self::Bool, Self::Bool) => Self::Bool,
            (Self::Number(a), Self::Number(b)) => {
                let both = Numbers { float: a.float || b.float, wide: a.wide || b.wide };
                if both.float && both.wide { MIXED } else { Self::Number(both) }
            }
            (Self::Text { mixed: a }, Self::Text { mixed: b }) => Self::Text { mixed: a || b },
            (Self::List(mut a), Self::List(b)) => {
                a.merge(*b);
                Self::List(a)
            }
            (Self::Struct(mut a), Self::Struct(b)) => {
                a.merge(b);
                Self::Struct(a).narrowed()
            }
            _ => MIXED,
        }
    }

    fn narrowed(self) -> Self {
        match self {
            Self::Struct(fields) if MAX_FIELDS < fields.len() => MIXED,
            shape => shape,
        }
    }

    /// The type of the column. What never had a value is text, as is an object that
    /// never had a field, since Parquet knows neither.
    pub(crate) fn data_type(&self) -> DataType {
        match self {
            Self::Null | Self::Text { .. } => DataType::Utf8,
            Self::Bool => DataType::Boolean,
            Self::Number(Numbers { float: true, .. }) => DataType::Float64,
            Self::Number(_) => DataType::Int64,
            Self::List(item) => DataType::new_list(item.data_type(), true),
            Self::Struct(fields) if fields.len() == 0 => DataType::Utf8,
            Self::Struct(fields) => DataType::Struct(fields.to_arrow().into()),
        }
    }

    /// Appends the paths of everything that is text because types conflict.
    fn add_mixed(&self, path: &str, paths: &mut Vec<String>) {
        match self {
            Self::Text { mixed: true } => paths.push(path.to_owned()),
            Self::List(item) => item.add_mixed(&format!("{path}[]"), paths),
            Self::Struct(fields) => {
                for (name, shape) in fields.iter() {
                    shape.add_mixed(&format!("{path}.{name}"), paths);
                }
            }
            _ => {}
        }
    }
}

fn number(digits: &str) -> Shape {
    let float = digits.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E'));
    if float {
        let finite = digits.parse().is_ok_and(f64::is_finite);
        return if finite { Shape::Number(Numbers { float, wide: false }) } else { MIXED };
    }
    match digits.parse::<i64>() {
        Ok(value) => Shape::Number(Numbers { float, wide: EXACT_FLOAT < value.unsigned_abs() }),
        Err(_) => MIXED,
    }
}

/// The fields of an object in order of first appearance.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields {
    shapes: Vec<(String, Shape)>,
    places: HashMap<String, usize>,
}

impl PartialEq for Fields {
    fn eq(&self, other: &Self) -> bool {
        self.shapes == other.shapes
    }
}

impl Fields {
    /// Number of fields.
    pub(crate) fn len(&self) -> usize {
        self.shapes.len()
    }

    /// Names and types in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Shape)> {
        self.shapes.iter().map(|(name, shape)| (name.as_str(), shape))
    }

    /// The place of `name`; `guess` is looked at first, since records look alike.
    pub(crate) fn find(&self, name: &str, guess: usize) -> Option<usize> {
        match self.shapes.get(guess) {
            Some((known, _)) if known == name => Some(guess),
            _ => self.places.get(name).copied(),
        }
    }

    fn find_or_add(&mut self, name: Cow<'_, str>, guess: usize) -> usize {
        self.find(&name, guess).unwrap_or_else(|| {
            let name = name.into_owned();
            self.places.insert(name.clone(), self.shapes.len());
            self.shapes.push((name, Shape::Null));
            self.shapes.len() - 1
        })
    }

    /// Widens the fields until they hold a record.
    pub(crate) fn absorb(&mut self, entries: &Entries<'_>) {
        self.widen(entries, MAX_LEVELS);
    }

    fn widen(&mut self, entries: &Entries<'_>, levels: usize) {
        let mut guess = 0;
        for (name, value) in entries {
            let place = self.find_or_add(Cow::Borrowed(name), guess);
            self.shapes[place].1.absorb(value, levels);
            guess = place + 1;
        }
    }

    /// Widens the fields until they hold all that `other` holds; its records follow.
    pub(crate) fn merge(&mut self, other: Self) {
        for (guess, (name, shape)) in other.shapes.into_iter().enumerate() {
            let place = self.find_or_add(Cow::Owned(name), guess);
            self.shapes[place].1.merge(shape);
        }
    }

    /// The columns.
    pub(crate) fn to_arrow(&self) -> Vec<Field> {
        self.iter().map(|(name, shape)| Field::new(name, shape.data_type(), true)).collect()
    }

    /// Paths of everything that is text because types conflict.
    pub(crate) fn mixed(&self) -> Vec<String> {
        let mut paths = Vec::new();
        for (name, shape) in self.iter() {
            shape.add_mixed(name, &mut paths);
        }
        paths
    }
}

#[cfg(test)]
mod tests {
    use super::{super::object, *};

    fn fields(lines: &[&str]) -> Fields {
        let mut fields = Fields::default();
        for line in lines {
            fields.absorb(&object(line).unwrap());
        }
        fields
    }

    fn type_of(values: &[&str]) -> DataType {
        let lines: Vec<String> = values.iter().map(|value| format!("{{\"a\":{value}}}")).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        fields(&lines).to_arrow()[0].data_type().clone()
    }

    #[test]
    fn integers_stay_integers_and_widen_to_floats_only_without_loss() {
        assert_eq!(type_of(&["1", "null", "-9223372036854775808"]), DataType::Int64);
        assert_eq!(type_of(&["1", "0.5", "9007199254740992"]), DataType::Float64);
        assert_eq!(type_of(&["0.5", "9007199254740993"]), DataType::Utf8);
        assert_eq!(type_of(&["9007199254740993", "1", "0.5"]), DataType::Utf8);
        assert_eq!(type_of(&["9223372036854775808"]), DataType::Utf8);
        assert_eq!(type_of(&["1e999"]), DataType::Utf8);
    }

    #[test]
    fn what_holds_nothing_is_text() {
        assert_eq!(type_of(&["null"]), DataType::Utf8);
        assert_eq!(type_of(&["[]"]), DataType::new_list(DataType::Utf8, true));
        assert_eq!(type_of(&["{}"]), DataType::Utf8);
        assert_eq!(type_of(&["[]", "[null, 1]"]), DataType::new_list(DataType::Int64, true));
    }

    #[test]
    fn conflicts_are_named_with_their_path() {
        let fields = fields(&[
            r#"{"a":1,"b":{"c":[{"d":true}]},"e":"x"}"#,
            r#"{"a":"1","b":{"c":[{"d":0}]},"f":[1]}"#,
        ]);
        assert_eq!(fields.mixed(), ["a", "b.c[].d"]);
        let names: Vec<&str> = fields.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a", "b", "e", "f"]);
    }

    #[test]
    fn names_that_are_data_become_text() {
        let wide = |from: usize, to: usize| {
            let entries: Vec<String> = (from..to).map(|n| format!("\"{n}\":1")).collect();
            format!("{{{}}}", entries.join(","))
        };
        let (all, some, more) = (wide(0, 1_001), wide(0, 999), wide(999, 1_001));
        assert_eq!(type_of(&[&all]), DataType::Utf8);
        assert_eq!(type_of(&[&some, &more]), DataType::Utf8);
        assert!(matches!(type_of(&[&some]), DataType::Struct(_)));
    }

    #[test]
    fn merging_parts_gives_what_reading_all_gives() {
        let lines = [
            r#"{"a":1}"#,
            r#"{"b":{"x":1},"a":2.5}"#,
            r#"{"b":{"y":[1]},"c":[]}"#,
            r#"{"b":{"y":["z"]},"c":[{"k":null}]}"#,
            r#"{"c":[{"k":9007199254740993}],"a":9007199254740993}"#,
        ];
        let whole = fields(&lines);
        for middle in 0..=lines.len() {
            let mut first = fields(&lines[..middle]);
            first.merge(fields(&lines[middle..]));
            assert_eq!(first, whole, "parts of {middle} and the rest");
        }
    }
}
