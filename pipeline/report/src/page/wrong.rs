//! What nobody asked for, apart from what the recipe did.

use assay_ledger::RunRecord;

use super::table::{self, Cell};
use crate::{
    ReportError, figures,
    html::Html,
    strings::{Strings, fill},
};

/// Most warnings, and most unreadable parts, on the page.
const MOST: usize = 100;

/// The section.
pub(crate) fn write(html: &mut Html, run: &RunRecord, words: &Strings) -> Result<(), ReportError> {
    table::section(html, "wrong", words.wrong_rows, words.wrong_lead, |html| {
        let problems: Vec<_> = super::problems(run).collect();
        if problems.is_empty() && run.unreadable.is_empty() && run.warnings.is_empty() {
            html.within("p", &[("class", "balance")], |html| {
                html.element("span", &[("class", "tick"), ("aria-hidden", "true")], "✓");
                html.text(" ");
                html.text(words.nothing_wrong);
            });
            return Ok(());
        }
        if !run.warnings.is_empty() {
            html.element("h3", &[], words.warnings);
            html.within("ul", &[("class", "warnings")], |html| {
                for warning in run.warnings.iter().take(MOST) {
                    html.within("li", &[], |html| table::name(html, warning));
                }
            });
            capped(html, words, run.warnings.len(), MOST);
        }
        if !problems.is_empty() {
            html.element("h3", &[], words.bad_rows);
            let heads =
                [(words.why, false), (words.action, false), (words.rows, true), (words.text, true)];
            table::table(html, words.bad_rows, &heads, |html| {
                for reason in problems {
                    table::row(
                        html,
                        "",
                        &[
                            Cell::Words(words.problem(&reason.step).unwrap_or(&reason.step)),
                            Cell::Action {
                                action: &reason.action,
                                words: words.action(&reason.action),
                            },
                            Cell::Number(figures::count(reason.rows)),
                            Cell::Number(figures::bytes(reason.text_bytes)),
                        ],
                    );
                }
            });
        }
        unreadable(html, run, words);
        Ok(())
    })
}

fn unreadable(html: &mut Html, run: &RunRecord, words: &Strings) {
    if run.unreadable.is_empty() {
        return;
    }
    html.element("h3", &[], words.bad_parts);
    let heads =
        [(words.file, false), (words.first_row, true), (words.rows, true), (words.why, false)];
    table::table(html, words.bad_parts, &heads, |html| {
        let number = |number: Option<u64>| number.map_or(words.unknown.to_owned(), figures::count);
        for part in run.unreadable.iter().take(MOST) {
            table::row(
                html,
                "",
                &[
                    Cell::Foreign(&part.file),
                    Cell::Number(number(part.first_row)),
                    Cell::Number(number(part.rows)),
                    Cell::Foreign(&part.error),
                ],
            );
        }
    });
    capped(html, words, run.unreadable.len(), MOST);
}

/// Says that a list was cut.
pub(crate) fn capped(html: &mut Html, words: &Strings, all: usize, shown: usize) {
    if shown < all {
        let figures = [shown, all].map(|number| figures::count(number as u64));
        html.element("p", &[("class", "note")], &fill(words.capped, &[&figures[0], &figures[1]]));
    }
}
