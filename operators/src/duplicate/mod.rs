//! What relates documents to each other.

pub mod exact_duplicates;
