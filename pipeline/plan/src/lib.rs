//! From recipe to plan: everything a run will do, resolved, printable and hashed.
//!
//! This crate receives text and returns data: it opens no file, reads no corpus and
//! does not know the engine.
//!
//! Start at [`plan()`]; what it returns is [`Plan`], or [`RecipeErrors`] with every
//! problem in its place.

mod assets;
mod condition;
mod error;
#[cfg(test)]
mod examples;
mod facts;
mod layers;
mod plan;
mod planner;
mod problems;
mod quoted;
mod read;
mod recipe;
mod schema;
mod settings;
mod steps;
mod vocabulary;

pub use error::{RecipeErrors, RecipeProblem};
pub use facts::{BASE_COLUMNS, RESERVED_NAMES, Reads};
pub use plan::{
    Action, AssetFile, BoundOperator, BoundStep, Brake, Columns, Input, Output, Plan, Rule, Step,
    column_name,
};
pub use planner::{AssetContent, BadAsset, Files, Source, TableContent, plan};
pub use schema::recipe_schema;
pub use settings::Setting;
