//! From input to output: every reason takes its rows away, what is left was kept.

use assay_ledger::{ReasonCount, RunRecord, schema::action};

use super::{
    chart::{self, Tone},
    is_problem,
    table::{self, Cell, Head},
};
use crate::{
    ReportError, figures,
    html::{Drawing, Html},
    strings::{Strings, fill},
};

/// A line of the funnel: where its bars begin and end, in rows and bytes.
struct Line<'a> {
    name: &'a str,
    foreign: bool,
    action: Option<&'a str>,
    problem: bool,
    rows: u64,
    bytes: u64,
    from: (u64, u64),
    tone: Tone,
}

/// The section.
pub(crate) fn write(html: &mut Html, run: &RunRecord, words: &Strings) -> Result<(), ReportError> {
    table::section(html, "funnel", words.funnel, words.funnel_lead, |html| {
        let lines = lines(run, words);
        draw(html, run, words, &lines, words.funnel)?;
        balance(html, run, words);
        let marked: Vec<_> = run.reasons.iter().filter(|reason| !removes(reason)).collect();
        if !marked.is_empty() {
            html.element("h3", &[], words.marked);
            html.element("p", &[("class", "lead")], words.marked_lead);
            let lines: Vec<_> =
                marked.into_iter().map(|reason| line(reason, run, (0, 0))).collect();
            draw(html, run, words, &lines, words.marked)?;
        }
        Ok(())
    })
}

fn removes(reason: &ReasonCount) -> bool {
    matches!(reason.action.as_str(), action::QUARANTINE | action::DROP)
}

fn line<'a>(reason: &'a ReasonCount, run: &RunRecord, from: (u64, u64)) -> Line<'a> {
    Line {
        name: &reason.step,
        foreign: true,
        action: Some(&reason.action),
        problem: is_problem(run, &reason.step),
        rows: reason.rows,
        bytes: reason.text_bytes,
        from,
        tone: Tone::of(&reason.action),
    }
}

fn lines<'a>(run: &'a RunRecord, words: &'a Strings) -> Vec<Line<'a>> {
    let counts = &run.counts;
    let whole = |name, rows, bytes, tone| Line {
        name,
        foreign: false,
        action: None,
        problem: false,
        rows,
        bytes,
        from: (0, 0),
        tone,
    };
    let mut lines = vec![whole(words.rows_in, counts.rows, counts.text_bytes, Tone::Bar)];
    let mut left = (counts.rows, counts.text_bytes);
    for reason in run.reasons.iter().filter(|reason| removes(reason)) {
        left.0 = left.0.saturating_sub(reason.rows);
        left.1 = left.1.saturating_sub(reason.text_bytes);
        lines.push(line(reason, run, left));
    }
    lines.push(whole(words.kept, counts.kept(), counts.kept_text_bytes, Tone::Keep));
    lines
}

fn draw(
    html: &mut Html,
    run: &RunRecord,
    words: &Strings,
    lines: &[Line<'_>],
    label: &str,
) -> Result<(), ReportError> {
    let bars: Result<Vec<_>, _> = lines.iter().map(|line| bars(run, words, line)).collect();
    let bars = bars?;
    let heads: [Head<'_>; 6] = [
        (words.reason, false),
        ("", false),
        (words.action, false),
        (words.rows, true),
        (words.share, true),
        (words.text, true),
    ];
    table::table(html, label, &heads, |html| {
        for (line, bars) in lines.iter().zip(&bars) {
            write_line(html, run, words, line, bars);
        }
    });
    Ok(())
}

fn write_line(
    html: &mut Html,
    run: &RunRecord,
    words: &Strings,
    line: &Line<'_>,
    bars: &[Drawing],
) {
    let problem = words.problem(line.name).filter(|_| line.problem);
    let problem = problem.map(|problem| fill(words.wrong, &[problem]));
    let name = match &problem {
        Some(problem) => Cell::Words(problem),
        _ if line.foreign => Cell::Foreign(line.name),
        _ => Cell::Words(line.name),
    };
    let action = match line.action {
        Some(action) => Cell::Action { action, words: words.action(action) },
        None => Cell::Words(""),
    };
    let class = match (line.foreign, line.problem) {
        (false, _) => "sum",
        (true, true) => "problem",
        (true, false) => "",
    };
    table::row(
        html,
        class,
        &[
            name,
            Cell::Bars(bars),
            action,
            Cell::Number(figures::count(line.rows)),
            Cell::Number(figures::percent(line.rows, run.counts.rows)),
            Cell::Number(figures::bytes(line.bytes)),
        ],
    );
}

fn bars(run: &RunRecord, words: &Strings, line: &Line<'_>) -> Result<[Drawing; 2], ReportError> {
    let name = words.problem(line.name).filter(|_| line.problem).unwrap_or(line.name);
    let title =
        fill(words.bar_title, &[name, &figures::count(line.rows), &figures::bytes(line.bytes)]);
    let one = |from: u64, size: u64, whole: u64| {
        let whole = whole.max(1) as f64;
        let (start, end) = (from as f64 / whole, (from + size) as f64 / whole);
        // What stood before the step is shown pale, so that the eye can follow.
        let after = if line.from == (0, 0) && line.foreign { 1.0 } else { end };
        chart::bar(
            &title,
            &[(0.0, start, Tone::Rest), (start, end, line.tone), (end, after, Tone::Rest)],
        )
    };
    Ok([
        one(line.from.0, line.rows, run.counts.rows)?,
        one(line.from.1, line.bytes, run.counts.text_bytes)?,
    ])
}

fn balance(html: &mut Html, run: &RunRecord, words: &Strings) {
    let counts = &run.counts;
    let removed: u64 = run.reasons.iter().filter(|reason| removes(reason)).map(|r| r.rows).sum();
    if counts.balance() && removed == counts.quarantine + counts.drop {
        let figures = [counts.rows, counts.kept(), counts.quarantine, counts.drop];
        let figures = figures.map(figures::count);
        let figures: Vec<&str> = figures.iter().map(String::as_str).collect();
        html.within("p", &[("class", "balance")], |html| {
            html.element("span", &[("class", "tick"), ("aria-hidden", "true")], "✓");
            html.text(" ");
            html.text(&fill(words.balances, &figures));
        });
    } else {
        html.element("p", &[("class", "alert"), ("role", "alert")], words.unbalanced);
    }
}
