//! Which row of a group stays, and what stops a run that would empty a source.

use crate::{
    bench::{Bench, Ran},
    made::{Doc, docs, jsonl, parquet, prose},
};

fn doc(id: &str, text: &str, source: &str) -> Doc {
    Doc { id: id.into(), text: Some(text.into()), source: source.into() }
}

fn kept_ids(ran: &Ran) -> Vec<String> {
    let kept = ran.decisions().into_iter().filter(|it| it.out.is_some());
    let mut ids: Vec<String> = kept.filter_map(|it| it.id).collect();
    ids.sort();
    ids
}

#[test]
fn the_first_by_file_and_row_stays() {
    let bench = Bench::new();
    let (one, two) = (prose(1, 10), prose(2, 10));
    bench.add("b.parquet", parquet(&[doc("b0", &one, "s"), doc("b1", &two, "s")]));
    bench.add("a.jsonl", jsonl(&[doc("a0", &prose(3, 10), "s"), doc("a1", &one, "s")]));
    bench.add("c.parquet", parquet(&[doc("c0", &two, "s"), doc("c1", &two, "s")]));
    let ran = bench.run().sound(0);
    assert_eq!(kept_ids(&ran), ["a0", "a1", "b1"]);
    let groups = ran.table("ledger/groups").into_values().flatten().next().unwrap();
    assert_eq!(groups.num_rows(), 5);
}

#[test]
fn a_preferred_row_stays_wherever_it_is() {
    let bench = Bench::new();
    let text = prose(1, 10);
    bench.recipe(
        "[[step]]\nname = \"words\"\noperator = \"word_count\"\n[[step]]\nname = \"duplicates\"\n\
         operator = \"exact_duplicates\"\noptions = { prefer = [\"source desc\"] }\n\
         on-outside = \"drop\"\n",
    );
    let rows = [doc("0", &text, "a"), doc("1", &text, "c"), doc("2", &text, "c")];
    bench.add("a.parquet", parquet(&rows));
    bench.add("b.parquet", parquet(&[doc("3", &text, "b")]));
    assert_eq!(kept_ids(&bench.run().sound(0)), ["1"]);
}

#[test]
fn a_row_that_a_rule_dropped_takes_no_part() {
    for action in ["drop", "quarantine"] {
        let bench = Bench::new();
        let text = prose(1, 10);
        let rule = format!(
            "[[rule]]\nname = \"mirror\"\nwhen = \"source = 'mirror'\"\naction = \"{action}\"\n"
        );
        bench.recipe(&format!("{}{rule}", crate::bench::RECIPE));
        let rows = [doc("0", &text, "mirror"), doc("1", &text, "site"), doc("2", &text, "site")];
        bench.add("a.parquet", parquet(&rows));
        let ran = bench.run().sound(0);
        let actions: Vec<String> = ran.decisions().into_iter().map(|it| it.action).collect();
        assert_eq!(actions, [action, "keep", "drop"]);
    }
}

#[test]
fn a_flagged_row_still_takes_part() {
    let bench = Bench::new();
    let text = prose(1, 10);
    let rule = "[[rule]]\nname = \"mirror\"\nwhen = \"source = 'mirror'\"\naction = \"flag\"\n";
    bench.recipe(&format!("{}{rule}", crate::bench::RECIPE));
    bench.add("a.parquet", parquet(&[doc("0", &text, "mirror"), doc("1", &text, "site")]));
    let actions: Vec<String> =
        bench.run().sound(0).decisions().into_iter().map(|it| it.action).collect();
    assert_eq!(actions, ["flag", "drop"]);
}

#[test]
fn texts_that_only_look_different_are_duplicates() {
    let bench = Bench::new();
    let rows = [
        doc("0", "Caf\u{e9} by the  sea\n\nand more", "s"),
        doc("1", "  Cafe\u{301}\tby the sea and more\r\n", "s"),
        doc("2", "Caf\u{e9}\u{a0}by\u{3000}the sea and more", "s"),
        doc("3", "cafe by the sea and more", "s"),
        doc("4", "Café by the sea and more.", "s"),
    ];
    bench.add("a.parquet", parquet(&rows));
    assert_eq!(kept_ids(&bench.run().sound(0)), ["0", "3", "4"]);
}

#[test]
fn texts_that_become_equal_by_edits_are_duplicates() {
    let bench = Bench::new();
    bench.recipe(&format!(
        "[[step]]\nname = \"junk\"\noperator = \"strip_control\"\n{}",
        crate::bench::RECIPE.replace("recipe = \"robust\"", "")
    ));
    let rows = [doc("0", "one\u{200b} two three four", "s"), doc("1", "one two three four", "s")];
    bench.add("a.parquet", parquet(&rows));
    let actions: Vec<String> =
        bench.run().sound(0).decisions().into_iter().map(|it| it.action).collect();
    assert_eq!(actions, ["edit", "drop"]);
}

#[test]
fn rows_without_text_are_not_duplicates_of_each_other() {
    let bench = Bench::new();
    let rows = [doc("0", "", "s"), doc("1", "", "s"), doc("2", " \n ", "s"), doc("3", "\t", "s")];
    bench
        .recipe("[[step]]\nname = \"d\"\noperator = \"exact_duplicates\"\non-outside = \"drop\"\n");
    bench.add("a.parquet", parquet(&rows));
    let kept = kept_ids(&bench.run().sound(0));
    assert_eq!(kept[..2], ["0", "1"]);
}

#[test]
fn a_step_that_would_empty_a_source_stops_the_run() {
    let bench = Bench::new();
    let mut rows = docs(1, 12_000);
    for (at, doc) in rows.iter_mut().enumerate() {
        doc.source = "forum".to_owned();
        if at % 10 < 6 {
            doc.text = Some(prose(1, 20));
        }
    }
    let mut other = docs(2, 9_000);
    for doc in &mut other {
        // Fewer than 10,000 rows: nobody watches these.
        (doc.source, doc.text) = ("small".to_owned(), Some(prose(2, 20)));
    }
    bench.add("a.parquet", parquet(&rows));
    bench.add("b.parquet", parquet(&other));
    let ran = bench.run().ends(10).says(&["\"forum\"", "7199 of 12000 rows", "[brake] accept"]);
    assert!(!ran.said.contains("small"), "{}", ran.said);
    for nothing in ["run.json", "manifest.jsonl", "data"] {
        assert!(!ran.out.join(nothing).exists(), "{nothing}");
    }
    bench.recipe(&format!("{}[brake]\naccept = [\"forum\"]\n", crate::bench::RECIPE));
    let ran = bench.run().sound(0);
    assert_eq!((ran.kept("in/a.parquet"), ran.kept("in/b.parquet")), (4_801, 1));
}
