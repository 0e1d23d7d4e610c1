//! `report.html`: one page that needs nothing but itself.
//!
//! Numbers come from `run.json` and from the ledger's tables. The page holds no script,
//! loads nothing, and says so to the browser.

pub(crate) mod chart;
mod distribution;
mod excerpts;
mod files;
mod funnel;
mod groups;
mod head;
mod histogram;
mod limits;
mod provenance;
mod scale;
mod shared;
mod sketch;
mod style;
mod table;
mod wrong;

use std::fs;

use assay_ledger::{Folder, ReasonCount, RunRecord, schema::problem};

use crate::{Language, Ledger, ReportError, html::Html, strings::Strings};

/// Everything the page shows that is not in `run.json`.
struct Gathered {
    facts: distribution::Facts,
    groups: groups::Groups,
    excerpts: excerpts::Excerpts,
}

/// Writes `report.html` into a finished run's folder.
///
/// # Errors
///
/// When the folder holds no finished run, a table cannot be read, or the page cannot be
/// written. An earlier page stays until the new one is complete.
pub async fn write_report(folder: &Folder, language: Language) -> Result<(), ReportError> {
    let ledger = Ledger::without_data(folder, None).await?;
    let gathered = Gathered {
        facts: distribution::read(&ledger).await?,
        groups: groups::read(&ledger).await?,
        excerpts: excerpts::read(&ledger).await?,
    };
    let page = render(ledger.run(), &gathered, language)?;
    let path = folder.report();
    let temporary = path.with_extension("html.tmp");
    let written = fs::write(&temporary, page).and_then(|()| fs::rename(&temporary, &path));
    written.map_err(|source| ReportError::Write { path, source })
}

/// The reasons that are problems of the input and not wishes of the recipe.
fn problems(run: &RunRecord) -> impl Iterator<Item = &ReasonCount> {
    run.reasons.iter().filter(|reason| is_problem(run, &reason.step))
}

/// A step may be called like a problem; then it is a step.
fn is_problem(run: &RunRecord, name: &str) -> bool {
    let known = [
        problem::NO_TEXT,
        problem::INVALID_UTF8,
        problem::BROKEN_JSON,
        problem::BROKEN_CSV,
        problem::OVERSIZE,
    ];
    known.contains(&name) && !run.steps.iter().any(|step| step.name == name)
}

fn render(run: &RunRecord, gathered: &Gathered, language: Language) -> Result<String, ReportError> {
    let words = Strings::of(language);
    let mut html = Html::default();
    html.try_within("html", &[("lang", language.tag())], |html| {
        meta(html, run, words);
        html.try_within("body", &[], |html| {
            html.try_within("main", &[], |html| sections(html, run, gathered, words))?;
            html.within("footer", &[], |html| html.element("p", &[], words.closing));
            Ok::<(), ReportError>(())
        })
    })?;
    Ok(format!("<!doctype html>\n{}", html.finish()))
}

fn meta(html: &mut Html, run: &RunRecord, words: &Strings) {
    const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
    html.within("head", &[], |html| {
        html.empty("meta", &[("charset", "utf-8")]);
        html.empty("meta", &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)]);
        html.empty(
            "meta",
            &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")],
        );
        html.empty("meta", &[("name", "color-scheme"), ("content", "light dark")]);
        html.empty("meta", &[("name", "referrer"), ("content", "no-referrer")]);
        html.element("title", &[], &format!("{} · {} · assay", run.recipe, words.title));
        html.style(style::SHEET);
    });
}

fn sections(
    html: &mut Html,
    run: &RunRecord,
    gathered: &Gathered,
    words: &'static Strings,
) -> Result<(), ReportError> {
    head::write(html, run, words)?;
    contents(html, words);
    funnel::write(html, run, words)?;
    wrong::write(html, run, words)?;
    files::by_step(html, run, words)?;
    files::by_file(html, run, words)?;
    histogram::write(html, run, &gathered.facts, words)?;
    groups::write(html, run, &gathered.groups, words)?;
    shared::write(html, run, words)?;
    excerpts::write(html, &gathered.excerpts, words)?;
    provenance::write(html, run, words)
}

fn contents(html: &mut Html, words: &Strings) {
    let links = [
        ("#funnel", words.funnel),
        ("#wrong", words.wrong_rows),
        ("#steps", words.steps),
        ("#files", words.files),
        ("#measures", words.measures),
        ("#groups", words.groups),
        ("#excerpts", words.excerpts),
        ("#provenance", words.provenance),
    ];
    html.within("nav", &[("aria-label", words.contents)], |html| {
        html.within("ul", &[], |html| {
            for (place, name) in links {
                html.within("li", &[], |html| html.element("a", &[("href", place)], name));
            }
        });
    });
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
