//! What near-duplicates are: shingles and their overlap, sketches that propose pairs, and
//! what two similar texts differ in.

mod align;
mod curve;
mod details;
mod harmless;
mod minhash;
mod overlap;
mod shingles;
mod sketcher;
pub mod template;
mod tokens;

pub use curve::choose;
pub use harmless::Harmless;
pub use overlap::{Overlap, overlap};
pub(super) use shingles::LONGEST;
pub use shingles::Shingles;
pub use sketcher::Sketcher;
