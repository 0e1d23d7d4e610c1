//! What a terminal shows at the end of a run.

use std::fmt::Write as _;

use assay_ledger::{ReasonCount, RunRecord, schema::action};

use crate::{figures, unseen::spelled};

/// Most reasons that are listed.
const REASONS: usize = 10;
/// Most warnings, and most unreadable parts, that are listed.
const PROBLEMS: usize = 5;

/// What happened, in lines of at most `width` columns; names longer than a third of it
/// get a line of their own.
#[must_use]
pub fn summary_text(run: &RunRecord, width: usize) -> String {
    let mut out = String::new();
    // Writing into a string cannot fail.
    let _ = write(&mut out, run, width.clamp(60, 120));
    out
}

fn write(out: &mut String, run: &RunRecord, width: usize) -> std::fmt::Result {
    let counts = &run.counts;
    writeln!(
        out,
        "{}: {} in {}, {} of text",
        spelled(&run.recipe),
        counted(counts.rows, "row"),
        counted(run.files.len() as u64, "file"),
        figures::bytes(counts.text_bytes)
    )?;
    writeln!(out)?;
    let reasons: Vec<(String, u64)> = run.reasons.iter().take(REASONS).map(named).collect();
    let table = Table::new(&reasons, counts.rows, width);
    let rows = [
        (action::KEEP, counts.keep),
        (action::FLAG, counts.flag),
        (action::EDIT, counts.edit),
        (action::QUARANTINE, counts.quarantine),
        (action::DROP, counts.drop),
    ];
    for (name, rows) in rows {
        if 0 < rows || name == action::KEEP {
            let bar = bar(rows, counts.rows, table.bar);
            table.line(out, name, rows, &bar)?;
        }
    }
    let text = format!("{} of text", figures::bytes(counts.kept_text_bytes));
    table.line(out, "= kept", counts.kept(), &text)?;
    if !counts.balance() {
        writeln!(out, "  the counts do not add up; run `assay verify` before using this folder")?;
    }
    if !reasons.is_empty() {
        writeln!(out, "\nreasons")?;
        for (name, rows) in &reasons {
            table.line(out, name, *rows, &bar(*rows, counts.rows, table.bar))?;
        }
        more(out, run.reasons.len(), REASONS, "reasons")?;
    }
    problems(out, run)
}

fn named(reason: &ReasonCount) -> (String, u64) {
    (format!("{} ({})", spelled(&reason.step), spelled(&reason.action)), reason.rows)
}

/// Lines with a name, a number, a share and what follows.
struct Table {
    whole: u64,
    number: usize,
    name: usize,
    bar: usize,
}

impl Table {
    const SHARE: usize = 8;
    const GAPS: usize = 6;

    fn new(reasons: &[(String, u64)], whole: u64, width: usize) -> Self {
        let longest = reasons.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        let name = longest.clamp(10, width / 3);
        let number = figures::count(whole).len().max(6);
        let left = width.saturating_sub(name + number + Self::SHARE + Self::GAPS);
        Self { whole, number, name, bar: left.min(30) }
    }

    fn line(&self, out: &mut String, name: &str, rows: u64, end: &str) -> std::fmt::Result {
        let mut shown = name;
        if self.name < name.chars().count() {
            // Nothing is cut off.
            writeln!(out, "  {name}")?;
            shown = "";
        }
        let line = format!(
            "  {shown:<name$}{:>number$}  {:>share$}  {end}",
            figures::count(rows),
            figures::percent(rows, self.whole),
            name = self.name,
            number = self.number,
            share = Self::SHARE
        );
        writeln!(out, "{}", line.trim_end())
    }
}

/// A bar in eighths of a column.
fn bar(rows: u64, whole: u64, columns: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    if whole == 0 || rows == 0 {
        return String::new();
    }
    let eighths = u128::from(rows) * columns as u128 * 8 / u128::from(whole);
    let eighths = usize::try_from(eighths).unwrap_or(columns * 8).clamp(1, columns * 8);
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

fn problems(out: &mut String, run: &RunRecord) -> std::fmt::Result {
    if !run.unreadable.is_empty() {
        writeln!(out, "\nnot readable")?;
        for part in run.unreadable.iter().take(PROBLEMS) {
            let rows = part.rows.map_or("unknown rows".to_owned(), |rows| counted(rows, "row"));
            writeln!(out, "  {}: {rows}: {}", spelled(&part.file), spelled(&part.error))?;
        }
        more(out, run.unreadable.len(), PROBLEMS, "parts")?;
    }
    if !run.warnings.is_empty() {
        writeln!(out, "\nwarnings")?;
        for warning in run.warnings.iter().take(PROBLEMS) {
            writeln!(out, "  {}", spelled(warning))?;
        }
        more(out, run.warnings.len(), PROBLEMS, "warnings")?;
    }
    Ok(())
}

fn more(out: &mut String, all: usize, shown: usize, what: &str) -> std::fmt::Result {
    if shown < all {
        let rest = figures::count((all - shown) as u64);
        writeln!(out, "  and {rest} more {what}, all in report.html")?;
    }
    Ok(())
}

/// `1 row`, `2 rows`.
fn counted(number: u64, what: &str) -> String {
    format!("{} {what}{}", figures::count(number), if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    #[test]
    fn a_run_in_a_terminal() {
        let mut run = Fixture::write().run().clone();
        run.reasons.truncate(6);
        insta::assert_snapshot!(summary_text(&run, 80));
    }

    #[test]
    fn an_empty_run_is_said_without_bars() {
        let mut run = Fixture::write().run().clone();
        run.counts = assay_ledger::Counts::default();
        run.reasons.clear();
        run.warnings.clear();
        run.unreadable.clear();
        let text = summary_text(&run, 80);
        assert!(text.contains("0 rows") && !text.contains('█'), "{text}");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let mut run = Fixture::write().run().clone();
        run.warnings.clear();
        run.unreadable.clear();
        for width in [60, 80, 100] {
            for line in summary_text(&run, width).lines() {
                assert!(line.chars().count() <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn bars_count_eighths() {
        assert_eq!(bar(1, 2, 10), "█████");
        assert_eq!(bar(1, 1_000_000, 10), "▏");
        assert_eq!(bar(0, 5, 10), "");
    }
}
