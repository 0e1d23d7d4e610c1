//! JSON as it is found in corpora: read from text, typed over all records, decoded.

mod column;
mod parse;
mod shape;
mod value;

pub(crate) use column::{Mismatch, StructColumn};
pub(crate) use parse::object;
pub(crate) use shape::Fields;
pub(crate) use value::Entries;
