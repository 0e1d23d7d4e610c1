//! Bounded samples of text for people who want to see what was decided. The rows are
//! chosen by the hash of their text, so that the choice does not depend on the run.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
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
use assay_operators::{
    contract::{Declared, Judgement, Span, Value},
    duplicate::near::template::Comparer,
};
use assay_plan::{BoundOperator, BoundStep};

use crate::{
    EngineError,
    decide::Candidate,
    input::{Unit, place_of},
    measure::Scratch,
    relate::Edits,
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
    edits: &[(usize, &Edits)],
) -> Result<Option<FileRecord>, EngineError> {
    let mut table = Table::default();
    let read = read_again(units, candidates.values().flatten());
    for (kind, shown) in candidates {
        let (action, step) = kind.split_once(' ').unwrap_or((kind, ""));
        // What a problem decided was not measured, so there is nothing to point at.
        let steps = if problem::quarantines(step) { &[] } else { steps };
        for candidate in shown {
            if let Some((unit, passage)) = read.get(&(candidate.ordinal, candidate.row)) {
                let kept = candidate.kept.and_then(|id| read.get(&place_of(id)));
                let kept = kept.map(|(_, passage)| passage);
                let going = going(folder, unit, passage.row, steps, edits)?;
                table.push(unit, passage, &Shown { action, step, steps, kept, going });
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

/// Places of a row that go because other documents have them, each with its step.
fn going(
    folder: &Folder,
    unit: &Unit,
    row: u64,
    steps: &[BoundStep],
    edits: &[(usize, &Edits)],
) -> Result<Places, EngineError> {
    let id = unit.id(row);
    let mut places = Places::new();
    for (number, edits) in edits {
        let Some(step) = steps.get(*number) else { continue };
        for going in edits.of(folder, id..id + 1)?.into_values() {
            places.extend(going.spans.into_iter().map(|span| (step.step.name.clone(), span)));
        }
    }
    Ok(places)
}

/// The text of the candidates, by file and row; every unit is read once. An excerpt is a
/// courtesy: a row that cannot be read again has none.
fn read_again<'u, 'c>(
    units: &'u [Unit],
    candidates: impl Iterator<Item = &'c Candidate>,
) -> BTreeMap<(u32, u64), (&'u Unit, Passage)> {
    let mut wanted: BTreeMap<usize, BTreeSet<u64>> = BTreeMap::new();
    let places = candidates.flat_map(|candidate| {
        let kept = candidate.kept.map(place_of);
        std::iter::once((candidate.ordinal, candidate.row)).chain(kept)
    });
    for (ordinal, row) in places {
        let after = units.partition_point(|unit| (unit.ordinal, unit.first_row) <= (ordinal, row));
        let Some(at) = after.checked_sub(1) else { continue };
        let unit = &units[at];
        if unit.ordinal == ordinal && row < unit.first_row + unit.rows {
            wanted.entry(at).or_default().insert(row);
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

/// Why a row is shown.
struct Shown<'s> {
    action: &'s str,
    step: &'s str,
    steps: &'s [BoundStep],
    /// The row that stays instead, if its text is another one.
    kept: Option<&'s Passage>,
    /// Places that go because other documents have them.
    going: Places,
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
    spans: SpanLists,
    kept_excerpt: StringBuilder,
    kept_spans: SpanLists,
}

/// Places in excerpts, one list for each.
#[derive(Default)]
struct SpanLists {
    step: StringBuilder,
    start: Int64Builder,
    end: Int64Builder,
    counts: Vec<usize>,
}

impl SpanLists {
    /// The places in `window`, as far as they are in it, counted from its start.
    fn push(&mut self, spans: &[(String, Span)], window: &Range<usize>) {
        let inside = spans.iter().filter_map(|(name, span)| {
            let start = window.start.max(span.start as usize);
            let end = window.end.min(span.end as usize);
            (start < end).then_some((name, start, end))
        });
        let mut count = 0;
        for (name, start, end) in inside.take(SPANS) {
            self.step.append_value(name);
            self.start.append_value(number(start - window.start));
            self.end.append_value(number(end - window.start));
            count += 1;
        }
        self.counts.push(count);
    }

    fn finish(mut self) -> Result<ListArray, arrow::error::ArrowError> {
        let spans: Vec<ArrayRef> = vec![
            Arc::new(self.step.finish()),
            Arc::new(self.start.finish()),
            Arc::new(self.end.finish()),
        ];
        let spans = StructArray::try_new(SPAN_FIELDS.clone(), spans, None)?;
        let item = Field::new("item", DataType::Struct(SPAN_FIELDS.clone()), false);
        let offsets = OffsetBuffer::from_lengths(self.counts);
        ListArray::try_new(Arc::new(item), offsets, Arc::new(spans), None)
    }
}

fn number(at: usize) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

impl Table {
    fn push(&mut self, unit: &Unit, passage: &Passage, shown: &Shown<'_>) {
        let Some(text) = &passage.text else { return };
        let Shown { action, step, steps, kept, ref going } = *shown;
        let (mut spans, seen) = evidence(&mut self.scratch, steps, text, declared(passage));
        let kept = kept.and_then(|kept| Some((kept.text.as_ref()?, declared(kept))));
        let kept =
            kept.map(|(text, declared)| evidence(&mut self.scratch, steps, text, declared).1);
        let (own, other) = kept.as_deref().map(|kept| differences(step, kept, &seen)).unzip();
        spans.extend(going.iter().cloned());
        if let Some(own) = own {
            spans = own;
        }
        let edited = seen != *text;
        let first = spans.iter().find(|(name, _)| name == step).or(spans.first());
        let anchor = first.map_or(0, |(_, span)| span.start as usize);
        let around = window(&seen, anchor);
        self.rows += 1;
        self.file.append_value(&unit.file);
        self.row.append_value(i64::try_from(passage.row).unwrap_or(i64::MAX));
        self.id.append_option(passage.id.as_deref());
        self.lang.append_option(passage.lang.as_deref());
        self.source.append_value(passage.source.as_deref().unwrap_or(&unit.file));
        self.action.append_value(action);
        self.step.append_option((!step.is_empty()).then_some(step));
        self.bytes.append_value(number(if edited { seen.len() } else { text.len() }));
        self.start.append_value(number(around.start));
        // Masked as a whole, so that a number cut by the window does not show its rest.
        self.excerpt.append_value(&masked(&seen)[around.clone()]);
        self.spans.push(&spans, &around);
        let other = other.unwrap_or_default();
        let first = other.first().map_or(anchor, |(_, span)| span.start as usize);
        let around = kept.as_deref().map(|kept| window(kept, first));
        let excerpt =
            kept.zip(around.clone()).map(|(kept, around)| masked(&kept)[around].to_owned());
        self.kept_excerpt.append_option(excerpt);
        self.kept_spans.push(&other, &around.unwrap_or(0..0));
    }

    fn finish(mut self) -> Result<RecordBatch, arrow::error::ArrowError> {
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
                Arc::new(self.spans.finish()?),
                Arc::new(self.kept_excerpt.finish()),
                Arc::new(self.kept_spans.finish()?),
            ],
        )
    }
}

fn declared(passage: &Passage) -> Declared<'_> {
    Declared { lang: passage.lang.as_deref(), source: passage.source.as_deref(), url: None }
}

/// Where a text and the one that stays instead differ: places in the first, then in the second.
pub(crate) fn differences(step: &str, kept: &str, text: &str) -> (Places, Places) {
    let found = Comparer::default().compare(kept, text).places;
    let named = |span: Span| (span.start < span.end).then(|| (step.to_owned(), span));
    let mut own: Places = found.iter().filter_map(|place| named(place.removed)).collect();
    let mut other: Places = found.iter().filter_map(|place| named(place.kept)).collect();
    for places in [&mut own, &mut other] {
        places.sort_by_key(|(_, span)| (span.start, span.end));
    }
    (own, other)
}

/// Places in a text, each with the step that counts it.
pub(crate) type Places = Vec<(String, Span)>;

/// At most [`BYTES`] of `text` around `anchor`, on character boundaries.
fn window(text: &str, anchor: usize) -> Range<usize> {
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
