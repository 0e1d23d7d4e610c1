//! The order in which rows are preferred: a row's place in it stands for the row.

use std::{
    fs::File,
    io::{BufWriter, Read, Seek, SeekFrom, Write},
    ops::Range,
    path::PathBuf,
    sync::{Arc, LazyLock},
};

use arrow::{
    array::{AsArray, Int64Array, RecordBatch},
    datatypes::{Int64Type, SchemaRef},
};
use assay_ledger::{FileRecord, Folder};
use futures::StreamExt;
use serde::{Deserialize, Serialize};

use super::super::{
    tables::{Tables, broken, numbers, read_between},
    task::KEYS,
};
use crate::{EngineError, error::unwrapped};

/// Number of a row, and its place.
pub(super) static PLACES: LazyLock<SchemaRef> = LazyLock::new(|| numbers(&["id", "place"]));

/// Places of rows. Smaller ones are preferred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Places {
    /// No row is preferred but by its number, which is its place.
    Same,
    /// By rank, then by number.
    Ranked {
        /// Number and place of each row, in order of number; below the run folder.
        by_id: String,
        /// Number of each row, eight bytes each, in order of place; below the run folder.
        by_place: String,
        /// Rows of corpora that the input is compared with; they come first.
        others: i64,
    },
}

impl Places {
    /// Ranks the rows in `keys`; those of the input have numbers from `own` on.
    pub(super) async fn rank(
        tables: &Tables<'_>,
        keys: &[FileRecord],
        own: i64,
    ) -> Result<Self, EngineError> {
        let files: Vec<String> = keys.iter().map(|file| file.path.clone()).collect();
        let sql = "SELECT id FROM keys ORDER BY rank, id";
        let mut rows = tables.query(&[("keys", &files, &KEYS)], sql).await?;
        let by_place = format!("{}/by-place", tables.work);
        let path = tables.folder.path(&by_place);
        let file = File::create(&path).map_err(EngineError::io("written", &path))?;
        let mut ids = BufWriter::new(file);
        let mut writer = tables.create("ranked", &PLACES)?;
        let (mut place, mut others) = (0, 0);
        while let Some(batch) = rows.next().await {
            let batch = batch.map_err(unwrapped)?;
            let column = batch.column(0).as_primitive::<Int64Type>();
            for id in column.values() {
                others += i64::from(*id < own);
                ids.write_all(&id.to_le_bytes()).map_err(EngineError::io("written", &path))?;
            }
            let next = place + i64::try_from(batch.num_rows()).unwrap_or(i64::MAX);
            let places = Arc::new(Int64Array::from_iter_values(place..next));
            let columns = vec![batch.column(0).clone(), places];
            writer.write(&RecordBatch::try_new(PLACES.clone(), columns).map_err(broken)?)?;
            place = next;
        }
        ids.flush().map_err(EngineError::io("written", &path))?;
        let ranked = [writer.finish()?.path];
        let sql = "SELECT id, place FROM ranked ORDER BY id";
        let rows = tables.query(&[("ranked", &ranked, &PLACES)], sql).await?;
        let by_id = tables.store("by-id", &PLACES, rows).await?.path;
        Ok(Self::Ranked { by_id, by_place, others })
    }

    /// The first place of the input, whose rows have numbers from `own` on.
    pub(super) fn first(&self, own: i64) -> i64 {
        match self {
            Self::Same => own,
            Self::Ranked { others, .. } => *others,
        }
    }

    /// The places of the rows `ids` that have one, in order of their number.
    pub(in crate::relate) fn of(
        &self,
        folder: &Folder,
        ids: Range<i64>,
    ) -> Result<Option<Vec<(i64, i64)>>, EngineError> {
        let Self::Ranked { by_id, .. } = self else { return Ok(None) };
        let mut places = Vec::new();
        read_between(folder, by_id, ids, |id, batch, row| {
            places.push((id, batch.column(1).as_primitive::<Int64Type>().value(row)));
        })?;
        Ok(Some(places))
    }

    /// Finds rows by their place.
    pub(in crate::relate) fn open(&self, folder: &Folder) -> Result<RowsByPlace, EngineError> {
        let Self::Ranked { by_place, .. } = self else { return Ok(RowsByPlace::Same) };
        let path = folder.path(by_place);
        let file = File::open(&path).map_err(EngineError::io("opened", &path))?;
        Ok(RowsByPlace::Ranked { file, path })
    }
}

/// Numbers of rows by place.
pub(in crate::relate) enum RowsByPlace {
    Same,
    Ranked { file: File, path: PathBuf },
}

impl RowsByPlace {
    /// Number of the row at `place`.
    pub(in crate::relate) fn id(&mut self, place: i64) -> Result<i64, EngineError> {
        let Self::Ranked { file, path } = self else { return Ok(place) };
        let mut bytes = [0; 8];
        let mut read = || {
            file.seek(SeekFrom::Start(place.unsigned_abs() * 8))?;
            file.read_exact(&mut bytes)
        };
        read().map_err(EngineError::io("read", &*path))?;
        Ok(i64::from_le_bytes(bytes))
    }
}
