//! The only writer to the terminal: data to standard output, words to standard error.

use std::{
    fmt::Display,
    io::{self, IsTerminal, Write},
};

use miette::{GraphicalReportHandler, GraphicalTheme};

use crate::error::CliError;

/// Writes data. A reader that went away is no error.
pub(crate) fn data(text: impl Display) -> Result<(), CliError> {
    match write!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(CliError::Io { what: "standard output cannot be written".into(), source: error })
        }
        _ => Ok(()),
    }
}

/// Writes words for people.
pub(crate) fn say(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Writes what a command failed with.
pub(crate) fn error(error: &CliError) {
    match error {
        CliError::Recipe(problems) => {
            let colour = stderr_is_terminal() && std::env::var_os("NO_COLOR").is_none();
            let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::none() };
            let mut text = String::new();
            let handler = GraphicalReportHandler::new_themed(theme).with_width(width());
            if handler.render_report(&mut text, problems.as_ref()).is_err() {
                text = problems.to_string();
            }
            say(text.trim_end());
        }
        other => say(format_args!("error: {other}")),
    }
}

/// Whether standard error is read by a person.
pub(crate) fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Whether standard output is read by a person who wants colour.
pub(crate) fn stdout_wants_colour() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// Columns of the terminal.
pub(crate) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.unwrap_or(100).clamp(40, 200)
}
