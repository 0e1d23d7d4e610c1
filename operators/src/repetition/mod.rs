//! What a text repeats of itself.

pub mod duplicate_lines;
pub mod duplicate_ngrams;
pub mod duplicate_paragraphs;
pub mod han_ngrams;
pub mod top_ngrams;

use crate::{
    contract::{Dialect, Document, Fidelity, Field, FieldKind, Source, Span, Value},
    text::{
        ngrams::{Ngrams, Place},
        pieces::{Ends, Piece, Pieces},
    },
};

/// Where all rules of this family come from.
const GOPHER: Source = Source {
    work: "Rae et al. 2021, Scaling Language Models (Gopher), repetition filters",
    url: "https://arxiv.org/abs/2112.11446",
    fidelity: Fidelity::Adapted,
};

const fn ratio(name: &'static str, what: &'static str) -> Field {
    Field { name, kind: FieldKind::Float, unit: "ratio", what }
}

/// DCLM strips pieces before it compares and counts them.
const fn ends(dialect: Dialect) -> Ends {
    match dialect {
        Dialect::Dclm => Ends::Stripped,
        _ => Ends::Kept,
    }
}

/// Shares of duplicate pieces: of their number, and of their characters.
fn measure_pieces(document: &Document<'_>, pieces: &Pieces, dialect: Dialect, out: &mut [Value]) {
    if document.is_blank() {
        return;
    }
    let text = document.text();
    let chars = |span: Span| span.of(text).chars().count() as u64;
    let (mut all, mut all_chars, mut copies, mut copied_chars) = (0, 0, 0, 0);
    let sums_pieces = matches!(dialect, Dialect::Dclm | Dialect::Nemo | Dialect::Paper);
    for piece in counted(text, pieces, dialect) {
        all += 1;
        if sums_pieces {
            all_chars += chars(piece.span);
        }
        if is_duplicate(pieces, piece, dialect) {
            copies += 1;
            copied_chars += chars(piece.span);
        }
    }
    let whole = match dialect {
        Dialect::Datatrove => document.characters().all,
        Dialect::Dolma => document.words(dialect.words()).iter().map(|w| u64::from(w.chars)).sum(),
        Dialect::Dclm | Dialect::Nemo | Dialect::Paper => all_chars,
    };
    out[0] = Value::share(copies, all);
    out[1] = Value::share(copied_chars, whole);
}

/// Duplicate pieces that show something.
fn locate_pieces(
    document: &Document<'_>,
    pieces: &Pieces,
    dialect: Dialect,
    spans: &mut Vec<Span>,
) {
    let duplicates = counted(document.text(), pieces, dialect)
        .filter(|piece| is_duplicate(pieces, piece, dialect))
        .map(|piece| piece.span);
    spans.extend(duplicates.filter(|span| span.start < span.end));
}

/// The pieces that take part: blank ones do in datatrove and Dolma.
fn counted<'p>(
    text: &'p str,
    pieces: &'p Pieces,
    dialect: Dialect,
) -> impl Iterator<Item = &'p Piece> {
    let blank_ones = matches!(dialect, Dialect::Datatrove | Dialect::Dolma);
    let takes_part = move |piece: &&Piece| blank_ones || !piece.span.of(text).trim().is_empty();
    pieces.all().iter().filter(takes_part)
}

/// datatrove and `NeMo` Curator leave the first of equal pieces out, the others count all.
fn is_duplicate(pieces: &Pieces, piece: &Piece, dialect: Dialect) -> bool {
    match dialect {
        Dialect::Datatrove | Dialect::Nemo => piece.is_copy,
        Dialect::Dclm | Dialect::Dolma | Dialect::Paper => 1 < pieces.count(piece),
    }
}

/// Calls `each` with the first word and the word after the last of every stretch that
/// `places` of runs of `n` words cover, in order; stretches do not overlap.
fn stretches(places: impl Iterator<Item = Place>, n: usize, mut each: impl FnMut(usize, usize)) {
    let mut open: Option<(usize, usize)> = None;
    for place in places {
        let at = place.at as usize;
        open = match open {
            Some((from, to)) if at < to => Some((from, at + n)),
            closed => {
                if let Some((from, to)) = closed {
                    each(from, to);
                }
                Some((at, at + n))
            }
        };
    }
    if let Some((from, to)) = open {
        each(from, to);
    }
}

/// All but the first occurrence of each run; numbers follow the first occurrences.
fn after_the_first(places: impl Iterator<Item = Place>) -> impl Iterator<Item = Place> {
    let mut next = 0;
    places.filter(move |place| {
        let is_first = place.run == next;
        next += u32::from(is_first);
        !is_first
    })
}

/// Characters of all words.
fn word_chars(ngrams: &Ngrams) -> u64 {
    ngrams.chars(0, ngrams.words())
}

/// The largest of the values that are there.
fn largest(values: &[Value]) -> Value {
    let numbers = values.iter().filter_map(Value::as_f64);
    numbers.max_by(f64::total_cmp).map_or(Value::Missing, Value::Float)
}
