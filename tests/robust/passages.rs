//! Passages that documents share: what is left is what a plain reading of the rule leaves.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::AsArray;

use crate::{
    bench::{Bench, Ran, assay},
    made::{Dice, Doc, jsonl, parquet, parquet_in_groups},
};

fn recipe(options: &str) -> String {
    format!(
        "recipe = \"passages\"\n[[step]]\nname = \"shared\"\noperator = \"shared_passages\"\n\
         options = {{ {options} }}\n"
    )
}

fn doc(id: usize, text: String) -> Doc {
    Doc { id: format!("{id:04}"), text: Some(text), source: "s".into() }
}

/// What is left of each row that was written, by id.
fn left(ran: &Ran) -> BTreeMap<String, String> {
    let mut left = BTreeMap::new();
    for batch in ran.table("data").into_values().flatten() {
        let column = |name: &str| {
            let column = batch.column_by_name(name).unwrap();
            arrow::compute::cast(column, &arrow::datatypes::DataType::Utf8).unwrap()
        };
        let (ids, texts) = (column("id"), column("text"));
        let rows = ids.as_string::<i32>().iter().zip(texts.as_string::<i32>());
        left.extend(rows.map(|(id, text)| (id.unwrap().to_owned(), text.unwrap().to_owned())));
    }
    left
}

/// Documents made of pieces of which some are common, joined by `joint`.
fn made(
    seed: u64,
    count: usize,
    pool: usize,
    joint: &str,
    piece: impl Fn(usize) -> String,
) -> Vec<Doc> {
    let mut dice = Dice::new(seed);
    let text = |at: usize| {
        let pieces: Vec<String> = (0..=dice.below(8))
            .map(|_| {
                if dice.below(2) == 0 {
                    piece(dice.below(pool))
                } else {
                    piece(pool + at * 8 + dice.below(8))
                }
            })
            .collect();
        doc(at, pieces.join(joint))
    };
    (0..count).map(text).collect()
}

/// Which of the passages of each document go: those that `documents` have, but for the first.
fn going(passages: &[Vec<String>], documents: usize, first_stays: bool) -> Vec<Vec<bool>> {
    let mut having: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (at, passages) in passages.iter().enumerate() {
        for passage in passages {
            having.entry(passage).or_default().insert(at);
        }
    }
    let goes = |at: usize, passage: &String| {
        let having = &having[passage.as_str()];
        documents <= having.len() && !(first_stays && having.first() == Some(&at))
    };
    let each = passages.iter().enumerate();
    each.map(|(at, passages)| passages.iter().map(|it| goes(at, it)).collect()).collect()
}

fn line(at: usize) -> String {
    format!("this is line {at} of a book that nobody has read")
}

#[test]
fn lines_go_as_a_plain_reading_has_it() {
    for (documents, keep) in [(2, "first"), (2, "none"), (5, "first"), (5, "none")] {
        let docs = made(71, 300, 60, "\n", line);
        let lines: Vec<Vec<String>> = docs
            .iter()
            .map(|doc| doc.text.as_deref().unwrap().lines().map(str::to_owned).collect())
            .collect();
        let going = going(&lines, documents, keep == "first");
        let mut wanted = BTreeMap::new();
        for ((doc, lines), going) in docs.iter().zip(&lines).zip(&going) {
            let stays =
                lines.iter().zip(going).filter(|(_, goes)| !**goes).map(|(line, _)| line.as_str());
            let stays: Vec<&str> = stays.collect();
            if !stays.is_empty() {
                // The last line has no line feed to take with it.
                let cut = going.last() == Some(&true);
                wanted.insert(
                    doc.id.clone(),
                    format!("{}{}", stays.join("\n"), if cut { "\n" } else { "" }),
                );
            }
        }
        let bench = Bench::new();
        bench.recipe(&recipe(&format!(
            "unit = \"lines\", documents = {documents}, keep = \"{keep}\", characters = 10"
        )));
        for (number, part) in docs.chunks(70).enumerate() {
            bench.add(&format!("{number}.parquet"), parquet_in_groups(part, 30));
        }
        let ran = bench.run().sound(0);
        assert_eq!(left(&ran), wanted, "{documents} {keep}");
    }
}

#[test]
fn runs_of_words_go_as_a_plain_reading_has_it() {
    const RUN: usize = 12;
    for keep in ["first", "none"] {
        let piece = |at: usize| {
            let mut dice = Dice::new(at as u64 + 1000);
            let words: Vec<String> =
                (0..4 + dice.below(14)).map(|_| format!("w{}", dice.next() % 99_991)).collect();
            words.join(" ")
        };
        let docs = made(72, 250, 50, " ", piece);
        let words: Vec<Vec<&str>> =
            docs.iter().map(|doc| doc.text.as_deref().unwrap().split(' ').collect()).collect();
        let runs: Vec<Vec<String>> = words
            .iter()
            .map(|words| words.windows(RUN).map(|run| run.join(" ")).collect())
            .collect();
        let going = going(&runs, 2, keep == "first");
        let mut wanted = BTreeMap::new();
        for ((doc, words), going) in docs.iter().zip(&words).zip(&going) {
            let mut covered = vec![false; words.len()];
            for at in going.iter().enumerate().filter(|(_, goes)| **goes).map(|(at, _)| at) {
                covered[at..at + RUN].fill(true);
            }
            let stays =
                words.iter().zip(&covered).enumerate().filter(|(_, (_, covered))| !**covered);
            let text: String = stays
                .map(
                    |(at, (word, _))| {
                        if at + 1 < words.len() { format!("{word} ") } else { (*word).to_owned() }
                    },
                )
                .collect();
            if !text.is_empty() {
                wanted.insert(doc.id.clone(), text);
            }
        }
        let bench = Bench::new();
        bench.recipe(&recipe(&format!(
            "unit = \"words\", words = {RUN}, keep = \"{keep}\", characters = 10"
        )));
        bench.add("a.parquet", parquet(&docs));
        let ran = bench.run().sound(0);
        assert_eq!(left(&ran), wanted, "{keep}");
        let gone = docs.len() - wanted.len();
        assert!(wanted.len() < docs.len() && ran.record()["counts"]["drop"] == gone, "{keep}");
    }
}

#[test]
fn spans_of_three_sentences_go_as_c4_has_it() {
    let bench = Bench::new();
    bench.recipe(&recipe("unit = \"sentences\""));
    let common =
        "The tide went out before dawn. The boats lay in the mud. Nobody went out to fish.";
    let docs = [
        doc(0, format!("A first word of its own. {common} And then it was noon.")),
        doc(1, format!("Another begins here. {common} Night fell soon after that.")),
        doc(2, common.to_owned()),
        doc(3, "The tide went out before dawn. The boats lay in the mud. That is all.".to_owned()),
    ];
    bench.add("a.jsonl", jsonl(&docs));
    let ran = bench.run().sound(0);
    let left = left(&ran);
    assert_eq!(left["0000"], docs[0].text.clone().unwrap());
    assert_eq!(left["0001"], "Another begins here. Night fell soon after that.");
    assert!(!left.contains_key("0002"));
    assert_eq!(left["0003"], docs[3].text.clone().unwrap());
}

#[test]
fn the_ledger_says_what_went_and_who_has_it() {
    let bench = Bench::new();
    bench.recipe(&recipe("prefer = [\"id desc\"]"));
    let notice = "All rights reserved. Write to the harbour office for leave to print any of this.";
    let docs = [
        doc(0, format!("  The boats lay in the mud until noon.\n\n{notice}\n\nAn end.")),
        doc(1, notice.to_owned()),
        doc(2, format!("Something else altogether.\n\n{notice}")),
    ];
    bench.add("a.parquet", parquet(&docs));
    let ran = bench.run().sound(0);
    assert_eq!(left(&ran)["0000"], "  The boats lay in the mud until noon.\n\nAn end.");
    let actions: Vec<String> = ran.decisions().into_iter().map(|it| it.action).collect();
    assert_eq!(actions, ["edit", "drop", "keep"]);
    let taken = &ran.record()["shared"][0];
    let count = |name: &str| taken[name].as_u64().unwrap();
    assert_eq!(["passages", "edited", "emptied", "bytes"].map(count), [1, 1, 1, 162]);
    let edits = ran.table("ledger/edits").into_values().flatten().next().unwrap();
    assert_eq!(edits.num_rows(), 2);
    let shown = arrow::util::pretty::pretty_format_batches(&[edits]).unwrap().to_string();
    assert!(
        shown.contains(
            "| shared | in/a.parquet | 0   | 40    | 122 | in/a.parquet | 2        | 3         |"
        ),
        "{shown}"
    );
    let explain = |row: &str| {
        let mut explain = assay();
        explain.arg("explain").arg(&ran.out).arg(row);
        String::from_utf8(explain.output().unwrap().stdout).unwrap()
    };
    let first = explain("in/a.parquet:0");
    let wanted =
        "1 place of 82 bytes went: it stands in 3 documents, and stays in in/a.parquet, row 2";
    assert!(first.contains(wanted) && first.contains("⟦All rights"), "{first}");
    let second = explain("in/a.parquet:1");
    assert!(second.contains("nothing would be left of it without 1 place of 80 bytes"), "{second}");
}

#[test]
fn the_same_bytes_whatever_the_threads_and_row_groups() {
    let docs = made(73, 600, 80, "\n\n", line);
    let bench = Bench::new();
    bench.recipe(&recipe("characters = 10"));
    for (number, part) in docs.chunks(100).enumerate() {
        bench.add(&format!("{number}.parquet"), parquet_in_groups(part, 37));
    }
    let one = bench.run_to("one", &["--threads", "1"]).sound(0);
    let many = bench.run_to("many", &["--threads", "5", "--max-memory", "400MB"]).sound(0);
    assert_eq!(one.bytes(), many.bytes());
    assert!(!bench.run_to::<&str>("one", &[]).said.is_empty());
    let again = bench.path("one/data").display().to_string();
    let again = bench.run_to("again", &["-i", &again]).sound(0);
    assert_eq!(left(&again), left(&one), "a second run takes nothing more");
}

#[test]
fn rows_that_go_anyway_have_no_say() {
    let bench = Bench::new();
    let rule = "[[rule]]\nname = \"mirror\"\nwhen = \"source = 'mirror'\"\naction = \"drop\"\n";
    bench.recipe(&format!("{}{rule}", recipe("unit = \"lines\", characters = 10")));
    let common = line(1);
    let mirror = Doc { source: "mirror".into(), ..doc(0, common.clone()) };
    bench.add("a.parquet", parquet(&[mirror, doc(1, format!("{common}\nand its own"))]));
    let ran = bench.run().sound(0);
    assert_eq!(left(&ran)["0001"], format!("{common}\nand its own"));
}

#[test]
fn rewriters_have_to_stand_above() {
    let bench = Bench::new();
    let junk = "[[step]]\nname = \"junk\"\noperator = \"strip_control\"\n";
    bench.add("a.parquet", parquet(&[doc(0, "A text.".into())]));
    bench.recipe(&format!("{}{junk}", recipe("")));
    let _ =
        bench.run().ends(3).says(&["step \"junk\" edits below step \"shared\"", "move it above"]);
    let [head, steps] = ["recipe = \"passages\"\n", &recipe("characters = 5")];
    bench.recipe(&format!("{head}{junk}{}", steps.replace(head, "")));
    let texts =
        ["Own\u{200b} one.\n\nThe common\u{7} paragraph.", "Another.\n\nThe common paragraph."];
    bench.add("a.parquet", parquet(&[doc(0, texts[0].into()), doc(1, texts[1].into())]));
    let ran = bench.run().sound(0);
    let left = left(&ran);
    assert_eq!(
        (left["0000"].as_str(), left["0001"].as_str()),
        ("Own one.\n\nThe common paragraph.", "Another.\n\n")
    );
}

#[test]
fn what_one_step_keeps_another_does_not_take_from_everyone() {
    let bench = Bench::new();
    let second = "[[step]]\nname = \"runs\"\noperator = \"shared_passages\"\n\
                  options = { unit = \"words\", words = 8, characters = 10, prefer = [\"id desc\"] }\n";
    bench.recipe(&format!("{}{second}", recipe("characters = 10")));
    let common = line(1);
    let docs = ["first", "second", "third"].map(|name| format!("{name} has its own\n\n{common}"));
    let docs: Vec<Doc> = docs.into_iter().enumerate().map(|(at, text)| doc(at, text)).collect();
    bench.add("a.parquet", parquet(&docs));
    let left = left(&bench.run().sound(0));
    let having: Vec<&String> = left.values().filter(|text| text.contains(&common)).collect();
    assert_eq!(having, [docs[0].text.as_ref().unwrap()]);
}
