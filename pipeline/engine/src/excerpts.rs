//! Bounded samples of text for people who want to see what was decided. The rows are
//! chosen by the hash of their text, so that the choice does not depend on the run.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use arrow::{
    array::{ArrayRef, Int64Builder, ListArray, RecordBatch, StringBuilder, StructArray},
    buffer::OffsetBuffer,
    datatypes::{DataType, Field},
};
use assay_ledger::{
    FileRecord, Folder, TableWriter, WriterSettings, folder,
    schema::{EXCERPT, EXCERPTS, SPAN_FIELDS, problem},
};
use assay_operators::contract::{Declared, Judgement, Span, Value};
use assay_plan::{BoundOperator, BoundStep};

use crate::{
    EngineError,
    decide::Candidate,
    input::Unit,
    measure::Scratch,
    scan::{Passage, passages},
    scope::speaks_about,
};

/// Most bytes of an excerpt.
const BYTES: usize = 1200;
/// Most spans of an excerpt.
const SPANS: usize = 200;

/// Writes the excerpts of `candidates`, by kind (`action step`), and returns the file.
pub(crate) fn write_excerpts(
    folder: &Folder,
    units: &[Unit],
    steps: &[BoundStep],
    candidates: &BTreeMap<String, Vec<Candidate>>,
) -> Result<Option<FileRecord>, EngineError> {
    let mut table = Table::default();
    let read = read_again(units, candidates.values().flatten());
    for (kind, shown) in candidates {
        let (action, step) = kind.split_once(' ').unwrap_or((kind, ""));
        // What a problem decided was not measured, so there is nothing to point at.
        let steps = if problem::quarantines(step) { &[] } else { steps };
        for candidate in shown {
            if let Some((unit, passage)) = read.get(&(candidate.ordinal, candidate.row)) {
                table.push(unit, passage, action, step, steps);
            }
        }
    }
    if table.rows == 0 {
        return Ok(None);
    }
    let path = format!("{}/excerpts.parquet", folder::EXCERPTS);
    let batch = table.finish().map_err(|error| EngineError::Broken(error.to_string()))?;
    let settings = WriterSettings { plain_columns: vec![EXCERPT.into()], metadata: None };
    let mut writer = TableWriter::create(folder, &path, EXCERPTS.clone(), &settings)?;
    writer.write(&batch)?;
    Ok(Some(writer.finish()?))
}

/// The text of the candidates, by file and row; every unit is read once. An excerpt is a
/// courtesy: a row that cannot be read again has none.
fn read_again<'u, 'c>(
    units: &'u [Unit],
    candidates: impl Iterator<Item = &'c Candidate>,
) -> BTreeMap<(u32, u64), (&'u Unit, Passage)> {
    let mut wanted: BTreeMap<usize, BTreeSet<u64>> = BTreeMap::new();
    for candidate in candidates {
        let place = (candidate.ordinal, candidate.row);
        let after = units.partition_point(|unit| (unit.ordinal, unit.first_row) <= place);
        let Some(at) = after.checked_sub(1) else { continue };
        let unit = &units[at];
        if unit.ordinal == candidate.ordinal && candidate.row < unit.first_row + unit.rows {
            wanted.entry(at).or_default().insert(candidate.row);
        }
    }
    let mut read = BTreeMap::new();
    for (at, rows) in wanted {
        let unit = &units[at];
        let rows: Vec<u64> = rows.into_iter().collect();
        for passage in passages(unit, &rows).unwrap_or_default() {
            read.insert((unit.ordinal, passage.row), (unit, passage));
        }
    }
    read
}

/// Places that the steps counted against a text: those of gauges outside their limits.
pub(crate) fn evidence(
    scratch: &mut Scratch,
    steps: &[BoundStep],
    text: &str,
    declared: Declared<'_>,
) -> (Vec<(String, Span)>, String) {
    let (found, last) = scratch.see(steps, text, declared, |step, document| {
        let BoundOperator::Gauge(gauge) = &step.operator else { return Vec::new() };
        if !speaks_about(&step.step, declared) {
            return Vec::new();
        }
        let mut values = vec![Value::Missing; gauge.card().fields.len()];
        gauge.measure(document, &mut values);
        match gauge.judge(&values) {
            Judgement::Outside(_) => {
                let name = &step.step.name;
                gauge.locate(document).into_iter().map(|span| (name.clone(), span)).collect()
            }
            _ => Vec::new(),
        }
    });
    (found.into_iter().flatten().collect(), last)
}

#[derive(Default)]
struct Table {
    rows: usize,
    scratch: Scratch,
    file: StringBuilder,
    row: Int64Builder,
    id: StringBuilder,
    lang: StringBuilder,
    source: StringBuilder,
    action: StringBuilder,
    step: StringBuilder,
    bytes: Int64Builder,
    start: Int64Builder,
    excerpt: StringBuilder,
    span_step: StringBuilder,
    span_start: Int64Builder,
    span_end: Int64Builder,
    span_counts: Vec<usize>,
}

impl Table {
    fn push(
        &mut self,
        unit: &Unit,
        passage: &Passage,
        action: &str,
        step: &str,
        steps: &[BoundStep],
    ) {
        let Some(text) = &passage.text else { return };
        let declared = Declared {
            lang: passage.lang.as_deref(),
            source: passage.source.as_deref(),
            url: None,
        };
        let (spans, seen) = evidence(&mut self.scratch, steps, text, declared);
        let edited = seen != *text;
        let first = spans.iter().find(|(name, _)| name == step).or(spans.first());
        let anchor = first.map_or(0, |(_, span)| span.start as usize);
        let window = window(&seen, anchor);
        let number = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
        self.rows += 1;
        self.file.append_value(&unit.file);
        self.row.append_value(i64::try_from(passage.row).unwrap_or(i64::MAX));
        self.id.append_option(passage.id.as_deref());
        self.lang.append_option(passage.lang.as_deref());
        self.source.append_value(passage.source.as_deref().unwrap_or(&unit.file));
        self.action.append_value(action);
        self.step.append_option((!step.is_empty()).then_some(step));
        self.bytes.append_value(number(if edited { seen.len() } else { text.len() }));
        self.start.append_value(number(window.start));
        // Masked as a whole, so that a number cut by the window does not show its rest.
        self.excerpt.append_value(&masked(&seen)[window.clone()]);
        let inside = spans.iter().filter(|(_, span)| {
            window.start <= span.start as usize && span.end as usize <= window.end
        });
        let mut count = 0;
        for (name, span) in inside.take(SPANS) {
            self.span_step.append_value(name);
            self.span_start.append_value(number(span.start as usize - window.start));
            self.span_end.append_value(number(span.end as usize - window.start));
            count += 1;
        }
        self.span_counts.push(count);
    }

    fn finish(mut self) -> Result<RecordBatch, arrow::error::ArrowError> {
        let spans: Vec<ArrayRef> = vec![
            Arc::new(self.span_step.finish()),
            Arc::new(self.span_start.finish()),
            Arc::new(self.span_end.finish()),
        ];
        let spans = StructArray::try_new(SPAN_FIELDS.clone(), spans, None)?;
        let item = Field::new("item", DataType::Struct(SPAN_FIELDS.clone()), false);
        let offsets = OffsetBuffer::from_lengths(self.span_counts);
        let spans = ListArray::try_new(Arc::new(item), offsets, Arc::new(spans), None)?;
        RecordBatch::try_new(
            EXCERPTS.clone(),
            vec![
                Arc::new(self.file.finish()),
                Arc::new(self.row.finish()),
                Arc::new(self.id.finish()),
                Arc::new(self.lang.finish()),
                Arc::new(self.source.finish()),
                Arc::new(self.action.finish()),
                Arc::new(self.step.finish()),
                Arc::new(self.bytes.finish()),
                Arc::new(self.start.finish()),
                Arc::new(self.excerpt.finish()),
                Arc::new(spans),
            ],
        )
    }
}

/// At most [`BYTES`] of `text` around `anchor`, on character boundaries.
fn window(text: &str, anchor: usize) -> std::ops::Range<usize> {
    let start = if anchor < BYTES / 2 { 0 } else { anchor - BYTES / 4 };
    let start = text.floor_char_boundary(start.min(text.len()));
    start..text.floor_char_boundary((start + BYTES).min(text.len()))
}

/// Masks what may name or reach a person: the local part of mail addresses and runs of
/// seven or more digits. Every masked byte stays one byte, so that spans keep their places.
pub(crate) fn masked(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let local = |byte: u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(&byte);
    for at in text.match_indices('@').map(|(at, _)| at) {
        let start = (0..at).rev().take_while(|&i| local(bytes[i])).last().unwrap_or(at);
        bytes[start..at].fill(b'*');
    }
    let mut at = 0;
    while at < bytes.len() {
        let end = number_end(&bytes, at);
        if 7 <= bytes[at..end].iter().filter(|byte| byte.is_ascii_digit()).count() {
            bytes[at..end].iter_mut().filter(|byte| byte.is_ascii_digit()).for_each(|b| *b = b'*');
        }
        at = end.max(at + 1);
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// End of the number that starts at `at`: digits, with at most two separators at a time
/// between them, as phone and card numbers are written.
fn number_end(bytes: &[u8], at: usize) -> usize {
    let (mut end, mut next) = (at, at);
    while next < bytes.len() && next - end <= 2 {
        match bytes[next] {
            byte if byte.is_ascii_digit() => end = next + 1,
            b' ' | b'-' | b'.' | b'(' | b')' if at < end => {}
            _ => break,
        }
        next += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_addresses_and_long_numbers_are_masked_in_place() {
        let text = "写信给 li.wei@example.org，电话 13800138000，2024 年";
        let shown = masked(text);
        assert_eq!(shown, "写信给 ******@example.org，电话 ***********，2024 年");
        assert_eq!(shown.len(), text.len());
    }

    #[test]
    fn numbers_are_masked_however_they_are_grouped() {
        assert_eq!(
            masked("138-0013-8000 or +1 (555) 123-4567"),
            "***-****-**** or +* (***) ***-****"
        );
        assert_eq!(masked("in 2023, 2024 and 3.14"), "in 2023, 2024 and 3.14");
    }

    #[test]
    fn a_window_holds_its_anchor_and_whole_characters() {
        let text = "质".repeat(2000);
        let window = window(&text, 4001);
        assert!(window.contains(&4001) && window.len() <= BYTES);
        assert!(text.get(window).is_some());
    }
}
