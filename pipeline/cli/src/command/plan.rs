//! `assay plan`: what a run would do and need, from the recipe and the footers.

use std::{fmt::Write, path::PathBuf};

use assay_engine::Preview;
use bytesize::ByteSize;
use clap::Args;

use super::run::to_json;
use crate::{Exit, app::Common, error::CliError, recipe, terminal};

/// Show what a run would do and need; reads footers only.
#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// The recipe.
    #[arg(value_name = "RECIPE")]
    recipe: PathBuf,

    /// A file or folder to read; replaces the recipe's own paths.
    #[arg(short, long, value_name = "PATH", num_args = 1..)]
    input: Vec<String>,

    /// The run folder that would be written, which is not read as input.
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Override an option of a step: step.option=value.
    #[arg(long, value_name = "STEP.OPTION=VALUE")]
    set: Vec<String>,
}

impl Plan {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, CliError> {
        let planned = recipe::read(&self.recipe, &self.input, &self.set)?;
        let out = self.out.clone().unwrap_or_else(|| "runs".into());
        let preview = assay_engine::preview(&planned.plan, &planned.inputs, &out, common.threads())
            .map_err(CliError::Rules)?;
        if common.json {
            let whole = serde_json::json!({
                "plan": planned.plan,
                "measure_hash": planned.plan.measure_hash(),
                "decision_hash": planned.plan.decision_hash(),
                "preview": preview,
            });
            terminal::data(format_args!("{}\n", to_json(&whole)?))?;
        } else {
            terminal::data(text(&planned.plan, &preview))?;
        }
        let needed = preview.memory;
        if common.max_memory.is_some_and(|limit| limit < needed.min(160 << 20)) {
            return Ok(Exit::Refused);
        }
        Ok(Exit::Ok)
    }
}

fn text(plan: &assay_plan::Plan, preview: &Preview) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} version {}", plan.recipe, plan.version);
    let _ = writeln!(
        out,
        "input   {} files, {} rows by the footers, {}",
        preview.inputs.len(),
        preview.rows,
        ByteSize(preview.bytes)
    );
    if 0 < preview.ingested {
        let _ = writeln!(out, "        {} files are ingested to Parquet first", preview.ingested);
    }
    let _ = writeln!(out, "text    is read {} times", preview.reads_of_text);
    let _ = writeln!(
        out,
        "needs   about {} memory, {} disk, {}",
        ByteSize(preview.memory),
        ByteSize(preview.disk),
        duration(preview.seconds)
    );
    let _ = writeln!(out, "steps");
    let wide = preview.steps.iter().map(|step| step.name.len()).max().unwrap_or(0);
    for step in &preview.steps {
        let columns = step.columns.join(", ");
        let _ = writeln!(
            out,
            "  {:wide$}  {:20} {:10} {columns}",
            step.name, step.operator, step.action
        );
    }
    for warning in &preview.warnings {
        let _ = writeln!(out, "warning: {warning}");
    }
    let _ = writeln!(out, "measure {}\ndecide  {}", plan.measure_hash(), plan.decision_hash());
    out
}

fn duration(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3600),
    }
}
