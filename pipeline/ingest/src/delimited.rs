//! CSV and TSV: records after a header, every field as the text it is.
//!
//! No types are guessed, so that `007` stays `007`; recipes cast what they compare.
//! Blank lines between records hold no record. Quotes work in TSV as in CSV, since
//! common writers use them in both.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use arrow::{
    array::{ArrayRef, StringBuilder},
    datatypes::{DataType, Field, SchemaRef},
};
use assay_ledger::schema::problem;
use csv::{ByteRecord, Reader, ReaderBuilder, Terminator, WriterBuilder};

use crate::{
    IngestError, Ingested,
    lines::PIECE,
    output::{MAX_RECORD, Output, Problems, Rows, Target, schema},
    source::Source,
};

pub(crate) fn ingest(path: &Path, target: &Target<'_>) -> Result<Ingested, IngestError> {
    let mut records = Records::open(path)?;
    let mut output = Output::create(target, &records.schema)?;
    let mut ready = records.next_rows()?;
    while let Some(rows) = ready {
        let (written, next) = rayon::join(|| output.write(&rows), || records.next_rows());
        written?;
        ready = next?;
    }
    let warnings = records.warnings(&output);
    output.finish(warnings, records.reader.get_ref().failure())
}

struct Records {
    path: PathBuf,
    delimiter: u8,
    reader: Reader<Source>,
    columns: usize,
    schema: SchemaRef,
    /// The record to be taken next; the one after it has to be read before it is
    /// known whether this one was cut off.
    current: Option<ByteRecord>,
    spare: ByteRecord,
    row: u64,
    open_quote: Option<u64>,
}

impl Records {
    fn open(path: &Path) -> Result<Self, IngestError> {
        let delimiter = if is_tsv(path) { b'\t' } else { b',' };
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(1 << 18)
            .from_reader(Source::open(path)?);
        let mut header = ByteRecord::new();
        reader.read_byte_record(&mut header).map_err(|error| not_read(path, error))?;
        // A whole header is read before the damage behind it is met.
        if let Some(reason) = reader.get_ref().failure() {
            return Err(IngestError::Unreadable { path: path.into(), reason });
        }
        let fields = columns(path, &header)?;
        let mut records = Self {
            path: path.into(),
            delimiter,
            reader,
            columns: fields.len(),
            schema: Arc::new(schema(path, fields)?),
            current: None,
            spare: ByteRecord::new(),
            row: 0,
            open_quote: None,
        };
        let mut first = ByteRecord::new();
        records.current = records.read(&mut first)?.then_some(first);
        Ok(records)
    }

    fn read(&mut self, record: &mut ByteRecord) -> Result<bool, IngestError> {
        self.reader.read_byte_record(record).map_err(|error| not_read(&self.path, error))
    }

    /// The next records, about [`PIECE`] bytes of them.
    fn next_rows(&mut self) -> Result<Option<Rows>, IngestError> {
        let mut columns: Vec<_> = (0..self.columns).map(|_| StringBuilder::new()).collect();
        let (mut problems, mut bytes, mut rows) = (Problems::default(), 0, 0);
        while bytes < PIECE {
            let Some(record) = self.current.take() else { break };
            let mut next = std::mem::take(&mut self.spare);
            let more = self.read(&mut next)?;
            let cut_off = !more && self.reader.get_ref().is_cut_off();
            if MAX_RECORD < record.as_slice().len() + 3 * record.len() {
                return Err(IngestError::TooLong { path: self.path.clone(), row: self.row });
            }
            self.take(&record, cut_off, &mut columns, &mut problems);
            if !more && record.len() != self.columns && record.as_slice().contains(&b'\n') {
                self.open_quote = record.position().map(csv::Position::line);
            }
            bytes += record.as_slice().len();
            rows += 1;
            self.row += 1;
            self.spare = record;
            self.current = more.then_some(next);
        }
        if rows == 0 {
            return Ok(None);
        }
        let columns = columns.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef);
        Rows::new(&self.schema, columns.collect(), problems, &self.path).map(Some)
    }

    fn take(
        &self,
        record: &ByteRecord,
        cut_off: bool,
        columns: &mut [StringBuilder],
        problems: &mut Problems,
    ) {
        let problem = if cut_off || record.len() != self.columns {
            problem::BROKEN_CSV
        } else if let Some(fields) = texts(record) {
            columns.iter_mut().zip(fields).for_each(|(column, text)| column.append_value(text));
            problems.push_none();
            return;
        } else {
            problem::INVALID_UTF8
        };
        columns.iter_mut().for_each(StringBuilder::append_null);
        problems.push(problem, &raw(record, self.delimiter));
    }

    fn warnings(&self, output: &Output) -> Vec<String> {
        let mut warnings = Vec::new();
        if output.rows() == 0 {
            warnings.push("the file holds no record".to_owned());
        }
        if let Some(line) = self.open_quote {
            warnings.push(format!(
                "the record at line {line} runs to the end of the file and is broken; \
                 a quote opened there is probably never closed"
            ));
        }
        warnings
    }
}

fn is_tsv(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let stem = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
    Path::new(stem).extension().is_some_and(|extension| extension == "tsv")
}

fn not_read(path: &Path, error: csv::Error) -> IngestError {
    IngestError::open(path)(error.into())
}

fn columns(path: &Path, header: &ByteRecord) -> Result<Vec<Field>, IngestError> {
    let bad = |problem: String| IngestError::Header { path: path.into(), problem };
    let mut names = HashSet::new();
    let mut fields = Vec::with_capacity(header.len());
    for (index, name) in header.iter().enumerate() {
        let number = index + 1;
        let name = std::str::from_utf8(name)
            .map_err(|_| bad(format!("the name of column {number} is not valid UTF-8")))?;
        if name.is_empty() {
            return Err(bad(format!("column {number} has no name")));
        }
        if !names.insert(name) {
            return Err(bad(format!("two columns are called {name:?}")));
        }
        fields.push(Field::new(name, DataType::Utf8, true));
    }
    Ok(fields)
}

/// The fields, if all of them are valid UTF-8.
fn texts(record: &ByteRecord) -> Option<impl Iterator<Item = &str>> {
    let all = simdutf8::basic::from_utf8(record.as_slice()).ok()?;
    let fields = move |index| all.get(record.range(index)?);
    // The fields together may be valid where one of them is not.
    let whole = all.is_ascii() || (0..record.len()).all(|index| fields(index).is_some());
    whole.then(|| (0..record.len()).filter_map(fields))
}

/// The record written again; the reader keeps no bytes of the source.
fn raw(record: &ByteRecord, delimiter: u8) -> Vec<u8> {
    let mut writer = WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(Terminator::Any(b'\n'))
        .flexible(true)
        .from_writer(Vec::with_capacity(record.as_slice().len() + 3 * record.len()));
    // Writing to memory cannot fail.
    let _ = writer.write_byte_record(record);
    let mut bytes = writer.into_inner().unwrap_or_default();
    bytes.pop();
    bytes
}
