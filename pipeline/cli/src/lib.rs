//! The `assay` command: arguments in, one call, words out.
//!
//! The library half exists so that the tests' own binary can call it.

mod app;
mod assets;
mod command;
mod error;
mod exit;
mod heap;
mod progress;
mod recipe;
mod terminal;

use std::{ffi::OsString, process::ExitCode};

use clap::Parser;

pub use exit::Exit;

/// Parses `arguments`, runs the command and returns its documented exit code.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    heap::give_back();
    quiet_decoders();
    let app = match app::App::try_parse_from(&arguments) {
        Ok(app) => app,
        Err(error) => {
            // Help and version are answers, anything else is a misuse.
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Ok };
            let _ = error.print();
            return exit.into();
        }
    };
    match app.run(&arguments) {
        Ok(exit) => exit.into(),
        Err(error) => {
            terminal::error(&error);
            error.exit().into()
        }
    }
}

/// Decoders of foreign files may panic; the engine turns that into a reading error, so
/// the message of the panic itself would only alarm. Panics of our own still show.
fn quiet_decoders() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let foreign = panic.location().is_some_and(|place| {
            let file = place.file().replace('\\', "/");
            ["/parquet-", "/arrow-", "/flate2-", "/zstd-"].iter().any(|it| file.contains(it))
        });
        if !foreign || std::env::var_os("RUST_BACKTRACE").is_some_and(|it| it == "full") {
            usual(panic);
        }
    }));
}
