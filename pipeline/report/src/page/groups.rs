//! Groups of related rows: how many, how large, and the largest ones.

use arrow::array::Array;
use assay_ledger::{CrossingRecord, CurveRecord, RunRecord};

use super::{
    chart::{self, Tone},
    table::{self, Cell, Head},
};
use crate::{
    Ledger, ReportError, cells, figures,
    html::Html,
    strings::{Strings, fill},
};

/// Groups of one step.
pub(crate) struct StepGroups {
    step: String,
    groups: u64,
    members: u64,
    templates: u64,
    sizes: Vec<(&'static str, u64)>,
}

/// One large group.
pub(crate) struct Group {
    step: String,
    name: String,
    kept: String,
    size: u64,
    lowest: Option<f64>,
}

/// What the section shows.
pub(crate) struct Groups {
    steps: Vec<StepGroups>,
    largest: Vec<Group>,
    crossing: Vec<Crossing>,
}

/// Rows of one file that went because of rows of one file.
pub(crate) struct Crossing {
    went: String,
    stays: String,
    rows: u64,
}

/// Sizes as they are gathered, each up to its number of rows.
const SIZES: [(&str, u64); 5] =
    [("2", 2), ("3–5", 5), ("6–10", 10), ("11–100", 100), ("> 100", u64::MAX)];

/// Asks the groups table.
pub(crate) async fn read(ledger: &Ledger) -> Result<Groups, ReportError> {
    let mut steps: Vec<StepGroups> = Vec::new();
    let batches = ledger
        .sql(
            "SELECT step, size, count(*) AS n, sum(members) AS members, sum(templates) AS templates \
             FROM (SELECT step, \"group\", count(*) AS size, \
                     sum(CASE WHEN role = 'member' THEN 1 ELSE 0 END) AS members, \
                     sum(CASE WHEN role = 'template' THEN 1 ELSE 0 END) AS templates \
                   FROM groups GROUP BY step, \"group\") AS each \
             GROUP BY step, size ORDER BY step, size",
        )
        .await?;
    for batch in &batches {
        let names = cells::texts(batch, 0)?;
        let (sizes, counts) = (cells::ints(batch, 1)?, cells::ints(batch, 2)?);
        let (members, templates) = (cells::ints(batch, 3)?, cells::ints(batch, 4)?);
        for row in 0..batch.num_rows() {
            if steps.last().is_none_or(|last| last.step != names.value(row)) {
                steps.push(StepGroups {
                    step: names.value(row).to_owned(),
                    groups: 0,
                    members: 0,
                    templates: 0,
                    sizes: SIZES.map(|(name, _)| (name, 0)).to_vec(),
                });
            }
            let Some(step) = steps.last_mut() else { continue };
            let groups = cells::count(&counts, row);
            step.groups += groups;
            step.members += cells::count(&members, row);
            step.templates += cells::count(&templates, row);
            let size = cells::count(&sizes, row);
            let place = SIZES.iter().position(|(_, most)| size <= *most).unwrap_or(0);
            step.sizes[place].1 += groups;
        }
    }
    Ok(Groups { steps, largest: largest(ledger).await?, crossing: crossing(ledger).await? })
}

async fn largest(ledger: &Ledger) -> Result<Vec<Group>, ReportError> {
    let batches = ledger
        .sql(
            "SELECT step, \"group\", min(kept_file), min(kept_row), count(*) AS size, \
                    min(CASE WHEN role = 'member' THEN similarity END) \
             FROM groups GROUP BY step, \"group\" ORDER BY size DESC, step, \"group\" LIMIT 20",
        )
        .await?;
    let mut largest = Vec::new();
    for batch in &batches {
        let (steps, names) = (cells::texts(batch, 0)?, cells::texts(batch, 1)?);
        let (files, rows) = (cells::texts(batch, 2)?, cells::ints(batch, 3)?);
        let (sizes, lowest) = (cells::ints(batch, 4)?, cells::floats(batch, 5)?);
        for row in 0..batch.num_rows() {
            largest.push(Group {
                step: steps.value(row).to_owned(),
                name: names.value(row).to_owned(),
                kept: format!("{}:{}", files.value(row), rows.value(row)),
                size: cells::count(&sizes, row),
                lowest: (!lowest.is_null(row)).then(|| lowest.value(row)),
            });
        }
    }
    Ok(largest)
}

async fn crossing(ledger: &Ledger) -> Result<Vec<Crossing>, ReportError> {
    let batches = ledger
        .sql(
            "SELECT file, kept_file, count(*) AS n FROM groups WHERE role = 'member' \
             GROUP BY file, kept_file ORDER BY n DESC, file, kept_file LIMIT 20",
        )
        .await?;
    let mut found = Vec::new();
    for batch in &batches {
        let (went, stays) = (cells::texts(batch, 0)?, cells::texts(batch, 1)?);
        let rows = cells::ints(batch, 2)?;
        for row in 0..batch.num_rows() {
            found.push(Crossing {
                went: went.value(row).to_owned(),
                stays: stays.value(row).to_owned(),
                rows: cells::count(&rows, row),
            });
        }
    }
    Ok(found)
}

/// The section.
pub(crate) fn write(
    html: &mut Html,
    run: &RunRecord,
    groups: &Groups,
    words: &Strings,
) -> Result<(), ReportError> {
    table::section(html, "groups", words.groups, words.groups_lead, |html| {
        if groups.steps.is_empty() {
            html.element("p", &[], words.no_groups);
            return Ok(());
        }
        by_step(html, run, groups, words)?;
        html.element("h3", &[], words.largest);
        let heads: [Head<'_>; 5] = [
            (words.kept_row, false),
            (words.size, true),
            (words.lowest_similarity, true),
            (words.step, false),
            ("id", false),
        ];
        table::table(html, words.largest, &heads, |html| {
            for group in &groups.largest {
                table::row(
                    html,
                    "",
                    &[
                        Cell::Foreign(&group.kept),
                        Cell::Number(figures::count(group.size)),
                        Cell::Number(group.lowest.map_or("–".to_owned(), figures::value)),
                        Cell::Foreign(&group.step),
                        Cell::Foreign(group.name.get(..12).unwrap_or(&group.name)),
                    ],
                );
            }
        });
        between_sources(html, run, words);
        between_files(html, groups, words);
        Ok(())
    })
}

fn between_sources(html: &mut Html, run: &RunRecord, words: &Strings) {
    if run.crossings.is_empty() {
        return;
    }
    html.element("h3", &[], words.between_sources);
    html.element("p", &[], words.between_sources_lead);
    let heads: [Head<'_>; 4] = [
        (words.step, false),
        (words.went_from, false),
        (words.stays_in, false),
        (words.rows, true),
    ];
    table::table(html, words.between_sources, &heads, |html| {
        for CrossingRecord { step, went, stays, rows } in &run.crossings {
            let rows = Cell::Number(figures::count(*rows));
            let [step, went, stays] = [step, went, stays].map(|text| Cell::Foreign(text));
            table::row(html, "", &[step, went, stays, rows]);
        }
    });
}

fn between_files(html: &mut Html, groups: &Groups, words: &Strings) {
    if groups.crossing.is_empty() {
        return;
    }
    html.element("h3", &[], words.crossing);
    html.element("p", &[], words.crossing_lead);
    let heads: [Head<'_>; 3] =
        [(words.went_from, false), (words.stays_in, false), (words.rows, true)];
    table::table(html, words.crossing, &heads, |html| {
        for Crossing { went, stays, rows } in &groups.crossing {
            let rows = Cell::Number(figures::count(*rows));
            table::row(html, "", &[Cell::Foreign(went), Cell::Foreign(stays), rows]);
        }
    });
}

/// How likely rows are compared, by their similarity.
fn curve(html: &mut Html, curve: &CurveRecord, words: &Strings) {
    let CurveRecord { bands, rows, similarity, points, .. } = curve;
    let figures = [bands.to_string(), rows.to_string(), figures::value(*similarity)];
    let figures: Vec<&str> = figures.iter().map(String::as_str).collect();
    html.element("h4", &[], words.curve);
    html.element("p", &[], &fill(words.curve_lead, &figures));
    let heads: [Head<'_>; 3] = [(words.similarity, true), ("", false), (words.proposed, true)];
    table::table(html, words.curve, &heads, |html| {
        for (jaccard, chance) in points {
            let bars = [(0.0, *chance, Tone::Bar), (*chance, 1.0, Tone::Rest)];
            let bars = chart::bar(&percent(*chance), &bars).map(|bar| [bar]);
            let bars = bars.as_ref().map_or(Cell::Words(""), |bars| Cell::Bars(bars));
            let similarity = Cell::Number(format!("{jaccard:.2}"));
            table::row(html, "", &[similarity, bars, Cell::Number(percent(*chance))]);
        }
    });
}

/// Enough digits to tell chances close to none or to all apart.
fn percent(share: f64) -> String {
    let digits = if (0.001..=0.999).contains(&share) { 1 } else { 4 };
    format!("{:.digits$} %", share * 100.0)
}

fn by_step(
    html: &mut Html,
    run: &RunRecord,
    groups: &Groups,
    words: &Strings,
) -> Result<(), ReportError> {
    for step in &groups.steps {
        html.within("h3", &[], |html| table::name(html, &step.step));
        let pairs = [
            (words.group_count, step.groups),
            (words.members, step.members),
            (words.templates, step.templates),
        ];
        html.within("dl", &[("class", "facts")], |html| {
            for (name, figure) in pairs {
                html.within("div", &[], |html| {
                    html.element("dt", &[], name);
                    html.element("dd", &[], &figures::count(figure));
                });
            }
        });
        let most = step.sizes.iter().map(|(_, groups)| *groups).max().unwrap_or(0).max(1);
        let mut bars = Vec::new();
        for (name, groups) in &step.sizes {
            let title = format!("{name}: {}", figures::count(*groups));
            let share = *groups as f64 / most as f64;
            bars.push([chart::bar(&title, &[(0.0, share, Tone::Bar), (share, 1.0, Tone::Rest)])?]);
        }
        let heads: [Head<'_>; 3] = [(words.size, false), ("", false), (words.group_count, true)];
        table::table(html, words.sizes, &heads, |html| {
            for ((name, groups), bars) in step.sizes.iter().zip(&bars) {
                let number = Cell::Number(figures::count(*groups));
                table::row(html, "", &[Cell::Words(name), Cell::Bars(bars), number]);
            }
        });
        for found in run.curves.iter().filter(|curve| curve.step == step.step) {
            curve(html, found, words);
        }
    }
    Ok(())
}
