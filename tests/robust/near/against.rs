//! Comparing with other corpora: their rows stay, and what is like them goes.

use std::collections::BTreeSet;

use super::{
    ALL_PAIRS,
    corpora::{Script, families, joined, text},
    kept,
};
use crate::{
    bench::{Bench, Ran, assay},
    made::{Dice, Doc, parquet},
};

fn doc(id: &str, text: &str) -> Doc {
    Doc { id: id.into(), text: Some(text.into()), source: "s".into() }
}

/// One step of `operator` with these options.
fn recipe(operator: &str, options: &str) -> String {
    format!(
        "recipe = \"against\"\n[[step]]\nname = \"words\"\noperator = \"word_count\"\n\
         [[step]]\nname = \"same\"\noperator = \"{operator}\"\non-outside = \"drop\"\n\
         options = {{ {options} }}\n"
    )
}

fn near(more: &str) -> String {
    let options = format!("similarity = 0.8, {ALL_PAIRS}, templates = \"remove\"{more}");
    recipe("near_duplicates", &options)
}

fn exact(more: &str) -> String {
    recipe("exact_duplicates", more.trim_start_matches(", "))
}

/// Puts `docs` into a folder beside the input.
fn beside(bench: &Bench, name: &str, docs: &[Doc]) {
    let path = bench.path(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, parquet(docs)).unwrap();
}

/// A text, the same with one word changed, and another one.
fn texts(seed: u64) -> [String; 3] {
    let mut dice = Dice::new(seed);
    let first = text(&mut dice, Script::Latin, 100);
    let mut second = first.clone();
    second.splice(50..51, text(&mut dice, Script::Latin, 1));
    let other = text(&mut dice, Script::Latin, 100);
    [first, second, other].map(|words| joined(&words, Script::Latin))
}

#[test]
fn the_rows_that_stay_are_those_of_a_run_over_both() {
    for (recipe, prefer) in [
        (near as fn(&str) -> String, ""),
        (near, ", prefer = [\"words__value desc\"]"),
        (exact, ""),
    ] {
        let mut docs = families(61, 700);
        // Exact copies on both sides.
        let copies: Vec<Doc> = docs
            .iter()
            .step_by(9)
            .map(|it| Doc { id: format!("{} copy", it.id), ..it.clone() })
            .collect();
        docs.extend(copies);
        let (other, own): (Vec<_>, Vec<_>) =
            docs.into_iter().enumerate().partition(|(at, _)| at % 3 == 0);
        let [other, own] =
            [other, own].map(|docs| docs.into_iter().map(|it| it.1).collect::<Vec<Doc>>());
        // A corpus without duplicates, so that a run over both removes none of it: its rows
        // come first by name, and are preferred by their number only.
        let bench = Bench::new();
        bench.recipe(&recipe(""));
        bench.add("a.parquet", parquet(&other));
        let other = kept(&bench.run().sound(0));
        let data = bench.path("out/data/in").display().to_string();
        let alone = Bench::new();
        alone.add("own.parquet", parquet(&own));
        let against = format!("{prefer}, against = [\"a={data}\"]");
        alone.recipe(&recipe(&against));
        let alone = kept(&alone.run().sound(0));
        let both = Bench::new();
        let preferred = if prefer.is_empty() {
            ""
        } else {
            ", prefer = [\"source asc\", \"words__value desc\"]"
        };
        both.recipe(&recipe(preferred));
        let own: Vec<Doc> = own.into_iter().map(|it| Doc { source: "z".into(), ..it }).collect();
        both.add("z.parquet", parquet(&own));
        let first = format!("a={data}");
        let input = both.input().display().to_string();
        let both = kept(&both.run_to("out", &["-i", &first, &input]).sound(0));
        assert!(other.is_subset(&both), "{prefer}");
        assert_eq!(alone, both.difference(&other).cloned().collect(), "{prefer}");
    }
}

#[test]
fn with_others_only_the_rows_of_the_run_are_not_compared() {
    let [one, like, other] = texts(62);
    for (recipe, copy) in [(near as fn(&str) -> String, &like), (exact, &one)] {
        let bench = Bench::new();
        bench.recipe(&recipe(", against = [\"old\"], only-against = true"));
        beside(&bench, "old/a.parquet", &[doc("old", &one)]);
        let docs = [doc("copy", copy), doc("one", &other), doc("two", &other)];
        bench.add("a.parquet", parquet(&docs));
        let ran = bench.run().sound(0);
        assert_eq!(kept(&ran), BTreeSet::from(["one".into(), "two".into()]));
        let record = ran.record();
        assert_eq!(record["against"][0]["file"], "old/a.parquet");
        assert_eq!(record["counts"]["rows"], 3);
    }
}

#[test]
fn rows_of_others_stay_even_where_none_stays() {
    let [one, like, other] = texts(63);
    let bench = Bench::new();
    bench.recipe(&near(", against = [\"old\"], mode = \"drop-all\""));
    beside(&bench, "old/a.parquet", &[doc("old", &one)]);
    let docs = [doc("like", &like), doc("one", &other), doc("two", &other), doc("three", "alone")];
    bench.add("a.parquet", parquet(&docs));
    let ran = bench.run().sound(0);
    assert_eq!(kept(&ran), BTreeSet::from(["three".into()]));
}

#[test]
fn of_a_run_folder_the_kept_rows_count() {
    let [one, like, other] = texts(64);
    let bench = Bench::new();
    bench.recipe(&format!(
        "{}[[rule]]\nname = \"no\"\nwhen = \"id = 'dropped'\"\naction = \"drop\"\n",
        near("")
    ));
    bench.add("a.parquet", parquet(&[doc("kept", &one), doc("dropped", &other)]));
    let _ = bench.run_to::<&str>("first", &[]).sound(0);
    let next = Bench::new();
    next.recipe(&near(&format!(", against = [{:?}]", bench.path("first").display().to_string())));
    next.add("a.parquet", parquet(&[doc("like", &like), doc("other", &other)]));
    let ran = next.run().sound(0);
    assert_eq!(kept(&ran), BTreeSet::from(["other".into()]));
    let mut explain = assay();
    explain.arg("explain").arg(&ran.out).arg("like");
    let shown = String::from_utf8(explain.output().unwrap().stdout).unwrap();
    assert!(
        shown.contains("nearly the same text stands in first/in/a.parquet-00000.parquet, row 0"),
        "{shown}"
    );
    assert!(shown.contains(&one[..40]), "{shown}");
}

#[test]
fn what_is_compared_with_is_part_of_the_run() {
    let [one, like, _] = texts(65);
    let bench = Bench::new();
    bench.recipe(&near(", against = [\"old\"]"));
    beside(&bench, "old/a.parquet", &[doc("old", "something else")]);
    bench.add("a.parquet", parquet(&[doc("like", &like)]));
    assert_eq!(kept(&bench.run().sound(0)).len(), 1);
    let again = bench.run().sound(0);
    let _ = again.says(&["up to date"]);
    beside(&bench, "old/a.parquet", &[doc("old", &one)]);
    let ran = bench.run_to("out", &["--allow-empty"]).sound(0);
    assert_eq!(kept(&ran).len(), 0);
}

#[test]
fn who_lost_to_whom_is_said_by_source() {
    let [one, _, other] = texts(67);
    let from = |source: &str, id: &str, text: &str| Doc { source: source.into(), ..doc(id, text) };
    for recipe in [near as fn(&str) -> String, exact] {
        let bench = Bench::new();
        bench.recipe(&recipe(", against = [\"old\"]"));
        beside(&bench, "old/a.parquet", &[from("archive", "old", &other)]);
        let rows = [from("news", "1", &one), from("forum", "2", &one), from("forum", "3", &other)];
        bench.add("a.parquet", parquet(&rows));
        bench.add("b.parquet", parquet(&[from("forum", "4", &one), from("news", "5", &one)]));
        let ran = bench.run().sound(0);
        assert_eq!(
            ran.record()["crossings"],
            serde_json::json!([
                { "step": "same", "went": "forum", "stays": "news", "rows": 2 },
                { "step": "same", "went": "forum", "stays": "archive", "rows": 1 },
                { "step": "same", "went": "news", "stays": "news", "rows": 1 },
            ])
        );
    }
}

fn refused(options: &str, prepare: impl Fn(&Bench), words: &[&str]) -> Ran {
    let bench = Bench::new();
    bench.recipe(&near(options));
    bench.add("a.parquet", parquet(&[doc("one", "A text of a few words.")]));
    prepare(&bench);
    bench.run().ends(4).says(words)
}

#[test]
fn a_corpus_that_cannot_be_compared_with_ends_the_run() {
    let damaged = |bench: &Bench| {
        beside(bench, "old/a.parquet", &[doc("old", "Another text.")]);
        std::fs::write(bench.path("old/b.parquet"), b"PAR1 and no more").unwrap();
    };
    let words = ["old/b.parquet", "nothing can be compared with it"];
    let _ = refused(", against = [\"old\"]", damaged, &words);
    let same = |bench: &Bench| beside(bench, "other/a.parquet", &[doc("old", "Another text.")]);
    let words = ["in/a.parquet", "is the name of a file of", "another label"];
    let _ = refused(", against = [\"in=other\"]", same, &words);
}

#[test]
fn files_of_any_format_can_be_compared_with() {
    let [one, like, _] = texts(66);
    let bench = Bench::new();
    bench.recipe(&near(", against = [\"old\"]"));
    beside(&bench, "old/a.parquet", &[doc("old", "Another text.")]);
    let row = serde_json::json!({ "content": one });
    std::fs::write(bench.path("old/b.jsonl"), format!("{row}\n")).unwrap();
    bench.add("a.parquet", parquet(&[doc("like", &like), doc("one", "A text.")]));
    std::fs::write(bench.path("old/c.jsonl"), b"{\"text\": \"whole\"}\n{\"text\": broken\n")
        .unwrap();
    let ran = bench.run().sound(0);
    assert_eq!(kept(&ran), BTreeSet::from(["one".into()]));
    let warnings = ran.record()["warnings"].to_string();
    assert!(warnings.contains("1 rows of"), "{warnings}");
}
