#![doc = include_str!("shared_passages.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::shared::MOST_WORDS;
use crate::contract::{
    AnySigner, Card, Cut, Fidelity, KeepPassage, OptionsError, Passages, Relation, Signer,
    SignerKind, Source, Support, Unit, check_prefer,
};

/// The entry for the registry.
pub const KIND: &dyn AnySigner = &SignerKind::<SharedPassages>::new();

/// The most sentences of a passage.
const MOST_SENTENCES: u32 = 100;
/// The fewest words of a run: shorter ones are phrases of the language.
const FEWEST_WORDS: u32 = 8;

/// Removes passages that several documents share.
#[derive(Debug)]
pub struct SharedPassages;

/// Options of [`SharedPassages`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Options {
    /// What is a passage: `paragraphs`, `lines`, `sentences` or `words`.
    pub unit: Unit,
    /// Sentences of a passage, with `unit = "sentences"`.
    pub sentences: u32,
    /// Words of a passage, with `unit = "words"`.
    pub words: u32,
    /// From how many documents on a passage goes.
    pub documents: u32,
    /// Letters and digits that a passage has at least; an ideograph counts as three.
    pub characters: u32,
    /// Where a passage stays: in the `first` document that has it, or in `none`.
    pub keep: KeepPassage,
    /// Which document is the first: names of facts columns, each with ` asc` or ` desc`, such
    /// as `"words__value desc"`. Ties go to the earlier row.
    pub prefer: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            unit: Unit::default(),
            sentences: 3,
            words: 50,
            documents: 2,
            characters: 40,
            keep: KeepPassage::default(),
            prefer: Vec::new(),
        }
    }
}

impl Signer for SharedPassages {
    type Options = Options;

    const EDITS: bool = true;

    const CARD: &'static Card = &Card {
        id: "shared_passages",
        version: 1,
        summary: "removes paragraphs, lines, sentences or runs of words that documents share",
        fields: &[],
        support: Support::AnyText,
        source: Source {
            work: "Lee et al. 2022, Deduplicating Training Data Makes Language Models Better",
            url: "https://arxiv.org/abs/2107.06499",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("shared_passages.md"),
    };

    fn relation(options: &Options) -> Result<Relation, OptionsError> {
        check_prefer(&options.prefer)?;
        let within = |key: &str, value: u32, least: u32, most: u32| {
            if (least..=most).contains(&value) {
                return Ok(());
            }
            let problem = format!("is {value}, which is not from {least} to {most}");
            Err(OptionsError::new(key, problem, "remove the key to use the usual number"))
        };
        within("sentences", options.sentences, 1, MOST_SENTENCES)?;
        within("words", options.words, FEWEST_WORDS, MOST_WORDS)?;
        within("documents", options.documents, 2, u32::MAX)?;
        within("characters", options.characters, 1, u32::MAX)?;
        let length = match options.unit {
            Unit::Sentences => options.sentences,
            Unit::Words => options.words,
            Unit::Paragraphs | Unit::Lines => 1,
        };
        Ok(Relation::Passages(Passages {
            cut: Cut { unit: options.unit, length, characters: options.characters },
            documents: options.documents,
            keep: options.keep,
            prefer: options.prefer.clone(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_out_of_range_are_refused() {
        for (options, key) in [
            ("documents = 1", "documents"),
            ("words = 7", "words"),
            ("sentences = 0", "sentences"),
            ("characters = 0", "characters"),
            ("prefer = ['words__value']", "prefer"),
        ] {
            let errors = KIND.bind(&options.parse().unwrap()).unwrap_err();
            assert_eq!(errors[0].key, key);
        }
    }
}
