//! Samples of text with the places that a step counted.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch, StructArray};
use assay_ledger::schema::{self, action};

use super::{limits, table};
use crate::{
    Ledger, ReportError, cells, figures,
    html::Html,
    strings::{Strings, fill},
};

/// One sample.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Excerpt {
    file: String,
    row: i64,
    id: Option<String>,
    lang: Option<String>,
    source: String,
    action: String,
    bytes: u64,
    start: u64,
    sample: Sample,
    /// Of the row that stays instead, where it is another text.
    kept: Option<Sample>,
    reasons: Vec<Reason>,
}

/// A text with its places.
#[derive(Debug, Clone, PartialEq)]
struct Sample {
    text: String,
    spans: Vec<Span>,
}

/// A place that a step counted, in bytes of the excerpt.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Span {
    start: usize,
    end: usize,
    steps: String,
}

/// A limit or rule that the row broke.
#[derive(Debug, Clone, PartialEq)]
struct Reason {
    step: String,
    value: Option<f64>,
    limit: Option<String>,
    instead: Option<String>,
}

/// What the section shows.
pub(crate) struct Excerpts {
    shown: Vec<Excerpt>,
    all: BTreeMap<String, u64>,
}

/// Most excerpts of one action.
const MOST: usize = 24;
/// Most bytes of one excerpt on the page.
const LONGEST: usize = 2000;
/// The section stops growing here; the page stays below 5 MB.
const SECTION_BYTES: usize = 2_000_000;

/// What did not go through comes first; what was kept last.
const ORDER: [&str; 5] =
    [action::DROP, action::QUARANTINE, action::FLAG, action::EDIT, action::KEEP];

/// Reads the samples and the reasons behind them.
pub(crate) async fn read(ledger: &Ledger) -> Result<Excerpts, ReportError> {
    let mut all = BTreeMap::new();
    let counts = "SELECT action, count(*) FROM excerpts GROUP BY action ORDER BY action";
    for batch in &ledger.sql(counts).await? {
        let (actions, counts) = (cells::texts(batch, 0)?, cells::ints(batch, 1)?);
        for row in 0..batch.num_rows() {
            all.insert(actions.value(row).to_owned(), cells::count(&counts, row));
        }
    }
    let mut shown = Vec::new();
    for name in ORDER.iter().filter(|name| all.contains_key(**name)) {
        let query = format!(
            "SELECT file, \"row\", id, lang, source, action, bytes, excerpt_start, excerpt, spans, \
             kept_excerpt, kept_spans FROM excerpts WHERE action = '{name}' ORDER BY file, \"row\" LIMIT {MOST}"
        );
        for batch in &ledger.sql(&query).await? {
            decode(batch, &mut shown)?;
        }
    }
    explain(ledger, &mut shown).await?;
    Ok(Excerpts { shown, all })
}

/// Adds the reasons. The rows are named one by one: a join would sort all decisions for
/// the sake of a hundred.
async fn explain(ledger: &Ledger, shown: &mut [Excerpt]) -> Result<(), ReportError> {
    let mut places: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for excerpt in shown.iter() {
        places.entry(&excerpt.file).or_default().push(excerpt.row.to_string());
    }
    if places.is_empty() {
        return Ok(());
    }
    let conditions: Vec<String> = places
        .iter()
        .map(|(file, rows)| {
            let file = file.replace('\'', "''");
            format!("(file = '{file}' AND \"row\" IN ({}))", rows.join(", "))
        })
        .collect();
    let query =
        format!("SELECT file, \"row\", reasons FROM decisions WHERE {}", conditions.join(" OR "));
    let mut found: BTreeMap<(String, i64), Vec<Reason>> = BTreeMap::new();
    for batch in &ledger.sql(&query).await? {
        let (files, rows) = (cells::texts(batch, 0)?, cells::ints(batch, 1)?);
        for row in 0..batch.num_rows() {
            let place = (files.value(row).to_owned(), rows.value(row));
            found.insert(place, reasons(structs(batch, 2, row)?.as_ref()));
        }
    }
    for excerpt in shown {
        let place = (excerpt.file.clone(), excerpt.row);
        excerpt.reasons = found.remove(&place).unwrap_or_default();
    }
    Ok(())
}

fn decode(batch: &RecordBatch, out: &mut Vec<Excerpt>) -> Result<(), ReportError> {
    let text = |index| cells::texts(batch, index);
    let (files, ids, langs) = (text(0)?, text(2)?, text(3)?);
    let (sources, actions, excerpts) = (text(4)?, text(5)?, text(8)?);
    let kept = text(10)?;
    let (rows, bytes) = (cells::ints(batch, 1)?, cells::ints(batch, 6)?);
    let starts = cells::ints(batch, 7)?;
    for row in 0..batch.num_rows() {
        let found = structs(batch, 9, row)?;
        let (cut, from) = shortened(excerpts.value(row), found.as_ref());
        let sample = Sample { spans: spans(&cut, from, found.as_ref()), text: cut };
        let kept = match cells::optional(&kept, row) {
            None => None,
            Some(text) => {
                let found = structs(batch, 11, row)?;
                let (text, from) = shortened(&text, found.as_ref());
                Some(Sample { spans: spans(&text, from, found.as_ref()), text })
            }
        };
        out.push(Excerpt {
            file: files.value(row).to_owned(),
            row: rows.value(row),
            id: cells::optional(&ids, row),
            lang: cells::optional(&langs, row),
            source: sources.value(row).to_owned(),
            action: actions.value(row).to_owned(),
            bytes: cells::count(&bytes, row),
            start: cells::count(&starts, row) + from as u64,
            sample,
            kept,
            reasons: Vec::new(),
        });
    }
    Ok(())
}

/// The structs of a row's list, if it has one.
fn structs(
    batch: &RecordBatch,
    column: usize,
    row: usize,
) -> Result<Option<StructArray>, ReportError> {
    let wrong = || ReportError::Shape { column, expected: "a list of structs" };
    let list = batch.columns().get(column).and_then(|list| list.as_list_opt::<i32>());
    let list = list.ok_or_else(wrong)?;
    if list.is_null(row) {
        return Ok(None);
    }
    list.value(row).as_struct_opt().cloned().map(Some).ok_or_else(wrong)
}

fn text_of(values: &StructArray, name: &str, row: usize) -> Option<String> {
    let column =
        arrow::compute::cast(values.column_by_name(name)?, &arrow::datatypes::DataType::Utf8);
    cells::optional(column.ok()?.as_string_opt::<i32>()?, row)
}

fn number_of(values: &StructArray, name: &str, row: usize) -> Option<f64> {
    let column = values.column_by_name(name)?;
    let column = arrow::compute::cast(column, &arrow::datatypes::DataType::Float64).ok()?;
    let column = column.as_primitive_opt::<arrow::datatypes::Float64Type>()?;
    (!column.is_null(row)).then(|| column.value(row))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 .. 2^32")]
fn place_of(values: &StructArray, name: &str, row: usize) -> Option<usize> {
    number_of(values, name, row).map(|number| number.clamp(0.0, 4e9) as usize)
}

/// Cuts a long excerpt so that its first marked place stays visible.
fn shortened(text: &str, spans: Option<&StructArray>) -> (String, usize) {
    if text.len() <= LONGEST {
        return (text.to_owned(), 0);
    }
    let first = spans.and_then(|spans| {
        (0..spans.len()).filter_map(|row| place_of(spans, schema::START, row)).min()
    });
    let lead = LONGEST / 4;
    let from = first.unwrap_or(0).saturating_sub(lead).min(text.len() - LONGEST);
    let from = boundary(text, from);
    let to = boundary(text, from + LONGEST);
    (text[from..to].to_owned(), from)
}

/// The last place at or before `place` where a character begins.
fn boundary(text: &str, place: usize) -> usize {
    let mut place = place.min(text.len());
    while !text.is_char_boundary(place) {
        place -= 1;
    }
    place
}

/// Places inside the cut text, in order; those that overlap become one.
fn spans(text: &str, from: usize, found: Option<&StructArray>) -> Vec<Span> {
    let Some(found) = found else { return Vec::new() };
    let mut spans: Vec<Span> = (0..found.len())
        .filter_map(|row| {
            let start = boundary(text, place_of(found, schema::START, row)?.saturating_sub(from));
            let end = boundary(text, place_of(found, schema::END, row)?.saturating_sub(from));
            let steps = text_of(found, schema::STEP, row)?;
            (start < end).then_some(Span { start, end, steps })
        })
        .collect();
    spans.sort_by_key(|span| (span.start, span.end));
    let mut merged: Vec<Span> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start < last.end => {
                last.end = last.end.max(span.end);
                if !last.steps.split(", ").any(|step| step == span.steps) {
                    last.steps.push_str(", ");
                    last.steps.push_str(&span.steps);
                }
            }
            _ => merged.push(span),
        }
    }
    merged
}

fn reasons(found: Option<&StructArray>) -> Vec<Reason> {
    let Some(found) = found else { return Vec::new() };
    (0..found.len())
        .filter_map(|row| {
            let kept = text_of(found, schema::KEPT_FILE, row)
                .zip(text_of(found, schema::KEPT_ROW, row))
                .map(|(file, row)| format!("{file}:{row}"));
            Some(Reason {
                step: text_of(found, schema::STEP, row)?,
                value: number_of(found, schema::VALUE, row),
                limit: text_of(found, schema::LIMIT, row),
                instead: kept,
            })
        })
        .collect()
}

/// The section.
pub(crate) fn write(
    html: &mut Html,
    excerpts: &Excerpts,
    words: &'static Strings,
) -> Result<(), ReportError> {
    table::section(html, "excerpts", words.excerpts, words.excerpts_lead, |html| {
        if excerpts.shown.is_empty() {
            html.element("p", &[], words.no_excerpts);
        }
        let end = html.len() + SECTION_BYTES;
        for name in ORDER {
            let Some(all) = excerpts.all.get(name) else { continue };
            html.within("h3", &[], |html| table::chip(html, name, words.action(name)));
            let mut shown = 0;
            html.within("div", &[("class", "excerpts")], |html| {
                for excerpt in excerpts.shown.iter().filter(|excerpt| excerpt.action == name) {
                    if html.len() < end {
                        card(html, excerpt, words);
                        shown += 1;
                    }
                }
            });
            if shown < *all {
                let figures = [shown, *all].map(figures::count);
                let note = fill(words.excerpts_capped, &[&figures[0], &figures[1]]);
                html.element("p", &[("class", "note")], &note);
            }
        }
        Ok(())
    })
}

fn card(html: &mut Html, excerpt: &Excerpt, words: &Strings) {
    html.within("article", &[("class", "excerpt")], |html| {
        html.within("p", &[("class", "where")], |html| {
            let place = format!("{}:{}", excerpt.file, excerpt.row);
            html.within("b", &[], |html| table::name(html, &place));
            let id = excerpt.id.as_ref().map(|id| format!("{} {id}", words.id));
            let source = (excerpt.source != excerpt.file).then(|| excerpt.source.clone());
            for part in [id, excerpt.lang.clone(), source].into_iter().flatten() {
                html.within("span", &[], |html| table::name(html, &part));
            }
            html.element("span", &[], &figures::bytes(excerpt.bytes));
            if 0 < excerpt.start {
                let from = fill(words.from_byte, &[&figures::count(excerpt.start)]);
                html.element("span", &[], &from);
            }
        });
        if !excerpt.reasons.is_empty() {
            html.within("ul", &[("class", "reasons")], |html| {
                for reason in &excerpt.reasons {
                    html.within("li", &[], |html| sentence(html, reason, words));
                }
            });
        }
        quoted(html, &excerpt.sample);
        if let Some(kept) = &excerpt.kept {
            html.element("p", &[("class", "note")], words.kept_text);
            quoted(html, kept);
        }
    });
}

/// Not a paragraph of ours: its direction follows its own first strong character.
fn quoted(html: &mut Html, sample: &Sample) {
    html.within("blockquote", &[("dir", "auto")], |html| {
        html.within("bdi", &[], |html| marked(html, sample));
    });
}

fn sentence(html: &mut Html, reason: &Reason, words: &Strings) {
    match words.problem(&reason.step) {
        Some(problem) if reason.value.is_none() => html.element("b", &[], problem),
        _ => html.within("b", &[], |html| table::name(html, &reason.step)),
    }
    if let Some(value) = reason.value {
        html.text(" ");
        html.text(&figures::value(value));
    }
    if let Some(limit) = &reason.limit {
        html.text(" · ");
        // What is no bound is a rule's condition.
        if let Some(bound) = limits::in_words(limit) {
            html.foreign(&format!("{} {bound}", words.limit));
        } else {
            html.text(words.condition);
            html.text(" ");
            html.within("code", &[], |html| table::name(html, limit));
        }
    }
    if let Some(instead) = &reason.instead {
        html.text(" · ");
        html.within("bdi", &[], |html| html.foreign(&fill(words.instead, &[instead])));
    }
}

fn marked(html: &mut Html, sample: &Sample) {
    let mut at = 0;
    for span in &sample.spans {
        html.foreign(&sample.text[at..span.start]);
        html.within("mark", &[("title", &span.steps)], |html| {
            html.foreign(&sample.text[span.start..span.end]);
        });
        at = span.end;
    }
    html.foreign(&sample.text[at..]);
}
