//! Takes what an earlier run measured of the rows that it kept; only rows that it edited are
//! read and measured anew.

use std::{ops::Range, path::Path, sync::Arc};

use arrow::{
    array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray, StructArray},
    compute::interleave,
    datatypes::{Schema, SchemaRef},
    error::ArrowError,
};
use assay_ledger::{
    Fate, Folder, TableWriter, batches, fates, folder,
    schema::{ACTION, FILE, ID, LANG, REASONS, ROW, SOURCE, facts_base, signature_field},
};
use assay_operators::contract::Declared;
use serde::{Deserialize, Serialize};

use super::{
    columns::Columns,
    compiled::{Compiled, MeasurePlan},
    scratch::Scratch,
    sink::{facts_settings, signatures_settings},
};
use crate::{
    EngineError, Progress,
    input::Unit,
    scan::{Passage, each_passage, lost},
    stage::Task,
};

/// Writes the facts and signatures of a unit of an earlier run's data.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ReuseTask {
    /// The run folder.
    pub folder: Folder,
    /// That of the earlier run.
    pub earlier: Folder,
    /// What is measured of rows that it edited.
    pub plan: MeasurePlan,
    /// Names of the steps that sign now, and of those that signed the same then.
    pub signed: Vec<(String, String)>,
}

/// Path of the unit's part in every table of the run in `folder`, if it is of its data.
pub(crate) fn part_of(folder: &Folder, unit: &Unit) -> Option<String> {
    let part = Path::new(&unit.path).strip_prefix(folder.path(folder::DATA)).ok()?;
    let names = part.components().map(|name| name.as_os_str().to_str());
    Some(names.collect::<Option<Vec<_>>>()?.join("/"))
}

/// Which rows of a batch are in the unit.
#[derive(Default)]
struct Chosen {
    /// Where they stand in the batch.
    known: Vec<(usize, usize)>,
    /// Where what depends on their text is: in the batch (0), or measured anew (1).
    text: Vec<(usize, usize)>,
    /// Their numbers in the file.
    rows: Vec<i64>,
}

impl Chosen {
    /// Their facts, from those of the batch and what was measured anew.
    fn facts(
        &self,
        schema: &SchemaRef,
        unit: &Unit,
        facts: &RecordBatch,
        anew: &StructArray,
    ) -> Result<RecordBatch, ArrowError> {
        let columns = schema.fields().iter().map(|field| match field.name().as_str() {
            FILE => {
                let names = std::iter::repeat_n(&unit.file, self.rows.len());
                Ok(Arc::new(StringArray::from_iter_values(names)) as ArrayRef)
            }
            ROW => Ok(Arc::new(Int64Array::from(self.rows.clone())) as ArrayRef),
            SOURCE => self.sources(facts, unit),
            name @ (ID | LANG) => interleave(&[column(facts, name)?], &self.known),
            name => self.of_text(column(facts, name)?, anew, name),
        });
        RecordBatch::try_new(schema.clone(), columns.collect::<Result<_, _>>()?)
    }

    /// Their sources; rows without one of their own are called after their file, which has
    /// another name now.
    fn sources(&self, facts: &RecordBatch, unit: &Unit) -> Result<ArrayRef, ArrowError> {
        let then = |name| {
            let text = column(facts, name)?.as_string_opt::<i32>();
            text.ok_or_else(|| lacking(name))
        };
        let (files, sources) = (then(FILE)?, then(SOURCE)?);
        let now = self.known.iter().map(|(_, at)| match sources.value(*at) {
            source if source == files.value(*at) => unit.file.as_str(),
            source => source,
        });
        Ok(Arc::new(StringArray::from_iter_values(now)))
    }

    /// Their signatures, from the columns `then` of the batch and what was signed anew.
    fn signatures(
        &self,
        schema: &SchemaRef,
        then: &[&str],
        signed: &RecordBatch,
        anew: &StructArray,
    ) -> Result<RecordBatch, ArrowError> {
        let columns = schema.fields().iter().zip(then);
        let columns =
            columns.map(|(now, then)| self.of_text(column(signed, then)?, anew, now.name()));
        RecordBatch::try_new(schema.clone(), columns.collect::<Result<_, _>>()?)
    }

    /// What depends on the text: as it was, or as it was measured anew under `name`.
    fn of_text(
        &self,
        then: &dyn Array,
        anew: &StructArray,
        name: &str,
    ) -> Result<ArrayRef, ArrowError> {
        let anew = anew.column_by_name(name).ok_or_else(|| lacking(name))?;
        interleave(&[then, anew.as_ref()], &self.text)
    }
}

fn column<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b dyn Array, ArrowError> {
    batch.column_by_name(name).map(AsRef::as_ref).ok_or_else(|| lacking(name))
}

fn lacking(name: &str) -> ArrowError {
    ArrowError::SchemaError(format!("there is no column {name}"))
}

/// Columns of the tables that are written.
struct Schemas {
    facts: SchemaRef,
    signatures: Option<SchemaRef>,
}

impl Schemas {
    fn of(signed: &[(String, String)]) -> Self {
        let signatures: Vec<_> = signed.iter().map(|(now, _)| signature_field(now)).collect();
        Self {
            facts: Arc::new(Schema::new(facts_base())),
            signatures: (!signatures.is_empty()).then(|| Arc::new(Schema::new(signatures))),
        }
    }
}

/// Goes over the rows of an earlier run, of which the data holds some.
struct Rows {
    fates: Vec<Fate>,
    /// Rows of the data that are in the unit.
    wanted: Range<usize>,
    /// Next row of the run, of its data, and of those that are measured anew.
    at: usize,
    row: usize,
    anew: usize,
}

impl Rows {
    /// The next `rows` rows.
    fn choose(&mut self, rows: usize) -> Chosen {
        let mut chosen = Chosen::default();
        let present = self.fates.iter().skip(self.at).take(rows);
        for (at, fate) in present.enumerate().filter(|(_, fate)| **fate != Fate::Gone) {
            if self.wanted.contains(&self.row) {
                chosen.known.push((0, at));
                chosen.text.push(if *fate == Fate::Edited { (1, self.anew) } else { (0, at) });
                chosen.rows.push(i64::try_from(self.row).unwrap_or(i64::MAX));
                self.anew += usize::from(*fate == Fate::Edited);
            }
            self.row += 1;
        }
        self.at += rows;
        chosen
    }

    /// Rows of the unit that were edited, by their number in the file.
    fn edited(&self) -> Vec<u64> {
        let kept = self.fates.iter().filter(|fate| **fate != Fate::Gone).enumerate();
        let edited = kept.skip(self.wanted.start).take(self.wanted.len());
        edited.filter(|(_, fate)| **fate == Fate::Edited).map(|(row, _)| row as u64).collect()
    }
}

impl Task for ReuseTask {
    fn run(&self, unit: &Unit, progress: &Progress) -> Result<String, EngineError> {
        let broken = || broken(unit, &self.earlier);
        let part = part_of(&self.earlier, unit).ok_or_else(broken)?;
        let open = |table: &str, columns: &[&str]| {
            batches(&self.earlier.path(&format!("{table}/{part}")), Some(columns))
        };
        let mut all = Vec::new();
        for decisions in open(folder::DECISIONS, &[ACTION, REASONS])? {
            all.extend(fates(&decisions?).ok_or_else(broken)?);
        }
        let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let wanted = size(unit.first_row)..size(unit.first_row + unit.rows);
        let mut rows = Rows { fates: all, wanted, at: 0, row: 0, anew: 0 };
        let anew = self.measured(unit, &rows.edited(), progress)?;

        let schemas = Schemas::of(&self.signed);
        let names: Vec<&str> = schemas.facts.fields().iter().map(|it| it.name().as_str()).collect();
        let then: Vec<&str> = self.signed.iter().map(|names| names.1.as_str()).collect();
        let signed = (!then.is_empty()).then(|| open(folder::SIGNATURES, &then)).transpose()?;
        let mut signed = signed.into_iter().flatten();
        let mut out = Out::create(&self.folder, unit, &schemas)?;
        for facts in open(folder::FACTS, &names)? {
            let (facts, signed) = (facts?, signed.next().transpose()?);
            if signed.as_ref().is_some_and(|it| it.num_rows() != facts.num_rows()) {
                return Err(broken());
            }
            let chosen = rows.choose(facts.num_rows());
            let facts = chosen.facts(&schemas.facts, unit, &facts, &anew).map_err(|_| broken())?;
            let signatures = schemas.signatures.as_ref().zip(signed);
            let signatures =
                signatures.map(|(schema, signed)| chosen.signatures(schema, &then, &signed, &anew));
            let signatures = signatures.transpose().map_err(|_| broken())?;
            out.write(&facts, signatures.as_ref())?;
            progress.add(facts.num_rows() as u64, 0);
        }
        if out.finish()? == unit.rows { Ok(String::new()) } else { Err(broken()) }
    }
}

impl ReuseTask {
    /// Reads and measures `rows` of the unit.
    fn measured(
        &self,
        unit: &Unit,
        rows: &[u64],
        progress: &Progress,
    ) -> Result<StructArray, EngineError> {
        let plan = Compiled::from_text(&self.plan.to_text()?)?;
        let mut columns = Columns::new(&plan.fields, rows.len());
        let mut scratch = Scratch::default();
        let mut failure = None;
        let read = each_passage(unit, rows, &mut |Passage { text, lang, source, .. }| {
            let text = text.as_deref().map(str::as_bytes);
            let declared = Declared { lang: lang.as_deref(), source: source.as_deref(), url: None };
            progress.add(0, text.map_or(0, |text| text.len() as u64));
            let found = scratch.measure(&plan.steps, &[text], declared, plan.max_document_bytes);
            failure = columns.push(&found).err();
            failure.is_none()
        });
        match failure {
            Some(failure) => return Err(failure.into()),
            None if rows.is_empty() => {}
            None => read.map_err(|error| lost(unit, error))?,
        }
        Ok(columns.finish()?)
    }
}

/// The tables of a unit, as they are written.
struct Out {
    facts: TableWriter,
    signatures: Option<TableWriter>,
}

impl Out {
    fn create(folder: &Folder, unit: &Unit, schemas: &Schemas) -> Result<Self, EngineError> {
        let path = unit.path_in(folder::FACTS);
        let facts = TableWriter::create(folder, &path, schemas.facts.clone(), &facts_settings())?;
        let signatures = schemas.signatures.as_ref().map(|schema| {
            let (path, settings) = (unit.path_in(folder::SIGNATURES), signatures_settings(schema));
            TableWriter::create(folder, &path, schema.clone(), &settings)
        });
        Ok(Self { facts, signatures: signatures.transpose()? })
    }

    fn write(
        &mut self,
        facts: &RecordBatch,
        signatures: Option<&RecordBatch>,
    ) -> Result<(), EngineError> {
        self.facts.write(facts)?;
        if let Some((writer, signatures)) = self.signatures.as_mut().zip(signatures) {
            writer.write(signatures)?;
        }
        Ok(())
    }

    /// Rows that were written.
    fn finish(self) -> Result<u64, EngineError> {
        if let Some(signatures) = self.signatures {
            signatures.finish()?;
        }
        Ok(self.facts.finish()?.rows)
    }
}

fn broken(unit: &Unit, earlier: &Folder) -> EngineError {
    EngineError::input(
        &unit.file,
        "is not what the run that wrote it says of it",
        format!("`assay verify {}` shows what was changed", earlier.root().display()),
    )
}
