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
    /// proposed together with documents that have the very same words, and no others.
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
