//! Texts with their language and source.

use std::{fs::File, path::Path};

use parquet::{
    errors::ParquetError,
    file::reader::{FileReader, SerializedFileReader},
    record::Field,
};

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

/// Reads the columns `text`, `lang` and `source` of a Parquet file, in order. Rows that
/// lack one of them are left out.
pub fn read(path: &Path) -> Result<Vec<Row>, Problem> {
    let file = File::open(path).map_err(|error| Problem::File { path: path.into(), error })?;
    let rows = rows(file).map_err(|error| Problem::Corpus { path: path.into(), error })?;
    if rows.is_empty() {
        return Err(Problem::Empty("a corpus has no row with text, lang and source"));
    }
    Ok(rows)
}

fn rows(file: File) -> Result<Vec<Row>, ParquetError> {
    let reader = SerializedFileReader::new(file)?;
    let mut rows = Vec::new();
    for row in reader.get_row_iter(None)? {
        let [mut text, mut lang, mut source] = [None, None, None];
        for (name, field) in row?.into_columns() {
            let Field::Str(value) = field else { continue };
            match name.as_str() {
                "text" => text = Some(value),
                "lang" => lang = Some(value),
                "source" => source = Some(value),
                _ => {}
            }
        }
        if let (Some(text), Some(lang), Some(source)) = (text, lang, source) {
            rows.push(Row { text, lang, source });
        }
    }
    Ok(rows)
}
