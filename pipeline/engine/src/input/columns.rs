//! Which columns of a file have a role.

use assay_plan::Columns;
use parquet::{
    basic::{ConvertedType, LogicalType, Type as PhysicalType},
    schema::types::{ColumnDescriptor, SchemaDescriptor},
};
use serde::{Deserialize, Serialize};

use crate::EngineError;

/// Columns of one file that have a role, as dotted paths of Parquet leaves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Roles {
    /// The document; several columns are its parts, in this order.
    pub text: Vec<String>,
    pub id: Option<String>,
    pub source: Option<String>,
    pub lang: Option<String>,
    pub url: Option<String>,
}

const TEXT: &[&str] =
    &["text", "content", "raw_content", "document", "body", "markdown", "正文", "内容", "文本"];
const ID: &[&str] = &["id", "doc_id", "document_id", "uuid", "warc_record_id", "编号"];
const SOURCE: &[&str] = &["source", "dataset", "subset", "domain", "来源"];
const LANG: &[&str] = &["lang", "language", "lang_code", "语言", "语种"];
const URL: &[&str] = &["url", "uri", "link", "网址", "链接"];

/// Names under which the text is looked for.
pub(super) fn usual_text_columns() -> Vec<String> {
    TEXT.iter().map(|name| (*name).to_owned()).collect()
}

impl Roles {
    /// The roles in `file`, whose leaves `schema` lists.
    pub(crate) fn find(
        file: &str,
        schema: &SchemaDescriptor,
        wanted: &Columns,
    ) -> Result<Self, EngineError> {
        let text = if wanted.text.is_empty() {
            vec![find_text(file, schema)?]
        } else {
            for name in &wanted.text {
                require_text(file, schema, name)?;
            }
            wanted.text.clone()
        };
        Ok(Self {
            id: optional(file, schema, wanted.id.as_deref(), ID, "id")?,
            source: optional(file, schema, wanted.source.as_deref(), SOURCE, "source")?,
            lang: optional(file, schema, wanted.lang.as_deref(), LANG, "lang")?,
            url: optional(file, schema, wanted.url.as_deref(), URL, "url")?,
            text,
        })
    }

    /// All columns that are read to measure.
    pub(crate) fn all(&self) -> impl Iterator<Item = &String> {
        self.text
            .iter()
            .chain([&self.id, &self.source, &self.lang, &self.url].into_iter().flatten())
    }
}

/// Columns of the source: those that ingesting adds are nobody's text.
pub(super) fn own(schema: &SchemaDescriptor) -> impl Iterator<Item = &ColumnDescriptor> {
    let added = [assay_ingest::PROBLEM, assay_ingest::RAW];
    let columns = schema.columns().iter().map(AsRef::as_ref);
    columns.filter(move |column: &&ColumnDescriptor| !added.contains(&column.name()))
}

fn leaf<'s>(schema: &'s SchemaDescriptor, path: &str) -> Option<&'s ColumnDescriptor> {
    let mut leaves = schema.columns().iter();
    leaves.find(|column| column.path().string() == path).map(AsRef::as_ref)
}

/// Strings and plain binaries that do not repeat within a row.
pub(crate) fn is_text(column: &ColumnDescriptor) -> bool {
    let string = match column.logical_type_ref() {
        Some(LogicalType::String | LogicalType::Json | LogicalType::Enum) => true,
        Some(_) => false,
        None => matches!(
            column.converted_type(),
            ConvertedType::NONE | ConvertedType::UTF8 | ConvertedType::JSON | ConvertedType::ENUM
        ),
    };
    string && column.physical_type() == PhysicalType::BYTE_ARRAY && column.max_rep_level() == 0
}

fn find_text(file: &str, schema: &SchemaDescriptor) -> Result<String, EngineError> {
    for name in TEXT {
        if leaf(schema, name).is_some_and(is_text) {
            return Ok((*name).to_owned());
        }
    }
    let strings: Vec<String> = own(schema)
        .filter(|column| is_text(column) && column.logical_type_ref().is_some())
        .map(|column| column.path().string())
        .collect();
    match strings.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(EngineError::input(
            file,
            format!("has no column that could hold text; found {}", names(schema)),
            "leave the file out, or name the column: [input] text = \"…\"",
        )),
        several => Err(EngineError::input(
            file,
            format!(
                "has no column called {}, but several strings: {}",
                TEXT[0],
                several.join(", ")
            ),
            format!("name the one that holds the document: [input] text = {:?}", several[0]),
        )),
    }
}

fn require_text(file: &str, schema: &SchemaDescriptor, name: &str) -> Result<(), EngineError> {
    match leaf(schema, name) {
        Some(column) if is_text(column) => Ok(()),
        Some(column) => Err(EngineError::input(
            format!("{file}, column {name}"),
            format!("holds {}, not text", column.physical_type()),
            "name a string column: [input] text = \"…\"",
        )),
        None => Err(EngineError::input(
            file,
            format!("has no column {name:?}; found {}", names(schema)),
            "name a column that every file has, or leave `text` out to have it found per file",
        )),
    }
}

fn optional(
    file: &str,
    schema: &SchemaDescriptor,
    wanted: Option<&str>,
    usual: &[&str],
    role: &str,
) -> Result<Option<String>, EngineError> {
    let readable =
        |name: &str| leaf(schema, name).is_some_and(|column| column.max_rep_level() == 0);
    match wanted {
        Some(name) if leaf(schema, name).is_some() && !readable(name) => Err(EngineError::input(
            format!("{file}, column {name}"),
            "is repeated within a row",
            format!("name a column with one value per row: [input] {role} = \"…\""),
        )),
        // A file may lack a declared column: its rows then have none.
        Some(name) => Ok(readable(name).then(|| name.to_owned())),
        None => Ok(usual.iter().find(|name| readable(name)).map(|name| (*name).to_owned())),
    }
}

fn names(schema: &SchemaDescriptor) -> String {
    let names: Vec<String> = own(schema).map(|column| column.path().string()).collect();
    match names.len() {
        0..=20 => names.join(", "),
        more => format!("{} and {} more", names[..20].join(", "), more - 20),
    }
}
