//! Pass 2: which rows belong together. Works on narrow rows; text is read only of rows that
//! are to be compared.

mod curve;
mod exact;
mod groups;
mod members;
mod near;
mod numbers;
mod participation;
mod passages;
mod rank;
mod sources;
mod step;
mod tables;
mod task;

pub(crate) use curve::curve_of;
pub(crate) use exact::relate_exact;
pub(crate) use groups::{GroupCount, Pair};
pub(crate) use members::{Kept, Members};
pub(crate) use near::{BandsTask, NearStep, Places, RevisitTask, rank};
pub(crate) use participation::Participation;
pub(crate) use passages::{Edits, Going, PassagesStep, SpansTask, taken};
pub(crate) use sources::{StaysTask, WentTask, by_kept, crossings};
pub(crate) use step::{Related, RelatingStep};
pub(crate) use tables::Tables;
pub(crate) use task::{KeysTask, NarrowReport};
