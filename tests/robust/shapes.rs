//! Files whose columns are not those of their neighbours, and recipes that are wrong.

use std::sync::Arc;

use arrow::{
    array::{
        ArrayRef, Decimal128Array, DictionaryArray, FixedSizeBinaryArray, Int64Array, NullArray,
        RecordBatch, StringArray, StructArray,
    },
    datatypes::{DataType, Int8Type, Schema},
};

use crate::{
    bench::{Bench, RECIPE},
    made::{batch, docs, jsonl, parquet, parquet_of, properties, prose},
};

fn written(columns: &[(&str, ArrayRef)]) -> Vec<u8> {
    let columns = columns.iter().map(|(name, column)| (*name, column.clone(), true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    parquet_of(&batch, properties().build())
}

fn texts(seed: u64, count: u64) -> ArrayRef {
    Arc::new((0..count).map(|at| Some(prose(seed + at, 10))).collect::<StringArray>())
}

fn schema_of(bench: &Bench, path: &str) -> Schema {
    let batches = assay_ledger::read_table(&bench.path("out").join(path)).unwrap();
    batches[0].schema().as_ref().clone()
}

#[test]
fn every_output_file_has_the_columns_of_its_own_input() {
    let bench = Bench::new();
    let number = |wide: bool| -> ArrayRef {
        let small = Int64Array::from(vec![1, 2, 3]);
        if wide {
            Arc::new(small)
        } else {
            Arc::new(arrow::compute::cast(&small, &DataType::Int16).unwrap())
        }
    };
    let inner: ArrayRef = Arc::new(Int64Array::from(vec![7, 8, 9]));
    let field = Arc::new(arrow::datatypes::Field::new("depth", DataType::Int64, true));
    let nested: ArrayRef = Arc::new(StructArray::from(vec![(field, inner)]));
    let files = [
        ("a", vec![("text", texts(10, 3))]),
        ("b", vec![("text", texts(20, 3)), ("number", number(false)), ("extra", number(true))]),
        ("c", vec![("number", number(true)), ("text", texts(30, 3))]),
        ("d", vec![("text", texts(40, 3)), ("nested", nested)]),
    ];
    for (name, columns) in &files {
        bench.add(&format!("{name}.parquet"), written(columns));
    }
    let ran = bench.run().sound(0);
    assert_eq!(ran.record()["counts"]["keep"], 12);
    for (name, columns) in &files {
        let schema = schema_of(&bench, &format!("data/in/{name}.parquet-00000.parquet"));
        let found: Vec<_> = schema.fields().iter().map(|it| it.data_type().clone()).collect();
        let wanted: Vec<_> = columns.iter().map(|it| it.1.data_type().clone()).collect();
        assert_eq!(found, wanted, "{name}");
    }
}

#[test]
fn text_of_a_wrong_type_is_named_with_its_file_and_column() {
    let number: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
    for named in [true, false] {
        let bench = Bench::new();
        bench.add("good.parquet", parquet(&docs(1, 10)));
        bench.add("bad.parquet", written(&[("text", number.clone())]));
        if named {
            bench.recipe(&format!("{RECIPE}[input]\ntext = \"text\"\n"));
        }
        let ran = bench.run().ends(4).says(&["in/bad.parquet", "text"]);
        assert!(!ran.out.join("run.json").exists());
    }
    let bench = Bench::new();
    bench.add("bad.jsonl", "{\"text\": 5}\n{\"text\": 6}\n");
    bench.run().ends(4).says(&["in/bad.jsonl"]);
}

#[test]
fn the_only_string_of_a_line_is_its_text() {
    let bench = Bench::new();
    let name = bench.add("a.jsonl", "{\"n\": 1, \"words\": \"some words of a line\"}\nbroken\n");
    let ran = bench.run().sound(11);
    assert_eq!(ran.kept(&name), 1);
    assert!(ran.decisions()[0].content.is_some());
}

#[test]
fn a_named_text_column_that_a_file_lacks_ends_the_run() {
    let bench = Bench::new();
    bench.recipe(&format!("{RECIPE}[input]\ntext = \"body\"\n"));
    bench.add("a.parquet", parquet(&docs(1, 10)));
    bench.run().ends(4).says(&["in/a.parquet", "has no column \"body\"", "id, text"]);
}

#[test]
fn a_text_column_may_have_dots_in_its_name() {
    let bench = Bench::new();
    let name = bench.add("a.parquet", written(&[("doc.text", texts(1, 3)), ("doc", texts(9, 3))]));
    bench.recipe(&format!("{RECIPE}[input]\ntext = \"doc.text\"\n"));
    let ran = bench.run().sound(0);
    assert_eq!(ran.kept(&name), 3);
    assert!(ran.decisions().iter().all(|it| it.content.is_some()));
}

#[test]
fn a_text_may_lie_within_a_struct() {
    let bench = Bench::new();
    let field = Arc::new(arrow::datatypes::Field::new("text", DataType::Utf8, true));
    let texts = StringArray::from(vec![Some("one two three four"), None, Some("x y z and more")]);
    let nulls = arrow::buffer::NullBuffer::from(vec![true, true, false]);
    let doc: ArrayRef =
        Arc::new(StructArray::new(vec![field].into(), vec![Arc::new(texts)], Some(nulls)));
    let name = bench.add("a.parquet", written(&[("doc", doc)]));
    bench.recipe(&format!("{RECIPE}[input]\ntext = \"doc.text\"\n"));
    let ran = bench.run().sound(0);
    assert_eq!(ran.kept(&name), 3);
    assert_eq!(ran.decisions().iter().filter(|it| it.content.is_none()).count(), 2);
}

#[test]
fn ids_and_sources_may_have_any_type() {
    let bench = Bench::new();
    let uuids = FixedSizeBinaryArray::try_from_iter((0..3).map(|at| [at; 16])).unwrap();
    let decimals = Decimal128Array::from(vec![100, 200, 300]);
    let kinds: [(&str, ArrayRef); 5] = [
        ("uuid", Arc::new(uuids)),
        ("decimal", Arc::new(decimals)),
        ("number", Arc::new(Int64Array::from(vec![1, 2, 3]))),
        ("nothing", Arc::new(NullArray::new(3))),
        ("packed", Arc::new(DictionaryArray::<Int8Type>::from_iter(["x", "y", "x"]))),
    ];
    for (seed, (name, column)) in (0..).zip(&kinds) {
        let columns =
            [("text", texts(seed * 10, 3)), ("id", column.clone()), ("source", column.clone())];
        bench.add(&format!("{name}.parquet"), written(&columns));
    }
    let ran = bench.run().sound(0);
    assert_eq!(ran.record()["counts"]["keep"], 15);
}

#[test]
fn a_text_column_of_nulls_only_is_kept_unmeasured() {
    let bench = Bench::new();
    let none: ArrayRef = Arc::new(StringArray::from(vec![None::<&str>; 3]));
    let names = [
        bench.add("a.parquet", written(&[("text", none)])),
        bench.add("b.jsonl", "{\"text\":null,\"id\":\"1\"}\n{\"text\":null,\"id\":\"2\"}\n"),
    ];
    bench.add("good.jsonl", jsonl(&docs(1, 5)));
    let ran = bench.run().sound(0);
    assert_eq!((ran.kept(&names[0]), ran.kept(&names[1])), (3, 2));
}

#[test]
fn text_kept_as_a_dictionary_can_be_edited() {
    let bench = Bench::new();
    let edited = "a page\u{200b} with invisible characters";
    let text = DictionaryArray::<Int8Type>::from_iter([edited, "a plain page of words", edited]);
    bench.add("a.parquet", written(&[("text", Arc::new(text))]));
    bench.recipe("[[step]]\nname = \"junk\"\noperator = \"strip_control\"\n");
    let ran = bench.run().sound(0);
    assert_eq!(ran.record()["counts"]["edit"], 2);
    let data = ran.table("data").into_values().flatten().next().unwrap();
    let plain = arrow::compute::cast(&data["text"], &DataType::Utf8).unwrap();
    let plain = arrow::array::AsArray::as_string::<i32>(&plain);
    assert_eq!(plain.value(0), "a page with invisible characters");
}

#[test]
fn a_wrong_recipe_ends_with_three_and_all_its_problems() {
    let bench = Bench::new();
    bench.add("a.parquet", parquet(&docs(1, 10)));
    let step = "[[step]]\nname = \"w\"\noperator = \"word_count\"\n";
    let wrong = [
        (format!("colour = 1\n{step}"), vec!["colour"]),
        (step.replace("word_count", "word_cuont"), vec!["word_cuont", "word_count"]),
        (format!("{step}options = {{ mni = 3 }}\n"), vec!["mni", "min"]),
        (
            format!("{step}[[rule]]\nname = \"r\"\nwhen = \"w__vlaue > 3\"\naction = \"drop\"\n"),
            vec!["w__vlaue"],
        ),
        (
            format!("{step}[[rule]]\nname = \"r\"\nwhen = \"w__value >\"\naction = \"drop\"\n"),
            vec!["rule"],
        ),
        (
            format!("{step}[[rule]]\nname = \"r\"\nwhen = \"w__value + 1\"\naction = \"drop\"\n"),
            vec!["w__value + 1"],
        ),
        (
            format!("colour = 1\n{}", step.replace("word_count", "word_cuont")),
            vec!["colour", "word_cuont"],
        ),
        ("this is no TOML".to_owned(), vec!["recipe.toml"]),
    ];
    for (recipe, words) in wrong {
        bench.recipe(&recipe);
        let ran = bench.run().ends(3).says(&words);
        assert!(!ran.out.exists(), "{recipe}");
    }
}

#[test]
fn columns_of_nothing_but_a_plan_never_reach_the_disk() {
    let bench = Bench::new();
    bench.add("a.parquet", parquet_of(&batch(&docs(1, 10)), properties().build()));
    bench.run_to("out", &["--set", "words.on-outside=fly"]).ends(3).says(&["fly"]);
    bench.run_to("out", &["--set", "nothing"]).ends(2);
    bench.run_to("out", &["-i", "/nowhere/at/all"]).ends(4).says(&["/nowhere/at/all"]);
}
