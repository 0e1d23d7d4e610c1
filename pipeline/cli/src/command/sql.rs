//! `assay sql`: questions about a run.

use std::{fmt::Write, path::PathBuf};

use arrow::{array::RecordBatch, util::pretty::pretty_format_batches};
use assay_ledger::Folder;
use assay_report::Ledger;
use clap::{Args, ValueEnum};

use super::block_on;
use crate::{Exit, app::Common, error::CliError, terminal};

/// Ask a run's tables (facts, decisions, groups, excerpts, data) in SQL.
#[derive(Debug, Args)]
pub(crate) struct Sql {
    /// The run folder.
    #[arg(value_name = "RUN")]
    run: PathBuf,

    /// The query, or the name of a question; without it the questions are listed.
    #[arg(value_name = "QUERY")]
    query: Option<String>,

    /// How the answer is written.
    #[arg(long, value_enum, default_value_t = Form::Table)]
    format: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Lines and columns for people.
    Table,
    /// One JSON object per row.
    Json,
    /// Comma separated, with a header.
    Csv,
}

impl Sql {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, CliError> {
        let Some(query) = &self.query else {
            terminal::data(questions())?;
            return Ok(Exit::Ok);
        };
        let query = match assay_dashboards::find(query) {
            Some(question) => question.sql,
            None if !query.trim().contains(char::is_whitespace) => return Err(unknown(query)),
            None => query.as_str(),
        };
        let folder = Folder::new(&self.run);
        let memory = usize::try_from(common.max_memory()).ok();
        let rows = block_on(common.threads(), async {
            Ok(Ledger::open(&folder, memory).await?.sql(query).await?)
        })?;
        let form = if common.json { Form::Json } else { self.format };
        terminal::data(written(&rows, form)?)?;
        Ok(Exit::Ok)
    }
}

fn questions() -> String {
    let mut out = String::new();
    for question in assay_dashboards::QUERIES {
        let _ = writeln!(out, "{:22} {}", question.name, question.question);
    }
    out
}

fn unknown(name: &str) -> CliError {
    let fix = match assay_dashboards::nearest(name) {
        Some(near) => format!("did you mean `{}`?", near.name),
        None => "`assay sql RUN` lists the questions".to_owned(),
    };
    CliError::usage(format!("there is no question {name:?}"), fix)
}

fn written(rows: &[RecordBatch], form: Form) -> Result<String, CliError> {
    let wrong = |error: arrow::error::ArrowError| CliError::Io {
        what: "the answer cannot be written".into(),
        source: std::io::Error::other(error),
    };
    let empty = rows.iter().all(|batch| batch.num_rows() == 0);
    let mut out = Vec::new();
    match form {
        Form::Table if empty => return Ok("no rows\n".to_owned()),
        Form::Table => {
            let table = pretty_format_batches(rows).map_err(wrong)?;
            return Ok(format!("{table}\n"));
        }
        Form::Json => {
            let mut writer = arrow::json::LineDelimitedWriter::new(&mut out);
            for batch in rows {
                writer.write(batch).map_err(wrong)?;
            }
            writer.finish().map_err(wrong)?;
        }
        Form::Csv => {
            let mut writer = arrow::csv::Writer::new(&mut out);
            for batch in rows {
                writer.write(batch).map_err(wrong)?;
            }
        }
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}
