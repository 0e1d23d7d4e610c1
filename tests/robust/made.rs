//! Documents and files that are made up, always the same.

use std::{io::Write, sync::Arc};

use arrow::{
    array::{ArrayRef, Int64Array, RecordBatch, StringArray},
    ipc::writer::FileWriter,
};
use flate2::{Compression as Level, write::GzEncoder};
use parquet::{
    arrow::ArrowWriter,
    basic::Compression,
    file::properties::{WriterProperties, WriterPropertiesBuilder},
};
use serde_json::json;

/// A row of a made-up corpus.
#[derive(Debug, Clone)]
pub(crate) struct Doc {
    pub(crate) id: String,
    pub(crate) text: Option<String>,
    pub(crate) source: String,
}

/// Numbers that look random and never change.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }
}

const WORDS: [&str; 16] = [
    "harbour", "the", "of", "morning", "letters", "quiet", "and", "winter", "people", "stone",
    "to", "garden", "every", "window", "slowly", "河流",
];

/// A text that no other seed makes.
pub(crate) fn prose(seed: u64, words: usize) -> String {
    let mut dice = Dice::new(seed);
    let mut text = format!("Number {seed}:");
    for _ in 0..words {
        text.push(' ');
        text.push_str(WORDS[dice.below(WORDS.len())]);
    }
    text
}

/// `count` documents whose texts occur nowhere else.
pub(crate) fn docs(seed: u64, count: u64) -> Vec<Doc> {
    let doc = |number: u64| Doc {
        id: format!("{seed}-{number}"),
        text: Some(prose(seed * 1_000_000 + number, 20)),
        source: format!("source {}", number % 3),
    };
    (0..count).map(doc).collect()
}

pub(crate) fn batch(docs: &[Doc]) -> RecordBatch {
    let id: StringArray = docs.iter().map(|doc| Some(&doc.id)).collect();
    let text: StringArray = docs.iter().map(|doc| doc.text.as_ref()).collect();
    let source: StringArray = docs.iter().map(|doc| Some(&doc.source)).collect();
    let number = Int64Array::from_iter_values(0..i64::try_from(docs.len()).unwrap());
    RecordBatch::try_from_iter_with_nullable([
        ("id", Arc::new(id) as ArrayRef, true),
        ("text", Arc::new(text), true),
        ("source", Arc::new(source), true),
        ("number", Arc::new(number), true),
    ])
    .unwrap()
}

pub(crate) fn properties() -> WriterPropertiesBuilder {
    WriterProperties::builder().set_compression(Compression::SNAPPY)
}

pub(crate) fn parquet_of(batch: &RecordBatch, properties: WriterProperties) -> Vec<u8> {
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

pub(crate) fn parquet(docs: &[Doc]) -> Vec<u8> {
    parquet_of(&batch(docs), properties().build())
}

/// In row groups of `rows` rows.
pub(crate) fn parquet_in_groups(docs: &[Doc], rows: usize) -> Vec<u8> {
    let properties = properties().set_max_row_group_row_count(Some(rows));
    parquet_of(&batch(docs), properties.set_dictionary_enabled(false).build())
}

pub(crate) fn jsonl(docs: &[Doc]) -> Vec<u8> {
    let mut out = Vec::new();
    for (number, doc) in docs.iter().enumerate() {
        let Doc { id, text, source } = doc;
        let line = json!({ "id": id, "text": text, "source": source, "number": number });
        writeln!(out, "{line}").unwrap();
    }
    out
}

pub(crate) fn csv(docs: &[Doc]) -> Vec<u8> {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut out = b"id,text,source,number\n".to_vec();
    for (number, Doc { id, text, source }) in docs.iter().enumerate() {
        let text = quoted(text.as_deref().unwrap_or_default());
        writeln!(out, "{},{text},{},{number}", quoted(id), quoted(source)).unwrap();
    }
    out
}

pub(crate) fn arrow_ipc(batch: &RecordBatch) -> Vec<u8> {
    let mut writer = FileWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    for from in (0..batch.num_rows()).step_by(50) {
        writer.write(&batch.slice(from, 50.min(batch.num_rows() - from))).unwrap();
    }
    writer.into_inner().unwrap()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Level::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}
