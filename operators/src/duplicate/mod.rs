//! What relates documents to each other.

pub mod exact_duplicates;
pub mod near;
pub mod near_duplicates;
pub mod shared;
pub mod shared_passages;
