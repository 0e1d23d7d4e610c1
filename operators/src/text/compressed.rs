//! How short a text becomes when it is compressed.

use std::fmt;

use zstd::bulk;

/// The level at which zstd is fastest without giving up entropy coding.
const LEVEL: i32 = 1;

/// A compressor and its output, kept from document to document.
#[derive(Default)]
pub(crate) struct Compressor {
    encoder: Option<bulk::Compressor<'static>>,
    out: Vec<u8>,
}

impl Compressor {
    /// Length of `bytes` as one zstd frame of level 1.
    pub(crate) fn length_of(&mut self, bytes: &[u8]) -> Option<usize> {
        let encoder = match &mut self.encoder {
            Some(encoder) => encoder,
            empty => empty.insert(bulk::Compressor::new(LEVEL).ok()?),
        };
        self.out.clear();
        self.out.reserve(zstd::zstd_safe::compress_bound(bytes.len()));
        encoder.compress_to_buffer(bytes, &mut self.out).ok()
    }
}

impl fmt::Debug for Compressor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Compressor")
    }
}
