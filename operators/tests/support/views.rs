//! The shared views of a document, each by itself.

use assay_operators::{
    contract::Document,
    text::{pieces::Ends, words::WordView},
};

/// Computes one view of a document.
pub(crate) type View = fn(&Document<'_>) -> usize;

/// Every view with its name, those that others are made of first.
pub(crate) const VIEWS: &[(&str, View)] = &[
    ("characters", |document| usize::try_from(document.characters().all).unwrap_or(0)),
    ("lines", |document| document.lines().len()),
    ("line_counts", |document| document.line_counts().len()),
    ("copied_lines", |document| document.copied_lines().len()),
    ("sentences", |document| document.sentences().len()),
    ("words: uax29 and whitespace", |document| document.words(WordView::Uax29).len()),
    ("words: tokens", |document| document.words(WordView::Tokens).len()),
    ("words: zh", |document| document.words(WordView::Zh).len()),
    ("vocabulary: uax29", |document| document.vocabulary(WordView::Uax29).counts().len()),
    ("vocabulary: zh", |document| document.vocabulary(WordView::Zh).counts().len()),
    ("ngrams: uax29", |document| document.ngrams(WordView::Uax29).words()),
    ("ngrams: whitespace", |document| document.ngrams(WordView::Whitespace).words()),
    ("ngrams: tokens", |document| document.ngrams(WordView::Tokens).words()),
    ("ngrams: zh", |document| document.ngrams(WordView::Zh).words()),
    ("line_pieces: kept", |document| document.line_pieces(Ends::Kept).all().len()),
    ("line_pieces: stripped", |document| document.line_pieces(Ends::Stripped).all().len()),
    ("paragraph_pieces: kept", |document| document.paragraph_pieces(Ends::Kept).all().len()),
    ("paragraph_pieces: stripped", |document| {
        document.paragraph_pieces(Ends::Stripped).all().len()
    }),
];
