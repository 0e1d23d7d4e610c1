//! Opening a unit's row groups: with the columns that have a role, or as they were written.

use std::{fs::File, path::Path, sync::Arc};

use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::{DataType, Field, Schema, SchemaRef},
};
use parquet::{
    arrow::{
        ProjectionMask,
        arrow_reader::{
            ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
            ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
        },
        parquet_to_arrow_schema,
    },
    basic::{ConvertedType, Type as PhysicalType},
    file::metadata::{FileMetaData, KeyValue, ParquetMetaData},
    schema::types::{SchemaDescriptor, Type, TypePtr},
};

use crate::input::{Footer, Unit};

/// Rows of a unit to read: which of its rows, in order, by number within the unit.
#[derive(Debug, Clone, Default)]
pub(crate) struct RowSet(Vec<RowSelector>);

impl RowSet {
    /// The rows for which `wanted` is true.
    pub(crate) fn of(wanted: impl Iterator<Item = bool>) -> Self {
        let mut selectors: Vec<RowSelector> = Vec::new();
        for wanted in wanted {
            match selectors.last_mut() {
                Some(last) if last.skip != wanted => last.row_count += 1,
                _ if wanted => selectors.push(RowSelector::select(1)),
                _ => selectors.push(RowSelector::skip(1)),
            }
        }
        Self(selectors)
    }
}

/// Opens the columns of `unit` that have a role. Strings come as bytes, so that one
/// row with invalid UTF-8 does not cost the batch.
pub(crate) fn read_roles(
    unit: &Unit,
    rows: Option<RowSet>,
) -> Result<ParquetRecordBatchReader, String> {
    let extra = unit.ingested.then_some(assay_ingest::PROBLEM);
    let roles: Vec<&str> = unit.roles.all().map(String::as_str).chain(extra).collect();
    let footer = Footer::read(Path::new(&unit.path))?;
    let metadata = without_strings(&footer.metadata, &roles);
    let schema = parquet_to_arrow_schema(metadata.file_metadata().schema_descr(), None)
        .map_err(|error| error.to_string())?;
    let options = ArrowReaderOptions::new()
        .with_skip_arrow_metadata(true)
        .with_schema(Arc::new(Schema::new(as_views(schema.fields()))));
    let metadata = ArrowReaderMetadata::try_new(Arc::new(metadata), options)
        .map_err(|error| error.to_string())?;
    let builder = builder(unit, metadata, rows)?;
    let mask = ProjectionMask::columns(builder.parquet_schema(), roles);
    builder.with_projection(mask).build().map_err(|error| error.to_string())
}

/// A unit's rows with all their columns.
pub(crate) struct AsWritten {
    /// The rows.
    pub reader: ParquetRecordBatchReader,
    /// The file's own schema, or that of the unit's source if it was ingested.
    pub schema: SchemaRef,
    /// The file's key-value metadata, less what the writer adds by itself.
    pub metadata: Option<Vec<KeyValue>>,
}

/// Opens all columns of `unit` as they were written. With `raw_text` the text columns
/// come as bytes, for rows whose text is not valid UTF-8.
pub(crate) fn read_as_written(
    unit: &Unit,
    rows: RowSet,
    raw_text: bool,
) -> Result<AsWritten, String> {
    let footer = Footer::read(Path::new(&unit.path))?;
    let file = footer.metadata.file_metadata();
    let metadata = file.key_value_metadata().map(|pairs| {
        pairs.iter().filter(|pair| pair.key != "ARROW:schema").cloned().collect::<Vec<_>>()
    });
    let (parquet, options) = if raw_text {
        let text: Vec<&str> = unit.roles.all().map(String::as_str).collect();
        let patched = Arc::new(without_strings(&footer.metadata, &text));
        (patched, ArrowReaderOptions::new().with_skip_arrow_metadata(true))
    } else {
        (footer.metadata.clone(), ArrowReaderOptions::new())
    };
    let opened =
        ArrowReaderMetadata::try_new(parquet, options).map_err(|error| error.to_string())?;
    let schema = opened.schema().clone();
    let reader = builder(unit, opened, Some(rows))?.build().map_err(|error| error.to_string())?;
    Ok(AsWritten { reader, schema, metadata: metadata.filter(|pairs| !pairs.is_empty()) })
}

fn builder(
    unit: &Unit,
    metadata: ArrowReaderMetadata,
    rows: Option<RowSet>,
) -> Result<ParquetRecordBatchReaderBuilder<File>, String> {
    let file = File::open(&unit.path).map_err(|error| error.to_string())?;
    let size = |number: u64| usize::try_from(number).map_err(|error| error.to_string());
    let groups = (size(unit.group)?..size(unit.group + unit.groups)?).collect();
    let mut builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
        .with_row_groups(groups)
        .with_batch_size(size(unit.batch)?);
    if let Some(RowSet(rows)) = rows {
        builder = builder.with_row_selection(RowSelection::from(rows));
    }
    Ok(builder)
}

/// The same file, but with the leaves at `paths` declared as plain bytes.
fn without_strings(metadata: &ParquetMetaData, paths: &[&str]) -> ParquetMetaData {
    let file = metadata.file_metadata();
    let root = file.schema_descr().root_schema_ptr();
    let schema = Arc::new(SchemaDescriptor::new(stripped(&root, "", paths)));
    let file = FileMetaData::new(
        file.version(),
        file.num_rows(),
        file.created_by().map(str::to_owned),
        None,
        schema,
        file.column_orders().cloned(),
    );
    let mut builder = ParquetMetaData::new(file, metadata.row_groups().to_vec()).into_builder();
    builder = builder.set_column_index(metadata.column_index().cloned());
    builder.set_offset_index(metadata.offset_index().cloned()).build()
}

fn stripped(node: &TypePtr, path: &str, paths: &[&str]) -> TypePtr {
    match node.as_ref() {
        Type::PrimitiveType { basic_info, physical_type: PhysicalType::BYTE_ARRAY, .. }
            if paths.contains(&path) =>
        {
            Type::primitive_type_builder(basic_info.name(), PhysicalType::BYTE_ARRAY)
                .with_repetition(basic_info.repetition())
                .with_converted_type(ConvertedType::NONE)
                .build()
                .map_or_else(|_| node.clone(), Arc::new)
        }
        Type::PrimitiveType { .. } => node.clone(),
        Type::GroupType { basic_info, fields } => {
            let fields = fields.iter().map(|field| {
                let name = field.name();
                let below =
                    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
                stripped(field, &below, paths)
            });
            let mut group = Type::group_type_builder(basic_info.name())
                .with_fields(fields.collect())
                .with_converted_type(basic_info.converted_type())
                .with_logical_type(basic_info.logical_type_ref().cloned());
            if basic_info.has_repetition() {
                group = group.with_repetition(basic_info.repetition());
            }
            group.build().map_or_else(|_| node.clone(), Arc::new)
        }
    }
}

/// Plain bytes as views into the decoded pages.
fn as_views<'f>(fields: impl IntoIterator<Item = &'f Arc<Field>>) -> Vec<Field> {
    let view = |field: &Arc<Field>| {
        let kind = match field.data_type() {
            DataType::Binary => DataType::BinaryView,
            DataType::Struct(fields) => DataType::Struct(as_views(fields).into()),
            other => other.clone(),
        };
        field.as_ref().clone().with_data_type(kind)
    };
    fields.into_iter().map(view).collect()
}

/// The columns of `batch` at the dotted `path`.
pub(super) fn column(batch: &RecordBatch, path: &str) -> Option<arrow::array::ArrayRef> {
    let mut names = path.split('.');
    let mut column = batch.column_by_name(names.next()?)?.clone();
    for name in names {
        // A null struct makes its fields null, which the child alone may not show.
        let parent = column.as_struct_opt()?;
        let child = parent.column_by_name(name)?;
        column = match parent.nulls() {
            Some(nulls) => {
                let missing = arrow::array::BooleanArray::new(!nulls.inner(), None);
                arrow::compute::nullif(child, &missing).ok()?
            }
            None => child.clone(),
        };
    }
    Some(column)
}
