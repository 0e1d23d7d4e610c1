//! Reads the rows that may share a passage once more, and lists their passages.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use arrow::{
    array::{ArrayRef, AsArray, Decimal128Array, Int64Array, RecordBatch},
    datatypes::{DataType, Field, Int64Type, Schema, SchemaRef},
};
use assay_operators::{
    contract::{Cut, Declared, Workspace},
    duplicate::shared::{Cutter, Passage},
};
use serde::{Deserialize, Serialize};

use super::super::{
    near::Places,
    participation::Participation,
    tables::{broken, numbers, read_between},
    task::NarrowWriter,
};
use crate::{
    EngineError, Progress,
    assets::rewriters,
    input::Unit,
    measure::Scratch,
    scan::{self, each_passage, lost},
    stage::Task,
};

/// Number of a row, and one of the numbers that it is signed by and others are too.
pub(super) static SHARED: LazyLock<SchemaRef> = LazyLock::new(|| numbers(&["id", "signature"]));

/// A passage: its key and length, the place of its row, its bytes in the text, whether the
/// row had it before, and the bytes of the text without white space at either end.
pub(super) static SPANS: LazyLock<SchemaRef> = LazyLock::new(|| {
    let number = |name: &str| Field::new(name, DataType::Int64, false);
    let key = Field::new("key", DataType::Decimal128(38, 0), false);
    let names = ["bytes", "place", "from", "until", "first", "opens", "closes"];
    Arc::new(Schema::new([vec![key], names.map(number).into()].concat()))
});

/// Lists the passages of rows that share one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SpansTask {
    pub about: Participation,
    pub cut: Cut,
    pub places: Places,
    /// What rows share, in order of row; below the run folder.
    pub shared: String,
    /// Where the passages go, below the run folder.
    pub table: String,
}

impl Task for SpansTask {
    fn run(&self, unit: &Unit, progress: &Progress) -> Result<String, EngineError> {
        let folder = &self.about.folder;
        let ids = unit.ids();
        let mut shared: BTreeMap<u64, Vec<i64>> = BTreeMap::new();
        read_between(folder, &self.shared, ids.clone(), |id, batch, row| {
            let signature = batch.column(1).as_primitive::<Int64Type>().value(row);
            let row = unit.first_row + (id - ids.start).unsigned_abs();
            shared.entry(row).or_default().push(signature);
        })?;
        let mut writer = NarrowWriter::new(&self.table, unit, &SPANS);
        if shared.is_empty() {
            return writer.finish();
        }
        let taken = self.about.taken(&ids)?;
        let places = self.places.of(folder, ids)?;
        let places: Option<BTreeMap<i64, i64>> = places.map(|it| it.into_iter().collect());
        let judge = self.about.plan.judge()?;
        let before = judge.steps().get(..self.about.step).unwrap_or_default();
        let rewriters = rewriters(before)?;
        let rows: Vec<u64> = shared.keys().copied().collect();
        let mut scratch = Scratch::default();
        let (mut workspace, mut cutter) = (Workspace::new(), Cutter::default());
        let mut failure = None;
        let read = each_passage(unit, &rows, &mut |read: scan::Passage| {
            let text = read.text.as_deref().unwrap_or_default();
            let declared =
                Declared { lang: read.lang.as_deref(), source: read.source.as_deref(), url: None };
            progress.add(1, text.len() as u64);
            let seen = scratch.measure(&rewriters, &[Some(text.as_bytes())], declared, u64::MAX);
            let text = seen.edited.unwrap_or(text);
            let known = shared.get(&read.row).map_or(&[][..], Vec::as_slice);
            let found = cutter.shared(&self.cut, &workspace.open_text(text), known);
            let id = unit.id(read.row);
            // What an earlier step takes from the row is there no more, neither to go nor to
            // be the one that stays.
            let gone = taken.get(&id).map_or(&[][..], Vec::as_slice);
            let is_left = |passage: &&Passage| {
                let at = gone.partition_point(|gone| gone.end <= passage.span.start);
                gone.get(at).is_none_or(|gone| passage.span.end <= gone.start)
            };
            let found: Vec<Passage> = found.iter().filter(is_left).copied().collect();
            let place = places.as_ref().map_or(Some(id), |places| places.get(&id).copied());
            if let Some(place) = place {
                let rows = batch(text, place, &found);
                failure = rows.and_then(|rows| writer.write(folder, &rows)).err();
            }
            failure.is_none()
        });
        match failure {
            Some(failure) => return Err(failure),
            None => read.map_err(|error| lost(unit, error))?,
        }
        writer.finish()
    }
}

fn batch(text: &str, place: i64, passages: &[Passage]) -> Result<RecordBatch, EngineError> {
    let mut seen = std::collections::BTreeSet::new();
    let firsts = passages.iter().map(|it| i64::from(seen.insert(it.key)));
    let firsts: Vec<i64> = firsts.collect();
    let opens = text.len() - text.trim_start().len();
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let column = |of: &dyn Fn(&Passage) -> i64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(passages.iter().map(of)))
    };
    let same = |number: i64| column(&|_| number);
    let keys = passages.iter().map(|passage| passage.key.hash.cast_signed());
    let keys = Decimal128Array::from_iter_values(keys).with_data_type(DataType::Decimal128(38, 0));
    let columns = vec![
        Arc::new(keys) as ArrayRef,
        column(&|passage| number(passage.key.bytes)),
        same(place),
        column(&|passage| passage.span.start.into()),
        column(&|passage| passage.span.end.into()),
        Arc::new(Int64Array::from(firsts)),
        same(number(opens as u64)),
        same(number(text.trim_end().len() as u64)),
    ];
    RecordBatch::try_new(SPANS.clone(), columns).map_err(broken)
}
