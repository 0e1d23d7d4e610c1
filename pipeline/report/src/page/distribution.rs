//! How every measurement is spread, by language and by source: the facts are read
//! twice, as a stream, once to learn the range and once to count into bins.

use std::collections::BTreeMap;

use arrow::{
    array::{Array, Float64Array, RecordBatch, StringArray},
    datatypes::DataType,
};
use assay_ledger::schema;
use futures::StreamExt;

use super::{
    limits::{self, Limits},
    scale::{Range, Scale},
    sketch::Sketch,
};
use crate::{Ledger, ReportError, cells};

/// One measured column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    /// Name in the facts.
    pub(crate) name: String,
    /// The step that measured it.
    pub(crate) step: String,
    /// What the values are.
    pub(crate) kind: Kind,
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Integers.
    Whole,
    /// Any number.
    Real,
    /// Names, or yes and no.
    Label,
}

/// How one measurement is spread.
pub(crate) struct Distribution {
    /// The column.
    pub(crate) column: Column,
    /// Its limits.
    pub(crate) limits: Limits,
    /// Bins; none when nothing was measured.
    pub(crate) scale: Option<Scale>,
    /// All values.
    pub(crate) sketch: Sketch,
    /// Rows without a value.
    pub(crate) missing: u64,
    /// Counts by bin, for each language of [`Facts::languages`], the others last.
    pub(crate) by_language: Vec<Vec<u64>>,
    /// For each source of [`Facts::sources`], the others last.
    pub(crate) by_source: Vec<Part>,
}

/// What one source has of a measurement.
#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
    /// Its values.
    pub(crate) sketch: Sketch,
    /// Rows without a value.
    pub(crate) missing: u64,
    /// Rows beyond a limit.
    pub(crate) outside: u64,
}

/// All measurements of a run.
pub(crate) struct Facts {
    /// The most frequent languages; `None` is a row without one.
    pub(crate) languages: Vec<Option<String>>,
    /// The largest sources.
    pub(crate) sources: Vec<Option<String>>,
    /// The numbers.
    pub(crate) distributions: Vec<Distribution>,
    /// The names, with their counts.
    pub(crate) labels: Vec<(Column, Vec<Label>)>,
    /// Measurements that are not shown.
    pub(crate) left_out: usize,
}

/// One name with its rows; `None` is what was not measured.
pub(crate) type Label = (Option<String>, u64);

/// Most languages with a chart of their own.
const LANGUAGES: usize = 4;
/// Most sources with a line of their own.
const SOURCES: usize = 20;
/// Most measurements on the page.
const COLUMNS: usize = 60;

/// Reads the facts.
pub(crate) async fn read(ledger: &Ledger) -> Result<Facts, ReportError> {
    let mut columns = columns(ledger).await?;
    let left_out = columns.len().saturating_sub(COLUMNS);
    columns.truncate(COLUMNS);
    let mut limits = limits::of_columns(ledger).await?;
    let mut facts = Facts {
        languages: frequent(ledger, schema::LANG, LANGUAGES).await?,
        sources: frequent(ledger, schema::SOURCE, SOURCES).await?,
        distributions: Vec::new(),
        labels: Vec::new(),
        left_out,
    };
    for column in columns {
        if column.kind == Kind::Label {
            let counts = labels(ledger, &column).await?;
            facts.labels.push((column, counts));
            continue;
        }
        facts.distributions.push(Distribution {
            limits: limits.remove(&column.name).unwrap_or_default(),
            column,
            scale: None,
            sketch: Sketch::default(),
            missing: 0,
            by_language: Vec::new(),
            by_source: vec![Part::default(); facts.sources.len() + 1],
        });
    }
    if !facts.distributions.is_empty() {
        learn(ledger, &mut facts).await?;
        count(ledger, &mut facts).await?;
    }
    Ok(facts)
}

async fn columns(ledger: &Ledger) -> Result<Vec<Column>, ReportError> {
    let base = schema::facts_base();
    let schema = ledger.columns("facts").await?;
    let mut columns = Vec::new();
    for field in schema.fields() {
        if base.iter().any(|known| known.name() == field.name()) {
            continue;
        }
        let kind = match field.data_type() {
            kind if kind.is_integer() => Kind::Whole,
            kind if kind.is_floating() => Kind::Real,
            DataType::Boolean | DataType::Utf8 | DataType::Utf8View => Kind::Label,
            // Lists have no one value to draw.
            _ => continue,
        };
        let step = field.name().split_once("__").map_or(field.name().as_str(), |(step, _)| step);
        columns.push(Column { name: field.name().clone(), step: step.to_owned(), kind });
    }
    Ok(columns)
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

async fn frequent(
    ledger: &Ledger,
    column: &str,
    most: usize,
) -> Result<Vec<Option<String>>, ReportError> {
    let query = format!(
        "SELECT {column}, count(*) AS n FROM facts GROUP BY {column} ORDER BY n DESC, {column} LIMIT {most}"
    );
    let mut names = Vec::new();
    for batch in &ledger.sql(&query).await? {
        let texts = cells::texts(batch, 0)?;
        names.extend((0..texts.len()).map(|row| cells::optional(&texts, row)));
    }
    Ok(names)
}

async fn labels(ledger: &Ledger, column: &Column) -> Result<Vec<Label>, ReportError> {
    let name = quoted(&column.name);
    let query = format!(
        "SELECT CAST({name} AS VARCHAR) AS label, count(*) AS n FROM facts \
         GROUP BY label ORDER BY n DESC, label LIMIT {SOURCES}"
    );
    let mut counts = Vec::new();
    for batch in &ledger.sql(&query).await? {
        let (labels, rows) = (cells::texts(batch, 0)?, cells::ints(batch, 1)?);
        counts.extend(
            (0..batch.num_rows())
                .map(|row| (cells::optional(&labels, row), cells::count(&rows, row))),
        );
    }
    Ok(counts)
}

/// One batch: where its rows belong, and the values of every column.
struct Rows {
    languages: Vec<usize>,
    sources: Vec<usize>,
    values: Vec<Float64Array>,
}

impl Rows {
    fn of(batch: &RecordBatch, facts: &Facts) -> Result<Self, ReportError> {
        let values = (0..facts.distributions.len()).map(|index| cells::floats(batch, index + 2));
        Ok(Self {
            languages: places(&cells::texts(batch, 0)?, &facts.languages),
            sources: places(&cells::texts(batch, 1)?, &facts.sources),
            values: values.collect::<Result<_, _>>()?,
        })
    }
}

/// Place of every row's name in the list; all others stand behind its end.
fn places(names: &StringArray, known: &[Option<String>]) -> Vec<usize> {
    let index: BTreeMap<Option<&str>, usize> =
        known.iter().enumerate().map(|(place, name)| (name.as_deref(), place)).collect();
    names.iter().map(|name| index.get(&name).copied().unwrap_or(known.len())).collect()
}

fn query(facts: &Facts) -> String {
    let columns = facts
        .distributions
        .iter()
        .map(|distribution| format!(", CAST({} AS DOUBLE)", quoted(&distribution.column.name)));
    format!("SELECT {}, {}{} FROM facts", schema::LANG, schema::SOURCE, columns.collect::<String>())
}

/// First reading: ranges, percentiles, and what is missing or outside by source.
async fn learn(ledger: &Ledger, facts: &mut Facts) -> Result<(), ReportError> {
    let query = query(facts);
    let mut stream = ledger.stream(&query).await?;
    while let Some(batch) = stream.next().await {
        let rows = Rows::of(&batch.map_err(ReportError::query(&query))?, facts)?;
        for (distribution, values) in facts.distributions.iter_mut().zip(&rows.values) {
            for (value, source) in values.iter().zip(&rows.sources) {
                let part = &mut distribution.by_source[*source];
                match value.filter(|value| value.is_finite()) {
                    None => part.missing += 1,
                    Some(value) => {
                        part.sketch.add(value);
                        part.outside += u64::from(!distribution.limits.hold(value));
                    }
                }
            }
        }
    }
    let languages = facts.languages.len() + 1;
    for distribution in &mut facts.distributions {
        for part in &distribution.by_source {
            distribution.sketch.merge(&part.sketch);
            distribution.missing += part.missing;
        }
        distribution.scale = scale(&distribution.sketch, distribution.column.kind);
        let places = distribution.scale.as_ref().map_or(0, Scale::places);
        distribution.by_language = vec![vec![0; places]; languages];
    }
    Ok(())
}

fn scale(sketch: &Sketch, kind: Kind) -> Option<Scale> {
    let (min, max) = sketch.ends()?;
    let (low, high) = (sketch.percentile(1)?, sketch.percentile(99)?);
    Some(Scale::new(Range { min, max, low, high, whole: kind == Kind::Whole }))
}

/// Second reading: rows by bin and language.
async fn count(ledger: &Ledger, facts: &mut Facts) -> Result<(), ReportError> {
    let query = query(facts);
    let mut stream = ledger.stream(&query).await?;
    while let Some(batch) = stream.next().await {
        let rows = Rows::of(&batch.map_err(ReportError::query(&query))?, facts)?;
        for (distribution, values) in facts.distributions.iter_mut().zip(&rows.values) {
            let Some(scale) = &distribution.scale else { continue };
            for (value, language) in values.iter().zip(&rows.languages) {
                if let Some(value) = value.filter(|value| value.is_finite()) {
                    distribution.by_language[*language][scale.place(value)] += 1;
                }
            }
        }
    }
    Ok(())
}
