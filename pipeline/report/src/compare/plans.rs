//! What two plans ask differently.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Change;

/// Differences in order of path.
pub(super) fn changes(left: &Value, right: &Value) -> Vec<Change> {
    let (mut flat_left, mut flat_right) = (BTreeMap::new(), BTreeMap::new());
    flatten("", left, &mut flat_left);
    flatten("", right, &mut flat_right);
    let mut changes = Vec::new();
    for (path, value) in &flat_left {
        let other = flat_right.get(path);
        if other != Some(value) {
            changes.push(Change {
                path: path.clone(),
                left: Some(value.clone()),
                right: other.cloned(),
            });
        }
    }
    for (path, value) in &flat_right {
        if !flat_left.contains_key(path) {
            changes.push(Change { path: path.clone(), left: None, right: Some(value.clone()) });
        }
    }
    changes.sort_by(|left, right| left.path.cmp(&right.path));
    changes
}

fn flatten(path: &str, value: &Value, out: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, value) in fields {
                flatten(&below(path, name), value, out);
            }
        }
        Value::Array(items) if named(items) => {
            for (place, item) in items.iter().enumerate() {
                let Some(fields) = item.as_object() else { continue };
                let name = fields["name"].as_str().unwrap_or_default();
                let mut rest: Map<String, Value> = fields.clone();
                rest.remove("name");
                // Earlier steps win, so a step that only moved has changed too.
                rest.insert("place".to_owned(), Value::from(place));
                flatten(&below(path, name), &Value::Object(rest), out);
            }
        }
        value => {
            out.insert(path.to_owned(), value.clone());
        }
    }
}

/// Whether all items have a name, and each its own.
fn named(items: &[Value]) -> bool {
    let names: Option<Vec<&str>> = items.iter().map(|item| item["name"].as_str()).collect();
    names.is_some_and(|mut names| {
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        0 < all && names.len() == all
    })
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn steps_are_matched_by_name() {
        let left = json!({"steps": [{"name": "a", "min": 1}, {"name": "b"}]});
        let right = json!({"steps": [{"name": "b"}, {"name": "a", "min": 2}]});
        let found = changes(&left, &right);
        let paths: Vec<&str> = found.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(paths, ["steps.a.min", "steps.a.place", "steps.b.place"]);
    }

    #[test]
    fn what_is_new_has_no_left_side() {
        let found = changes(&json!({"a": 1}), &json!({"a": 1, "b": [1, 2]}));
        assert_eq!(found, [Change { path: "b".into(), left: None, right: Some(json!([1, 2])) }]);
    }
}
