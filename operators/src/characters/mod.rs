//! What kinds of characters a text is made of.

pub mod character_classes;
pub mod character_shares;
pub mod han_characters;
pub mod mojibake;
pub mod script_shares;
pub mod strip_control;
pub mod token_count;
pub mod token_estimate;
