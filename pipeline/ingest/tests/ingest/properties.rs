use proptest::{collection::vec, prelude::*};
use serde_json::{Map, Value};

use crate::Bench;

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9_f64).prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-c]", inner, 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn object() -> impl Strategy<Value = Map<String, Value>> {
    proptest::collection::btree_map("[a-d]{1,2}", json(), 0..5)
        .prop_map(|entries| entries.into_iter().collect())
}

/// Whether `stored` is what `source` may become: itself, null for absent and empty,
/// the same number as a float, or its text where types conflict.
fn means(source: &Value, stored: &Value) -> bool {
    match (source, stored) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| means(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let names = a.keys().chain(b.keys());
            let of = |map: &Map<String, Value>, name: &String| {
                map.get(name).cloned().unwrap_or_default()
            };
            names.into_iter().all(|name| means(&of(a, name), &of(b, name)))
        }
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::String(a), Value::String(b)) => a == b,
        (Value::Null | Value::String(_), _) => source == stored,
        (_, Value::String(text)) => source.to_string().eq(text),
        _ => source == stored,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_object_comes_back(objects in vec(object(), 1..8)) {
        let lines: Vec<String> =
            objects.iter().map(|entries| Value::Object(entries.clone()).to_string()).collect();
        let table = Bench::new().ingest("a.jsonl", lines.join("\n").as_bytes());
        prop_assert_eq!(table.done.broken, 0);
        prop_assert_eq!(table.done.rows, objects.len() as u64);
        for name in table.names() {
            for (object, stored) in objects.iter().zip(table.column(&name)) {
                let source = object.get(&name).cloned().unwrap_or_default();
                prop_assert!(means(&source, &stored), "{source} became {stored}");
            }
        }
        for name in objects.iter().flat_map(Map::keys) {
            prop_assert!(table.names().contains(name));
        }
    }

    #[test]
    fn any_bytes_are_rows(pieces in vec(prop_oneof![
        vec(any::<u8>(), 0..6),
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"{\"a\":1}".to_vec()),
        Just(b"{\"a\":\"".to_vec()),
    ], 0..20)) {
        let bytes = pieces.concat();
        prop_assume!(!bytes.starts_with(b"\xEF\xBB\xBF"));
        let done = Bench::new().try_ingest("a.jsonl", &bytes).unwrap();
        let ends = bytes.split(|byte| *byte == b'\n').count() - 1;
        let open = usize::from(bytes.last().is_some_and(|last| *last != b'\n'));
        prop_assert_eq!(done.rows, (ends + open) as u64);
    }

    #[test]
    fn any_bytes_are_records_or_a_bad_header(bytes in vec(
        prop_oneof![any::<u8>(), Just(b','), Just(b'\n'), Just(b'"'), Just(b'a')],
        0..60,
    )) {
        let bytes = [b"h,i\n".to_vec(), bytes].concat();
        let reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes.as_slice());
        let records = reader.into_byte_records().count();
        prop_assert_eq!(Bench::new().try_ingest("a.csv", &bytes).unwrap().rows, records as u64);
    }

    #[test]
    fn no_bytes_make_arrow_panic(bytes in vec(any::<u8>(), 0..80), file in any::<bool>()) {
        let magic: &[u8] = if file { b"ARROW1\0\0" } else { b"\xFF\xFF\xFF\xFF\x10\0\0\0" };
        let _ = Bench::new().try_ingest("a.arrow", &[magic, &bytes].concat());
    }
}
