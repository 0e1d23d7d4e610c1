//! What a model of your own says about a text.

pub mod fasttext_model;
