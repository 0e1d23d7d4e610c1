//! What is kept comes out as it went in: every column, type and note.

use std::{collections::HashMap, fs::File, sync::Arc};

use arrow::{
    array::{
        Array, ArrayRef, AsArray, BinaryArray, BooleanArray, Decimal128Array, Decimal256Array,
        DictionaryArray, DurationSecondArray, FixedSizeBinaryArray, FixedSizeListArray,
        Float16Array, Float64Array, Int32Builder, LargeStringArray, ListArray, MapBuilder,
        NullArray, RecordBatch, StringArray, StringBuilder, StringViewArray, StructArray,
        Time64MicrosecondArray, TimestampMillisecondArray, UInt64Array,
    },
    compute::{concat_batches, filter_record_batch},
    datatypes::{
        DataType, Field, Int8Type, Int16Type, Int32Type, Schema, TimestampMicrosecondType, i256,
    },
};
use parquet::{
    arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder},
    basic::Compression,
    data_type::{ByteArray, ByteArrayType, Int96, Int96Type},
    file::{
        metadata::KeyValue,
        properties::{EnabledStatistics, WriterProperties, WriterVersion},
        writer::SerializedFileWriter,
    },
    schema::parser::parse_message_type,
};

use crate::bench::{Bench, Ran};
use crate::made::{Dice, prose};

const ROWS: usize = 3_000;

fn optional<T>(dice: &mut Dice, make: impl Fn(u64) -> T) -> Vec<Option<T>> {
    (0..ROWS).map(|_| (dice.below(5) != 0).then(|| make(dice.next()))).collect()
}

fn signed(number: u64) -> i64 {
    i64::from_le_bytes(number.to_le_bytes())
}

fn map(dice: &mut Dice) -> ArrayRef {
    let mut map = MapBuilder::new(None, StringBuilder::new(), Int32Builder::new());
    for _ in 0..ROWS {
        for at in 0..dice.below(4) {
            map.keys().append_value(format!("key {at}"));
            map.values().append_option((dice.below(3) != 0).then_some(7));
        }
        map.append(dice.below(6) != 0).unwrap();
    }
    Arc::new(map.finish())
}

fn nested(dice: &mut Dice) -> ArrayRef {
    let inner = ListArray::from_iter_primitive::<Int32Type, _, _>((0..ROWS).map(|_| {
        (dice.below(4) != 0).then(|| (0..3).map(|at| (at != 1).then_some(at)).collect::<Vec<_>>())
    }));
    let tags: DictionaryArray<Int8Type> =
        (0..ROWS).map(|_| ["red", "green", "blue"].get(dice.below(4)).copied()).collect();
    let fields = vec![
        Field::new("numbers", inner.data_type().clone(), true),
        Field::new("tag", tags.data_type().clone(), true),
    ];
    let missing = (0..ROWS).map(|_| dice.below(5) != 0).collect::<Vec<_>>();
    let columns: Vec<ArrayRef> = vec![Arc::new(inner), Arc::new(tags)];
    Arc::new(StructArray::new(fields.into(), columns, Some(missing.into())))
}

fn columns(dice: &mut Dice) -> Vec<(Field, ArrayRef)> {
    let text: StringArray = (0..ROWS as u64)
        .map(|row| match row % 10 {
            0 => Some(format!("{}\u{200b} with a mark", prose(row, 12))),
            1 => Some("short".to_owned()),
            2 if row % 4 == 0 => None,
            _ => Some(prose(row, 12)),
        })
        .collect();
    let tall = |unit: u64| Some(i256::from_i128(i128::from(signed(unit)) * 1_000_000));
    let times = TimestampMillisecondArray::from(optional(dice, |it| signed(it) >> 20));
    let fixed = FixedSizeBinaryArray::try_from_sparse_iter_with_size(
        optional(dice, |it| it.to_le_bytes()).into_iter(),
        8,
    );
    let pairs = FixedSizeListArray::from_iter_primitive::<Int32Type, _, _>(
        (0..2_i32).cycle().take(ROWS).map(|at| (at == 0).then(|| vec![Some(at), None])),
        2,
    );
    let labels = optional(dice, |it| format!("label {}", it % 50));
    let packed: DictionaryArray<Int16Type> = labels.iter().map(Option::as_deref).collect();
    let arrays: Vec<(&str, ArrayRef)> = vec![
        ("text", Arc::new(text)),
        ("map", map(dice)),
        ("nested", nested(dice)),
        (
            "decimal",
            Arc::new(
                Decimal128Array::from(optional(dice, |it| i128::from(signed(it))))
                    .with_precision_and_scale(38, 9)
                    .unwrap(),
            ),
        ),
        (
            "tall",
            Arc::new(
                (0..ROWS)
                    .map(|_| tall(dice.next()))
                    .collect::<Decimal256Array>()
                    .with_precision_and_scale(60, 3)
                    .unwrap(),
            ),
        ),
        ("zoned", Arc::new(times.clone().with_timezone("+08:00"))),
        ("named_zone", Arc::new(times.clone().with_timezone("Asia/Shanghai"))),
        ("unzoned", Arc::new(times)),
        ("time", Arc::new(Time64MicrosecondArray::from(optional(dice, |it| signed(it >> 30))))),
        ("duration", Arc::new(DurationSecondArray::from(optional(dice, signed)))),
        ("packed", Arc::new(packed)),
        (
            "binary",
            Arc::new(BinaryArray::from_iter(optional(dice, |it| it.to_le_bytes().to_vec()))),
        ),
        ("fixed", Arc::new(fixed.unwrap())),
        ("pairs", Arc::new(pairs)),
        ("nothing", Arc::new(NullArray::new(ROWS))),
        ("float", Arc::new(Float64Array::from(optional(dice, |it| f64::from_bits(it >> 12))))),
        (
            "half",
            Arc::new(
                arrow::compute::cast(
                    &Float64Array::from(optional(dice, |it| (it % 100) as f64)),
                    &DataType::Float16,
                )
                .unwrap()
                .as_any()
                .downcast_ref::<Float16Array>()
                .unwrap()
                .clone(),
            ),
        ),
        ("unsigned", Arc::new(UInt64Array::from(optional(dice, |it| it)))),
        ("truth", Arc::new(BooleanArray::from(optional(dice, |it| it % 2 == 0)))),
        ("large", Arc::new(LargeStringArray::from(optional(dice, |it| it.to_string())))),
        ("view", Arc::new(StringViewArray::from_iter(optional(dice, |it| format!("{it} {it}"))))),
        ("with.dot", Arc::new(StringArray::from(optional(dice, |it| it.to_string())))),
    ];
    let note = |name: &str| HashMap::from([("note".to_owned(), format!("about {name}"))]);
    let field = |name: &str, array: &ArrayRef| {
        Field::new(name, array.data_type().clone(), true).with_metadata(note(name))
    };
    arrays.into_iter().map(|(name, array)| (field(name, &array), array)).collect()
}

fn whole() -> RecordBatch {
    let (fields, arrays): (Vec<_>, Vec<_>) = columns(&mut Dice::new(7)).into_iter().unzip();
    let notes = HashMap::from([("schema note".to_owned(), "kept".to_owned())]);
    RecordBatch::try_new(Arc::new(Schema::new_with_metadata(fields, notes)), arrays).unwrap()
}

/// A few rows with nested columns and text that does not repeat.
pub(crate) fn small() -> RecordBatch {
    let whole = whole();
    let names = ["text", "map", "nested", "decimal", "zoned", "packed", "binary", "pairs"];
    let places: Vec<usize> =
        names.iter().map(|name| whole.schema().index_of(name).unwrap()).collect();
    whole.project(&places).unwrap().slice(0, 160)
}

const EDITING: &str = "[input]\ntext = \"text\"\n[[step]]\nname = \"junk\"\n\
     operator = \"strip_control\"\n[[step]]\nname = \"words\"\noperator = \"word_count\"\n\
     options = { min = 3 }\non-outside = \"drop\"\n";

/// The rows that should have been kept, and what was.
fn compared(ran: &Ran, input: &RecordBatch) -> (RecordBatch, RecordBatch) {
    let kept: BooleanArray = ran.decisions().iter().map(|it| Some(it.out.is_some())).collect();
    let wanted = filter_record_batch(input, &kept).unwrap();
    let batches: Vec<RecordBatch> = ran.table("data").into_values().flatten().collect();
    let found = concat_batches(&batches[0].schema(), &batches).unwrap();
    (wanted, found)
}

#[test]
fn kept_rows_are_as_they_came_in_every_column() {
    let input = whole();
    let written = [
        WriterProperties::builder().set_max_row_group_row_count(Some(700)),
        WriterProperties::builder()
            .set_writer_version(WriterVersion::PARQUET_2_0)
            .set_compression(Compression::ZSTD(parquet::basic::ZstdLevel::default()))
            .set_data_page_row_count_limit(100)
            .set_write_batch_size(50),
        WriterProperties::builder()
            .set_dictionary_enabled(false)
            .set_offset_index_disabled(true)
            .set_statistics_enabled(EnabledStatistics::None),
    ];
    for properties in written {
        let bench = Bench::new();
        bench.recipe(EDITING);
        let pairs = vec![
            KeyValue::new("pandas".to_owned(), "{\"index_columns\": []}".to_owned()),
            KeyValue::new("empty".to_owned(), None),
        ];
        let properties = properties.set_key_value_metadata(Some(pairs)).build();
        let mut writer =
            ArrowWriter::try_new(Vec::new(), input.schema(), Some(properties)).unwrap();
        writer.write(&input).unwrap();
        bench.add("a.parquet", writer.into_inner().unwrap());
        let ran = bench.run().sound(0);
        let (wanted, found) = compared(&ran, &input);
        assert_eq!(wanted.num_rows(), found.num_rows());
        for (at, field) in wanted.schema().fields().iter().enumerate() {
            let written = found.schema();
            assert_eq!(written.field(at), field.as_ref());
            if field.name() != "text" {
                assert_eq!(found.column(at), wanted.column(at), "{}", field.name());
            }
        }
        notes_are_kept(&ran);
        only_marks_are_gone(&wanted, &found);
    }
}

fn notes_are_kept(ran: &Ran) {
    let path = ran.out.join("data/in/a.parquet-00000.parquet");
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let pairs = reader.metadata().file_metadata().key_value_metadata().unwrap();
    let mut keys: Vec<&str> = pairs.iter().map(|pair| pair.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["ARROW:schema", "empty", "pandas"]);
    assert_eq!(reader.schema().metadata()["schema note"], "kept");
    assert_eq!(reader.schema().field(1).metadata()["note"], "about map");
}

fn only_marks_are_gone(wanted: &RecordBatch, found: &RecordBatch) {
    let text = |batch: &RecordBatch| {
        let column = batch["text"].clone();
        let column = arrow::array::AsArray::as_string::<i32>(&column).clone();
        column.iter().map(|text| text.map(str::to_owned)).collect::<Vec<_>>()
    };
    let wanted: Vec<_> =
        text(wanted).into_iter().map(|it| it.map(|it| it.replace('\u{200b}', ""))).collect();
    assert_eq!(text(found), wanted);
    assert!(text(found).iter().flatten().any(|it| it.ends_with("with a mark")));
}

#[test]
fn a_file_without_notes_of_arrow_keeps_its_own_types() {
    let input = whole();
    let keep: Vec<usize> =
        ["text", "decimal", "unzoned", "binary", "float", "unsigned", "truth", "map"]
            .iter()
            .map(|name| input.schema().index_of(name).unwrap())
            .collect();
    let input = input.project(&keep).unwrap();
    let bench = Bench::new();
    bench.recipe(EDITING);
    let mut writer = ArrowWriter::try_new_with_options(
        Vec::new(),
        input.schema(),
        parquet::arrow::arrow_writer::ArrowWriterOptions::new().with_skip_arrow_metadata(true),
    )
    .unwrap();
    writer.write(&input).unwrap();
    bench.add("a.parquet", writer.into_inner().unwrap());
    let ran = bench.run().sound(0);
    let (wanted, found) = compared(&ran, &input);
    for (at, field) in wanted.schema().fields().iter().enumerate().skip(1) {
        assert_eq!(found.column(at), wanted.column(at), "{}", field.name());
    }
    only_marks_are_gone(&wanted, &found);
}

#[test]
fn times_beyond_the_reach_of_nanoseconds_stay_what_they_are() {
    let schema = "message m { required binary text (UTF8); optional int96 at; }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let texts = [1, 2, 3].map(|seed| ByteArray::from(prose(seed, 10).into_bytes()));
    let mut text = group.next_column().unwrap().unwrap();
    text.typed::<ByteArrayType>().write_batch(&texts, None, None).unwrap();
    text.close().unwrap();
    // Nanoseconds of the day in the lower two, the Julian day in the last.
    let at = |day: u32, nanoseconds: u32| Int96::from(vec![nanoseconds, 0, day]);
    let times = [at(5_373_484, 5_000), at(1_721_426, 0)];
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int96Type>().write_batch(&times, Some(&[1, 0, 1]), None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    let bench = Bench::new();
    bench.recipe(EDITING);
    bench.add("a.parquet", writer.into_inner().unwrap());
    let ran = bench.run().sound(0);
    let found = ran.table("data").into_values().flatten().next().unwrap();
    let found = found["at"].as_primitive::<TimestampMicrosecondType>();
    // 9999-12-31 and five microseconds; 0001-01-01.
    let found: Vec<_> = found.iter().collect();
    assert_eq!(found, [Some(253_402_214_400_000_005), None, Some(-62_135_596_800_000_000)]);
}
