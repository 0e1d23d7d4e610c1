#![doc = include_str!("imported.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::check_limits;
use crate::contract::{
    AnyGauge, By, Card, Derived, Document, Fidelity, Field, FieldKind, Gauge, GaugeKind, Imported,
    Judgement, OptionsError, Source, Support, Tables, Value,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<ImportedValue>::new();

/// Takes a number from tables of the user's own.
#[derive(Debug)]
pub struct ImportedValue {
    imported: Imported,
    limits: Limits,
}

/// Measuring options of [`ImportedValue`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// Parquet files, by a path or a pattern such as `scores/*.parquet`.
    pub file: Option<Tables>,
    /// The column with the number.
    pub column: String,
    /// How a row finds its document: by the columns `file` and `row`, as the ledger has
    /// them, or by your own `id`.
    pub by: By,
    /// The column of the tables with your own id.
    pub key: String,
}

impl Default for Measuring {
    fn default() -> Self {
        let (column, key) = ("score".to_owned(), "id".to_owned());
        Self { file: None, column, by: By::default(), key }
    }
}

/// Limits of [`ImportedValue`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Smallest value allowed; any if not set.
    pub min: Option<f64>,
    /// Largest value allowed; any if not set.
    pub max: Option<f64>,
}

impl Gauge for ImportedValue {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "imported",
        version: 1,
        summary: "takes a number from tables of your own",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Float,
            unit: "number",
            what: "the imported value",
        }],
        support: Support::AnyText,
        source: Source { work: "our own", url: "", fidelity: Fidelity::Own },
        guide: include_str!("imported.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        check_limits(limits.min, limits.max)?;
        let Measuring { file, column, by, key } = measuring;
        if file.is_none() {
            let fix = "name the tables: file = \"scores/*.parquet\"";
            return Err(OptionsError::new("file", "is missing", fix));
        }
        Ok(Self { imported: Imported { by, key, column }, limits })
    }

    fn derived(&self) -> Option<Derived> {
        Some(Derived::Imported(self.imported.clone()))
    }

    fn measure(&self, _: &Document<'_>, _: &mut [Value]) {}

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::between(&measured[0], self.limits.min, self.limits.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        contract::Asset,
        testing::{bound, refused},
    };

    #[test]
    fn tables_are_known_by_what_they_hold_in_any_order() {
        let files = [Asset::of(b"a"), Asset::of(b"b")];
        let swapped = [Asset::of(b"b"), Asset::of(b"a")];
        let measuring = |files: &[Asset]| {
            let gauge = bound(KIND, &format!("file = '{}'", Tables::of(files))).unwrap();
            gauge.measuring().clone()
        };
        assert_eq!(measuring(&files), measuring(&swapped));
        assert_ne!(measuring(&files), measuring(&files[..1]));
    }

    #[test]
    fn options_that_cannot_work_are_refused() {
        assert_eq!(refused(KIND, ""), "file");
        assert_eq!(refused(KIND, "file = 'scores.parquet'"), "file");
        assert_eq!(refused(KIND, "by = 'name'"), "by");
    }
}
