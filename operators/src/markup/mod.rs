//! What in a text is not prose: markup, code, addresses.

pub mod code_lines;
pub mod markup_share;
pub mod web_addresses;
