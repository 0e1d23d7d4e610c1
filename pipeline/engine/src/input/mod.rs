//! From paths to work units: which files there are, what their footers say, which
//! columns have a role.

mod columns;
mod corpus;
mod discover;
mod footer;
mod thrift;
mod unit;

pub(crate) use columns::Roles;
pub(crate) use corpus::{Corpus, Reading};
pub(crate) use discover::split_label;
pub(crate) use footer::{Footer, check_chunks, guarded};
pub(crate) use unit::{Unit, place_of, row_id, unit_name};
