//! Every operator on texts that tend to make rules slow or wrong; how long that takes for
//! longer ones is shown by the bench of this name.

#![expect(clippy::disallowed_methods, reason = "guides may name files of `tests/assets/`")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use assay_operators::{
    contract::{Cut, Unit, Workspace},
    duplicate::shared::Cutter,
};

#[path = "../support/checks.rs"]
mod checks;
#[path = "../support/gauges.rs"]
mod gauges;
#[path = "../support/texts.rs"]
mod texts;

const BYTES: usize = 64 << 10;
/// Long enough for texts of long periods to differ.
const LONG: usize = 1 << 20;

#[test]
fn texts_are_many_and_differ() {
    let texts = texts::texts();
    assert!(200 <= texts.len(), "{}", texts.len());
    let (mut names, mut contents) = (BTreeSet::new(), BTreeSet::new());
    for text in &texts {
        let first = text.first(LONG);
        assert!((LONG - 16..=LONG).contains(&first.len()), "{}: {} bytes", text.name, first.len());
        let mut hasher = DefaultHasher::new();
        first.hash(&mut hasher);
        assert!(names.insert(&text.name), "two are called {}", text.name);
        assert!(contents.insert(hasher.finish()), "{} is there already", text.name);
    }
}

#[test]
fn every_gauge_keeps_its_word_on_the_first_texts() {
    check(0);
}

#[test]
fn every_gauge_keeps_its_word_on_the_other_texts() {
    check(1);
}

/// Checks one half of the texts, so that two cores can share them.
fn check(half: usize) {
    for text in texts::texts().iter().skip(half).step_by(2) {
        checks::check_gauges(&text.first(BYTES));
    }
}

#[test]
fn every_rewriter_keeps_its_word() {
    for text in texts::texts() {
        checks::check_rewriters(&text.first(BYTES));
    }
}

#[test]
fn every_cut_keeps_its_word() {
    for text in texts::texts() {
        check_cuts(&text.first(BYTES));
    }
}

/// Passages come twice the same, in order of their start and on character boundaries, and a
/// document shares with itself all that it is signed by.
fn check_cuts(text: &str) {
    for (unit, length) in
        [(Unit::Paragraphs, 1), (Unit::Lines, 1), (Unit::Sentences, 3), (Unit::Words, 50)]
    {
        let cut = Cut { unit, length, characters: 1 };
        let (mut workspace, mut cutter) = (Workspace::new(), Cutter::default());
        let document = workspace.open_text(text);
        let mut numbers = Vec::new();
        cutter.sign(&cut, &document, &mut numbers);
        let found = cutter.shared(&cut, &document, &numbers).to_vec();
        assert_eq!(numbers.is_empty(), found.is_empty(), "{unit:?}");
        let mut again = Vec::new();
        let mut other = Cutter::default();
        other.sign(&cut, &document, &mut again);
        assert_eq!(numbers, again, "{unit:?}");
        assert_eq!(other.shared(&cut, &document, &again), found, "{unit:?}");
        assert!(found.is_sorted_by_key(|passage| passage.span.start), "{unit:?}");
        for passage in found {
            let range = passage.span.start as usize..passage.span.end as usize;
            assert!(text.get(range).is_some_and(|text| !text.is_empty()), "{unit:?}: {passage:?}");
        }
        assert!(cutter.shared(&cut, &document, &[]).is_empty(), "{unit:?}");
    }
}
