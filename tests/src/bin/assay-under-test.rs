//! The same command as the product's: `cargo test` builds it, so that tests can run it.

use std::process::ExitCode;

fn main() -> ExitCode {
    assay_cli::main(std::env::args_os())
}
