//! What near-duplicates are: shingles and their overlap, sketches that propose pairs, and
//! what two similar texts differ in.

mod curve;
mod minhash;
mod overlap;
mod shingles;
mod sketcher;
pub mod template;

pub use curve::choose;
pub use overlap::{Overlap, overlap};
pub(super) use shingles::LONGEST;
pub use shingles::Shingles;
pub use sketcher::Sketcher;
