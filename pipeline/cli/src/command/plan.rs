//! `assay plan`: what a run would do and need, from the recipe and the footers.

use std::fmt::Write;

use assay_engine::{AgainstPreview, Preview};
use assay_ledger::CurveRecord;
use assay_plan::AssetFile;
use bytesize::ByteSize;
use clap::Args;

use super::run::to_json;
use crate::{
    Exit,
    app::Common,
    error::CliError,
    recipe::{Planned, RecipeArgs},
    terminal,
};

/// Show what a run would do and need; reads footers only.
#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    recipe: RecipeArgs,
}

impl Plan {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, CliError> {
        let Planned { plan, inputs, out } = self.recipe.read()?;
        let preview = assay_engine::preview(&plan, &inputs, &out, common.threads())
            .map_err(CliError::Rules)?;
        if common.json {
            let whole = serde_json::json!({
                "plan": plan,
                "measure_hash": plan.measure_hash(),
                "decision_hash": plan.decision_hash(),
                "preview": preview,
            });
            terminal::data(format_args!("{}\n", to_json(&whole)?))?;
        } else {
            terminal::data(text(&plan, &preview))?;
        }
        let needed = preview.memory.min(160 << 20);
        if let Some(limit) = common.max_memory.filter(|limit| *limit < needed) {
            let (needed, limit) = (ByteSize(needed), ByteSize(limit));
            terminal::say(format_args!(
                "refused: it needs {needed} of memory, and --max-memory allows {limit}"
            ));
            return Ok(Exit::Refused);
        }
        Ok(Exit::Ok)
    }
}

/// Most files of a step that are listed.
const FILES: usize = 5;

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
    for AgainstPreview { path, steps, files, rows, bytes, signed } in &preview.against {
        let (steps, bytes) = (steps.join(", "), ByteSize(*bytes));
        let _ = writeln!(
            out,
            "against {path}: {files} files, {rows} rows by the footers, {bytes}, for {steps}"
        );
        if 0 < *signed {
            let signed = ByteSize(*signed);
            let _ = writeln!(out, "        of {signed} the signatures of that run are used");
        }
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
            "{}",
            format!("  {:wide$}  {:20} {:10} {columns}", step.name, step.operator, step.action)
                .trim_end()
        );
        for AssetFile { option, path, content, bytes } in step.assets.iter().take(FILES) {
            let bytes = ByteSize(*bytes);
            let _ = writeln!(out, "  {:wide$}  {option}: {path}, {bytes}, {content}", "");
        }
        if FILES < step.assets.len() {
            let _ = writeln!(out, "  {:wide$}  and {} more", "", step.assets.len() - FILES);
        }
        if let Some(curve) = &step.proposes {
            chances(&mut out, wide, curve);
        }
    }
    for warning in &preview.warnings {
        let _ = writeln!(out, "warning: {warning}");
    }
    let _ = writeln!(out, "measure {}\ndecide  {}", plan.measure_hash(), plan.decision_hash());
    out
}

/// How often pairs are proposed to be compared, by their similarity.
fn chances(out: &mut String, wide: usize, curve: &CurveRecord) {
    let CurveRecord { bands, rows, similarity, points, .. } = curve;
    let indent = " ".repeat(wide + 4);
    let _ = writeln!(
        out,
        "{indent}proposes pairs by {bands} bands of {rows} hashes, then compares them exactly: \
         similar from {similarity}"
    );
    let line = |cell: &dyn Fn(&(f64, f64)) -> String| {
        points.iter().fold(String::new(), |line, point| line + &format!("{:>9}", cell(point)))
    };
    let _ = writeln!(out, "{indent}similarity {}", line(&|point| format!("{:.2}", point.0)));
    let _ = writeln!(out, "{indent}proposed   {}", line(&|point| percent(point.1)));
}

/// Enough digits to tell chances close to none or to all apart.
fn percent(share: f64) -> String {
    let digits = if (0.001..=0.999).contains(&share) { 1 } else { 4 };
    format!("{:.digits$}%", share * 100.0)
}

fn duration(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3600),
    }
}
