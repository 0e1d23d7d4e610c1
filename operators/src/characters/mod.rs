//! What kinds of characters a text is made of.

pub mod character_classes;
pub mod han_characters;
pub mod strip_control;
