//! Near-duplicates: which rows go, and that nothing but the corpus decides it.

mod against;
mod corpora;
mod earlier;
mod oracle;
mod promises;

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::AsArray;

use crate::bench::{Bench, Ran};

/// Every similar pair is proposed: at a similarity of 0.8 a pair is missed once in 10¹⁴.
const ALL_PAIRS: &str = "words = 5, characters = 8, bands = 64, rows = 4";

/// A recipe of one step with these options.
fn recipe(options: &str) -> String {
    format!(
        "recipe = \"near\"\n[[step]]\nname = \"near\"\noperator = \"near_duplicates\"\n\
         options = {{ {options} }}\non-outside = \"drop\"\n"
    )
}

/// Ids by `file:row`.
fn ids(ran: &Ran) -> BTreeMap<(String, i64), String> {
    let rows = ran.decisions().into_iter();
    rows.filter_map(|it| Some(((it.file, it.row), it.id?))).collect()
}

/// Ids of the rows that went, each with the id of the row that stays instead.
fn removed(ran: &Ran) -> BTreeMap<String, String> {
    let ids = ids(ran);
    let mut removed = BTreeMap::new();
    for batch in ran.table("ledger/groups").into_values().flatten() {
        let text = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>();
        let number = |name: &str| {
            batch.column_by_name(name).unwrap().as_primitive::<arrow::datatypes::Int64Type>()
        };
        for row in 0..batch.num_rows() {
            let at = |file: &str, number_of: &str| {
                ids[&(text(file).value(row).to_owned(), number(number_of).value(row))].clone()
            };
            if text("role").value(row) == "member" {
                removed.insert(at("file", "row"), at("kept_file", "kept_row"));
            }
        }
    }
    removed
}

/// Ids of the rows of each group.
fn groups(ran: &Ran) -> BTreeSet<BTreeSet<String>> {
    let ids = ids(ran);
    let mut groups: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for batch in ran.table("ledger/groups").into_values().flatten() {
        let text = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>();
        let rows = batch.column_by_name("row").unwrap();
        let rows = rows.as_primitive::<arrow::datatypes::Int64Type>();
        for row in 0..batch.num_rows() {
            let id = ids[&(text("file").value(row).to_owned(), rows.value(row))].clone();
            groups.entry(text("group").value(row).to_owned()).or_default().insert(id);
        }
    }
    groups.into_values().collect()
}

/// Ids of the rows that stay.
fn kept(ran: &Ran) -> BTreeSet<String> {
    let rows = ran.decisions().into_iter().filter(|it| it.out.is_some());
    rows.filter_map(|it| it.id).collect()
}

/// A folder with a recipe of one step with these options.
fn bench(options: &str) -> Bench {
    let bench = Bench::new();
    bench.recipe(&recipe(options));
    bench
}
