//! The command line: one file for each command, each test a sentence about it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod assets;
mod column;
mod compare;
mod completions;
mod corpus;
mod doctor;
mod explain;
mod expression;
mod gc;
mod help;
mod imported;
mod init;
mod measure;
mod mistakes;
mod operators;
mod plan;
mod quickstart;
mod report;
mod rules;
mod run;
mod sql;
mod verify;

use assay_tests::Workbench;

fn workbench() -> Workbench {
    Workbench::of(env!("CARGO_BIN_EXE_assay-under-test"))
}
