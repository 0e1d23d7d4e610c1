//! Texts with their language and source.

use std::{fs::File, path::Path};

use arrow::{
    array::{Array, AsArray, RecordBatch, StringArray},
    compute::cast,
    datatypes::DataType,
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::problem::Problem;

/// One text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The text.
    pub text: String,
    /// What it is: a tag such as `en` or `zh-Hans`.
    pub lang: String,
    /// Where it is from.
    pub source: String,
}

/// Reads the columns `text`, `lang` and `source` of a Parquet file, in order.
pub fn read(path: &Path) -> Result<Vec<Row>, Problem> {
    let file = File::open(path).map_err(|error| Problem::File { path: path.into(), error })?;
    let broken = |problem: String| Problem::Corpus { path: path.into(), problem };
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .and_then(|builder| builder.build())
        .map_err(|error| broken(error.to_string()))?;
    let mut rows = Vec::new();
    for batch in reader {
        let batch = batch.map_err(|error| broken(error.to_string()))?;
        let [text, lang, source] = ["text", "lang", "source"].map(|name| column(&batch, name));
        let (text, lang, source) =
            (text.map_err(broken)?, lang.map_err(broken)?, source.map_err(broken)?);
        for row in 0..batch.num_rows() {
            if text.is_valid(row) && lang.is_valid(row) && source.is_valid(row) {
                rows.push(Row {
                    text: text.value(row).to_owned(),
                    lang: lang.value(row).to_owned(),
                    source: source.value(row).to_owned(),
                });
            }
        }
    }
    Ok(rows)
}

fn column(batch: &RecordBatch, name: &str) -> Result<StringArray, String> {
    let found = batch.column_by_name(name).ok_or_else(|| format!("has no column {name:?}"))?;
    let text = cast(found, &DataType::Utf8).map_err(|error| error.to_string())?;
    Ok(text.as_string::<i32>().clone())
}
