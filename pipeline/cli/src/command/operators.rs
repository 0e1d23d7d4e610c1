//! `assay operators`: the list, or one guide.

use std::fmt::Write;

use assay_operators::{contract::Entry, registry};
use clap::Args;

use super::run::to_json;
use crate::{Exit, app::Common, error::CliError, terminal};

/// List the operators, or show the guide of one.
#[derive(Debug, Args)]
pub(crate) struct Operators {
    /// Operator id, as written in a recipe.
    #[arg(value_name = "ID")]
    id: Option<String>,
}

impl Operators {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, CliError> {
        let text = match &self.id {
            Some(id) => {
                let Some(entry) = registry::find(id) else { return Err(unknown(id)) };
                if common.json {
                    format!("{}\n", to_json(&described(entry))?)
                } else {
                    guide(entry)
                }
            }
            None if common.json => {
                let all: Vec<_> = registry::REGISTRY.iter().map(described).collect();
                format!("{}\n", to_json(&all)?)
            }
            None => list(),
        };
        terminal::data(text)?;
        Ok(Exit::Ok)
    }
}

fn unknown(id: &str) -> CliError {
    let fix = match registry::nearest(id) {
        Some(near) => format!("did you mean `{near}`? `assay operators` lists them all"),
        None => "`assay operators` lists them all".to_owned(),
    };
    CliError::usage(format!("there is no operator {id:?}"), fix)
}

fn described(entry: &Entry) -> serde_json::Value {
    serde_json::json!({
        "kind": entry.kind(),
        "card": entry.card(),
        "options": entry.options_schema(),
    })
}

fn list() -> String {
    let mut out = String::new();
    for entry in registry::REGISTRY {
        let card = entry.card();
        let _ = writeln!(out, "{:20} {:9} {}", card.id, entry.kind(), card.summary);
    }
    out
}

fn guide(entry: &Entry) -> String {
    let card = entry.card();
    let mut out = format!("{} ({}, version {})\n\n", card.id, entry.kind(), card.version);
    let _ = writeln!(out, "{}", card.guide.trim_end());
    let schema = entry.options_schema();
    let options = schema["properties"].as_object().filter(|options| !options.is_empty());
    if let Some(options) = options {
        let _ = writeln!(out, "\n## Options\n");
        for (name, option) in options {
            let about = option["description"].as_str().unwrap_or("").replace('\n', " ");
            let default = &option["default"];
            let _ = writeln!(out, "{name} = {default}\n    {about}");
        }
    }
    out
}
