//! Pure rules about documents: what an operator is, the shared views of a text
//! that operators read, and every operator of `assay`.
//!
//! Nothing in this crate reads files or the environment, knows the time, draws
//! random numbers, logs, or mentions Arrow or DataFusion. Same text and same
//! options give the same answer on every machine.
//!
//! Start at [`contract`] for the words, at [`registry`] for the list.

pub mod characters;
pub mod contract;
pub mod derived;
pub mod duplicate;
pub mod guide;
pub mod language;
pub mod layout;
pub mod learned;
pub mod linear;
pub mod markup;
pub mod registry;
pub mod repetition;
#[cfg(test)]
mod testing;
pub mod text;
mod tokenizing;
pub mod variety;
pub mod web;
pub mod wording;
