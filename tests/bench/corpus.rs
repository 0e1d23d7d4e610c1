//! A corpus to measure on: English-like text with the lengths of web pages.

use std::{fs::File, path::Path, sync::Arc};

use arrow::{
    array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringArray},
    compute::cast,
    datatypes::DataType,
};
use parquet::{
    arrow::{ArrowWriter, ProjectionMask, arrow_reader::ParquetRecordBatchReaderBuilder},
    basic::{Compression, ZstdLevel},
    file::properties::WriterProperties,
};

const FILES: usize = 4;
const DOCUMENTS: usize = 20_000;
/// One document in this many is a copy of an earlier one.
const COPIES: u64 = 10;

const WORDS: &str = "the of and to in a is that for it as was with be by on not he his but at are \
    this have from or had an they which one you were all her she there would their we him been has \
    when who will no more if out so up said what its about than into them can only other time new \
    some could these two may first then do any like my now over such our man me even most made after \
    also did many off before must well back through years where much your way down should because \
    long each just state those people too mr how little good world make very year still see own work \
    men day get here old between both life being under three never know same last another while us \
    might great go come since against right came take used himself few house use place during without \
    again home around small however found mrs part school thought went say general once upon every \
    does got public united number course war until always away something fact water though less put \
    think almost hand enough far took head yet government system better set told nothing night end";

/// Writes the generated corpus below `folder` and returns its path.
pub(crate) fn english(folder: &Path) -> String {
    let path = folder.join("english");
    std::fs::create_dir_all(&path).expect("a folder");
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut random = Random(7);
    let mut earlier: Vec<String> = Vec::new();
    for file in 0..FILES {
        let mut texts = Vec::with_capacity(DOCUMENTS);
        for _ in 0..DOCUMENTS {
            if !earlier.is_empty() && random.below(COPIES) == 0 {
                let at = random.below(earlier.len() as u64);
                texts.push(earlier[usize::try_from(at).unwrap()].clone());
                continue;
            }
            let text = document(&words, &mut random);
            if random.below(4) == 0 {
                earlier.push(text.clone());
            }
            texts.push(text);
        }
        write(&path.join(format!("part-{file}.parquet")), texts);
    }
    path.display().to_string()
}

fn document(words: &[&str], random: &mut Random) -> String {
    let mut text = String::new();
    // Word frequencies fall off as they do in language; lengths vary as on the web.
    for _ in 0..100 + random.below(900) {
        let rank = random.below(words.len() as u64).min(random.below(words.len() as u64));
        let word = words[usize::try_from(rank).unwrap()];
        text.push_str(word);
        match random.below(60) {
            0 => text.push_str(&random.below(100_000).to_string()),
            1..=4 => text.push_str(".\n"),
            5..=8 => text.push_str(", "),
            9 => text.push_str("’s "),
            _ => text.push(' '),
        }
    }
    text
}

fn write(path: &Path, texts: Vec<String>) {
    let count = texts.len();
    let rows = i64::try_from(count).unwrap();
    let batch = RecordBatch::try_from_iter([
        ("id", Arc::new(Int64Array::from_iter_values(0..rows)) as ArrayRef),
        ("text", Arc::new(StringArray::from(texts)) as ArrayRef),
        ("lang", Arc::new(StringArray::from_iter_values(std::iter::repeat_n("en", count)))),
    ])
    .unwrap();
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3).unwrap()))
        .set_max_row_group_row_count(Some(10_000))
        .set_column_dictionary_enabled("text".into(), false)
        .build();
    let file = File::create(path).expect("a file");
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

/// Documents and megabytes of text in the column `text` of `inputs`.
pub(crate) fn size(inputs: &[String]) -> (u64, f64) {
    let (mut documents, mut bytes) = (0, 0);
    for path in files(inputs) {
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
        let mask = ProjectionMask::columns(reader.parquet_schema(), ["text"]);
        for batch in reader.with_projection(mask).build().unwrap() {
            let batch = batch.unwrap();
            let text = cast(batch.column(0), &DataType::Utf8View).unwrap();
            documents += text.len() as u64;
            bytes += text.as_string_view().iter().flatten().map(str::len).sum::<usize>();
        }
    }
    (documents, bytes as f64 / 1e6)
}

fn files(inputs: &[String]) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for input in inputs {
        match std::fs::read_dir(input) {
            Ok(entries) => files.extend(entries.map(|entry| entry.unwrap().path())),
            Err(_) => files.push(input.into()),
        }
    }
    files
}

/// `SplitMix64`: small, fixed, and good enough to make text.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}
