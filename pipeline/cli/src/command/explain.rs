//! `assay explain`: why a row was kept, dropped or edited.

use std::{fmt::Write, path::PathBuf};

use assay_engine::Explanation;
use clap::Args;

use super::run::to_json;
use crate::{Exit, app::Common, error::CliError, terminal};

/// Explain what was decided about a row, with the places in its text.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The run folder.
    #[arg(value_name = "RUN")]
    run: PathBuf,

    /// `FILE:ROW` as in the ledger, a key of 32 hexadecimal digits, or the row's own id.
    #[arg(value_name = "ROW")]
    row: String,

    /// Explain at most this many rows, where several have the same id or key.
    #[arg(long, value_name = "N", default_value_t = 5)]
    most: usize,
}

impl Explain {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, CliError> {
        let found = assay_engine::explain(&self.run, &self.row, self.most.max(1))?;
        if common.json {
            terminal::data(format_args!("{}\n", to_json(&found)?))?;
        } else {
            let pages: Vec<String> = found.iter().map(page).collect();
            terminal::data(pages.join("\n"))?;
        }
        Ok(Exit::Ok)
    }
}

fn page(row: &Explanation) -> String {
    let mut out = String::new();
    let id = row.id.as_ref().map_or_else(String::new, |id| format!(", id {id}"));
    let _ = writeln!(out, "{} row {}{id}", row.file, row.row);
    let _ = match &row.step {
        Some(step) => writeln!(out, "  {} by {step}", row.action),
        None => writeln!(out, "  {}", row.action),
    };
    if let Some((file, at)) = &row.written_to {
        let _ = writeln!(out, "  written to {file} row {at}");
    }
    for reason in &row.reasons {
        let _ = writeln!(out, "  - {}: {}", reason.step, reason.sentence);
    }
    if !row.measured.is_empty() {
        let _ = writeln!(out, "\nmeasured");
    }
    for (column, value) in &row.measured {
        let _ = writeln!(out, "  {column:32} {value}");
    }
    if let Some(key) = &row.key {
        let _ = writeln!(out, "  {:32} {key}", "key");
    }
    match (&row.text, &row.text_problem) {
        (Some(text), _) => {
            let _ = writeln!(out, "\ntext\n{}", marked(text, &row.spans));
        }
        (None, Some(problem)) => {
            let _ = writeln!(out, "\nthe text cannot be shown: {problem}");
        }
        _ => {}
    }
    if let Some(kept) = &row.kept_text {
        let _ = writeln!(out, "\ntext of the row that stays\n{}", marked(kept, &row.kept_spans));
    }
    out
}

/// Bytes of text around the spans that are shown.
const SHOWN: usize = 4000;

/// The text with its spans marked, cut to what a terminal holds; control characters are
/// shown, not sent.
fn marked(text: &str, spans: &[(String, u32, u32)]) -> String {
    let colour = terminal::stdout_wants_colour();
    let (open, close) = if colour { ("\u{1b}[7m", "\u{1b}[0m") } else { ("⟦", "⟧") };
    let first = spans.first().map_or(0, |span| span.1 as usize);
    let from = text.floor_char_boundary(first.saturating_sub(SHOWN / 4).min(text.len()));
    let to = text.floor_char_boundary((from + SHOWN).min(text.len()));
    let mut out = String::from(if 0 < from { "  …" } else { "  " });
    let mut at = from;
    let mut sorted: Vec<(usize, usize)> =
        spans.iter().map(|(_, start, end)| (*start as usize, *end as usize)).collect();
    sorted.sort_unstable();
    for (start, end) in sorted {
        if start < at || to < end {
            continue;
        }
        visible(&text[at..start], &mut out);
        out.push_str(open);
        visible(&text[start..end], &mut out);
        out.push_str(close);
        at = end;
    }
    visible(&text[at..to], &mut out);
    if to < text.len() {
        let _ = write!(out, "… ({} more bytes)", text.len() - to);
    }
    out
}

fn visible(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\n  "),
            '\t' => out.push('\t'),
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}' => {
                let _ = write!(out, "{}", character.escape_unicode());
            }
            control if control.is_control() => {
                let _ = write!(out, "{}", control.escape_unicode());
            }
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_marked_and_control_characters_shown() {
        let spans = vec![("menus".to_owned(), 2, 5)];
        assert_eq!(marked("a - b\u{1b}[0m", &spans), "  a ⟦- b⟧\\u{1b}[0m");
    }
}
