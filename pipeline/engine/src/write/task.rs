//! Writes one unit: reads the rows that go somewhere, with all their columns, and puts
//! each where its decision says.

use std::{collections::BTreeMap, sync::Arc};

use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch},
    compute::{CastOptions, cast_with_options},
    datatypes::{DataType, Field, Int64Type, Schema, SchemaRef},
    error::ArrowError,
};
use assay_ledger::{
    Fate, FileRecord, Folder, TableWriter, WriterSettings, batches, fates, folder,
    schema::{ACTION, CONTENT, LANG, PROBLEM, REASONS, ROW, SOURCE, action, problem},
};
use assay_operators::contract::Span;
use assay_plan::BoundStep;
use serde::{Deserialize, Serialize};

use super::edit::{Edited, Editor};
use crate::{
    EngineError, Progress,
    decide::PlanText,
    input::{Unit, guarded, place_of},
    relate::{Edits, taken},
    scan::{AsWritten, RowSet, lost, read_as_written},
    stage::Task,
};

/// Name of the column that holds the raw bytes of a broken record.
const RAW_OUT: &str = "assay_raw";

/// Writes a unit's rows as the decisions say.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct WriteTask {
    pub folder: Folder,
    pub plan: PlanText,
    /// What steps take from rows, besides what rewriters do.
    pub edits: Vec<Edits>,
}

/// The files written for a unit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WriteReport {
    pub files: Vec<FileRecord>,
}

/// Which actions put a row into a table.
type Belongs<'b> = &'b dyn Fn(&str) -> bool;

/// Decisions and facts of a unit, as far as writing needs them.
struct Fates {
    decisions: Vec<RecordBatch>,
    facts: Vec<RecordBatch>,
    /// What goes from rows besides, by number in the file.
    going: BTreeMap<i64, Vec<Span>>,
}

impl Task for WriteTask {
    fn run(&self, unit: &Unit, progress: &Progress) -> Result<String, EngineError> {
        let judge = self.plan.judge()?;
        let fates = Fates {
            decisions: self.columns(unit, folder::DECISIONS, &[ACTION, REASONS, CONTENT])?,
            facts: self.columns(unit, folder::FACTS, &[ROW, SOURCE, LANG, PROBLEM])?,
            going: self.going(unit)?,
        };
        let mut report = WriteReport::default();
        let kept = |name: &str| matches!(name, action::KEEP | action::FLAG | action::EDIT);
        let mut tables: Vec<(&str, Belongs<'_>)> =
            vec![(folder::DATA, &kept), (folder::QUARANTINE, &|name| name == action::QUARANTINE)];
        if judge.plan().output.dropped {
            tables.push((folder::DROPPED, &|name| name == action::DROP));
        }
        for (table, belongs) in tables {
            report.files.extend(self.write(unit, judge.steps(), &fates, table, belongs)?);
        }
        progress.add(unit.rows, 0);
        serde_json::to_string(&report).map_err(|error| EngineError::Broken(error.to_string()))
    }
}

impl WriteTask {
    /// Columns of a table of the unit.
    fn columns(
        &self,
        unit: &Unit,
        table: &str,
        names: &[&str],
    ) -> Result<Vec<RecordBatch>, EngineError> {
        let batches = batches(&self.folder.path(&unit.path_in(table)), Some(names))?;
        Ok(batches.collect::<Result<_, _>>()?)
    }

    /// What goes from the rows of a unit, besides what rewriters do.
    fn going(&self, unit: &Unit) -> Result<BTreeMap<i64, Vec<Span>>, EngineError> {
        let ids = unit.ids();
        let going = taken(self.edits.iter(), &self.folder, &ids)?.into_iter();
        Ok(going.map(|(id, spans)| (place_of(id).1.cast_signed(), spans)).collect())
    }

    fn write(
        &self,
        unit: &Unit,
        steps: &[BoundStep],
        fates: &Fates,
        table: &str,
        belongs: Belongs<'_>,
    ) -> Result<Option<FileRecord>, EngineError> {
        let wanted: Vec<bool> = fates.actions().map(belongs).collect();
        let expected = wanted.iter().filter(|wanted| **wanted).count();
        if expected == 0 {
            return Ok(None);
        }
        let aside = table != folder::DATA;
        // A page with one text that is not UTF-8 cannot be decoded as strings.
        let raw_text = fates.has_problem(problem::INVALID_UTF8) && !unit.ingested;
        let lost = |error: String| lost(unit, error);
        let rows = RowSet::of(wanted.iter().copied());
        let AsWritten { mut reader, given, schema, metadata } =
            guarded(|| read_as_written(unit, rows, raw_text)).map_err(lost)?;
        // Text that is not UTF-8 can only be set aside as bytes.
        let (schema, columns) = output_columns(unit, if aside { &given } else { &schema }, aside);
        let settings = WriterSettings { plain_columns: unit.roles.text.clone(), metadata };
        let path = unit.path_in(table);
        let mut writer = TableWriter::create(&self.folder, &path, schema.clone(), &settings)?;
        let editor = (table == folder::DATA).then(|| Editor::new(unit, steps));
        let mut editor = editor.transpose()?;
        let mut edits = fates.edits(belongs);
        while let Some(batch) =
            guarded(|| reader.next().transpose().map_err(|e| e.to_string())).map_err(lost)?
        {
            let mut batch =
                conformed(&batch, &columns, &schema).map_err(|error| lost(error.to_string()))?;
            if let Some(editor) = &mut editor {
                let edited: Vec<_> = edits.by_ref().take(batch.num_rows()).collect();
                batch = editor.apply(&batch, &edited)?;
            }
            writer.write(&batch)?;
        }
        let record = writer.finish()?;
        if record.rows != expected as u64 {
            let found = record.rows;
            return Err(lost(format!("{found} rows could be copied of {expected} measured")));
        }
        Ok(Some(record))
    }
}

impl Fates {
    fn actions(&self) -> impl Iterator<Item = &str> {
        let columns = self.decisions.iter().filter_map(|batch| batch.column_by_name(ACTION));
        columns.flat_map(|column| column.as_string::<i32>().iter().flatten())
    }

    fn has_problem(&self, name: &str) -> bool {
        let columns = self.facts.iter().filter_map(|batch| batch.column_by_name(PROBLEM));
        columns
            .into_iter()
            .any(|column| column.as_string::<i32>().iter().flatten().any(|problem| problem == name))
    }

    /// For each row that belongs, in order, how it is edited, if it is.
    fn edits<'f>(&'f self, belongs: Belongs<'f>) -> impl Iterator<Item = Option<Edited<'f>>> + 'f {
        self.decisions.iter().zip(&self.facts).flat_map(move |(decisions, facts)| {
            let action = decisions.column_by_name(ACTION).map(|it| it.as_string::<i32>());
            let fates = fates(decisions);
            let content = decisions.column_by_name(CONTENT).map(|it| it.as_fixed_size_binary());
            let lang = facts.column_by_name(LANG).map(|it| it.as_string::<i32>());
            let source = facts.column_by_name(SOURCE).map(|it| it.as_string::<i32>());
            let rows = facts.column_by_name(ROW).map(|it| it.as_primitive::<Int64Type>());
            (0..decisions.num_rows()).filter_map(move |row| {
                if !belongs(action?.value(row)) {
                    return None;
                }
                if fates.as_ref()?[row] != Fate::Edited {
                    return Some(None);
                }
                let value = |column: &'f arrow::array::StringArray| {
                    column.is_valid(row).then(|| column.value(row))
                };
                Some(Some(Edited {
                    content: content?.value(row),
                    lang: value(lang?),
                    source: value(source?),
                    going: self.going.get(&rows?.value(row)).cloned().unwrap_or_default(),
                }))
            })
        })
    }
}

/// The columns of `batch` that are written, in the types of `schema`; strings may be held
/// as views, which the writer takes for any string.
fn conformed(
    batch: &RecordBatch,
    columns: &[usize],
    schema: &SchemaRef,
) -> Result<RecordBatch, ArrowError> {
    let typed = columns.iter().zip(schema.fields()).map(|(at, field)| {
        let column = batch.column(*at);
        let view = column.data_type() == &DataType::Utf8View;
        if column.data_type() == field.data_type() || view && is_string(field.data_type()) {
            return Ok(column.clone());
        }
        // Without `safe`, what cannot be converted is an error and no null.
        let strict = CastOptions { safe: false, ..CastOptions::default() };
        cast_with_options(column, field.data_type(), &strict)
    });
    let typed: Vec<ArrayRef> = typed.collect::<Result<_, _>>()?;
    let held =
        schema.fields().iter().zip(&typed).map(|(field, column)| {
            field.as_ref().clone().with_data_type(column.data_type().clone())
        });
    RecordBatch::try_new(Arc::new(Schema::new(held.collect::<Vec<_>>())), typed)
}

fn is_string(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8 | DataType::LargeUtf8)
}

/// The columns that are written: all of the input's own; of an ingested file the raw
/// bytes too where rows are set aside.
fn output_columns(unit: &Unit, schema: &SchemaRef, aside: bool) -> (SchemaRef, Vec<usize>) {
    if !unit.ingested {
        return (schema.clone(), (0..schema.fields().len()).collect());
    }
    let mut fields: Vec<Field> = Vec::new();
    let mut columns = Vec::new();
    for (at, field) in schema.fields().iter().enumerate() {
        let field = match field.name().as_str() {
            assay_ingest::RAW if aside => field.as_ref().clone().with_name(RAW_OUT),
            assay_ingest::PROBLEM | assay_ingest::RAW => continue,
            _ => field.as_ref().clone(),
        };
        fields.push(field);
        columns.push(at);
    }
    (Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone())), columns)
}
