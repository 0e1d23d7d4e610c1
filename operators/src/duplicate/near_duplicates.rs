#![doc = include_str!("near_duplicates.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::near::{LONGEST, choose};
use crate::contract::{
    AnySigner, Card, Corpora, Fidelity, Fraction, Keep, Near, OptionsError, Relation, Signer,
    SignerKind, Sketch, Source, Support, Templates, check_prefer, checked_against,
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
    /// Other corpora that documents are compared with besides each other, each a file, a
    /// folder or a run folder, maybe as `LABEL=PATH`. Their documents always stay, so that of
    /// two that are alike the one of this run goes.
    pub against: Corpora,
    /// Whether documents are compared with those of `against` only.
    pub only_against: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            similarity: Fraction::percent(80),
            miss: Fraction::percent(2),
            bands: None,
            rows: None,
            words: 5,
            characters: 7,
            prefer: Vec::new(),
            mode: Keep::default(),
            templates: Templates::default(),
            against: Corpora::default(),
            only_against: false,
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
            against: checked_against(&options.against, options.only_against)?,
        }))
    }
}

fn bands_and_rows(options: &Options) -> Result<(u32, u32), OptionsError> {
    const MOST: u32 = 4096;
    match (options.bands, options.rows) {
        (None, None) => {
            let chosen = choose(options.similarity, options.miss, MAX_HASHES);
            chosen.ok_or_else(|| no_sketch(options))
        }
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

/// That no sketch does what is asked, and which least `miss` one does.
fn no_sketch(options: &Options) -> OptionsError {
    let fits = |percent: &u8| {
        choose(options.similarity, Fraction::percent(*percent), MAX_HASHES).is_some()
    };
    let fix = match (1..100).find(fits) {
        Some(percent) => format!(
            "raise it to {}, raise `similarity`, or set `bands` and `rows`",
            Fraction::percent(percent).get()
        ),
        None => "raise `similarity`, or set `bands` and `rows`".to_owned(),
    };
    let problem = format!(
        "is {}, which no sketch of up to {MAX_HASHES} hashes reaches at `similarity` {}",
        options.miss.get(),
        options.similarity.get(),
    );
    OptionsError::new("miss", problem, fix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relation(options: &str) -> Result<Near, OptionsError> {
        match KIND.bind(&options.parse().unwrap()) {
            Ok(signer) => match signer.relation() {
                Relation::Near(near) => Ok(near.clone()),
                _ => panic!("not near"),
            },
            Err(mut errors) => Err(errors.remove(0)),
        }
    }

    #[test]
    fn the_sketch_follows_from_similarity_and_miss() {
        let sketch = |options: &str| relation(options).unwrap().sketch;
        let usual = sketch("");
        assert_eq!((usual.bands, usual.rows, usual.words, usual.characters), (13, 6, 5, 7));
        let strict = sketch("similarity = 0.9\nmiss = 0.01");
        assert_eq!((strict.bands, strict.rows), (7, 6));
        let given = sketch("bands = 14\nrows = 8");
        assert_eq!((given.bands, given.rows), (14, 8));
    }

    #[test]
    fn what_cannot_be_is_refused_with_what_would() {
        let refused = |options: &str| relation(options).unwrap_err();
        let miss = refused("similarity = 0.5");
        assert_eq!(miss.key, "miss");
        assert!(miss.fix.contains("to 0.2,"), "{}", miss.fix);
        assert_eq!(refused("similarity = 0.0").key, "miss");
        assert_eq!(refused("bands = 14").key, "rows");
        assert_eq!(refused("rows = 8").key, "bands");
        assert_eq!(refused("bands = 0\nrows = 8").key, "bands");
        assert_eq!(refused("words = 0").key, "words");
        assert_eq!(refused("characters = 65").key, "characters");
        assert_eq!(refused("prefer = ['words__value']").key, "prefer");
    }
}
