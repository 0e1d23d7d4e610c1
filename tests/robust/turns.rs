//! Documents that are conversations: lists of turns.

use std::sync::Arc;

use arrow::{
    array::{Array, ArrayRef, AsArray, ListArray, RecordBatch, StringArray, StructArray},
    buffer::OffsetBuffer,
    datatypes::{DataType, Field},
};
use parquet::{basic::Compression, file::properties::WriterProperties};
use serde_json::json;

use crate::{
    bench::Bench,
    made::{parquet_of, prose},
};

/// Three rows: two turns, none, three turns.
fn conversations() -> Vec<Vec<(&'static str, String)>> {
    let turn = |who, seed| (who, prose(seed, 20));
    vec![
        vec![turn("user", 1), turn("assistant", 2)],
        vec![],
        vec![turn("system", 3), turn("user", 4), turn("assistant", 5)],
    ]
}

fn list_of(field: Field, values: ArrayRef) -> ArrayRef {
    let lengths = conversations().iter().map(Vec::len).collect::<Vec<_>>();
    let offsets = OffsetBuffer::from_lengths(lengths);
    Arc::new(ListArray::new(Arc::new(field), offsets, values, None))
}

fn parquet_turns(element: &str) -> Vec<u8> {
    let turns = conversations().concat();
    let of = |part: &dyn Fn(&(&'static str, String)) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(turns.iter().map(part)))
    };
    let field = |name: &str| Arc::new(Field::new(name, DataType::Utf8, true));
    let turns = StructArray::from(vec![
        (field("role"), of(&|turn| turn.0.to_owned())),
        (field("content"), of(&|turn| turn.1.clone())),
    ]);
    let element = Field::new(element, turns.data_type().clone(), true);
    let column = list_of(element, Arc::new(turns));
    let batch = RecordBatch::try_from_iter([("messages", column)]).unwrap();
    let plain = WriterProperties::builder().set_dictionary_enabled(false);
    parquet_of(&batch, plain.set_compression(Compression::UNCOMPRESSED).build())
}

/// Hash of the text that a conversation is: its turns, a line each.
fn contents() -> Vec<Option<Vec<u8>>> {
    let text = |turns: &Vec<(&str, String)>| {
        let lines: Vec<&str> = turns.iter().map(|turn| turn.1.as_str()).collect();
        let hash = xxhash_rust::xxh3::xxh3_128(lines.join("\n").as_bytes());
        (!turns.is_empty()).then(|| hash.to_be_bytes().to_vec())
    };
    conversations().iter().map(text).collect()
}

#[test]
fn the_turns_of_a_conversation_are_its_text() {
    for name in ["list", "item", "array"] {
        let bench = Bench::new();
        bench.add("chat.parquet", parquet_turns(name));
        let ran = bench.run().ends(0);
        let found: Vec<_> = ran.decisions().into_iter().map(|row| row.content).collect();
        assert_eq!(found, contents(), "elements called {name}");
        let data = ran.table("data").into_values().flatten().collect::<Vec<_>>();
        let kept = data[0].column_by_name("messages").unwrap().as_list::<i32>();
        let fields = kept.values().as_struct();
        assert_eq!((kept.len(), fields.num_columns(), fields.len()), (3, 2, 5));
    }
}

#[test]
fn conversations_in_lines_of_json_are_read_too() {
    let bench = Bench::new();
    let line = |turns: &Vec<(&str, String)>| {
        let turns = turns.iter().map(|(from, value)| json!({"from": from, "value": value}));
        format!("{}\n", json!({"conversations": turns.collect::<Vec<_>>()}))
    };
    bench.add("chat.jsonl", conversations().iter().map(line).collect::<String>());
    let found: Vec<_> = bench.run().ends(0).decisions().into_iter().map(|it| it.content).collect();
    assert_eq!(found, contents());
}

#[test]
fn a_turn_that_is_not_utf8_costs_its_conversation_only() {
    let bench = Bench::new();
    let mut bytes = parquet_turns("element");
    let wanted = prose(4, 20);
    let at = bytes.windows(wanted.len()).position(|it| it == wanted.as_bytes()).unwrap();
    bytes[at + 3] = 0xff;
    bench.add("chat.parquet", bytes);
    let ran = bench.run().ends(11);
    let actions: Vec<_> = ran.decisions().into_iter().map(|row| row.action).collect();
    assert_eq!(actions, ["keep", "keep", "quarantine"]);
    assert_eq!(
        ran.table("quarantine").into_values().flatten().map(|it| it.num_rows()).sum::<usize>(),
        1
    );
}
