//! Files that are written by a program and checked in.

use std::fs;

use crate::repository::root;

/// Compares the file at `path` with what it should be, or writes it if asked to.
fn check(path: &str, fresh: &str) {
    let place = root().join(path);
    if std::env::var_os("ASSAY_REGENERATE").is_some() {
        fs::write(place, fresh).unwrap();
        return;
    }
    let found = fs::read_to_string(place).unwrap_or_default();
    assert!(found == fresh, "{path} is out of date: ASSAY_REGENERATE=1 cargo house rewrites it");
}

#[test]
fn the_recipe_schema_is_the_planners() {
    let schema = assay_plan::recipe_schema();
    let text = serde_json::to_string_pretty(&schema).unwrap();
    check("configs/recipe.schema.json", &format!("{text}\n"));
}
