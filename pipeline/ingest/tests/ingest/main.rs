//! Ingesting as the engine does it: a file in, a Parquet file out, rows compared.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod delimited;
mod ipc;
mod jsonl;
mod packed;
mod properties;
mod texts;

use std::{fs, path::PathBuf};

use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch},
    datatypes::{DataType, Float64Type, Int64Type, SchemaRef},
};
use assay_ingest::{IngestError, Ingested, PROBLEM, RAW, format_of, ingest};
use assay_ledger::{Folder, read_table};
use serde_json::{Map, Value};

/// A folder with sources and what they became.
struct Bench {
    root: tempfile::TempDir,
}

/// A written file, read again.
#[derive(Debug)]
struct Table {
    done: Ingested,
    batches: Vec<RecordBatch>,
}

impl Bench {
    fn new() -> Self {
        Self { root: tempfile::tempdir().unwrap() }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.root.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn folder(&self) -> Folder {
        Folder::new(self.root.path().join("out"))
    }

    fn try_ingest(&self, name: &str, bytes: &[u8]) -> Result<Ingested, IngestError> {
        let path = self.write(name, bytes);
        let format = format_of(&path).unwrap();
        ingest(format, &path, &self.folder(), "a.parquet", &["text".to_owned()])
    }

    fn ingest(&self, name: &str, bytes: &[u8]) -> Table {
        self.read(self.try_ingest(name, bytes).unwrap())
    }

    fn read(&self, done: Ingested) -> Table {
        let batches = read_table(&self.folder().path(&done.record.path)).unwrap();
        let table = Table { done, batches };
        let problems = table.column(PROBLEM);
        assert_eq!(problems.len() as u64, table.done.rows);
        assert_eq!(
            problems.iter().filter(|value| !value.is_null()).count() as u64,
            table.done.broken
        );
        table
    }
}

impl Table {
    fn schema(&self) -> SchemaRef {
        self.batches[0].schema()
    }

    fn type_of(&self, column: &str) -> DataType {
        self.schema().field_with_name(column).unwrap().data_type().clone()
    }

    fn names(&self) -> Vec<String> {
        let schema = self.schema();
        let names = schema.fields().iter().map(|field| field.name().clone());
        names.filter(|name| name != PROBLEM && name != RAW).collect()
    }

    fn column(&self, name: &str) -> Vec<Value> {
        let batches = self.batches.iter();
        batches
            .flat_map(|batch| {
                let column = batch.column_by_name(name).unwrap();
                (0..batch.num_rows()).map(|row| value(column, row)).collect::<Vec<_>>()
            })
            .collect()
    }

    /// Row, problem and raw bytes of every broken record.
    fn broken(&self) -> Vec<(usize, String, Vec<u8>)> {
        let (mut found, mut before) = (Vec::new(), 0);
        for batch in &self.batches {
            let problems = batch.column_by_name(PROBLEM).unwrap().as_string::<i32>();
            let raws = batch.column_by_name(RAW).unwrap().as_binary::<i32>();
            for row in 0..batch.num_rows() {
                assert_eq!(problems.is_null(row), raws.is_null(row));
                if !problems.is_null(row) {
                    let problem = problems.value(row).to_owned();
                    found.push((before + row, problem, raws.value(row).to_vec()));
                }
            }
            before += batch.num_rows();
        }
        found
    }
}

/// A cell as JSON; null fields are left out.
fn value(array: &ArrayRef, row: usize) -> Value {
    if array.is_null(row) {
        return Value::Null;
    }
    match array.data_type() {
        DataType::Boolean => array.as_boolean().value(row).into(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).into(),
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row).into(),
        DataType::Utf8 => array.as_string::<i32>().value(row).into(),
        DataType::Binary => format!("{:?}", array.as_binary::<i32>().value(row)).into(),
        DataType::List(_) => {
            let items = array.as_list::<i32>().value(row);
            (0..items.len()).map(|item| value(&items, item)).collect()
        }
        DataType::Struct(fields) => {
            let columns = fields.iter().zip(array.as_struct().columns());
            let entries = columns.map(|(field, column)| (field.name().clone(), value(column, row)));
            Value::Object(entries.filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>())
        }
        other => panic!("no test writes {other}"),
    }
}
