//! The top of the page: what was run, and what came out of it.

use assay_ledger::{RunRecord, schema::action};

use super::{
    chart::{self, Tone},
    table,
};
use crate::{
    ReportError, figures,
    html::Html,
    strings::{Strings, fill},
};

/// Name, size, and the figures that are asked for first.
pub(crate) fn write(html: &mut Html, run: &RunRecord, words: &Strings) -> Result<(), ReportError> {
    html.try_within("header", &[("class", "top")], |html| {
        html.within("p", &[("class", "mark")], |html| {
            html.element("b", &[], "assay");
            html.text(" ");
            html.element("span", &[], words.title);
        });
        html.within("h1", &[], |html| table::name(html, &run.recipe));
        let rows = format!("{} {}", figures::count(run.counts.rows), words.rows);
        let files = figures::count(run.files.len() as u64);
        html.element("p", &[("class", "sub")], &fill(words.subtitle, &[&rows, &files]));
        cards(html, run, words);
        fates(html, run, words)
    })
}

fn cards(html: &mut Html, run: &RunRecord, words: &Strings) {
    let counts = &run.counts;
    let kept =
        fill(words.kept_note, &[&figures::count(counts.kept()), &figures::count(counts.rows)]);
    let text = fill(
        words.bytes_note,
        &[&figures::bytes(counts.kept_text_bytes), &figures::bytes(counts.text_bytes)],
    );
    let removed = format!(
        "{} {} · {} {}",
        words.quarantine,
        figures::count(counts.quarantine),
        words.drop,
        figures::count(counts.drop)
    );
    let wrong = wrong(run);
    let wrong_note = if wrong == 0 { words.wrong_none } else { words.wrong_some };
    let input = figures::bytes(counts.text_bytes);
    html.within("div", &[("class", "cards")], |html| {
        card(
            html,
            "card main",
            words.kept,
            &figures::percent(counts.kept(), counts.rows),
            &[&kept, &text],
        );
        card(html, "card", words.rows_in, &figures::count(counts.rows), &[&input]);
        let not_kept = figures::count(counts.quarantine + counts.drop);
        card(html, "card", words.removed, &not_kept, &[&removed]);
        let class = if wrong == 0 { "card" } else { "card bad" };
        card(html, class, words.wrong_rows, &figures::count(wrong), &[wrong_note]);
    });
}

fn card(html: &mut Html, class: &str, title: &str, figure: &str, notes: &[&str]) {
    html.within("div", &[("class", class)], |html| {
        html.element("p", &[("class", "card-title")], title);
        html.element("p", &[("class", "figure")], figure);
        for note in notes {
            html.element("p", &[("class", "note")], note);
        }
    });
}

/// Rows with a problem that sets them aside, parts without a row, and warnings.
fn wrong(run: &RunRecord) -> u64 {
    let rows: u64 = super::problems(run).map(|reason| reason.rows).sum();
    let lost = run.counts.unreadable.max(run.unreadable.len() as u64);
    rows + lost + run.warnings.len() as u64
}

fn fates(html: &mut Html, run: &RunRecord, words: &Strings) -> Result<(), ReportError> {
    let counts = &run.counts;
    let rows = [
        (action::KEEP, counts.keep),
        (action::FLAG, counts.flag),
        (action::EDIT, counts.edit),
        (action::QUARANTINE, counts.quarantine),
        (action::DROP, counts.drop),
    ];
    let whole = counts.rows.max(1) as f64;
    let mut from = 0.0;
    let mut segments = Vec::new();
    for (name, rows) in rows {
        let to = from + rows as f64 / whole;
        segments.push((from, to, Tone::of(name)));
        from = to;
    }
    let title = fill(words.fate_of, &[words.rows]);
    let bar = chart::bar(&title, &segments)?;
    html.within("figure", &[("class", "fates")], |html| {
        html.drawing(&bar);
        html.within("ul", &[("class", "legend")], |html| {
            for (name, rows) in rows {
                html.within("li", &[], |html| {
                    table::chip(html, name, words.action(name));
                    html.text(" ");
                    html.element("b", &[], &figures::count(rows));
                    html.text(" ");
                    html.element("small", &[], &figures::percent(rows, counts.rows));
                });
            }
        });
    });
    Ok(())
}
