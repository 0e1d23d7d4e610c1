//! Other corpora that the documents of a run are compared with.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// Corpora that an option names: files, folders or run folders, each maybe as `LABEL=PATH`.
/// The engine reads them, never an operator.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Corpora(pub Vec<String>);

/// What the schema of an option calls such a value.
const CORPUS: &str = "corpus";

impl JsonSchema for Corpora {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Corpora".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": { "type": "string", "format": CORPUS, "minLength": 1 },
        })
    }
}

/// Keys of the options that name corpora, by the schema of the option table.
pub(super) fn corpus_keys(schema: &serde_json::Value) -> Vec<String> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let names = |schema: &serde_json::Value| schema["items"]["format"] == CORPUS;
    properties.filter(|(_, schema)| names(schema)).map(|(key, _)| key.clone()).collect()
}

/// What the documents of a run are compared with besides each other. Documents of other
/// corpora always stay, and are preferred to all of the run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Against {
    /// Their paths.
    pub corpora: Vec<String>,
    /// Whether the documents of the run are not compared with each other.
    pub only: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default, Serialize, Deserialize, JsonSchema)]
    #[serde(default)]
    struct Options {
        against: Corpora,
        other: Vec<String>,
    }

    #[test]
    fn options_that_name_corpora_are_known_by_their_type() {
        let schema = serde_json::to_value(schemars::schema_for!(Options)).unwrap();
        assert_eq!(corpus_keys(&schema), ["against"]);
    }
}
