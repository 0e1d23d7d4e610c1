//! In which language a text is written.

#[expect(clippy::module_inception, reason = "the operator has the name of its family")]
pub mod language;
