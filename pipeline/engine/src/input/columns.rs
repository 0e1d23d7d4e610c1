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
    /// The document; several columns are its parts, in this order. A column that repeats
    /// within a row, such as the turns of a conversation, is one text, a line per value.
    pub text: Vec<String>,
    pub id: Option<String>,
    pub source: Option<String>,
    pub lang: Option<String>,
    pub url: Option<String>,
}

const TEXT: &[&str] =
    &["text", "content", "raw_content", "document", "body", "markdown", "正文", "内容", "文本"];
/// Lists of turns, and what a turn calls its text.
const TURNS: &[&str] =
    &["messages", "conversations", "conversation", "dialogue", "turns", "对话", "消息"];
const TURN_TEXT: &[&str] = &["content", "value", "text", "内容", "文本"];
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
            let named = wanted.text.iter().map(|name| require_text(file, schema, name));
            named.collect::<Result<_, _>>()?
        };
        Ok(Self {
            id: optional(file, schema, wanted.id.as_deref(), ID, "id")?,
            source: optional(file, schema, wanted.source.as_deref(), SOURCE, "source")?,
            lang: optional(file, schema, wanted.lang.as_deref(), LANG, "lang")?,
            url: optional(file, schema, wanted.url.as_deref(), URL, "url")?,
            text,
        })
    }

    /// As [`find`](Self::find), for a file of a corpus that the input is compared with: what it
    /// lacks of the wanted columns is found by itself.
    pub(crate) fn find_aside(
        file: &str,
        schema: &SchemaDescriptor,
        wanted: &Columns,
    ) -> Result<Self, EngineError> {
        Self::find(file, schema, wanted)
            .or_else(|error| Self::find(file, schema, &Columns::default()).map_err(|_| error))
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

/// Whether each row has one value of the column at `path`, or several; nothing if the file
/// lacks it.
pub(super) fn has_one(schema: &SchemaDescriptor, path: &str) -> Option<bool> {
    let inside = |column: &ColumnDescriptor| {
        column.path().string().strip_prefix(path).is_some_and(|rest| rest.starts_with('.'))
    };
    match leaf(schema, path) {
        Some(leaf) => Some(leaf.max_rep_level() == 0),
        None => own(schema).any(inside).then_some(false),
    }
}

/// Names of the columns that have one value in each row.
pub(super) fn single(schema: &SchemaDescriptor) -> Vec<String> {
    let single = own(schema).filter(|column| column.max_rep_level() == 0);
    single.map(|column| column.path().string()).collect()
}

/// Whether the leaf is in a list at the top level.
fn is_turn(column: &ColumnDescriptor) -> bool {
    let parts = column.path().parts();
    column.max_rep_level() == 1 && parts.len() <= 4 && parts.get(1).is_some_and(|it| it == "list")
}

fn leaf<'s>(schema: &'s SchemaDescriptor, path: &str) -> Option<&'s ColumnDescriptor> {
    let mut leaves = schema.columns().iter();
    leaves.find(|column| column.path().string() == path).map(AsRef::as_ref)
}

/// Strings and plain binaries that do not repeat within a row.
pub(crate) fn is_text(column: &ColumnDescriptor) -> bool {
    is_string(column) && column.max_rep_level() == 0
}

fn is_string(column: &ColumnDescriptor) -> bool {
    let string = match column.logical_type_ref() {
        Some(LogicalType::String | LogicalType::Json | LogicalType::Enum) => true,
        Some(_) => false,
        None => matches!(
            column.converted_type(),
            ConvertedType::NONE | ConvertedType::UTF8 | ConvertedType::JSON | ConvertedType::ENUM
        ),
    };
    string && column.physical_type() == PhysicalType::BYTE_ARRAY
}

/// The text of each element of the list `name`: the element itself, or the field of it
/// that is called like a text.
fn text_of_turns(schema: &SchemaDescriptor, name: &str) -> Option<String> {
    let inside = |column: &&ColumnDescriptor| {
        column.path().parts()[0] == name && is_turn(column) && is_string(column)
    };
    let leaves: Vec<&ColumnDescriptor> = own(schema).filter(inside).collect();
    let element = leaves.iter().find(|column| column.path().parts().len() == 3);
    let field =
        || TURN_TEXT.iter().find_map(|usual| leaves.iter().find(|column| column.name() == *usual));
    element.or_else(field).map(|column| column.path().string())
}

fn find_text(file: &str, schema: &SchemaDescriptor) -> Result<String, EngineError> {
    for name in TEXT {
        if leaf(schema, name).is_some_and(is_text) {
            return Ok((*name).to_owned());
        }
    }
    if let Some(turns) = TURNS.iter().chain(TEXT).find_map(|name| text_of_turns(schema, name)) {
        return Ok(turns);
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

/// The leaf that holds the text of the column `name`.
fn require_text(file: &str, schema: &SchemaDescriptor, name: &str) -> Result<String, EngineError> {
    if let Some(turns) = text_of_turns(schema, name) {
        return Ok(turns);
    }
    match leaf(schema, name) {
        Some(column) if is_text(column) => Ok(name.to_owned()),
        Some(column) if is_string(column) && is_turn(column) => Ok(name.to_owned()),
        Some(column) if is_string(column) => Err(EngineError::input(
            format!("{file}, column {name}"),
            "repeats within a row in a way that is not a list of turns",
            "name a string column, or a list of strings or of structs with a text: \
             [input] text = \"…\"",
        )),
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
