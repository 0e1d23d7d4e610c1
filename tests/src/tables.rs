//! Parquet files in and out, by another way than the product's.

use std::{fs::File, path::Path};

use arrow::{
    array::RecordBatch,
    json::{WriterBuilder, writer::LineDelimited},
};
use parquet::{
    arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder},
    file::properties::WriterProperties,
};
use serde_json::Value;

/// Writes a Parquet file with row groups of `group` rows.
pub fn write_parquet(path: &Path, rows: &RecordBatch, group: usize) {
    let file = File::create(path).expect("the file can be created");
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(group)).build();
    let mut writer = ArrowWriter::try_new(file, rows.schema(), Some(properties))
        .expect("the rows can be written");
    writer.write(rows).expect("the rows can be written");
    writer.close().expect("the file can be finished");
}

/// The rows of a Parquet file as JSON objects; hashes are hexadecimal digits.
#[must_use]
pub fn read_rows(path: &Path) -> Vec<Value> {
    let show = path.display();
    let file = File::open(path).unwrap_or_else(|error| panic!("{show}: {error}"));
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .and_then(|builder| builder.build())
        .unwrap_or_else(|error| panic!("{show}: {error}"));
    let mut writer =
        WriterBuilder::new().with_explicit_nulls(true).build::<_, LineDelimited>(Vec::<u8>::new());
    for batch in reader {
        let batch = batch.unwrap_or_else(|error| panic!("{show}: {error}"));
        writer.write(&batch).expect("rows are JSON");
    }
    writer.finish().expect("rows are JSON");
    let text = String::from_utf8(writer.into_inner()).expect("JSON is UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("rows are JSON")).collect()
}
