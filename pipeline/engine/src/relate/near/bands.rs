//! The keys of each row that takes part, one narrow row per key.

use std::sync::{Arc, LazyLock};

use arrow::{
    array::{Array, AsArray, Int64Array, RecordBatch},
    datatypes::{Int64Type, SchemaRef},
};
use assay_ledger::{batches, folder};
use serde::{Deserialize, Serialize};

use super::{
    super::{
        participation::Participation,
        tables::{broken, numbers},
        task::NarrowWriter,
    },
    places::Places,
};
use crate::{EngineError, Progress, input::Unit, stage::Task};

/// A key, and the place of a row that has it.
pub(in crate::relate) static BANDS: LazyLock<SchemaRef> =
    LazyLock::new(|| numbers(&["bucket", "place"]));

/// Writes the keys of the rows that a step is about.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct BandsTask {
    pub about: Participation,
    /// Name of the step, which is that of its column of signatures.
    pub name: String,
    pub places: Places,
    /// Where the rows go, below the run folder.
    pub table: String,
}

impl Task for BandsTask {
    fn run(&self, unit: &Unit, _: &Progress) -> Result<String, EngineError> {
        let participants = self.about.of(unit)?;
        let mut rows = Vec::new();
        for facts in participants.facts()? {
            rows.extend(participants.in_batch(unit, &facts?)?);
        }
        let ids = unit.ids();
        let places = self.places.of(&self.about.folder, ids)?;
        let mut places = places.map(|places| places.into_iter().peekable());
        let mut rows = rows.into_iter();
        let path = self.about.folder.path(&unit.path_in(folder::SIGNATURES));
        let mut writer = NarrowWriter::new(&self.table, unit, &BANDS);
        for batch in batches(&path, Some(&[&self.name]))? {
            let batch = batch?;
            let lacking = || broken("the signatures lack a step");
            let keys = batch.column_by_name(&self.name).and_then(|it| it.as_list_opt::<i32>());
            let keys = keys.ok_or_else(lacking)?;
            let (mut bucket, mut place) = (Vec::new(), Vec::new());
            for (at, (id, takes_part)) in rows.by_ref().take(batch.num_rows()).enumerate() {
                let own = match &mut places {
                    None => Some(id),
                    Some(places) => places.next_if(|place| place.0 == id).map(|place| place.1),
                };
                let Some(own) = own.filter(|_| takes_part && keys.is_valid(at)) else { continue };
                let keys = keys.value(at);
                let keys = keys.as_primitive::<Int64Type>().values();
                bucket.extend_from_slice(keys);
                place.resize(bucket.len(), own);
            }
            let columns: Vec<_> =
                [bucket, place].map(|column| Arc::new(Int64Array::from(column)) as _).into();
            let bands = RecordBatch::try_new(BANDS.clone(), columns).map_err(broken)?;
            writer.write(&self.about.folder, &bands)?;
        }
        writer.finish()
    }
}
