//! Reading recipes and packs from files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use assay_plan::{AssetContent, BadAsset, Files, Plan, Setting, Source, TableContent, plan};

use clap::Args;

use crate::{
    assets::{asset, corpus, tables},
    error::CliError,
};

/// What the commands that take a recipe share.
#[derive(Debug, Args)]
pub(crate) struct RecipeArgs {
    /// The recipe, such as configs/quickstart.toml.
    #[arg(value_name = "RECIPE")]
    recipe: PathBuf,

    /// A file or folder to read, maybe as LABEL=PATH; replaces the recipe's own paths.
    #[arg(short, long, value_name = "PATH", num_args = 1..)]
    input: Vec<String>,

    /// The run folder [default: runs/RECIPE].
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Override an option of a step: step.option=value.
    #[arg(long, value_name = "STEP.OPTION=VALUE")]
    set: Vec<String>,
}

impl RecipeArgs {
    /// Plans the recipe.
    pub(crate) fn read(&self) -> Result<Planned, CliError> {
        let mut planned = read(&self.recipe, &self.input, &self.set)?;
        if let Some(out) = &self.out {
            planned.out.clone_from(out);
        }
        Ok(planned)
    }
}

/// A recipe that was planned.
pub(crate) struct Planned {
    pub plan: Plan,
    /// Paths to read, as the command line or the recipe gives them.
    pub inputs: Vec<String>,
    /// The run folder.
    pub out: PathBuf,
}

/// Plans the recipe at `path`; `inputs` replace its own paths.
fn read(path: &Path, inputs: &[String], set: &[String]) -> Result<Planned, CliError> {
    let text = fs::read_to_string(path)
        .map_err(|source| CliError::NoRecipe { path: path.to_owned(), source })?;
    let mut settings = Vec::new();
    for written in set {
        let setting = Setting::parse(written).map_err(|problem| {
            let fix = "`assay operators ID` shows the options of a step's operator";
            CliError::usage(format!("--set {written}: {problem}"), fix)
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
    let out = PathBuf::from("runs").join(&plan.recipe);
    Ok(Planned { plan, inputs, out })
}

fn below(folder: &Path, path: &str) -> String {
    match path.split_once('=') {
        // `year=2024/a.parquet` is a path; `web=crawl` names a root unless it is there.
        Some((label, rest)) if !label.contains(['/', '\\']) && !folder.join(path).exists() => {
            format!("{label}={}", folder.join(rest).display())
        }
        _ => folder.join(path).display().to_string(),
    }
}

/// Plans a recipe that a command made up, which builds on no pack.
pub(crate) fn plan_alone(file: &str, text: &str) -> Result<Plan, CliError> {
    Ok(plan(&Source { file, text }, &Alone, &[]).map_err(Box::new)?)
}

/// No packs at all.
struct Alone;

impl Files for Alone {
    fn pack(&self, name: &str) -> Result<(String, String), String> {
        Err(format!("{name} cannot be used here"))
    }

    fn asset(&self, path: &str, _: Option<&str>) -> Result<AssetContent, BadAsset> {
        asset(path, Path::new(""))
    }

    fn tables(&self, path: &str, _: Option<&str>) -> Result<Vec<TableContent>, BadAsset> {
        tables(path, Path::new(""))
    }

    fn corpus(&self, path: &str, _: Option<&str>) -> Result<String, BadAsset> {
        corpus(path, Path::new(""))
    }
}

/// Packs beside a recipe: `extends = ["languages/zh"]` is `languages/zh.toml` there.
struct Folder(PathBuf);

impl Files for Folder {
    fn pack(&self, name: &str) -> Result<(String, String), String> {
        let path = self.0.join(format!("{name}.toml"));
        let text = fs::read_to_string(&path);
        let text = text.map_err(|error| format!("{}: {error}", path.display()))?;
        Ok((path.display().to_string(), text))
    }

    fn asset(&self, path: &str, beside: Option<&str>) -> Result<AssetContent, BadAsset> {
        asset(path, folder_of(beside))
    }

    fn tables(&self, path: &str, beside: Option<&str>) -> Result<Vec<TableContent>, BadAsset> {
        tables(path, folder_of(beside))
    }

    fn corpus(&self, path: &str, beside: Option<&str>) -> Result<String, BadAsset> {
        corpus(path, folder_of(beside))
    }
}

fn folder_of(beside: Option<&str>) -> &Path {
    let folder = beside.and_then(|file| Path::new(file).parent());
    folder.unwrap_or(Path::new(""))
}
