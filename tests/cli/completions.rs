//! `assay completions`.

use crate::{help::COMMANDS, workbench};

#[test]
fn every_shell_is_told_every_command() {
    let bench = workbench();
    for shell in ["bash", "zsh", "fish"] {
        let script = bench.assay(["completions", shell]).exits(0).stdout;
        for command in COMMANDS {
            assert!(script.contains(command), "{shell}: {command} is missing");
        }
        assert!(script.contains("max-memory"), "{shell}: options are missing");
    }
}

#[test]
fn an_unknown_shell_is_a_misuse() {
    insta::assert_snapshot!(workbench().assay(["completions", "tcsh9"]).snapshot());
}
