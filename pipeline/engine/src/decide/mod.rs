//! From facts to decisions: limits and rules row by row, relations between rows, and
//! the tables that say what was decided and why.

mod brake;
mod judge;
mod names;
mod rules;
mod table;
mod task;
mod verdict;

pub(crate) use brake::{SourceCounts, check as check_brake};
pub(crate) use judge::{Judge, PlanText, spoken_about};
pub(crate) use names::FileNames;
pub(crate) use rules::check_sql;
pub(crate) use task::{Candidate, DecideReport, DecideTask, SHOWN};
pub(crate) use verdict::Verdict;
