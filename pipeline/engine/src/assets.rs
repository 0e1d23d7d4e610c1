//! Files that options name, read where documents are measured and edited: what they hold
//! has to be what was planned.

use std::{fs::File, sync::Arc};

use assay_operators::contract::{Asset, Assets};
use assay_plan::{AssetFile, BoundOperator, BoundStep, Step};

use crate::{EngineError, ready::Ready};

/// The steps with their operators ready to measure and to edit; a second call with the same
/// steps is free.
pub(crate) fn loaded(steps: &[Step]) -> Result<Arc<Vec<BoundStep>>, EngineError> {
    static READY: Ready<Vec<BoundStep>> = Ready::new();
    let text =
        serde_json::to_string(steps).map_err(|error| EngineError::Broken(error.to_string()))?;
    READY.get(&text, || steps.iter().map(load).collect())
}

/// The rewriters among `steps`, ready to edit.
pub(crate) fn rewriters(steps: &[BoundStep]) -> Result<Arc<Vec<BoundStep>>, EngineError> {
    let rewriter = |step: &&BoundStep| matches!(step.operator, BoundOperator::Rewriter(_));
    let steps = steps.iter().filter(rewriter).map(|step| step.step.clone());
    loaded(&steps.collect::<Vec<_>>())
}

fn load(step: &Step) -> Result<BoundStep, EngineError> {
    let mut assets = Assets::default();
    // Tables are not held in memory.
    let derived = step.bind().is_ok_and(|bound| bound.derived().is_some());
    for file in step.assets.iter().filter(|_| !derived) {
        read(step, file, &mut assets)?;
    }
    step.load(&assets).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        EngineError::Broken(format!("step {:?} does not bind: {}", step.name, errors.join("; ")))
    })
}

/// Adds the file, which has to hold what was planned. It is held in memory once.
fn read(step: &Step, file: &AssetFile, assets: &mut Assets) -> Result<(), EngineError> {
    let unreadable = |error: std::io::Error| {
        let problem =
            format!("cannot be read: {error}; step {:?} names it as {:?}", step.name, file.option);
        let fix = "put the file where every process that measures can read it";
        EngineError::input(&file.path, problem, fix)
    };
    let open = File::open(&file.path).map_err(unreadable)?;
    if open.metadata().map_err(unreadable)?.len() != file.bytes {
        return Err(changed(step, file));
    }
    let bytes = usize::try_from(file.bytes).unwrap_or(usize::MAX);
    let found = assets.read(open, bytes).map_err(unreadable)?;
    if found == file.content { Ok(()) } else { Err(changed(step, file)) }
}

/// Whether the tables that a step imports from are still what was planned.
pub(crate) fn check_unchanged(step: &Step) -> Result<(), EngineError> {
    for file in &step.assets {
        let found = File::open(&file.path).and_then(Asset::read);
        if found.map_err(EngineError::io("read", &file.path))? != file.content {
            return Err(changed(step, file));
        }
    }
    Ok(())
}

fn changed(step: &Step, file: &AssetFile) -> EngineError {
    let problem = format!(
        "was changed after the run was planned; step {:?} names it as {:?}",
        step.name, file.option
    );
    let fix = "start again: what it holds now is planned as a change of the recipe";
    EngineError::input(&file.path, problem, fix)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn step(path: &std::path::Path, content: &[u8]) -> Step {
        let content = Asset::of(content);
        let options = toml_options(&content);
        let path = path.display().to_string();
        let file = AssetFile { option: "file".to_owned(), path, content, bytes: 3 };
        let step = serde_json::json!({
            "name": "bad", "operator": "listed_words", "operator_version": 1,
            "options": options, "assets": [file],
            "on_outside": "keep", "on_unmeasured": "keep", "only_for": {},
        });
        serde_json::from_value(step).unwrap()
    }

    fn toml_options(content: &Asset) -> serde_json::Value {
        serde_json::json!({ "file": content })
    }

    #[test]
    fn a_file_is_read_from_where_the_plan_says() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("words.txt");
        fs::write(&path, "mud").unwrap();
        assert!(loaded(&[step(&path, b"mud")]).is_ok());
    }

    #[test]
    fn a_file_that_changed_or_went_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("words.txt");
        let error = loaded(&[step(&path, b"mud")]).unwrap_err().to_string();
        assert!(error.contains("words.txt: cannot be read"), "{error}");
        fs::write(&path, "tide").unwrap();
        let error = loaded(&[step(&path, b"mud")]).unwrap_err().to_string();
        assert!(error.contains("words.txt: was changed after the run was planned"), "{error}");
    }
}
