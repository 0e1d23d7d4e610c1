#![doc = include_str!("near_duplicates.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::near::{LONGEST, choose};
use crate::contract::{
    AnySigner, Card, Fidelity, Fraction, Keep, Near, OptionsError, Relation, Signer, SignerKind,
    Sketch, Source, Support, Templates, check_prefer,
};

/// The entry for the registry.
pub const KIND: &dyn AnySigner = &SignerKind::<NearDuplicates>::new();

/// The most hashes that are chosen for a sketch.
const MAX_HASHES: u32 = 256;

/// Relates documents that share most of their shingles.
#[derive(Debug)]
pub struct NearDuplicates;

/// Options of [`NearDuplicates`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Options {
    /// Least Jaccard similarity of near-duplicates: shingles of both by shingles of either.
    pub similarity: Fraction,
    /// Largest chance to miss a pair that is just as similar; bands and rows follow from it.
    pub miss: Fraction,
    /// Keys of a document, instead of `miss`; together with `rows`.
    pub bands: Option<u32>,
    /// Hashes that make one key, instead of `miss`; together with `bands`.
    pub rows: Option<u32>,
    /// Length of a shingle in words, where words are set apart by spaces.
    pub words: u32,
    /// Length of a shingle in characters, where they are not.
    pub characters: u32,
    /// Which member of a group stays, best first: names of facts columns, each with
    /// ` asc` or ` desc`, such as `"words__value desc"`. Ties go to the earlier row.
    pub prefer: Vec<String>,
    /// What becomes of a group: `keep-one`, `drop-all` or `annotate`.
    pub mode: Keep,
    /// What becomes of near-duplicates that differ in numbers, names or dates: `keep` or
    /// `remove`.
    pub templates: Templates,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            similarity: Fraction::percent(80),
            miss: Fraction::percent(2),
            bands: None,
            rows: None,
            words: 5,
            characters: 8,
            prefer: Vec::new(),
            mode: Keep::default(),
            templates: Templates::default(),
        }
    }
}

impl Signer for NearDuplicates {
    type Options = Options;

    const CARD: &'static Card = &Card {
        id: "near_duplicates",
        version: 1,
        summary: "finds documents that are nearly the same, and compares each pair exactly",
        fields: &[],
        support: Support::AnyText,
        source: Source {
            work: "Broder 1997, On the Resemblance and Containment of Documents",
            url: "https://doi.org/10.1109/SEQUEN.1997.666900",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("near_duplicates.md"),
    };

    fn relation(options: &Options) -> Result<Relation, OptionsError> {
        check_prefer(&options.prefer)?;
        for (key, length) in [("words", options.words), ("characters", options.characters)] {
            if !(1..=LONGEST).contains(&length) {
                return Err(OptionsError::new(
                    key,
                    format!("is {length}, which is not from 1 to {LONGEST}"),
                    "remove the key to use the usual length",
                ));
            }
        }
        let (bands, rows) = bands_and_rows(options)?;
        let Options { similarity, words, characters, .. } = *options;
        Ok(Relation::Near(Near {
            sketch: Sketch { bands, rows, words, characters, seed: 1 },
            similarity,
            prefer: options.prefer.clone(),
            keep: options.mode,
            templates: options.templates,
        }))
    }
}

fn bands_and_rows(options: &Options) -> Result<(u32, u32), OptionsError> {
    const MOST: u32 = 4096;
    match (options.bands, options.rows) {
        (None, None) => choose(options.similarity, options.miss, MAX_HASHES).ok_or_else(|| {
            OptionsError::new(
                "miss",
                format!(
                    "is {}, which no sketch of up to {MAX_HASHES} hashes reaches at \
                     `similarity` {}",
                    options.miss.get(),
                    options.similarity.get(),
                ),
                "raise it, or set `bands` and `rows`",
            )
        }),
        (Some(bands @ 1..=MOST), Some(rows @ 1..=MOST)) if bands * rows <= MOST => {
            Ok((bands, rows))
        }
        (Some(_), Some(_)) => Err(OptionsError::new(
            "bands",
            format!("times `rows` is not from 1 to {MOST}"),
            "14 bands of 8 rows are common; remove both keys to have them chosen",
        )),
        (Some(_), None) => Err(OptionsError::new("rows", "is missing beside `bands`", "set both")),
        (None, Some(_)) => Err(OptionsError::new("bands", "is missing beside `rows`", "set both")),
    }
}
