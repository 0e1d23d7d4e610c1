//! Pass 1: every row operator of a plan in one function over the text, and the sink
//! that writes what it returns.

mod columns;
mod compiled;
mod function;
mod reuse;
mod scratch;
mod sink;

pub(crate) use compiled::MeasurePlan;
#[cfg(feature = "cluster")]
pub(crate) use function::Measure;
pub(crate) use function::measured;
pub(crate) use reuse::{ReuseTask, part_of};
pub(crate) use scratch::{Scratch, Signs, signs};
pub(crate) use sink::{FactsReport, FactsSink, facts_schema, facts_settings};
