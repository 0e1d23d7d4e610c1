//! Tables that scroll in their own place.

use crate::html::{Drawing, Html};

/// One cell.
pub(crate) enum Cell<'a> {
    /// Our words.
    Words(&'a str),
    /// Words of the corpus or of the recipe: a file, a source, an id.
    Foreign(&'a str),
    /// A number, already written.
    Number(String),
    /// An action with its colour.
    Action {
        /// As the ledger stores it, for the style.
        action: &'a str,
        /// In the page's language.
        words: &'a str,
    },
    /// A number that should be zero.
    Alarm(u64),
    /// Bars, one above the other.
    Bars(&'a [Drawing]),
}

/// A column: its heading, and whether it holds numbers.
pub(crate) type Head<'a> = (&'a str, bool);

/// A table with headings; `body` writes the rows.
pub(crate) fn table(
    html: &mut Html,
    label: &str,
    heads: &[Head<'_>],
    body: impl FnOnce(&mut Html),
) {
    // A place that scrolls must be reachable by keyboard.
    let place = [("class", "scroll"), ("role", "region"), ("tabindex", "0"), ("aria-label", label)];
    html.within("div", &place, |html| {
        html.within("table", &[], |html| {
            html.within("thead", &[], |html| {
                html.within("tr", &[], |html| {
                    for (words, number) in heads {
                        let class = if *number { "n" } else { "" };
                        html.element("th", &[("scope", "col"), ("class", class)], words);
                    }
                });
            });
            html.within("tbody", &[], body);
        });
    });
}

/// A row; the first cell is its heading.
pub(crate) fn row(html: &mut Html, class: &str, cells: &[Cell<'_>]) {
    html.within("tr", &[("class", class)], |html| {
        for (place, cell) in cells.iter().enumerate() {
            let tag = if place == 0 { "th" } else { "td" };
            let scope = if place == 0 { "row" } else { "" };
            let mut attributes = vec![("class", class_of(cell))];
            if place == 0 {
                attributes.push(("scope", scope));
            }
            html.within(tag, &attributes, |html| write(html, cell));
        }
    });
}

fn class_of(cell: &Cell<'_>) -> &'static str {
    match cell {
        Cell::Number(_) | Cell::Alarm(0) => "n",
        Cell::Alarm(_) => "n alarm",
        Cell::Bars(_) => "bars",
        Cell::Foreign(_) => "name",
        Cell::Words(_) | Cell::Action { .. } => "",
    }
}

fn write(html: &mut Html, cell: &Cell<'_>) {
    match cell {
        Cell::Words(words) => html.text(words),
        Cell::Foreign(words) => name(html, words),
        Cell::Number(number) => html.text(number),
        Cell::Alarm(number) => html.text(&crate::figures::count(*number)),
        Cell::Action { action, words } => chip(html, action, words),
        Cell::Bars(bars) => bars.iter().for_each(|bar| html.drawing(bar)),
    }
}

/// A name that we did not choose, kept from turning its surroundings around.
pub(crate) fn name(html: &mut Html, words: &str) {
    html.within("bdi", &[], |html| html.foreign(words));
}

/// An action with its colour.
pub(crate) fn chip(html: &mut Html, action: &str, words: &str) {
    // Only known actions become class names.
    let known = assay_ledger::schema::action::ALL.into_iter().find(|known| *known == action);
    let class = format!("chip {}", known.unwrap_or("rest"));
    html.element("span", &[("class", &class)], words);
}

/// Numbers behind a button that needs no script.
pub(crate) fn details(html: &mut Html, summary: &str, inside: impl FnOnce(&mut Html)) {
    html.within("details", &[], |html| {
        html.element("summary", &[], summary);
        inside(html);
    });
}

/// A section with its heading and what it is about.
pub(crate) fn section(
    html: &mut Html,
    id: &'static str,
    heading: &str,
    lead: &str,
    inside: impl FnOnce(&mut Html) -> Result<(), crate::ReportError>,
) -> Result<(), crate::ReportError> {
    let label = format!("h-{id}");
    html.try_within("section", &[("id", id), ("aria-labelledby", &label)], |html| {
        html.element("h2", &[("id", &label)], heading);
        if !lead.is_empty() {
            html.element("p", &[("class", "lead")], lead);
        }
        inside(html)
    })
}
