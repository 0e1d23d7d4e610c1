//! What the tests of this crate share.

use std::{collections::BTreeMap, path::Path};

use miette::{GraphicalReportHandler, GraphicalTheme};

use assay_operators::contract::Asset;

use crate::{
    AssetContent, BadAsset, Files, Plan, RecipeErrors, Setting, Source, TableContent, plan,
};

/// The smallest recipe.
pub(crate) const WORDS: &str = "[[step]]\nname = \"words\"\noperator = \"word_count\"\n";

/// Packs held in memory, by name.
#[derive(Default)]
pub(crate) struct Shelf(BTreeMap<&'static str, &'static str>);

impl Shelf {
    pub(crate) fn of(packs: &[(&'static str, &'static str)]) -> Self {
        Self(packs.iter().copied().collect())
    }
}

impl Files for Shelf {
    fn pack(&self, name: &str) -> Result<(String, String), String> {
        let file = format!("configs/{name}.toml");
        match self.0.get(name) {
            Some(text) => Ok((file, (*text).to_owned())),
            None => Err(format!("{file} does not exist")),
        }
    }

    fn asset(&self, path: &str, beside: Option<&str>) -> Result<AssetContent, BadAsset> {
        let folder = match beside.map(Path::new) {
            Some(file) => Path::new("/recipes").join(file.parent().unwrap_or(file)),
            None => "/typed".into(),
        };
        let bytes: &[u8] = match path.rsplit('/').next() {
            Some("words.txt") => b"mud\nlow tide\n",
            Some("other.txt") => b"mud\n",
            Some("binary.bin") => b"\xff\xfe",
            _ => {
                let problem = format!("names {path}, which does not exist");
                return Err(BadAsset { problem, fix: "check the path".to_owned() });
            }
        };
        Ok(AssetContent { path: folder.join(path).display().to_string(), bytes: bytes.into() })
    }

    fn corpus(&self, path: &str, _: Option<&str>) -> Result<String, BadAsset> {
        if path == "missing" {
            let problem = format!("names {path}, which does not exist");
            return Err(BadAsset { problem, fix: "check the path".to_owned() });
        }
        Ok(match path.split_once('=') {
            Some((label, path)) => format!("{label}=/recipes/{path}"),
            None => format!("/recipes/{path}"),
        })
    }

    fn tables(&self, path: &str, beside: Option<&str>) -> Result<Vec<TableContent>, BadAsset> {
        let AssetContent { path, bytes } = self.asset(path, beside)?;
        let content = Asset::of(&bytes);
        Ok(vec![TableContent { path, content, bytes: bytes.len() as u64 }])
    }
}

/// The plan of a recipe that is right.
pub(crate) fn planned(text: &str) -> Plan {
    planned_with(text, &[], &[])
}

pub(crate) fn planned_with(
    text: &str,
    packs: &[(&'static str, &'static str)],
    settings: &[&str],
) -> Plan {
    made(text, packs, settings).unwrap_or_else(|errors| panic!("{}", shown(&errors)))
}

/// What is wrong with a recipe, as the terminal shows it.
pub(crate) fn problems(text: &str) -> String {
    problems_with(text, &[], &[])
}

pub(crate) fn problems_with(
    text: &str,
    packs: &[(&'static str, &'static str)],
    settings: &[&str],
) -> String {
    match made(text, packs, settings) {
        Ok(plan) => panic!("nothing was wrong: {plan:?}"),
        Err(errors) => shown(&errors),
    }
}

fn made(
    text: &str,
    packs: &[(&'static str, &'static str)],
    settings: &[&str],
) -> Result<Plan, RecipeErrors> {
    let settings = settings.iter().map(|written| Setting::parse(written));
    let settings = settings.collect::<Result<Vec<_>, _>>().expect("settings of tests are right");
    plan(&Source { file: "recipe.toml", text }, &Shelf::of(packs), &settings)
}

pub(crate) fn shown(errors: &RecipeErrors) -> String {
    let mut out = String::new();
    let theme = GraphicalTheme {
        characters: miette::ThemeCharacters::ascii(),
        styles: miette::ThemeStyles::none(),
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(100).with_links(false);
    handler.render_report(&mut out, errors).expect("writing to a string");
    out.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}
