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
