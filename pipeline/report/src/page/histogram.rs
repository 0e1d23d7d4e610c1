//! The charts of what was measured, with their numbers.

use assay_ledger::{RunRecord, StepCounts};

use super::{
    chart::{self, Histogram},
    distribution::{Column, Distribution, Facts, Kind, Label, Part},
    limits,
    scale::Scale,
    sketch::Sketch,
    table::{self, Cell, Head},
    wrong::capped,
};
use crate::{
    ReportError, figures,
    html::Html,
    strings::{Strings, fill},
};

/// The section.
pub(crate) fn write(
    html: &mut Html,
    run: &RunRecord,
    facts: &Facts,
    words: &Strings,
) -> Result<(), ReportError> {
    table::section(html, "measures", words.measures, words.measures_lead, |html| {
        if facts.distributions.is_empty() && facts.labels.is_empty() {
            html.element("p", &[], words.no_measures);
        }
        for distribution in &facts.distributions {
            html.try_within("article", &[("class", "measure")], |html| {
                measure(html, run, facts, distribution, words)
            })?;
        }
        for (column, counts) in &facts.labels {
            html.try_within("article", &[("class", "measure")], |html| {
                labels(html, run, column, counts, words)
            })?;
        }
        let shown = facts.distributions.len() + facts.labels.len();
        capped(html, words, shown + facts.left_out, shown);
        Ok(())
    })
}

fn step<'a>(run: &'a RunRecord, name: &str) -> Option<&'a StepCounts> {
    run.steps.iter().find(|step| step.name == name)
}

fn heading(html: &mut Html, run: &RunRecord, column: &Column) {
    html.within("h3", &[], |html| {
        table::name(html, &column.name);
        if let Some(step) = step(run, &column.step) {
            html.text(" ");
            html.within("small", &[], |html| table::name(html, &step.operator));
        }
    });
}

fn measure(
    html: &mut Html,
    run: &RunRecord,
    facts: &Facts,
    distribution: &Distribution,
    words: &Strings,
) -> Result<(), ReportError> {
    heading(html, run, &distribution.column);
    overview(html, run, distribution, words);
    let Some(scale) = &distribution.scale else { return Ok(()) };
    let all = sum(&distribution.by_language, scale.places());
    let mut charts = vec![(words.all_rows.to_owned(), all.as_slice())];
    let single = distribution.by_language.iter().filter(|bins| rows(bins) != 0).count() < 2;
    for (place, bins) in distribution.by_language.iter().enumerate() {
        // With one language, its chart would repeat the first one.
        if rows(bins) == 0 || single {
            continue;
        }
        let name = match facts.languages.get(place) {
            Some(Some(language)) => language.clone(),
            Some(None) => words.unknown.to_owned(),
            None => words.other.to_owned(),
        };
        charts.push((name, bins.as_slice()));
    }
    html.try_within("div", &[("class", "charts")], |html| {
        for (name, bins) in &charts {
            figure(html, distribution, scale, name, bins, words)?;
        }
        Ok::<(), ReportError>(())
    })?;
    table::details(html, words.numbers, |html| bins_table(html, scale, &charts, words));
    table::details(html, words.by_source, |html| sources(html, facts, distribution, words));
    Ok(())
}

fn rows(bins: &[u64]) -> u64 {
    bins.iter().sum()
}

fn sum(parts: &[Vec<u64>], places: usize) -> Vec<u64> {
    (0..places).map(|place| parts.iter().map(|bins| bins[place]).sum()).collect()
}

fn overview(html: &mut Html, run: &RunRecord, distribution: &Distribution, words: &Strings) {
    let Distribution { sketch, limits, .. } = distribution;
    let outside: u64 = distribution.by_source.iter().map(|part| part.outside).sum();
    let step = step(run, &distribution.column.step);
    let unmeasured = step.map_or(distribution.missing, |step| step.unmeasured);
    let limit = if limits.is_empty() { words.no_limit.to_owned() } else { limits::shown(limits) };
    let [low, middle, high] = percentiles(sketch);
    let mut pairs = vec![
        (words.limit, limit),
        (words.measured, figures::count(sketch.measured())),
        (words.unmeasured, figures::count(unmeasured)),
        (words.low, low),
        (words.median, middle),
        (words.high, high),
    ];
    if let Some(step) = step.filter(|step| 0 < step.skipped) {
        pairs.insert(3, (words.skipped, figures::count(step.skipped)));
    }
    if !limits.is_empty() {
        let share = figures::percent(outside, sketch.measured());
        pairs.insert(1, (words.outside, format!("{} ({share})", figures::count(outside))));
    }
    html.within("dl", &[("class", "facts")], |html| {
        for (name, figure) in &pairs {
            html.within("div", &[], |html| {
                html.element("dt", &[], name);
                html.element("dd", &[], figure);
            });
        }
    });
}

fn percentiles(sketch: &Sketch) -> [String; 3] {
    [5, 50, 95].map(|percent| sketch.percentile(percent).map_or("–".to_owned(), figures::value))
}

fn figure(
    html: &mut Html,
    distribution: &Distribution,
    scale: &Scale,
    name: &str,
    bins: &[u64],
    words: &Strings,
) -> Result<(), ReportError> {
    let rows = figures::count(rows(bins));
    let drawing = chart::histogram(&Histogram {
        title: fill(words.histogram_title, &[&distribution.column.name, name, &rows]),
        scale,
        counts: bins,
        limits: &distribution.limits.lines(distribution.column.kind == Kind::Whole),
        inside: &|value| distribution.limits.hold(value),
    })?;
    html.within("figure", &[], |html| {
        html.within("figcaption", &[], |html| {
            html.within("b", &[], |html| table::name(html, name));
            html.text(" ");
            html.element("span", &[], &format!("{rows} {}", words.rows));
            if scale.is_logarithmic() {
                html.element("small", &[], words.log_note);
            }
        });
        html.drawing(&drawing);
    });
    Ok(())
}

fn bins_table(html: &mut Html, scale: &Scale, charts: &[(String, &[u64])], words: &Strings) {
    let mut heads: Vec<Head<'_>> = vec![(words.from, true), (words.to, true)];
    heads.extend(charts.iter().map(|(name, _)| (name.as_str(), true)));
    table::table(html, words.numbers, &heads, |html| {
        let last = scale.places() - 1;
        for place in 0..scale.places() {
            let [from, to] = match place {
                0 => [String::new(), figures::value(scale.first())],
                place if place == last => [figures::value(scale.last()), String::new()],
                place => {
                    let (from, to) = scale.bin(place - 1);
                    [from, to].map(figures::value)
                }
            };
            let mut cells = vec![Cell::Number(from), Cell::Number(to)];
            cells.extend(charts.iter().map(|(_, bins)| Cell::Number(figures::count(bins[place]))));
            if charts.iter().any(|(_, bins)| bins[place] != 0) {
                table::row(html, "", &cells);
            }
        }
    });
}

fn sources(html: &mut Html, facts: &Facts, distribution: &Distribution, words: &Strings) {
    let heads: [Head<'_>; 7] = [
        (words.source, false),
        (words.measured, true),
        (words.unmeasured, true),
        (words.low, true),
        (words.median, true),
        (words.high, true),
        (words.outside, true),
    ];
    table::table(html, words.by_source, &heads, |html| {
        for (place, part) in distribution.by_source.iter().enumerate() {
            let Part { sketch, missing, outside } = part;
            if sketch.measured() + missing == 0 {
                continue;
            }
            let name = match facts.sources.get(place) {
                Some(Some(source)) => Cell::Foreign(source),
                Some(None) => Cell::Words(words.unknown),
                None => Cell::Words(words.other),
            };
            let [low, middle, high] = percentiles(sketch).map(Cell::Number);
            let share = if distribution.limits.is_empty() {
                "–".to_owned()
            } else {
                figures::percent(*outside, sketch.measured())
            };
            table::row(
                html,
                "",
                &[
                    name,
                    Cell::Number(figures::count(sketch.measured())),
                    Cell::Number(figures::count(*missing)),
                    low,
                    middle,
                    high,
                    Cell::Number(share),
                ],
            );
        }
    });
}

fn labels(
    html: &mut Html,
    run: &RunRecord,
    column: &Column,
    counts: &[Label],
    words: &Strings,
) -> Result<(), ReportError> {
    heading(html, run, column);
    let all: u64 = run.counts.rows;
    let heads: [Head<'_>; 4] =
        [(words.value, false), ("", false), (words.rows, true), (words.share, true)];
    let mut bars = Vec::new();
    for (label, rows) in counts {
        let end = *rows as f64 / all.max(1) as f64;
        let tone = if label.is_some() { chart::Tone::Bar } else { chart::Tone::Edge };
        let name = label.as_deref().unwrap_or(words.unmeasured);
        let title = format!("{name}: {}", figures::count(*rows));
        bars.push([chart::bar(&title, &[(0.0, end, tone), (end, 1.0, chart::Tone::Rest)])?]);
    }
    table::table(html, &column.name, &heads, |html| {
        for ((label, rows), bars) in counts.iter().zip(&bars) {
            table::row(
                html,
                "",
                &[
                    label.as_deref().map_or(Cell::Words(words.unmeasured), Cell::Foreign),
                    Cell::Bars(bars),
                    Cell::Number(figures::count(*rows)),
                    Cell::Number(figures::percent(*rows, all)),
                ],
            );
        }
    });
    Ok(())
}
