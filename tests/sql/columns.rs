//! Columns: as `ledger::schema` says, in the files and in SQL.

use std::{collections::BTreeSet, fs::File};

use arrow::datatypes::{DataType, Field, Schema};
use assay_ledger::schema;
use assay_tests::files_below;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::{ask, quick_start};

/// The names of columns in SQL.
fn columns(bench: &assay_tests::Workbench, table: &str) -> Vec<String> {
    let rows = ask(bench, &format!("DESCRIBE {table}"));
    rows.iter().map(|row| row["column_name"].as_str().unwrap().to_owned()).collect()
}

/// Names, types and nullability; what a writer adds beside them does not count.
fn plain<'f>(fields: impl IntoIterator<Item = &'f Field>) -> Vec<(String, DataType, bool)> {
    let plain =
        |field: &Field| (field.name().clone(), field.data_type().clone(), field.is_nullable());
    fields.into_iter().map(plain).collect()
}

fn fields(schema: &Schema) -> impl Iterator<Item = &Field> {
    schema.fields().iter().map(AsRef::as_ref)
}

/// Schemas of all files of a table.
fn stored(bench: &assay_tests::Workbench, table: &str) -> Vec<Schema> {
    let files = files_below(&bench.path("out").join(table));
    assert!(!files.is_empty(), "{table} has no file");
    let read = |path| {
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
        reader.schema().as_ref().clone()
    };
    files.iter().map(read).collect()
}

#[test]
fn tables_are_stored_as_the_schema_says() {
    let bench = quick_start();
    let tables = [
        ("ledger/decisions", &schema::DECISIONS),
        ("ledger/groups", &schema::GROUPS),
        ("excerpts", &schema::EXCERPTS),
    ];
    for (table, wanted) in tables {
        for found in stored(&bench, table) {
            assert_eq!(plain(fields(&found)), plain(fields(wanted)), "{table}");
        }
    }
    let base = schema::facts_base();
    for found in stored(&bench, "ledger/facts") {
        assert_eq!(plain(fields(&found).take(base.len())), plain(&base));
    }
}

#[test]
fn facts_have_one_column_for_each_measurement() {
    let bench = quick_start();
    let all = columns(&bench, "facts");
    let base = schema::facts_base().len();
    let plan =
        bench.assay(["plan", "--json", &assay_tests::in_repository("configs/quickstart.toml")]);
    let plan = plan.exits(0).json();
    let planned: Vec<&str> = plan["preview"]["steps"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|step| step["columns"].as_array().unwrap())
        .map(|column| column.as_str().unwrap())
        .collect();
    assert_eq!(all[base..], planned);
}

#[test]
fn sql_knows_the_columns_by_their_stored_names() {
    let bench = quick_start();
    let names = |schema: &Schema| -> Vec<String> {
        schema.fields().iter().map(|field| field.name().clone()).collect()
    };
    assert_eq!(columns(&bench, "decisions"), names(&schema::DECISIONS));
    assert_eq!(columns(&bench, "groups"), names(&schema::GROUPS));
    assert_eq!(columns(&bench, "edits"), names(&schema::EDITS));
    assert_eq!(columns(&bench, "excerpts"), names(&schema::EXCERPTS));
}

#[test]
fn every_table_can_be_read() {
    let bench = quick_start();
    for (table, rows) in
        [("facts", 2000), ("decisions", 2000), ("groups", 185), ("edits", 0), ("data", 1751)]
    {
        let answer = ask(&bench, &format!("SELECT count(*) AS n FROM {table}"));
        assert_eq!(answer[0]["n"], rows, "{table}");
    }
    let excerpts =
        ask(&bench, "SELECT count(*) AS n, max(octet_length(excerpt)) AS longest FROM excerpts");
    assert!(excerpts[0]["n"].as_i64().unwrap() > 0, "{excerpts:?}");
    assert!(excerpts[0]["longest"].as_i64().unwrap() <= 1200, "{excerpts:?}");
}

#[test]
fn facts_and_decisions_stand_row_by_row() {
    let bench = quick_start();
    let query = "SELECT count(*) AS n FROM facts f JOIN decisions d ON f.file = d.file \
                 AND f.row = d.row AND (f.key IS NOT DISTINCT FROM d.key) \
                 AND (f.content IS NOT DISTINCT FROM d.content) \
                 AND (f.id IS NOT DISTINCT FROM d.id)";
    assert_eq!(ask(&bench, query)[0]["n"], 2000);
}

#[test]
fn no_document_text_is_in_the_ledger() {
    let bench = quick_start();
    let kept = bench.rows("out/data");
    let longest: BTreeSet<usize> = ["facts", "decisions", "groups"]
        .iter()
        .flat_map(|table| bench.rows(&format!("out/ledger/{table}")))
        .flat_map(|row| row.as_object().unwrap().values().cloned().collect::<Vec<_>>())
        .filter_map(|value| value.as_str().map(str::len))
        .collect();
    assert!(kept.iter().any(|row| row["text"].as_str().is_some_and(|text| text.len() > 1000)));
    assert!(longest.last().is_some_and(|bytes| *bytes < 100), "{longest:?}");
}
