//! Attempts to break the product: damaged files, odd names, killed processes, hostile
//! corpora. Every test runs the real command in a process of its own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod bench;
mod damaged;
mod folders;
mod footers;
mod formats;
mod groups;
mod made;
mod mutants;
mod names;
mod near;
mod packed;
mod passages;
mod same;
mod shapes;
mod through;
mod turns;
