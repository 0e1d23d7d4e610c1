//! Arrow IPC: rows and columns as they are, dictionaries unpacked.

mod batches;
mod sizes;
mod storable;

use std::{path::Path, sync::Arc};

use arrow::{
    array::RecordBatch,
    compute::cast,
    datatypes::{Schema, SchemaRef},
};

use assay_ledger::{LedgerError, says_full};

use crate::{
    IngestError, Ingested,
    output::{Output, Problems, Rows, Target, schema},
};

use batches::{Batches, caught};

pub(crate) fn ingest(path: &Path, target: &Target<'_>) -> Result<Ingested, IngestError> {
    let mut batches = Batches::open(path)?;
    let schema = stored_schema(path, batches.schema())?;
    let mut output = Output::create(target, &schema).map_err(|error| match error {
        // A damaged schema may name types that cannot be.
        IngestError::Ledger(LedgerError::Table { source, .. })
            if !says_full(&source.to_string()) =>
        {
            IngestError::Unreadable { path: path.into(), reason: source.to_string() }
        }
        other => other,
    })?;
    let mut incomplete = None;
    while let Some(batch) = batches.next() {
        // Arrays are decoded lazily in places, so damage may show only here.
        let rows = batch.and_then(|batch| caught(|| unpack(&batch, &schema, path)));
        match rows {
            Ok(rows) => output.write(&rows)?,
            Err(reason) => {
                incomplete = Some(format!("after row {}: {reason}", output.rows()));
                break;
            }
        }
    }
    let mut warnings = Vec::new();
    if output.rows() == 0 {
        warnings.push("the file holds no row".to_owned());
    }
    output.finish(warnings, incomplete.or(batches.into_damage()))
}

fn stored_schema(path: &Path, found: &Schema) -> Result<SchemaRef, IngestError> {
    let mut columns = Vec::with_capacity(found.fields().len());
    for field in found.fields() {
        let kind = storable::stored(field.data_type()).map_err(|kind| IngestError::ColumnType {
            path: path.into(),
            column: field.name().clone(),
            kind,
        })?;
        columns.push(field.as_ref().clone().with_data_type(kind));
    }
    let schema = schema(path, columns)?;
    Ok(Arc::new(schema.with_metadata(found.metadata().clone())))
}

fn unpack(batch: &RecordBatch, schema: &SchemaRef, path: &Path) -> Result<Rows, String> {
    let mut columns = Vec::with_capacity(schema.fields().len());
    for (column, field) in batch.columns().iter().zip(schema.fields()) {
        let column = if column.data_type() == field.data_type() {
            column.clone()
        } else {
            cast(column, field.data_type()).map_err(|error| error.to_string())?
        };
        columns.push(column);
    }
    let mut problems = Problems::default();
    problems.push_nones(batch.num_rows());
    Rows::new(schema, columns, problems, path).map_err(|error| error.to_string())
}
