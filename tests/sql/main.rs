//! The ledger as tables: every question of the dashboards, and the columns that are stored.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod columns;
mod questions;

use assay_tests::{Workbench, in_repository};
use serde_json::Value;

/// A workbench with a run of the quick start in `out`.
fn quick_start() -> Workbench {
    let bench = Workbench::of(env!("CARGO_BIN_EXE_assay-under-test"));
    let _ = bench.assay(["run", &in_repository("configs/quickstart.toml"), "-o", "out"]).exits(11);
    bench
}

/// The rows that answer `query`.
fn ask(bench: &Workbench, query: &str) -> Vec<Value> {
    bench.assay(["sql", "out", query, "--json"]).exits(0).json_lines()
}
