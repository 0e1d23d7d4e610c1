//! `assay --help`, and what is no command.

use crate::workbench;

/// The commands, in the order of the help page.
pub(crate) const COMMANDS: &[&str] = &[
    "run",
    "plan",
    "measure",
    "explain",
    "operators",
    "report",
    "compare",
    "sql",
    "verify",
    "gc",
    "init",
    "doctor",
    "scheduler",
    "executor",
    "completions",
];

#[test]
fn the_first_page_lists_the_commands() {
    insta::assert_snapshot!(workbench().assay(["--help"]).snapshot());
}

#[test]
fn the_list_of_commands_is_the_help_pages() {
    let help = workbench().assay(["--help"]).exits(0).stdout;
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let (commands, _) = commands.split_once("\n\n").unwrap();
    let found: Vec<&str> = commands
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    assert_eq!(found, COMMANDS);
}

#[test]
fn every_command_has_a_page() {
    let bench = workbench();
    for command in COMMANDS {
        let page = bench.assay([command, "--help"]).exits(0).stdout;
        assert!(page.contains(&format!("Usage: assay {command}")), "{page}");
        assert!(!page.lines().any(|line| line.chars().count() > 100), "{page}");
    }
}

#[test]
fn the_main_page_of_run_explains_its_options() {
    insta::assert_snapshot!(workbench().assay(["run", "--help"]).snapshot());
}

#[test]
fn a_command_that_is_not_there_is_shown_with_the_nearest() {
    insta::assert_snapshot!(workbench().assay(["explian", "out", "1"]).snapshot());
}

#[test]
fn no_command_at_all_shows_the_help_as_a_misuse() {
    let told = workbench().assay::<&str>([]).exits(2);
    assert!(told.stdout.is_empty() && told.stderr.contains("Usage: assay"), "{}", told.stderr);
}

#[test]
fn the_version_is_an_answer() {
    insta::assert_snapshot!(workbench().assay(["--version"]).snapshot());
}
