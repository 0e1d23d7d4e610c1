//! Damaged files among good ones: whatever the bytes, only they are lost.

use std::{
    fs,
    io::{Cursor, Read},
    panic::{AssertUnwindSafe, catch_unwind},
};

use arrow::{
    datatypes::{DataType, FieldRef},
    ipc::{
        CompressionType,
        reader::{FileReader, StreamReader},
        writer::{FileWriter, IpcWriteOptions, StreamWriter},
    },
};
use parquet::{
    arrow::arrow_reader::ParquetRecordBatchReaderBuilder,
    basic::{Compression, Encoding, ZstdLevel},
    file::properties::{EnabledStatistics, WriterProperties, WriterVersion},
};

use serde_json::{Map, Value};

use crate::{
    bench::Bench,
    made::{Dice, Doc, arrow_ipc, batch, csv, docs, gzip, jsonl, parquet, parquet_of, zst},
};

/// Files that are damaged; more of them with `ASSAY_MUTANTS=2000`, others with `ASSAY_SEED=7`.
const MUTANTS: usize = 200;

fn rows() -> Vec<Doc> {
    docs(500, 160)
}

fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let rows = rows();
    let flat = batch(&rows);
    let build = || WriterProperties::builder().set_max_row_group_row_count(Some(50));
    let zstd = Compression::ZSTD(ZstdLevel::default());
    let nested = crate::through::small();
    let mut packed = Vec::new();
    for compression in [CompressionType::LZ4_FRAME, CompressionType::ZSTD] {
        let options = IpcWriteOptions::default().try_with_compression(Some(compression)).unwrap();
        let mut writer =
            FileWriter::try_new_with_options(Vec::new(), &flat.schema(), options).unwrap();
        writer.write(&flat).unwrap();
        packed.push(writer.into_inner().unwrap());
    }
    let mut stream = StreamWriter::try_new(Vec::new(), &flat.schema()).unwrap();
    stream.write(&flat).unwrap();
    let plain = build().set_dictionary_enabled(false).set_compression(Compression::UNCOMPRESSED);
    let delta = build()
        .set_dictionary_enabled(false)
        .set_encoding(Encoding::DELTA_BYTE_ARRAY)
        .set_column_encoding("number".into(), Encoding::DELTA_BINARY_PACKED);
    let paged = build()
        .set_data_page_row_count_limit(10)
        .set_write_batch_size(5)
        .set_writer_version(WriterVersion::PARQUET_2_0);
    let bare = build()
        .set_offset_index_disabled(true)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_compression(Compression::SNAPPY);
    vec![
        ("parquet", parquet_of(&flat, plain.build())),
        ("parquet", parquet_of(&flat, delta.build())),
        ("parquet", parquet_of(&flat, paged.clone().set_compression(zstd).build())),
        ("parquet", parquet_of(&flat, paged.build())),
        ("parquet", parquet_of(&flat, bare.build())),
        ("parquet", parquet_of(&nested, build().set_compression(zstd).build())),
        ("parquet", parquet_of(&nested, build().set_compression(Compression::SNAPPY).build())),
        ("jsonl", jsonl(&rows)),
        ("jsonl.gz", gzip(&jsonl(&rows))),
        ("jsonl.zst", zst(&jsonl(&rows))),
        ("csv", csv(&rows)),
        ("csv.gz", gzip(&csv(&rows))),
        ("arrow", arrow_ipc(&flat)),
        ("arrow", packed.swap_remove(0)),
        ("arrow", packed.swap_remove(0)),
        ("arrow", stream.into_inner().unwrap()),
    ]
}

fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    // The end of a file holds its footer: hit it as often as all the rest.
    let place = |dice: &mut Dice, length: usize| match dice.below(2) {
        0 => dice.below(length),
        _ => length - 1 - dice.below(length.min(1_200)),
    };
    let length = bytes.len();
    match dice.below(8) {
        0 => bytes.truncate(dice.below(length)),
        1 => {
            let from = place(dice, length);
            let to = length.min(from + 1 + dice.below(200));
            bytes[from..to].fill(0);
        }
        2 => {
            let at = place(dice, length);
            let noise: Vec<u8> =
                (0..=dice.below(64)).map(|_| dice.next().to_le_bytes()[0]).collect();
            bytes.splice(at..at, noise);
        }
        3 => {
            let from = place(dice, length);
            let to = length.min(from + 1 + dice.below(40));
            bytes.drain(from..to);
        }
        4 => {
            // A long number in the way of Thrift, or a length beyond all measure.
            let at = place(dice, length);
            let to = length.min(at + 5);
            bytes[at..to].fill(0xFF);
        }
        5 => {
            let (from, to) = (dice.below(length), place(dice, length));
            let piece = bytes[from..length.min(from + 64)].to_vec();
            let end = length.min(to + piece.len());
            bytes[to..end].copy_from_slice(&piece[..end - to]);
        }
        many => {
            for _ in 0..many - 5 {
                let at = place(dice, length);
                bytes[at] ^= 1 << dice.below(8);
            }
        }
    }
}

/// The header of a CSV file.
fn start(bytes: &[u8]) -> Option<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').next().filter(|it| it.ends_with(b"\n"))
}

/// As much as can be unpacked.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let _ = flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut out);
    out
}

/// Whether a line has a text, or none is a line of JSON any more.
fn has_text(bytes: &[u8]) -> bool {
    let lines = bytes.split(|byte| *byte == b'\n');
    let lines: Vec<Map<String, Value>> =
        lines.filter_map(|line| serde_json::from_slice(line).ok()).collect();
    lines.is_empty() || lines.iter().any(|line| line.get("text").is_some_and(Value::is_string))
}

/// Whether the file still claims to have texts under the name `text`. If damage has
/// renamed the column, it is the user who has to say what is meant.
fn still_has_text(ending: &str, bytes: &[u8], whole: &[u8]) -> bool {
    match ending {
        "csv" => start(bytes) == start(whole),
        "csv.gz" => start(&unpacked(bytes)) == start(&unpacked(whole)),
        "jsonl" => has_text(bytes),
        "jsonl.gz" => has_text(&unpacked(bytes)),
        "jsonl.zst" => has_text(&zstd::decode_all(bytes).unwrap_or_default()),
        "parquet" => {
            let copy = bytes::Bytes::copy_from_slice(bytes);
            let opened = catch_unwind(|| ParquetRecordBatchReaderBuilder::try_new(copy));
            let Ok(Ok(reader)) = opened else { return true };
            reader.parquet_schema().columns().iter().any(|column| {
                column.path().string() == "text" && format!("{column:?}").contains("STRING")
            })
        }
        "arrow" => columns(bytes).is_none_or(|found| Some(found) == columns(whole)),
        _ => true,
    }
}

/// Names and types of an Arrow file or stream, if it has any.
fn columns(bytes: &[u8]) -> Option<Vec<(String, DataType)>> {
    let open = || match FileReader::try_new(Cursor::new(bytes), None) {
        Ok(file) => Some(file.schema()),
        // Between its magics a file is a stream.
        Err(_) => {
            let start = if bytes.starts_with(b"ARROW1") { 8 } else { 0 };
            let rest = bytes[start..].iter().position(|byte| *byte == 0xFF)?;
            StreamReader::try_new(&bytes[start + rest..], None).ok().map(|it| it.schema())
        }
    };
    let schema = catch_unwind(AssertUnwindSafe(open)).ok()??;
    let of = |field: &FieldRef| (field.name().clone(), field.data_type().clone());
    Some(schema.fields().iter().map(of).collect())
}

#[test]
fn whatever_the_bytes_only_the_damaged_files_lose_rows() {
    let number = |name: &str| std::env::var(name).ok().and_then(|it| it.parse().ok());
    let total = number("ASSAY_MUTANTS").unwrap_or(MUTANTS);
    let seeds = seeds();
    let mut dice = Dice::new(number("ASSAY_SEED").unwrap_or(11) as u64);
    let mut made = 0;
    // Damage that ends the process would hide what comes after it: several runs.
    for part in 0..total.div_ceil(100) {
        let bench = Bench::new();
        bench.recipe(&format!("{}[input]\ntext = \"text\"\n", crate::bench::RECIPE));
        let good: Vec<String> = (0..5)
            .map(|at| bench.add(&format!("good/{at}.parquet"), parquet(&docs(at, 40))))
            .chain((5..8).map(|at| bench.add(&format!("good/{at}.jsonl"), jsonl(&docs(at, 40)))))
            .collect();
        let end = total.min((part + 1) * 100);
        while made < end {
            let (ending, whole) = &seeds[made % seeds.len()];
            let mut bytes = whole.clone();
            mutate(&mut bytes, &mut dice);
            if still_has_text(ending, &bytes, whole) {
                bench.add(&format!("bad/{made:04}.{ending}"), bytes);
                made += 1;
            }
        }
        let ran = bench.run_to("out", &["--max-memory", "1GB", "--allow-empty"]);
        if ran.code != Some(11) {
            keep(&bench, part);
        }
        let ran = ran.sound(11);
        for file in &good {
            assert_eq!(ran.kept(file), 40, "{file}");
        }
        let record = ran.record();
        let lost = record["unreadable"].as_array().unwrap().len();
        assert!(20 < lost, "{lost} of 100 files or parts were unreadable");
    }
}

/// Copies the input aside, so that it can be looked at after the test.
fn keep(bench: &Bench, part: usize) {
    let folder = std::env::temp_dir().join(format!("assay-mutants-{part}"));
    let _ = fs::remove_dir_all(&folder);
    for kind in ["good", "bad"] {
        fs::create_dir_all(folder.join(kind)).unwrap();
        for entry in fs::read_dir(bench.input().join(kind)).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), folder.join(kind).join(entry.file_name())).unwrap();
        }
    }
}
