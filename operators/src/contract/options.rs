//! Checked option values, and how a recipe's option table becomes them.

use std::{borrow::Cow, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use thiserror::Error;

/// A set of options that a recipe may write, every key with a default.
///
/// Derive `Default`, `Serialize`, `Deserialize` with `default` and
/// `deny_unknown_fields`, and `JsonSchema`; the rest is automatic.
pub trait OptionSet: Default + Serialize + DeserializeOwned + JsonSchema {}

impl<T: Default + Serialize + DeserializeOwned + JsonSchema> OptionSet for T {}

/// For operators that have nothing to set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NoOptions {}

/// A share from 0 to 1, both allowed.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Fraction(f64);

impl JsonSchema for Fraction {
    fn schema_name() -> Cow<'static, str> {
        "Fraction".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "minimum": 0, "maximum": 1 })
    }
}

impl Fraction {
    /// `percent` hundredths; more than 100 counts as 100.
    #[must_use]
    pub const fn percent(percent: u8) -> Self {
        Self(if percent < 100 { percent as f64 / 100.0 } else { 1.0 })
    }

    /// The share as a number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Fraction {
    type Error = String;

    fn try_from(number: f64) -> Result<Self, String> {
        if (0.0..=1.0).contains(&number) {
            Ok(Self(number))
        } else {
            Err(format!("is {number}, which is not a share from 0 to 1"))
        }
    }
}

impl From<Fraction> for f64 {
    fn from(share: Fraction) -> Self {
        share.0
    }
}

/// A number that is finite and not negative.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Quantity(f64);

impl JsonSchema for Quantity {
    fn schema_name() -> Cow<'static, str> {
        "Quantity".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "minimum": 0 })
    }
}

impl Quantity {
    /// `thousandths` divided by 1000.
    #[must_use]
    pub const fn thousandths(thousandths: u32) -> Self {
        Self(thousandths as f64 / 1000.0)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Quantity {
    type Error = String;

    fn try_from(number: f64) -> Result<Self, String> {
        if number.is_finite() && 0.0 <= number {
            Ok(Self(number))
        } else {
            Err(format!("is {number}, which is not a number from 0 up"))
        }
    }
}

impl From<Quantity> for f64 {
    fn from(quantity: Quantity) -> Self {
        quantity.0
    }
}

/// Checks that a value can be both at least `min` and at most `max`.
pub(crate) fn in_order<T: Copy + PartialOrd + fmt::Display>(
    min: T,
    max: T,
) -> Result<(), OptionsError> {
    if min <= max {
        return Ok(());
    }
    Err(OptionsError::new(
        "min",
        format!("is {min}, which is above `max` with {max}"),
        "lower `min` or raise `max`; a document must be able to be within both",
    ))
}

/// One option that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("option {key:?} {problem}")]
pub struct OptionsError {
    /// The key as written in the recipe.
    pub key: String,
    /// What is wrong with it, to follow the key.
    pub problem: String,
    /// What to do.
    pub fix: String,
}

impl OptionsError {
    /// `key` has `problem`; `fix` says what to do.
    pub fn new(key: impl Into<String>, problem: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { key: key.into(), problem: problem.into(), fix: fix.into() }
    }
}

/// The keys that an option set knows.
#[must_use]
pub fn keys_of<T: OptionSet>() -> Vec<String> {
    match serde_json::to_value(T::default()) {
        Ok(serde_json::Value::Object(map)) => map.into_iter().map(|(key, _)| key).collect(),
        _ => Vec::new(),
    }
}

/// Reads the keys of `table` that belong to `T`; the others are left alone.
/// Every key is read by itself first, so that each error names its key.
pub(super) fn read<T: OptionSet>(table: &toml::Table) -> Result<T, Vec<OptionsError>> {
    let keys = keys_of::<T>();
    let mut mine = toml::Table::new();
    let mut errors = Vec::new();
    for (key, value) in table {
        if !keys.contains(key) {
            continue;
        }
        let alone = toml::Table::from_iter([(key.clone(), value.clone())]);
        match alone.try_into::<T>() {
            Ok(_) => {
                mine.insert(key.clone(), value.clone());
            }
            Err(error) => errors.push(OptionsError::new(
                key,
                Trimmed(error.message()).to_string(),
                "`assay operators ID` shows every option with its type and default",
            )),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    mine.try_into::<T>().map_err(|error| {
        vec![OptionsError::new("options", error.message().to_owned(), "see the operator's guide")]
    })
}

/// Keys of `table` that no option set of the operator knows.
pub(super) fn unknown(table: &toml::Table, known: &[String]) -> Vec<OptionsError> {
    let strangers = table.keys().filter(|key| !known.contains(key));
    strangers
        .map(|key| {
            let fix = match crate::registry::nearest_of(key, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None if known.is_empty() => "this operator has no options".to_owned(),
                None => format!("it has: {}", known.join(", ")),
            };
            OptionsError::new(key, "does not exist", fix)
        })
        .collect()
}

struct Trimmed<'m>(&'m str);

impl fmt::Display for Trimmed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Checked types write their own sentence; serde's are made to fit behind the key.
        if self.0.starts_with("is ") || self.0.starts_with("must ") {
            f.write_str(self.0.trim_end())
        } else {
            write!(f, "cannot be read: {}", self.0.trim_end())
        }
    }
}
