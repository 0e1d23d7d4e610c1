//! In which language a text is written.

pub mod language;
