//! The JSON schema of recipes, with which editors complete and check them.

use std::collections::BTreeMap;

use assay_operators::{contract::Entry, registry};
use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use crate::plan::Action;

/// A recipe of assay: which documents are read, what is measured, and what happens to
/// each document.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used; the reader keeps places instead")]
#[expect(clippy::struct_field_names, reason = "fields are keys, and the name's key is `recipe`")]
struct Recipe {
    /// Name of the recipe; the name of its file when left out.
    #[schemars(length(min = 1))]
    recipe: Option<String>,
    /// Version of the recipe, as its author counts. Default: 1.
    #[schemars(range(min = 1))]
    version: Option<u32>,
    /// Packs whose steps, rules and input hold here unless overridden. A later pack
    /// overrides an earlier one.
    extends: Option<Vec<String>>,
    /// What is read.
    input: Option<Input>,
    /// Uses of operators, in order.
    step: Option<Vec<Step>>,
    /// Policy over what was measured, in order.
    rule: Option<Vec<Rule>>,
    /// When a run stops by itself.
    brake: Option<Brake>,
    /// What is written.
    output: Option<Output>,
}

/// What is read.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
struct Input {
    /// Files and directories, relative to the recipe. Paths on the command line
    /// replace them.
    paths: Option<Vec<String>>,
    /// Column with the document; several columns are its parts. Found when left out.
    text: Option<OneOrMore>,
    /// Column with your own id.
    id: Option<String>,
    /// Column with the address of the page.
    url: Option<String>,
    /// Column that says where the document is from; the file when left out.
    source: Option<String>,
    /// Column with the date.
    date: Option<String>,
    /// Column with the language tag.
    lang: Option<String>,
    /// Column with the licence.
    license: Option<String>,
    /// Documents above this are set aside: bytes, or a size such as "64MiB".
    /// Default: "64MiB".
    max_document_bytes: Option<Size>,
}

/// One use of an operator.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
struct Step {
    /// Unique name; begins the names of the step's columns, `<step>__<field>`. The name
    /// of a pack's step overrides that step.
    #[schemars(regex(pattern = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"))]
    name: String,
    /// What it measures, finds or edits.
    operator: Option<String>,
    /// Options of the operator.
    options: Option<BTreeMap<String, Value>>,
    /// What happens to documents outside the limits, or to the members of a group that
    /// do not stay. Default: "keep", which only measures.
    on_outside: Option<Action>,
    /// What happens to documents that could not be measured. Default: "keep".
    on_unmeasured: Option<Action>,
    /// The step speaks only about documents with one of these values of `lang`,
    /// `source`, or an earlier step that measures a label.
    only_for: Option<BTreeMap<String, OneOrMore>>,
}

/// Policy over what was measured.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
struct Rule {
    /// Unique name, shown as the reason. The name of a pack's rule overrides that rule.
    #[schemars(length(min = 1))]
    name: String,
    /// SQL condition over the columns of one document, such as
    /// `words__value < 20 AND lang = 'en'`.
    #[schemars(length(min = 1))]
    when: Option<String>,
    /// What happens to documents for which it is true.
    action: Option<Action>,
}

/// When a run stops by itself.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
struct Brake {
    /// Sources of which a dedup step may remove more than half.
    accept: Option<Vec<String>>,
}

/// What is written.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used")]
struct Output {
    /// Whether dropped documents are written to `dropped/`. Default: false.
    dropped: Option<bool>,
    /// Whether `excerpts/` holds bounded samples of text. Default: true.
    excerpts: Option<bool>,
}

/// A string or a list of strings.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
enum OneOrMore {
    One(String),
    More(#[schemars(length(min = 1))] Vec<String>),
}

/// Bytes as a number, or a size such as "64MiB".
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "only its schema is used")]
enum Size {
    Bytes(#[schemars(range(min = 1))] u64),
    Written(String),
}

/// JSON schema (draft 2020-12) of recipes, options of every operator included.
#[must_use]
pub fn recipe_schema() -> Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12();
    let mut schema = settings.into_generator().into_root_schema_for::<Recipe>().to_value();
    without_null(&mut schema);
    let mut definitions = Map::new();
    let mut cases = Vec::new();
    for entry in registry::REGISTRY {
        let id = entry.card().id;
        hoist(&format!("{id}-options"), entry.options_schema(), &mut definitions);
        cases.push(case(*entry));
    }
    if let Some(step) = schema.pointer_mut("/$defs/Step") {
        step["properties"]["operator"] = operators();
        step["properties"]["options"] =
            json!({ "type": "object", "description": "Options of the operator." });
        step["allOf"] = cases.into();
    }
    if let Some(Value::Object(all)) = schema.get_mut("$defs") {
        all.extend(definitions);
    }
    schema
}

fn operators() -> Value {
    let each = registry::REGISTRY.iter().map(|entry| {
        let card = entry.card();
        json!({ "const": card.id, "description": format!("{}: {}", entry.kind(), card.summary) })
    });
    json!({
        "description": "What it measures, finds or edits.",
        "type": "string",
        "oneOf": each.collect::<Vec<_>>(),
    })
}

/// What holds for a step once its operator is known.
fn case(entry: Entry) -> Value {
    let id = entry.card().id;
    let mut properties = json!({ "options": { "$ref": format!("#/$defs/{id}-options") } });
    if entry.edits() {
        properties["on-outside"] = false.into();
        properties["on-unmeasured"] = false.into();
    }
    json!({
        "if": { "properties": { "operator": { "const": id } }, "required": ["operator"] },
        "then": { "properties": properties },
    })
}

/// Puts a schema among the definitions as `name`, and its own definitions as
/// `name-<their name>`, since operators do not know each other's names.
fn hoist(name: &str, mut schema: Value, definitions: &mut Map<String, Value>) {
    let inner = schema.as_object_mut().and_then(|schema| schema.remove("$defs"));
    rename_references(&mut schema, name);
    definitions.insert(name.to_owned(), schema);
    let Some(Value::Object(inner)) = inner else { return };
    for (key, mut definition) in inner {
        rename_references(&mut definition, name);
        definitions.insert(format!("{name}-{key}"), definition);
    }
}

fn rename_references(schema: &mut Value, prefix: &str) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get_mut("$ref")
                && let Some(key) = reference.strip_prefix("#/$defs/")
            {
                *reference = format!("#/$defs/{prefix}-{key}");
            }
            map.values_mut().for_each(|inner| rename_references(inner, prefix));
        }
        Value::Array(items) => {
            for inner in items {
                rename_references(inner, prefix);
            }
        }
        _ => {}
    }
}

/// Takes `null` out of every type: keys may be left out, but TOML has no null.
fn without_null(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::Array(types)) = map.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    map.insert("type".to_owned(), only);
                }
            }
            if let Some(Value::Array(choices)) = map.get_mut("anyOf") {
                choices.retain(|choice| choice != &json!({ "type": "null" }));
                if let [only] = choices.as_slice() {
                    let only = only.clone();
                    map.remove("anyOf");
                    if let Value::Object(only) = only {
                        map.extend(only);
                    }
                }
            }
            map.values_mut().for_each(without_null);
        }
        Value::Array(items) => items.iter_mut().for_each(without_null),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::recipe_schema;
    use crate::recipe::keys;

    fn properties(schema: &Value, pointer: &str) -> Vec<String> {
        let properties = schema.pointer(pointer).and_then(Value::as_object);
        properties.expect(pointer).keys().cloned().collect()
    }

    fn sorted(keys: &[&str]) -> Vec<String> {
        let mut keys = keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
        keys.sort();
        keys
    }

    fn references(schema: &Value, found: &mut Vec<String>) {
        match schema {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|inner| references(inner, found));
            }
            Value::Array(items) => items.iter().for_each(|inner| references(inner, found)),
            _ => {}
        }
    }

    #[test]
    fn the_schema_and_the_reader_know_the_same_keys() {
        let schema = recipe_schema();
        let tables = [
            ("/properties", keys::RECIPE),
            ("/$defs/Input/properties", keys::INPUT),
            ("/$defs/Step/properties", keys::STEP),
            ("/$defs/Rule/properties", keys::RULE),
            ("/$defs/Brake/properties", keys::BRAKE),
            ("/$defs/Output/properties", keys::OUTPUT),
        ];
        for (pointer, known) in tables {
            assert_eq!(properties(&schema, pointer), sorted(known), "{pointer}");
        }
    }

    #[test]
    fn every_reference_resolves() {
        let schema = recipe_schema();
        let mut found = Vec::new();
        references(&schema, &mut found);
        assert!(found.len() > 5, "{found:?}");
        for reference in found {
            let pointer = reference.strip_prefix('#').expect("references stay inside");
            assert!(schema.pointer(pointer).is_some(), "{reference}");
        }
    }

    #[test]
    fn every_operator_has_its_options() {
        let schema = recipe_schema();
        for entry in assay_operators::registry::REGISTRY {
            let id = entry.card().id;
            assert!(schema.pointer(&format!("/$defs/{id}-options")).is_some(), "{id}");
        }
    }

    #[test]
    fn unknown_keys_are_refused_everywhere() {
        let schema = recipe_schema();
        for table in ["", "/$defs/Input", "/$defs/Step", "/$defs/Rule", "/$defs/Brake"] {
            let refused = schema.pointer(&format!("{table}/additionalProperties"));
            assert_eq!(refused, Some(&Value::Bool(false)), "{table}");
        }
    }

    #[test]
    fn the_shape_of_the_schema_stays_as_it_was_read() {
        let mut schema = recipe_schema();
        // Operators come and go; each is pinned by its own guide.
        let definitions = schema["$defs"].as_object_mut().expect("definitions");
        definitions.retain(|name, _| !name.contains("-options"));
        definitions["Step"]["properties"]["operator"]["oneOf"] = "…".into();
        definitions["Step"]["allOf"] = "…".into();
        let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
        insta::assert_snapshot!(text);
    }
}
