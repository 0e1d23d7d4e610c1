use std::sync::Arc;

use arrow::{
    array::{
        Array, ArrayRef, DictionaryArray, Int64Array, RecordBatch, StringArray, new_empty_array,
    },
    datatypes::{DataType, Field, Int32Type, IntervalUnit, Schema},
    ipc::{
        CompressionType,
        writer::{FileWriter, IpcWriteOptions, StreamWriter},
    },
};
use serde_json::json;

use crate::Bench;

fn batch(from: i64) -> RecordBatch {
    let numbers = Int64Array::from_iter_values(from..from + 1_000);
    let texts: StringArray = (from..from + 1_000).map(|n| Some(format!("text {n}"))).collect();
    let keys = (from..from + 1_000).map(|n| (n % 3 != 0).then_some(i32::from(n % 2 == 0)));
    let values = Arc::new(StringArray::from(vec!["a", "b"]));
    let kinds = DictionaryArray::<Int32Type>::new(keys.collect(), values);
    RecordBatch::try_from_iter([
        ("n", Arc::new(numbers) as ArrayRef),
        ("text", Arc::new(texts) as ArrayRef),
        ("kind", Arc::new(kinds) as ArrayRef),
    ])
    .unwrap()
}

fn file(compression: Option<CompressionType>) -> Vec<u8> {
    let options = IpcWriteOptions::default().try_with_compression(compression).unwrap();
    let schema = batch(0).schema();
    let mut writer = FileWriter::try_new_with_options(Vec::new(), &schema, options).unwrap();
    (0..3).for_each(|part| writer.write(&batch(part * 1_000)).unwrap());
    writer.finish().unwrap();
    writer.into_inner().unwrap()
}

fn stream() -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), &batch(0).schema()).unwrap();
    (0..3).for_each(|part| writer.write(&batch(part * 1_000)).unwrap());
    writer.finish().unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn files_and_streams_packed_or_not_are_the_same_rows() {
    let plain = Bench::new().ingest("a.arrow", &stream());
    assert_eq!((plain.done.rows, &plain.done.incomplete), (3_000, &None));
    assert_eq!(plain.column("n")[2_999], json!(2_999));
    assert_eq!(plain.column("kind")[..3], [json!(null), json!("a"), json!("b")]);
    assert_eq!(plain.type_of("kind"), DataType::Utf8);
    for packed in [None, Some(CompressionType::LZ4_FRAME), Some(CompressionType::ZSTD)] {
        assert_eq!(Bench::new().ingest("a.feather", &file(packed)).done, plain.done);
    }
}

#[test]
fn truncation_keeps_the_batches_before_it() {
    for whole in [file(None), stream()] {
        let table = Bench::new().ingest("a.ipc", &whole[..whole.len() * 3 / 4]);
        assert!(table.done.incomplete.is_some());
        assert!([1_000, 2_000].contains(&table.done.rows), "{}", table.done.rows);
    }
}

#[test]
fn damage_anywhere_is_an_error_or_an_early_end_but_never_a_panic() {
    let bench = Bench::new();
    let packed = [CompressionType::LZ4_FRAME, CompressionType::ZSTD].map(|it| file(Some(it)));
    for whole in packed.into_iter().chain([file(None), stream()]) {
        for at in (0..whole.len() - 8).step_by(whole.len() / 150) {
            // The second may be a length of any size, which must not take memory.
            for bytes in [&[whole[at] ^ 0xA5][..], &[0x7F; 8]] {
                let mut damaged = whole.clone();
                damaged[at..at + bytes.len()].copy_from_slice(bytes);
                if let Ok(done) = bench.try_ingest("a.ipc", &damaged) {
                    assert!(done.rows <= 3_000);
                }
            }
        }
    }
}

#[test]
fn what_is_no_arrow_is_an_error() {
    for bytes in [&b""[..], b"ARROW1\0\0", b"{\"a\":1}\n", b"FEA1\0\0\0\0"] {
        let error = Bench::new().try_ingest("a.arrow", bytes).unwrap_err();
        assert!(error.to_string().contains("damaged from its start"), "{error}");
    }
}

#[test]
fn a_type_without_a_place_in_parquet_is_named_with_its_column() {
    let kind = DataType::Interval(IntervalUnit::MonthDayNano);
    let schema = Schema::new(vec![Field::new("age", kind.clone(), true)]);
    let empty = RecordBatch::try_new(Arc::new(schema), vec![new_empty_array(&kind)]).unwrap();
    assert_eq!(empty.column(0).len(), 0);
    let mut writer = StreamWriter::try_new(Vec::new(), &empty.schema()).unwrap();
    writer.write(&empty).unwrap();
    let error = Bench::new().try_ingest("a.arrow", &writer.into_inner().unwrap()).unwrap_err();
    assert!(error.to_string().contains("column \"age\""), "{error}");
}
