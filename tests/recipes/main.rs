//! Every recipe in `configs/` runs on the quick-start sample, with the same result as ever.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeSet, fs, path::Path};

use assay_tests::{Workbench, in_repository, repository};
use serde_json::{Value, json};

/// Names of what stands in `folder` with `ending`, without it.
fn names(folder: &Path, ending: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let name = |entry: fs::DirEntry| entry.file_name().into_string().expect("names are UTF-8");
    let names = entries.map(|entry| name(entry.expect("the folder can be read")));
    names.filter_map(|name| name.strip_suffix(ending).map(str::to_owned)).collect()
}

fn recipes() -> BTreeSet<String> {
    names(&repository().join("configs"), ".toml")
}

/// What a run did, without times and sizes of files.
fn summary(run: &Value) -> Value {
    let reasons = run["reasons"].as_array().unwrap().iter().map(|reason| {
        let told = format!("{} by {}", reason["action"], reason["step"]).replace('"', "");
        json!({ told: reason["rows"] })
    });
    json!({ "counts": run["counts"], "reasons": reasons.collect::<Vec<_>>() })
}

#[test]
fn every_recipe_runs_and_does_what_it_did() {
    let sample = in_repository("samples/quickstart");
    for name in recipes() {
        let bench = Workbench::of(env!("CARGO_BIN_EXE_assay-under-test"));
        let recipe = in_repository(&format!("configs/{name}.toml"));
        // The sample holds broken rows, so a run ends with 11: finished, some set aside.
        let _ = bench.assay(["run", &recipe, "-i", &sample, "-o", "out"]).exits(11);
        let _ = bench.assay(["verify", "out"]).exits(0);
        let run = bench.read_json("out/run.json");
        assert_eq!(run["recipe"], name.as_str(), "a recipe is called as its file");
        assert_eq!(run["unreadable"], json!([]), "{name}");
        insta::assert_snapshot!(name, serde_json::to_string_pretty(&summary(&run)).unwrap());
    }
}

#[test]
fn every_recipe_has_a_snapshot_and_every_snapshot_a_recipe() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes/snapshots");
    let kept: BTreeSet<String> = names(&folder, ".snap")
        .into_iter()
        .map(|name| name.strip_prefix("recipes__").unwrap_or(&name).to_owned())
        .collect();
    assert_eq!(
        recipes(),
        kept,
        "run the tests with INSTA_UPDATE=always and read what was written, or delete what is left"
    );
}
