//! Trains, calibrates and judges the linear models that ship with the operators.
//!
//! Start at [`recipe`], which makes a model out of a corpus, then [`judge`], which says how
//! good it is on sources that it has not seen. `README.md` has the commands.

pub mod calibrate;
pub mod chance;
pub mod choose;
pub mod corpus;
pub mod judge;
pub mod problem;
pub mod recipe;
pub mod samples;
pub mod shapes;
pub mod start;
pub mod train;
pub mod write;
