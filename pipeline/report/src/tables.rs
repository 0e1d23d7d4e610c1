//! The tables of a run folder, from the files that its manifest names and no others.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs::{self, File},
    path::{Path, PathBuf},
    sync::Arc,
};

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use assay_ledger::{FileRecord, Folder, LedgerError, Manifest, folder, schema};
use datafusion::{
    catalog::TableProvider,
    datasource::{
        empty::EmptyTable,
        file_format::parquet::ParquetFormat,
        listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl},
    },
    error::DataFusionError,
};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};

use crate::ReportError;

/// A table by name, with the folder its files are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    /// What was measured.
    Facts,
    /// What was decided.
    Decisions,
    /// Groups of related rows.
    Groups,
    /// What went from rows because others have it.
    Edits,
    /// Bounded samples of text.
    Excerpts,
    /// Kept rows.
    Data,
}

impl Table {
    /// All tables.
    pub(crate) const ALL: [Self; 6] =
        [Self::Facts, Self::Decisions, Self::Groups, Self::Edits, Self::Excerpts, Self::Data];
    /// The tables whose columns this program defines.
    pub(crate) const LEDGER: [Self; 5] =
        [Self::Facts, Self::Decisions, Self::Groups, Self::Edits, Self::Excerpts];

    /// Name in SQL.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Facts => "facts",
            Self::Decisions => "decisions",
            Self::Groups => "groups",
            Self::Edits => "edits",
            Self::Excerpts => "excerpts",
            Self::Data => "data",
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Facts => folder::FACTS,
            Self::Decisions => folder::DECISIONS,
            Self::Groups => folder::GROUPS,
            Self::Edits => folder::EDITS,
            Self::Excerpts => folder::EXCERPTS,
            Self::Data => folder::DATA,
        }
    }

    fn schema(self, files: &[PathBuf]) -> Result<SchemaRef, LedgerError> {
        Ok(match self {
            Self::Facts => match files.first() {
                Some(first) => first_schema(first)?,
                None => Arc::new(Schema::new(schema::facts_base())),
            },
            Self::Decisions => Arc::clone(&schema::DECISIONS),
            Self::Groups => Arc::clone(&schema::GROUPS),
            Self::Edits => Arc::clone(&schema::EDITS),
            Self::Excerpts => Arc::clone(&schema::EXCERPTS),
            Self::Data => united_schema(files)?,
        })
    }

    /// The table over the manifest's files; empty, with its columns, when there are none.
    pub(crate) fn provider(
        self,
        run: &Folder,
        manifest: &Manifest,
    ) -> Result<Arc<dyn TableProvider>, ReportError> {
        let mut files = Vec::new();
        for record in manifest.of(self.folder()) {
            files.push(checked(run, record)?);
        }
        let schema = self.schema(&files)?;
        if files.is_empty() {
            return Ok(Arc::new(EmptyTable::new(schema)));
        }
        let listed = listing(&files, schema).map_err(|source| ReportError::Table {
            table: self.name(),
            source: Box::new(source),
        })?;
        Ok(Arc::new(listed))
    }
}

/// A missing file must not look like an empty one.
fn checked(run: &Folder, record: &FileRecord) -> Result<PathBuf, ReportError> {
    let path = run.path(&record.path);
    let problem = match fs::metadata(&path) {
        Ok(found) if found.len() == record.bytes => return Ok(path),
        Ok(found) => format!("{} bytes long instead of {}", found.len(), record.bytes),
        Err(_) => "missing".to_owned(),
    };
    Err(ReportError::Missing { path, problem })
}

fn listing(files: &[PathBuf], schema: SchemaRef) -> Result<ListingTable, DataFusionError> {
    let urls: Result<Vec<_>, _> = files.iter().map(|path| file_url(path)).collect();
    let options = ListingOptions::new(Arc::new(ParquetFormat::default()));
    let config = ListingTableConfig::new_with_multi_paths(urls?)
        .with_listing_options(options)
        .with_schema(schema);
    ListingTable::try_new(config)
}

/// A path would be read as a pattern when it holds `*`, `?` or `[`; a URL is not.
fn file_url(path: &Path) -> Result<ListingTableUrl, DataFusionError> {
    let path = std::path::absolute(path)?;
    let mut url = String::from("file://");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' => url.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => url.push(char::from(*byte)),
            // Writing into a string cannot fail.
            byte => write!(url, "%{byte:02X}").unwrap_or_default(),
        }
    }
    ListingTableUrl::parse(url)
}

fn first_schema(path: &Path) -> Result<SchemaRef, LedgerError> {
    let file = File::open(path).map_err(LedgerError::io("opened", path))?;
    let footer = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new())
        .map_err(|source| LedgerError::Table { path: path.into(), source })?;
    // Metadata of one file says nothing about the table.
    Ok(Arc::new(Schema::new(footer.schema().fields().clone())))
}

/// Columns of all files by name, in order of first appearance. Files of one corpus may
/// differ: a column with several types gets one that holds them all, and is left out
/// where there is none.
fn united_schema(files: &[PathBuf]) -> Result<SchemaRef, LedgerError> {
    let mut order: Vec<String> = Vec::new();
    let mut types: BTreeMap<String, Option<DataType>> = BTreeMap::new();
    for path in files {
        for field in first_schema(path)?.fields() {
            let found = field.data_type();
            match types.get_mut(field.name()) {
                None => {
                    order.push(field.name().clone());
                    types.insert(field.name().clone(), Some(found.clone()));
                }
                Some(known) => *known = known.take().and_then(|known| wider(known, found)),
            }
        }
    }
    let field = |name: &String| {
        let kind = types.get(name).cloned().flatten()?;
        Some(Field::new(name, kind, true))
    };
    Ok(Arc::new(Schema::new(order.iter().filter_map(field).collect::<Vec<_>>())))
}

fn wider(left: DataType, right: &DataType) -> Option<DataType> {
    match (&left, right) {
        (left_type, right) if left_type == right => Some(left),
        (a, b) if a.is_integer() && b.is_integer() => Some(DataType::Int64),
        (a, b) if a.is_numeric() && b.is_numeric() => Some(DataType::Float64),
        (a, b) if a.is_nested() || b.is_nested() => None,
        (a, b) if a.is_binary() || b.is_binary() => None,
        _ => Some(DataType::Utf8),
    }
}
