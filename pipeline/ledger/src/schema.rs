//! Names and types of the ledger's tables. The only place where they are written.

use std::sync::{Arc, LazyLock};

use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};

/// Root label and path of the input file, with `/` between.
pub const FILE: &str = "file";
/// Number of the row in its file, from 0.
pub const ROW: &str = "row";
/// 128-bit XXH3 of the normal form of the text; null without text.
pub const KEY: &str = "key";
/// 128-bit XXH3 of the bytes of the text as it came; null without text.
pub const CONTENT: &str = "content";
/// The user's own id.
pub const ID: &str = "id";
/// Declared or measured language.
pub const LANG: &str = "lang";
/// Declared source, else the file.
pub const SOURCE: &str = "source";
/// Length of the text in bytes, as it came.
pub const BYTES: &str = "bytes";
/// Length of the normal form in bytes.
pub const KEY_BYTES: &str = "key_bytes";
/// Why there is nothing to measure: one of [`problem`], else null.
pub const PROBLEM: &str = "problem";

/// What is done with the row: `keep`, `flag`, `quarantine`, `drop` or `edit`.
pub const ACTION: &str = "action";
/// The step or rule that decided, the first of its kind in recipe order.
pub const STEP: &str = "step";
/// Every limit and rule that the row broke.
pub const REASONS: &str = "reasons";
/// Path of the output file below the run folder.
pub const OUT_FILE: &str = "out_file";
/// Row in the output file.
pub const OUT_ROW: &str = "out_row";

/// Name of the operator behind a reason, `sql` for a rule.
pub const OPERATOR: &str = "operator";
/// Version of the operator behind a reason.
pub const VERSION: &str = "version";
/// Measured value behind a reason.
pub const VALUE: &str = "value";
/// Limit or condition that was broken.
pub const LIMIT: &str = "limit";
/// File of the row that stays instead.
pub const KEPT_FILE: &str = "kept_file";
/// Row that stays instead.
pub const KEPT_ROW: &str = "kept_row";

/// Label of a group: the key of its best row in hexadecimal digits.
pub const GROUP: &str = "group";
/// What the row is in its group: one of [`role`].
pub const ROLE: &str = "role";
/// Similarity to the kept row, 0 to 1.
pub const SIMILARITY: &str = "similarity";
/// Share of the smaller one that is in the other, 0 to 1.
pub const CONTAINMENT: &str = "containment";

/// Values of the column `problem`.
pub mod problem {
    /// The text is null or empty.
    pub const NO_TEXT: &str = "no_text";
    /// The text is not valid UTF-8.
    pub const INVALID_UTF8: &str = "invalid_utf8";
    /// The line is not a JSON object.
    pub const BROKEN_JSON: &str = "broken_json";
    /// The record has another number of fields than the header.
    pub const BROKEN_CSV: &str = "broken_csv";
    /// The text is longer than the plan allows.
    pub const OVERSIZE: &str = "oversize";

    /// Whether this is a problem for which a row is quarantined.
    #[must_use]
    pub fn quarantines(problem: &str) -> bool {
        [INVALID_UTF8, BROKEN_JSON, BROKEN_CSV, OVERSIZE].contains(&problem)
    }
}

/// Values of the column `action`.
pub mod action {
    /// The row stays as it came.
    pub const KEEP: &str = "keep";
    /// The row stays and is marked.
    pub const FLAG: &str = "flag";
    /// The row stays with an edited text.
    pub const EDIT: &str = "edit";
    /// The row is set aside with its text.
    pub const QUARANTINE: &str = "quarantine";
    /// The row is left out.
    pub const DROP: &str = "drop";
    /// All of them, in the order of reports.
    pub const ALL: [&str; 5] = [KEEP, FLAG, EDIT, QUARANTINE, DROP];
}

/// Values of the column `role`.
pub mod role {
    /// The row stays, and others go because of it.
    pub const KEPT: &str = "kept";
    /// The row is much the same as one that stays.
    pub const MEMBER: &str = "member";
    /// The row is like another, but differs in what it says.
    pub const TEMPLATE: &str = "template";
}

fn hash(name: &str) -> Field {
    Field::new(name, DataType::FixedSizeBinary(16), true)
}

fn text(name: &str, nullable: bool) -> Field {
    Field::new(name, DataType::Utf8, nullable)
}

/// The columns of the facts that every run has, in order; measured columns follow.
#[must_use]
pub fn facts_base() -> Vec<Field> {
    vec![
        text(FILE, false),
        Field::new(ROW, DataType::Int64, false),
        hash(KEY),
        hash(CONTENT),
        text(ID, true),
        text(LANG, true),
        text(SOURCE, false),
        Field::new(BYTES, DataType::Int64, true),
        Field::new(KEY_BYTES, DataType::Int64, true),
        text(PROBLEM, true),
    ]
}

/// The column of a relating step in the table of signatures: the keys by which the row is
/// proposed to be compared with others; null without text.
#[must_use]
pub fn signature_field(step: &str) -> Field {
    Field::new(step, DataType::List(Arc::new(Field::new("item", DataType::Int64, false))), true)
}

/// Fields of one entry of `reasons`.
pub static REASON_FIELDS: LazyLock<Fields> = LazyLock::new(|| {
    Fields::from(vec![
        text(STEP, false),
        text(OPERATOR, false),
        Field::new(VERSION, DataType::Int32, false),
        Field::new(VALUE, DataType::Float64, true),
        text(LIMIT, true),
        text(KEPT_FILE, true),
        Field::new(KEPT_ROW, DataType::Int64, true),
    ])
});

/// The decisions table.
pub static DECISIONS: LazyLock<SchemaRef> = LazyLock::new(|| {
    let reason = Field::new("item", DataType::Struct(REASON_FIELDS.clone()), false);
    Arc::new(Schema::new(vec![
        text(FILE, false),
        Field::new(ROW, DataType::Int64, false),
        hash(KEY),
        hash(CONTENT),
        text(ID, true),
        text(ACTION, false),
        text(STEP, true),
        Field::new(REASONS, DataType::List(Arc::new(reason)), false),
        text(OUT_FILE, true),
        Field::new(OUT_ROW, DataType::Int64, true),
    ]))
});

/// The groups table.
pub static GROUPS: LazyLock<SchemaRef> = LazyLock::new(|| {
    Arc::new(Schema::new(vec![
        text(STEP, false),
        text(GROUP, false),
        text(FILE, false),
        Field::new(ROW, DataType::Int64, false),
        text(ROLE, false),
        text(KEPT_FILE, false),
        Field::new(KEPT_ROW, DataType::Int64, false),
        Field::new(SIMILARITY, DataType::Float64, false),
        Field::new(CONTAINMENT, DataType::Float64, false),
    ]))
});

/// Documents that have a passage.
pub const DOCUMENTS: &str = "documents";

/// The edits table: what went from rows because other documents have it too, in order of row
/// and of place in the text after the rewriters. Passages that overlap are one place; the row
/// that is kept is that of the first, the number of documents the largest.
pub static EDITS: LazyLock<SchemaRef> = LazyLock::new(|| {
    Arc::new(Schema::new(vec![
        text(STEP, false),
        text(FILE, false),
        Field::new(ROW, DataType::Int64, false),
        Field::new(START, DataType::Int64, false),
        Field::new(END, DataType::Int64, false),
        text(KEPT_FILE, true),
        Field::new(KEPT_ROW, DataType::Int64, true),
        Field::new(DOCUMENTS, DataType::Int64, false),
    ]))
});

/// Sampled text, bounded.
pub const EXCERPT: &str = "excerpt";
/// Byte the excerpt starts at, in the text as it was measured.
pub const EXCERPT_START: &str = "excerpt_start";
/// Places in the excerpt that a step counted, as byte ranges of the excerpt.
pub const SPANS: &str = "spans";
/// Sampled text of the row that stays instead, where it is another text.
pub const KEPT_EXCERPT: &str = "kept_excerpt";
/// Places in that text that differ, as byte ranges of it.
pub const KEPT_SPANS: &str = "kept_spans";
/// First byte of a span.
pub const START: &str = "start";
/// One past the last byte of a span.
pub const END: &str = "end";

/// Fields of one entry of `spans`.
pub static SPAN_FIELDS: LazyLock<Fields> = LazyLock::new(|| {
    Fields::from(vec![
        text(STEP, false),
        Field::new(START, DataType::Int64, false),
        Field::new(END, DataType::Int64, false),
    ])
});

/// The excerpts table: the only text outside `data/`, `quarantine/` and `dropped/`.
pub static EXCERPTS: LazyLock<SchemaRef> = LazyLock::new(|| {
    let span = Field::new("item", DataType::Struct(SPAN_FIELDS.clone()), false);
    let spans = DataType::List(Arc::new(span));
    Arc::new(Schema::new(vec![
        text(FILE, false),
        Field::new(ROW, DataType::Int64, false),
        text(ID, true),
        text(LANG, true),
        text(SOURCE, false),
        text(ACTION, false),
        text(STEP, true),
        Field::new(BYTES, DataType::Int64, false),
        Field::new(EXCERPT_START, DataType::Int64, false),
        text(EXCERPT, false),
        Field::new(SPANS, spans.clone(), false),
        text(KEPT_EXCERPT, true),
        Field::new(KEPT_SPANS, spans, false),
    ]))
});
