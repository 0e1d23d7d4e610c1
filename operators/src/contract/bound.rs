//! Registry entries, and what identifies an operator with its options.

use serde::Serialize;

use super::{AnyGauge, AnyRewriter, AnySigner, Card, against, asset};

/// One line of the registry.
#[derive(Clone, Copy)]
pub enum Entry {
    /// Measures, and judges by limits.
    Gauge(&'static dyn AnyGauge),
    /// Proposes edits.
    Rewriter(&'static dyn AnyRewriter),
    /// Relates documents.
    Signer(&'static dyn AnySigner),
}

impl Entry {
    /// Identity of the operator.
    #[must_use]
    pub fn card(&self) -> &'static Card {
        match self {
            Self::Gauge(gauge) => gauge.card(),
            Self::Rewriter(rewriter) => rewriter.card(),
            Self::Signer(signer) => signer.card(),
        }
    }

    /// `gauge`, `rewriter` or `signer`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Gauge(_) => "gauge",
            Self::Rewriter(_) => "rewriter",
            Self::Signer(_) => "signer",
        }
    }

    /// JSON schema of the option table, measuring options and limits together.
    #[must_use]
    pub fn options_schema(&self) -> serde_json::Value {
        match self {
            Self::Gauge(gauge) => gauge.options_schema(),
            Self::Rewriter(rewriter) => rewriter.options_schema(),
            Self::Signer(signer) => signer.options_schema(),
        }
    }

    /// Whether documents are edited, not judged.
    #[must_use]
    pub fn edits(&self) -> bool {
        match self {
            Self::Gauge(_) => false,
            Self::Rewriter(_) => true,
            Self::Signer(signer) => signer.edits(),
        }
    }

    /// Keys of the options that name tables.
    #[must_use]
    pub fn table_keys(&self) -> Vec<String> {
        asset::table_keys(&self.options_schema())
    }

    /// Keys of the options that name files.
    #[must_use]
    pub fn asset_keys(&self) -> Vec<String> {
        asset::asset_keys(&self.options_schema())
    }

    /// Keys of the options that name corpora.
    #[must_use]
    pub fn corpus_keys(&self) -> Vec<String> {
        against::corpus_keys(&self.options_schema())
    }
}

/// What an operator will do, as text that can be hashed: id, version and options
/// with every default filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fingerprint(String);

impl Fingerprint {
    pub(super) fn of(card: &Card, options: &impl Serialize) -> Self {
        let options = serde_json::to_string(options).unwrap_or_default();
        Self(format!("{}@{}{options}", card.id, card.version))
    }

    /// The text to hash or show.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Properties of several schemas under one object.
pub(super) fn merged_schema(parts: Vec<schemars::Schema>) -> serde_json::Value {
    let mut properties = serde_json::Map::new();
    let mut definitions = serde_json::Map::new();
    for part in parts {
        let serde_json::Value::Object(mut part) = part.to_value() else { continue };
        if let Some(serde_json::Value::Object(more)) = part.remove("properties") {
            properties.extend(more);
        }
        if let Some(serde_json::Value::Object(more)) = part.remove("$defs") {
            definitions.extend(more);
        }
    }
    let mut schema = serde_json::json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    });
    if !definitions.is_empty() {
        schema["$defs"] = definitions.into();
    }
    schema
}
