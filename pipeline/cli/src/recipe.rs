//! Reading recipes and packs from files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use assay_plan::{Packs, Plan, Setting, Source, plan};

use crate::error::CliError;

/// A recipe that was planned.
pub(crate) struct Planned {
    pub plan: Plan,
    /// Paths to read, as the command line or the recipe gives them.
    pub inputs: Vec<String>,
}

/// Plans the recipe at `path`; `inputs` replace its own paths.
pub(crate) fn read(path: &Path, inputs: &[String], set: &[String]) -> Result<Planned, CliError> {
    let text = fs::read_to_string(path)
        .map_err(CliError::io(format!("the recipe {} cannot be read", path.display())))?;
    let mut settings = Vec::new();
    for written in set {
        let setting = Setting::parse(written).map_err(|problem| {
            CliError::usage(format!("--set {written}: {problem}"), "write --set step.option=value")
        })?;
        settings.push(setting);
    }
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let file = path.display().to_string();
    let source = Source { file: &file, text: &text };
    let plan = plan(&source, &Folder(folder.clone()), &settings).map_err(Box::new)?;
    let inputs = if inputs.is_empty() {
        plan.input.paths.iter().map(|path| below(&folder, path)).collect()
    } else {
        inputs.to_vec()
    };
    if inputs.is_empty() {
        return Err(CliError::usage(
            "there is nothing to read",
            "give a file or folder with -i PATH, or paths in the recipe: [input] paths = […]",
        ));
    }
    Ok(Planned { plan, inputs })
}

fn below(folder: &Path, path: &str) -> String {
    match path.split_once('=') {
        Some((label, path)) => format!("{label}={}", folder.join(path).display()),
        None => folder.join(path).display().to_string(),
    }
}

/// Packs beside a recipe: `extends = ["languages/zh"]` is `languages/zh.toml` there.
struct Folder(PathBuf);

impl Packs for Folder {
    fn read(&self, name: &str) -> Result<(String, String), String> {
        let path = self.0.join(format!("{name}.toml"));
        let text = fs::read_to_string(&path);
        let text = text.map_err(|error| format!("{}: {error}", path.display()))?;
        Ok((path.display().to_string(), text))
    }
}
