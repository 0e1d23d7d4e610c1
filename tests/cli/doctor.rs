//! `assay doctor`.

use crate::workbench;

#[test]
fn the_machine_is_described_with_units() {
    let bench = workbench();
    let told = bench.assay(["doctor", "--threads", "3", "--max-memory", "1GiB"]).exits(0).stdout;
    for line in ["threads              3\n", "memory used at most  1.0 GiB\n", ". can be written\n"]
    {
        assert!(told.contains(line), "{line:?} is missing in\n{told}");
    }
    assert!(bench.contents(".").is_empty(), "a file was left behind");
}

#[test]
fn json_has_facts_and_warnings() {
    let told = workbench().assay(["doctor", "--json"]).exits(0).json();
    assert_eq!(told["facts"]["version"], env!("CARGO_PKG_VERSION"));
    assert!(told["facts"]["memory"].is_string() && told["warnings"].is_array(), "{told}");
}

#[test]
fn a_folder_that_cannot_be_written_is_warned_about() {
    let told = workbench().assay(["doctor", "nowhere/at/all"]).exits(0).stdout;
    assert!(told.contains("folder               nowhere/at/all: "), "{told}");
    assert!(told.contains("warning: runs cannot be written here\n"), "{told}");
}
