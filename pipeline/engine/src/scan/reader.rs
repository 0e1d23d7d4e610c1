//! Opening a unit's row groups: with the columns that have a role, or as they were written.

use std::{fs::File, path::Path, sync::Arc};

use arrow::{
    array::{Array, ArrayRef, AsArray, BooleanArray, ListArray, RecordBatch},
    datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit},
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

use crate::input::{Footer, Unit, check_chunks};

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

/// The footer of the unit's file, which must still be the one the unit was made from.
fn footer_of(unit: &Unit) -> Result<Footer, String> {
    let footer = Footer::read(Path::new(&unit.path))?;
    if unit.is_of(&footer) {
        Ok(footer)
    } else {
        Err("it was changed while the run was reading it".to_owned())
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
    read_leaves(unit, &roles, rows)
}

/// Opens the columns of `unit` at the dotted `paths`, strings as bytes; those that the file
/// lacks are not there.
pub(crate) fn read_leaves(
    unit: &Unit,
    paths: &[&str],
    rows: Option<RowSet>,
) -> Result<ParquetRecordBatchReader, String> {
    let footer = footer_of(unit)?;
    let metadata = without_strings(&footer.metadata, paths);
    let schema = parquet_to_arrow_schema(metadata.file_metadata().schema_descr(), None)
        .map_err(|error| error.to_string())?;
    let options = ArrowReaderOptions::new()
        .with_skip_arrow_metadata(true)
        .with_schema(Arc::new(Schema::new(as_views(schema.fields()))));
    let metadata = ArrowReaderMetadata::try_new(Arc::new(metadata), options)
        .map_err(|error| error.to_string())?;
    let builder = builder(unit, metadata, rows)?;
    let leaves = builder.parquet_schema().columns().iter().enumerate();
    let leaves = leaves.filter(|(_, leaf)| paths.contains(&leaf.path().string().as_str()));
    let leaves: Vec<usize> = leaves.map(|(at, _)| at).collect();
    check(unit, &builder, |leaf| leaves.contains(&leaf))?;
    let mask = ProjectionMask::leaves(builder.parquet_schema(), leaves.iter().copied());
    builder.with_projection(mask).build().map_err(|error| error.to_string())
}

/// A unit's rows with all their columns.
pub(crate) struct AsWritten {
    /// The rows.
    pub reader: ParquetRecordBatchReader,
    /// What the reader gives; it may hold strings as views.
    pub given: SchemaRef,
    /// The file's own schema, whatever the reader was told.
    pub schema: SchemaRef,
    /// The file's key-value metadata, less what the writer adds by itself.
    pub metadata: Option<Vec<KeyValue>>,
}

/// Opens all columns of `unit` as they were written. With `raw_text` the text columns
/// come as bytes, for rows whose text is not valid UTF-8; otherwise as views into the
/// decoded pages, so that long texts are not copied.
pub(crate) fn read_as_written(
    unit: &Unit,
    rows: RowSet,
    raw_text: bool,
) -> Result<AsWritten, String> {
    let footer = footer_of(unit)?;
    let file = footer.metadata.file_metadata();
    let metadata = file.key_value_metadata().map(|pairs| {
        pairs.iter().filter(|pair| pair.key != "ARROW:schema").cloned().collect::<Vec<_>>()
    });
    let open = |options| ArrowReaderMetadata::try_new(footer.metadata.clone(), options);
    let mut as_is = open(ArrowReaderOptions::new()).map_err(|error| error.to_string())?;
    if let Some(schema) = with_wide_times(file, as_is.schema()) {
        let options = ArrowReaderOptions::new().with_schema(schema);
        as_is = open(options).map_err(|error| error.to_string())?;
    }
    let schema = as_is.schema().clone();
    let text: Vec<&str> = unit.roles.text.iter().map(String::as_str).collect();
    let (opened, given) = if raw_text {
        let raw = Schema::new(as_bytes(schema.fields(), "", &text));
        let options = ArrowReaderOptions::new().with_schema(Arc::new(raw));
        let patched = Arc::new(without_strings(&footer.metadata, &text));
        let opened = ArrowReaderMetadata::try_new(patched, options);
        let opened = opened.map_err(|error| error.to_string())?;
        let given = opened.schema().clone();
        (opened, given)
    } else {
        let views = Schema::new(strings_as_views(&schema, &text));
        let options = ArrowReaderOptions::new().with_schema(Arc::new(views));
        (open(options).map_err(|error| error.to_string())?, schema.clone())
    };
    let builder = builder(unit, opened, Some(rows))?;
    check(unit, &builder, |_| true)?;
    let reader = builder.build().map_err(|error| error.to_string())?;
    Ok(AsWritten { reader, given, schema, metadata: metadata.filter(|pairs| !pairs.is_empty()) })
}

/// INT96 reaches years that nanoseconds in 64 bits do not, and would wrap around in
/// silence. Unless the file says itself what it means, its times are read as microseconds.
fn with_wide_times(file: &FileMetaData, schema: &SchemaRef) -> Option<SchemaRef> {
    let pairs = file.key_value_metadata().into_iter().flatten();
    if pairs.into_iter().any(|pair| pair.key == "ARROW:schema") {
        return None;
    }
    let mut changed = false;
    let columns = file.schema_descr().root_schema().get_fields().iter();
    let fields = schema.fields().iter().zip(columns).map(|(field, column)| {
        if column.is_primitive() && column.get_physical_type() == PhysicalType::INT96 {
            changed = true;
            let kind = DataType::Timestamp(TimeUnit::Microsecond, None);
            return Arc::new(field.as_ref().clone().with_data_type(kind));
        }
        field.clone()
    });
    let fields: Vec<_> = fields.collect();
    changed.then(|| Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone())))
}

/// Whether the decoder can be let at the unit's chunks of the leaves `wanted`.
fn check(
    unit: &Unit,
    builder: &ParquetRecordBatchReaderBuilder<File>,
    wanted: impl Fn(usize) -> bool,
) -> Result<(), String> {
    let file = File::open(&unit.path).map_err(|error| error.to_string())?;
    let groups = (0..).zip(builder.metadata().row_groups());
    let groups = groups.filter(|(at, _)| (unit.group..unit.group + unit.groups).contains(at));
    let mut groups = groups.map(|(_, group)| group);
    groups.try_for_each(|group| check_chunks(&file, group, &wanted))
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

/// The leaves at `paths` as bytes of the same width.
fn as_bytes(fields: &Fields, above: &str, paths: &[&str]) -> Vec<Field> {
    let bytes = |field: &Arc<Field>| {
        let name = field.name();
        let path = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        field.as_ref().clone().with_data_type(bytes_of(field.data_type(), &path, paths))
    };
    fields.iter().map(bytes).collect()
}

fn bytes_of(kind: &DataType, path: &str, paths: &[&str]) -> DataType {
    match kind {
        DataType::Struct(fields) => DataType::Struct(as_bytes(fields, path, paths).into()),
        DataType::List(element) => {
            // What the file calls the element is not always what Arrow was told to call it.
            let inside = format!("{path}.list.");
            let called =
                paths.iter().find_map(|path| path.strip_prefix(&inside)?.split('.').next());
            let path = inside.clone() + called.unwrap_or(element.name());
            let kind = bytes_of(element.data_type(), &path, paths);
            DataType::List(Arc::new(element.as_ref().clone().with_data_type(kind)))
        }
        other if !paths.contains(&path) => other.clone(),
        DataType::LargeUtf8 => DataType::LargeBinary,
        DataType::Utf8View => DataType::BinaryView,
        DataType::Utf8 | DataType::Dictionary(_, _) => DataType::Binary,
        other => other.clone(),
    }
}

/// The top-level strings among `names` as views into the decoded pages.
fn strings_as_views(schema: &Schema, names: &[&str]) -> Vec<Field> {
    let view = |field: &Arc<Field>| {
        let string = matches!(field.data_type(), DataType::Utf8 | DataType::LargeUtf8);
        let kind = match field.data_type() {
            _ if string && names.contains(&field.name().as_str()) => DataType::Utf8View,
            other => other.clone(),
        };
        field.as_ref().clone().with_data_type(kind)
    };
    schema.fields().iter().map(view).collect()
}

/// Plain bytes as views into the decoded pages.
fn as_views<'f>(fields: impl IntoIterator<Item = &'f Arc<Field>>) -> Vec<Field> {
    let view = |field: &Arc<Field>| {
        let kind = match field.data_type() {
            DataType::Binary => DataType::BinaryView,
            DataType::Struct(fields) => DataType::Struct(as_views(fields).into()),
            DataType::List(element) => DataType::List(Arc::new(as_views([element])[0].clone())),
            other => other.clone(),
        };
        field.as_ref().clone().with_data_type(kind)
    };
    fields.into_iter().map(view).collect()
}

/// The column of `batch` at the dotted `path`; names may have dots themselves. Below a
/// list it is the list of the values there.
pub(crate) fn column(batch: &RecordBatch, path: &str) -> Option<ArrayRef> {
    split(path).find_map(|(name, below)| within(batch.column_by_name(name)?, below))
}

fn within(column: &ArrayRef, path: &str) -> Option<ArrayRef> {
    if path.is_empty() {
        return Some(column.clone());
    }
    if let Some(list) = column.as_list_opt::<i32>() {
        // Of the two names that Parquet gives a list's insides only the second has columns.
        let (_, element) = path.split_once('.')?;
        let below = element.split_once('.').map_or("", |(_, below)| below);
        let values = within(list.values(), below)?;
        let field = Arc::new(Field::new_list_field(values.data_type().clone(), true));
        let (offsets, nulls) = (list.offsets().clone(), list.nulls().cloned());
        return Some(Arc::new(ListArray::try_new(field, offsets, values, nulls).ok()?));
    }
    let parent = column.as_struct_opt()?;
    split(path).find_map(|(name, below)| {
        let child = parent.column_by_name(name)?;
        // A null struct makes its fields null, which the child alone may not show.
        let child = match parent.nulls() {
            Some(nulls) => {
                let missing = BooleanArray::new(!nulls.inner(), None);
                &arrow::compute::nullif(child, &missing).ok()?
            }
            None => child,
        };
        within(child, below)
    })
}

/// The first name of a path and the rest, the longest name first.
fn split(path: &str) -> impl Iterator<Item = (&str, &str)> {
    let dots = path.rmatch_indices('.').map(|(at, _)| (&path[..at], &path[at + 1..]));
    std::iter::once((path, "")).chain(dots)
}
