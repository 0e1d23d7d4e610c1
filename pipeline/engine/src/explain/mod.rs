//! Why a row was kept, dropped or edited: what the ledger says, and the places in the
//! text, read again from the input.

mod edits;

use std::path::Path;

use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch, StructArray},
    datatypes::{DataType, Float64Type, Int32Type, Int64Type},
    util::display::array_value_to_string,
};
use assay_ledger::{
    Folder, Manifest, RunRecord, folder, read_table,
    schema::{
        ACTION, FILE, ID, KEPT_FILE, KEPT_ROW, KEY, LIMIT, OPERATOR, OUT_FILE, OUT_ROW, REASONS,
        ROW, STEP, VALUE, VERSION, facts_base,
    },
};
use assay_operators::{
    contract::{Declared, Span},
    registry,
};
use assay_plan::{BoundStep, Plan};
use serde::Serialize;

use crate::{
    EngineError,
    assets::loaded,
    excerpts::{differences, evidence},
    input::{Footer, Roles, Unit},
    measure::{Scratch, Signs, signs},
    run::INGEST,
    scan::passages,
};

/// Everything about one row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// Name of the input file.
    pub file: String,
    /// Row in it.
    pub row: u64,
    /// The user's own id.
    pub id: Option<String>,
    /// 128-bit hash of the normal form, 32 hexadecimal digits.
    pub key: Option<String>,
    /// What was done.
    pub action: String,
    /// The step, rule or problem that decided.
    pub step: Option<String>,
    /// Where the row went, and which row it is there.
    pub written_to: Option<(String, u64)>,
    /// Every limit and rule that the row broke, and its edits.
    pub reasons: Vec<Evidence>,
    /// Measured values by column, in the order of the facts.
    pub measured: Vec<(String, String)>,
    /// Places in the text that limits were broken by: step, first byte, end.
    pub spans: Vec<(String, u32, u32)>,
    /// The text that the spans are about: after all edits. `None` if it cannot be read.
    pub text: Option<String>,
    /// Why the text cannot be shown.
    pub text_problem: Option<String>,
    /// The text of the row that stays instead.
    pub kept_text: Option<String>,
    /// Where that text differs from this one: step, first byte, one past the last.
    pub kept_spans: Vec<(String, u32, u32)>,
}

/// One reason, with its sentence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// Step or rule.
    pub step: String,
    /// Operator, `sql` for a rule.
    pub operator: String,
    /// Version of the operator.
    pub version: i32,
    /// Measured value.
    pub value: Option<f64>,
    /// Limit or condition that was broken.
    pub limit: Option<String>,
    /// File of the row that stays instead.
    pub kept_file: Option<String>,
    /// Row that stays instead.
    pub kept_row: Option<i64>,
    /// The reason as a sentence.
    pub sentence: String,
}

/// Explains the rows that `wanted` means: `FILE:ROW`, a key of 32 hexadecimal digits, or
/// the user's own id. At most `most` rows are returned.
pub fn explain(root: &Path, wanted: &str, most: usize) -> Result<Vec<Explanation>, EngineError> {
    let folder = Folder::new(root);
    let run = RunRecord::read(&folder.run_json())?;
    let manifest = Manifest::read(&folder.manifest())?;
    let plan: Plan = serde_json::from_value(run.plan.clone()).map_err(|error| {
        EngineError::input(
            folder.run_json().display().to_string(),
            format!("holds a plan of another version: {error}"),
            "explain the run with the version of assay that made it",
        )
    })?;
    let wanted = Wanted::of(wanted, &run);
    let mut found = Vec::new();
    for decisions in manifest.of(folder::DECISIONS) {
        if !wanted.may_be_in(&decisions.path) {
            continue;
        }
        let batches = read_table(&folder.path(&decisions.path))?;
        for (number, batch) in batches.iter().enumerate() {
            for row in wanted.rows(batch) {
                let mut explanation = from_decisions(batch, row);
                let facts = decisions.path.replacen(folder::DECISIONS, folder::FACTS, 1);
                let facts = read_table(&folder.path(&facts))?;
                if let Some(facts) = facts.get(number) {
                    explanation.measured = measured(facts, row);
                }
                add_text(&folder, &run, &plan, &mut explanation);
                edits::add_edits(&folder, &manifest, &mut explanation)?;
                found.push(explanation);
                if found.len() == most {
                    return Ok(found);
                }
            }
        }
    }
    if found.is_empty() {
        return Err(EngineError::input(
            root.display().to_string(),
            format!("holds no row {wanted}"),
            "give FILE:ROW as in the ledger (rows count from 0), a key of 32 digits, or an id",
        ));
    }
    Ok(found)
}

/// What a user may call a row.
enum Wanted {
    Place(String, i64),
    /// An id may look like a key.
    Key([u8; 16], String),
    Id(String),
}

impl std::fmt::Display for Wanted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Place(file, row) => write!(f, "{row} of {file}"),
            Self::Key(_, text) => write!(f, "with the key or id {text}"),
            Self::Id(id) => write!(f, "with the id {id:?}"),
        }
    }
}

impl Wanted {
    fn of(text: &str, run: &RunRecord) -> Self {
        if let Some((file, row)) = text.rsplit_once(':')
            && let Ok(row) = row.parse()
            && run.inputs.iter().any(|input| input.file == file)
        {
            return Self::Place(file.to_owned(), row);
        }
        match u128::from_str_radix(text, 16) {
            Ok(key) if text.len() == 32 => Self::Key(key.to_be_bytes(), text.to_owned()),
            _ => Self::Id(text.to_owned()),
        }
    }

    fn may_be_in(&self, path: &str) -> bool {
        match self {
            Self::Place(file, _) => path.strip_prefix(folder::DECISIONS).is_some_and(|rest| {
                rest[1..].rsplit_once('-').is_some_and(|(name, _)| name == file)
            }),
            _ => true,
        }
    }

    fn rows(&self, batch: &RecordBatch) -> Vec<usize> {
        let all = 0..batch.num_rows();
        let rows = batch.column_by_name(ROW).map(|rows| rows.as_primitive::<Int64Type>());
        let keys = batch.column_by_name(KEY).map(|keys| keys.as_fixed_size_binary());
        let ids = batch.column_by_name(ID).map(|ids| ids.as_string::<i32>());
        let (Some(rows), Some(keys), Some(ids)) = (rows, keys, ids) else { return Vec::new() };
        let has_id = |at: usize, wanted: &str| ids.is_valid(at) && ids.value(at) == wanted;
        let fits = |at: &usize| match self {
            Self::Place(_, wanted) => rows.value(*at) == *wanted,
            Self::Key(wanted, id) => {
                keys.is_valid(*at) && keys.value(*at) == wanted || has_id(*at, id)
            }
            Self::Id(wanted) => has_id(*at, wanted),
        };
        all.filter(fits).collect()
    }
}

fn from_decisions(batch: &RecordBatch, row: usize) -> Explanation {
    let text = |name: &str| value_of(batch.column_by_name(name), row);
    let reasons = batch.column_by_name(REASONS).map(|column| column.as_list::<i32>().value(row));
    let reasons = reasons.as_ref().and_then(|reasons| reasons.as_struct_opt());
    let key = batch.column_by_name(KEY).map(|column| column.as_fixed_size_binary());
    let out_row = text(OUT_ROW).and_then(|row| row.parse().ok());
    Explanation {
        file: text(FILE).unwrap_or_default(),
        row: text(ROW).and_then(|row| row.parse().ok()).unwrap_or_default(),
        id: text(ID),
        key: key.filter(|key| key.is_valid(row)).map(|key| hex(key.value(row))),
        action: text(ACTION).unwrap_or_default(),
        step: text(STEP),
        written_to: text(OUT_FILE).zip(out_row),
        reasons: reasons.map(evidence_of).unwrap_or_default(),
        measured: Vec::new(),
        spans: Vec::new(),
        text: None,
        text_problem: None,
        kept_text: None,
        kept_spans: Vec::new(),
    }
}

fn evidence_of(reasons: &StructArray) -> Vec<Evidence> {
    let text = |name: &str, at: usize| value_of(reasons.column_by_name(name), at);
    let read = |at: usize| {
        let value = reasons.column_by_name(VALUE).map(|it| it.as_primitive::<Float64Type>());
        let version = reasons.column_by_name(VERSION).map(|it| it.as_primitive::<Int32Type>());
        let kept = reasons.column_by_name(KEPT_ROW).map(|it| it.as_primitive::<Int64Type>());
        let mut evidence = Evidence {
            step: text(STEP, at).unwrap_or_default(),
            operator: text(OPERATOR, at).unwrap_or_default(),
            version: version.map_or(0, |version| version.value(at)),
            value: value.filter(|value| value.is_valid(at)).map(|value| value.value(at)),
            limit: text(LIMIT, at),
            kept_file: text(KEPT_FILE, at),
            kept_row: kept.filter(|kept| kept.is_valid(at)).map(|kept| kept.value(at)),
            sentence: String::new(),
        };
        evidence.sentence = sentence(&evidence);
        evidence
    };
    (0..reasons.len()).map(read).collect()
}

fn sentence(reason: &Evidence) -> String {
    let fields = registry::find(&reason.operator).map_or(&[][..], |entry| entry.card().fields);
    // A limit names the field that it is about, unless that is the main one.
    let (named, limit) = match reason.limit.as_deref().and_then(|limit| limit.split_once(' ')) {
        Some((name, rest)) if fields.iter().any(|field| field.name == name) => (name, Some(rest)),
        _ => ("value", reason.limit.as_deref()),
    };
    let field = fields.iter().find(|field| field.name == named).or(fields.first());
    let (what, unit) = field.map_or(("the value", ""), |field| (field.what, field.unit));
    // A share is a number; nobody says "0.5 share".
    let unit = if matches!(unit, "" | "share" | "ratio" | "number") {
        String::new()
    } else {
        format!(" {unit}")
    };
    match (reason.value, limit, &reason.kept_file, reason.kept_row) {
        (Some(similarity), _, Some(file), Some(row)) => format!(
            "nearly the same text stands in {file}, row {row}, which stays: the two have a \
             similarity of {}, and this one says nothing that the other does not say",
            short(similarity)
        ),
        (None, _, Some(file), Some(row)) => {
            format!("the same text stands in {file}, row {row}, which stays")
        }
        (Some(value), Some(limit), ..) => {
            let limit = limit.replace(">=", "at least").replace("<=", "at most");
            format!("{what} is {}{unit}; the limit is {limit}", short(value))
        }
        (Some(edits), None, ..) => format!("{} edits were made", short(edits)),
        (None, Some("unmeasured"), ..) => format!("{what} could not be measured"),
        (None, Some(when), ..) => format!("it is true that {when}"),
        _ => reason.step.clone(),
    }
}

fn short(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.3}") }
}

fn measured(facts: &RecordBatch, row: usize) -> Vec<(String, String)> {
    let fixed = facts_base().len();
    let schema = facts.schema();
    let columns = schema.fields().iter().zip(facts.columns()).skip(fixed);
    let value = |column: &ArrayRef| value_of(Some(column), row).unwrap_or("unmeasured".into());
    columns.map(|(field, column)| (field.name().clone(), value(column))).collect()
}

fn value_of(column: Option<&ArrayRef>, row: usize) -> Option<String> {
    let column = column.filter(|column| column.is_valid(row))?;
    match column.data_type() {
        DataType::Float64 => {
            Some(format!("{:.4}", column.as_primitive::<Float64Type>().value(row)))
        }
        _ => array_value_to_string(column, row).ok(),
    }
}

/// Reads the text again and finds the places; says why if it cannot.
fn add_text(folder: &Folder, run: &RunRecord, plan: &Plan, explanation: &mut Explanation) {
    let steps = match loaded(&plan.steps) {
        Ok(steps) => steps,
        Err(error) => {
            explanation.text_problem = Some(error.to_string());
            return;
        }
    };
    match read_again(folder, run, plan, &explanation.file, explanation.row) {
        Err(error) => explanation.text_problem = Some(error),
        Ok(None) => explanation.text_problem = Some("the row has no text".to_owned()),
        Ok(Some(found)) => {
            let declared = Declared {
                lang: found.lang.as_deref(),
                source: found.source.as_deref(),
                url: None,
            };
            let text = found.text.unwrap_or_default();
            let (spans, seen) = evidence(&mut Scratch::default(), &steps, &text, declared);
            let place = |(step, Span { start, end })| (step, start, end);
            explanation.spans = spans.into_iter().map(place).collect();
            explanation.text = Some(seen);
        }
    }
    let kept = explanation.reasons.iter().find_map(|reason| {
        reason.kept_file.clone().zip(reason.kept_row.and_then(|row| u64::try_from(row).ok()))
    });
    if let Some((file, row)) = kept {
        let found = read_again(folder, run, plan, &file, row).ok().flatten();
        explanation.kept_text = found.and_then(|found| found.text);
    }
    add_differences(&steps, explanation);
}

/// Marks where a text and the one that stays instead differ, if they are not the same.
fn add_differences(steps: &[BoundStep], explanation: &mut Explanation) {
    let near = explanation.reasons.iter().find(|reason| {
        let step = steps.iter().find(|step| step.step.name == reason.step);
        reason.kept_row.is_some() && matches!(step.and_then(signs), Some(Signs::Bands(_)))
    });
    let (Some(near), Some(text), Some(kept)) = (near, &explanation.text, &explanation.kept_text)
    else {
        return;
    };
    let (own, other) = differences(&near.step, kept, text);
    let plain = |(step, Span { start, end })| (step, start, end);
    explanation.spans.extend(own.into_iter().map(plain));
    explanation.kept_spans.extend(other.into_iter().map(plain));
}

fn read_again(
    folder: &Folder,
    run: &RunRecord,
    plan: &Plan,
    file: &str,
    row: u64,
) -> Result<Option<crate::scan::Passage>, String> {
    let mut inputs = run.inputs.iter().chain(&run.against);
    let input = inputs.find(|input| input.file == file);
    let input = input.ok_or_else(|| format!("{file} is not an input of the run"))?;
    let ingested = input.format != "parquet";
    let path = if ingested {
        folder.path(&Folder::part(INGEST, file, 0))
    } else {
        input.path.clone().into()
    };
    if ingested && !path.exists() {
        return Err(format!(
            "{file} was ingested, and `assay gc` removed what it was ingested to; run the recipe \
             into another folder to explain it with its text"
        ));
    }
    let footer = Footer::read(&path)
        .map_err(|error| format!("{} cannot be read any more: {error}", path.display()))?;
    if footer.hash != input.footer_hash {
        return Err(format!("{} was changed after the run", path.display()));
    }
    let schema = footer.metadata.file_metadata().schema_descr();
    let own = run.inputs.iter().any(|input| input.file == file);
    let find = if own { Roles::find } else { Roles::find_aside };
    let roles = find(file, schema, &plan.input.columns).map_err(|error| error.to_string())?;
    let mut first_row = 0;
    for (group, rows) in (0..).zip(footer.group_rows()) {
        if row < first_row + rows {
            let unit = Unit {
                ordinal: 0,
                file: file.to_owned(),
                path: path.display().to_string(),
                version: footer.hash.clone(),
                group,
                groups: 1,
                first_row,
                rows,
                batch: 1024,
                roles,
                ingested,
                aside: None,
            };
            return Ok(passages(&unit, &[row])?.pop().filter(|found| found.text.is_some()));
        }
        first_row += rows;
    }
    Err(format!("{file} has no row {row}"))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
