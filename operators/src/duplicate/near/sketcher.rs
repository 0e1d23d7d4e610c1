//! Keys by which similar documents are proposed to be compared.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::{
    minhash::{Functions, low},
    shingles,
};
use crate::{
    contract::{Document, Sketch},
    text::folded::Folder,
};

/// Makes the keys of documents, in memory that is reused.
#[derive(Debug)]
pub struct Sketcher {
    sketch: Sketch,
    functions: Functions,
    folder: Folder,
    inputs: Vec<u32>,
    minima: Vec<u32>,
    band: Vec<u8>,
}

impl Sketcher {
    /// A sketcher with its hash functions.
    #[must_use]
    pub fn new(sketch: &Sketch) -> Self {
        Self {
            sketch: *sketch,
            functions: Functions::new(sketch.hashes() as usize, sketch.seed),
            folder: Folder::default(),
            inputs: Vec::new(),
            minima: Vec::new(),
            band: Vec::new(),
        }
    }

    /// Appends one key for each band; `false`, and nothing is appended, if the document has
    /// no word.
    ///
    /// Two documents share the key of a band if they have the same smallest hashes there. Keys
    /// of different bands differ, but for a chance of 2⁻⁶⁴. Keys are the bits of unsigned
    /// numbers, so that half of them are negative.
    ///
    /// A document that is shorter than a shingle has one shingle: the whole of it. It is thus
    /// proposed together with documents that have the very same words, and no others but for a
    /// chance of 2⁻³²: shingles are cut to 32 bits before they are hashed.
    pub fn bands(&mut self, document: &Document<'_>, out: &mut Vec<i64>) -> bool {
        let Self { sketch, functions, folder, inputs, minima, band } = self;
        inputs.clear();
        shingles::each(sketch, document, folder, |shingle| inputs.push(low(shingle)));
        if inputs.is_empty() {
            return false;
        }
        functions.minima(inputs, minima);
        for (number, rows) in (0_u64..).zip(minima.chunks_exact(sketch.rows.max(1) as usize)) {
            band.clear();
            band.extend(rows.iter().flat_map(|least| least.to_le_bytes()));
            out.push(xxh3_64_with_seed(band, number).cast_signed());
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        contract::Workspace,
        duplicate::near::{Shingles, minhash::mixed, overlap},
    };

    const SKETCH: Sketch = Sketch { bands: 13, rows: 6, words: 5, characters: 7, seed: 1 };

    fn keys(text: &str) -> Vec<i64> {
        let mut keys = Vec::new();
        Sketcher::new(&SKETCH).bands(&Workspace::new().open_text(text), &mut keys);
        keys
    }

    #[test]
    fn keys_stay_as_they_are() {
        assert_eq!(
            keys("The tide went out before dawn, and the boats lay in the mud.")[..3],
            GOLDEN[0]
        );
        assert_eq!(keys("潮水在黎明前退去，渔船停在泥滩上，等待下一次涨潮。")[..3], GOLDEN[1]);
    }

    const GOLDEN: [[i64; 3]; 2] = [
        [-4_299_904_286_741_272_126, 4_939_634_215_946_078_522, -1_364_631_070_742_107_844],
        [3_319_295_637_622_500_572, 3_413_034_531_577_732_577, -5_426_793_129_373_076_371],
    ];

    #[test]
    fn every_band_has_a_key_of_its_own() {
        let mut keys = keys("one word is enough");
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), 13);
    }

    #[test]
    fn a_text_without_words_takes_no_part() {
        assert!(keys("… — !\n").is_empty());
    }

    /// Numbers that look random and are the same every time.
    fn numbers(seed: u64) -> impl FnMut() -> u64 {
        let mut state = mixed(seed);
        move || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            mixed(state)
        }
    }

    /// Checks a share of `pairs` against the mean chance by the curve: within a point and
    /// three standard errors, so that one of many points may be unlucky.
    fn check(proposed: u32, expected: f64, pairs: u32, what: &str) {
        let (share, all) = (f64::from(proposed) / f64::from(pairs), f64::from(pairs));
        let error = (expected * (1.0 - expected) / all).sqrt();
        assert!((share - expected).abs() <= 0.01 + 3.0 * error, "{what}: {share} for {expected}");
    }

    #[test]
    fn sets_are_proposed_as_the_curve_says_and_their_similarity_is_estimated_well() {
        const PAIRS: u32 = 250;
        let functions = Functions::new(78, 1);
        for size in [30, 100, 300_u32] {
            for tenths in 3..=10 {
                let (mut proposed, mut expected) = (0, 0.0);
                let (mut squares, mut theory, mut bias) = (0.0, 0.0, 0.0);
                let mut next = numbers(u64::from(size * 100 + tenths));
                // Of n elements each, s shared: J = s / (2 n − s).
                let shared = 2 * size * tenths / (10 + tenths);
                for _ in 0..PAIRS {
                    let mut left: Vec<u32> = (0..size).map(|_| low(next())).collect();
                    let (mut a, mut b) = (Vec::new(), Vec::new());
                    functions.minima(&left, &mut a);
                    left[shared as usize..].fill_with(|| low(next()));
                    functions.minima(&left, &mut b);
                    let jaccard = f64::from(shared) / f64::from(2 * size - shared);
                    let bands = a.chunks(6).zip(b.chunks(6));
                    proposed += u32::from(bands.clone().any(|(a, b)| a == b));
                    expected += SKETCH.chance(jaccard);
                    let equal = a.iter().zip(&b).filter(|(a, b)| a == b).count();
                    let error = equal as f64 / 78.0 - jaccard;
                    (squares, bias) = (squares + error * error, bias + error);
                    theory += jaccard * (1.0 - jaccard) / 78.0;
                }
                let what = format!("{size} elements, {tenths} tenths");
                check(proposed, expected / f64::from(PAIRS), PAIRS, &what);
                // Root of the mean square of the error, against that of independent hashes.
                let pairs = f64::from(PAIRS);
                let (rmse, theory) = ((squares / pairs).sqrt(), (theory / pairs).sqrt());
                assert!((rmse - theory).abs() <= 0.2 * theory + 1e-9, "{what}: {rmse}, {theory}");
                assert!((bias / pairs).abs() <= 4.0 * theory / pairs.sqrt() + 1e-9, "{what}");
            }
        }
    }

    #[test]
    fn texts_are_proposed_as_the_curve_says() {
        const PAIRS: u32 = 200;
        let (mut sketcher, mut left, mut right) =
            (Sketcher::new(&SKETCH), Shingles::default(), Shingles::default());
        for chinese in [false, true] {
            for (size, same) in [(30, 20), (30, 27), (100, 75), (100, 90), (500, 410)] {
                let (mut proposed, mut expected) = (0, 0.0);
                let mut next = numbers(size);
                for _ in 0..PAIRS {
                    let mut word = |out: &mut String| {
                        if chinese {
                            out.extend(char::from_u32(0x4e00 + low(next()) % 20_000));
                        } else {
                            out.push_str(&(next() >> 40).to_string());
                            out.push(' ');
                        }
                    };
                    let mut first = String::new();
                    (0..same + 5).for_each(|_| word(&mut first));
                    let mut second = first.clone();
                    for _ in same..size {
                        word(&mut first);
                        word(&mut second);
                    }
                    let (mut a, mut b) = (Vec::new(), Vec::new());
                    let mut workspace = Workspace::new();
                    sketcher.bands(&workspace.open_text(&first), &mut a);
                    left.fill(&SKETCH, &workspace.open_text(&first));
                    sketcher.bands(&workspace.open_text(&second), &mut b);
                    right.fill(&SKETCH, &workspace.open_text(&second));
                    expected += SKETCH.chance(overlap(left.hashes(), right.hashes()).jaccard());
                    proposed += u32::from(a.iter().zip(&b).any(|(a, b)| a == b));
                }
                let what = format!("{size} words, {same} the same");
                check(proposed, expected / f64::from(PAIRS), PAIRS, &what);
            }
        }
    }
}
