#![doc = include_str!("exact_duplicates.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::{
    AnySigner, Card, Corpora, Fidelity, Form, OptionsError, Relation, Signer, SignerKind, Source,
    Support, check_prefer, checked_against,
};

/// The entry for the registry.
pub const KIND: &dyn AnySigner = &SignerKind::<ExactDuplicates>::new();

/// Relates documents whose text is the same.
#[derive(Debug)]
pub struct ExactDuplicates;

/// Options of [`ExactDuplicates`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Options {
    /// What has to be the same: the `normal` form of the text, or all its `bytes`.
    pub form: Form,
    /// Which member of a group stays, best first: names of facts columns, each with
    /// ` asc` or ` desc`, such as `"words__value desc"`. Ties go to the earlier row.
    pub prefer: Vec<String>,
    /// Other corpora that documents are compared with besides each other, each a file, a
    /// folder or a run folder, maybe as `LABEL=PATH`. Their documents always stay, so that of
    /// two that are alike the one of this run goes.
    pub against: Corpora,
    /// Whether documents are compared with those of `against` only.
    pub only_against: bool,
}

impl Signer for ExactDuplicates {
    type Options = Options;

    const CARD: &'static Card = &Card {
        id: "exact_duplicates",
        version: 1,
        summary: "finds documents whose text occurs more than once",
        fields: &[],
        support: Support::AnyText,
        source: Source {
            work: "common practice; normal form and guard against collisions are our own",
            url: "",
            fidelity: Fidelity::Own,
        },
        guide: include_str!("exact_duplicates.md"),
    };

    fn relation(options: &Options) -> Result<Relation, OptionsError> {
        check_prefer(&options.prefer)?;
        let Options { form, prefer, against, only_against } = options;
        let against = checked_against(against, *only_against)?;
        Ok(Relation::Exact { form: *form, prefer: prefer.clone(), against })
    }
}
