//! What goes from rows: written once, read unit by unit.

use std::{collections::BTreeMap, ops::Range, sync::LazyLock};

use arrow::{
    array::AsArray,
    datatypes::{Int64Type, SchemaRef},
};
use assay_ledger::Folder;
use assay_operators::contract::Span;
use serde::{Deserialize, Serialize};

use super::super::tables::{numbers, read_between};
use crate::EngineError;

/// Number of a row, bytes of its text that go, and whether nothing of it is left.
pub(super) static GOING: LazyLock<SchemaRef> =
    LazyLock::new(|| numbers(&["id", "from", "until", "emptied"]));

/// What a step takes from rows, in order of row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Edits {
    /// The file below the run folder.
    pub path: String,
    /// Of what the file holds.
    pub hash: String,
}

/// What goes from one row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Going {
    /// In order, apart from each other.
    pub spans: Vec<Span>,
    /// Whether nothing is left.
    pub emptied: bool,
}

impl Edits {
    /// Rows with a number in `ids` that lose something.
    pub(crate) fn of(
        &self,
        folder: &Folder,
        ids: Range<i64>,
    ) -> Result<BTreeMap<i64, Going>, EngineError> {
        let mut going: BTreeMap<i64, Going> = BTreeMap::new();
        read_between(folder, &self.path, ids, |id, batch, row| {
            let column = |at: usize| batch.column(at).as_primitive::<Int64Type>().value(row);
            let place = |at: usize| usize::try_from(column(at)).unwrap_or_default();
            let row = going.entry(id).or_default();
            row.spans.push(Span::new(place(1), place(2)));
            row.emptied |= column(3) != 0;
        })?;
        Ok(going)
    }
}

/// What all `edits` together take from the rows with a number in `ids`: places in order, apart
/// from each other.
pub(crate) fn taken<'e>(
    edits: impl Iterator<Item = &'e Edits>,
    folder: &Folder,
    ids: &Range<i64>,
) -> Result<BTreeMap<i64, Vec<Span>>, EngineError> {
    let mut taken: BTreeMap<i64, Vec<Span>> = BTreeMap::new();
    for edits in edits {
        for (id, going) in edits.of(folder, ids.clone())? {
            taken.entry(id).or_default().extend(going.spans);
        }
    }
    Ok(taken.into_iter().map(|(id, spans)| (id, joined(spans))).collect())
}

/// Spans joined where they touch or overlap, in order.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| (span.start, span.end));
    let mut out: Vec<Span> = Vec::new();
    for span in spans {
        match out.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_that_touch_are_one() {
        let spans = [(9, 12), (0, 3), (3, 5), (10, 11)].map(|(start, end)| Span { start, end });
        let joined = joined(spans.into());
        assert_eq!(joined, [Span { start: 0, end: 5 }, Span { start: 9, end: 12 }]);
    }
}
