//! The laws of the house. Each failure says what to do.
//!
//! They read the tracked files and the manifests only; nothing is built or run for them.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod generated;
mod layers;
mod pages;
mod repository;
mod size;
mod tree;
mod words;

/// Fails with all violations at once, one a line, under what to do about them.
fn none(what_to_do: &str, violations: &[String]) {
    assert!(violations.is_empty(), "{what_to_do}\n  {}\n", violations.join("\n  "));
}
