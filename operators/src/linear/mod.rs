//! Linear models over runs of characters: what is counted ([`grams`]), the table that
//! scores it ([`table`]), which parts of a long text are read ([`passages`]), and models that
//! fastText saved ([`fasttext`]).
//!
//! A model of our own is trained elsewhere and arrives as one table of bytes. Its sums are
//! integers, so that a text gets the same scores on every machine.

mod batch;
mod chances;
mod comments;
pub(crate) mod familiar;
pub mod fasttext;
mod fences;
pub mod grams;
mod heard;
mod lanes;
pub mod language;
pub mod passages;
mod scores;
pub mod script;
pub mod shapes;
pub mod table;
