//! What two similar texts differ in, and whether one may go because the other stays.
//!
//! The rule: a text that goes may not say anything that the one that stays does not say. Both
//! are aligned word by word. What differs is then explained, place by place, by the first of
//! [`Harmless`] that fits; where none fits, the texts differ in a detail ([`Verdict::Template`])
//! or in what they say ([`Verdict::Longer`]).

use std::fmt;

use super::{
    align::{Aligner, Hunk},
    details,
    harmless::{Harmless, Judge},
    tokens::{Token, Tokens},
};
use crate::contract::Span;

/// Whether a document may be removed because a similar one stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It says nothing that the other does not say.
    Copy,
    /// The two differ in numbers, names or dates: records, forms, revisions.
    Template,
    /// It says something that the other does not say, or says it differently.
    Longer,
}

/// What two texts differ in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Whether the second may be removed because the first stays.
    pub verdict: Verdict,
    /// Whether the first may be removed because the second stays.
    pub reverse: Verdict,
    /// The first differences, those that decide before those that do no harm.
    pub places: Vec<Place>,
    /// How many places differ.
    pub count: usize,
}

/// A place where two texts differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// What stands there in the text that would stay; empty if nothing does.
    pub kept: Span,
    /// What stands there in the text that would be removed; empty if nothing does.
    pub removed: Span,
    /// Why the second text loses nothing here, or that it does.
    pub kind: PlaceKind,
}

/// What kind of difference a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceKind {
    /// Numbers, names, dates or signs differ.
    Detail,
    /// Something else is said.
    Said,
    /// Nothing is lost.
    Harmless(Harmless),
}

impl fmt::Display for PlaceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Detail => "a number, name or date differs",
            Self::Said => "something else is said",
            Self::Harmless(reason) => reason.as_str(),
        })
    }
}

/// Differences that are reported.
const MOST_PLACES: usize = 8;

/// Compares similar texts, in memory that is reused.
#[derive(Debug, Default)]
pub struct Comparer {
    kept: Tokens,
    removed: Tokens,
    hashes: [Vec<u64>; 2],
    aligner: Aligner,
    hunks: Vec<Hunk>,
    judge: Judge,
}

impl Comparer {
    /// Compares a text that would stay with one that would be removed.
    pub fn compare(&mut self, kept: &str, removed: &str) -> Difference {
        let Self { kept: left, removed: right, hashes, aligner, hunks, judge } = self;
        left.fill(kept);
        right.fill(removed);
        let [a, b] = hashes;
        for (tokens, hashes) in [(&*left, &mut *a), (&*right, &mut *b)] {
            hashes.clear();
            hashes.extend(tokens.all.iter().map(|token| token.hash));
        }
        aligner.align(a, b, hunks);
        join(hunks);
        widen(hunks, right);
        for hunk in hunks.iter_mut() {
            slide(hunk, &left.all, &right.all);
        }
        let (verdict, kinds) = judge.judge((kept, left), (removed, right), hunks);
        let mut places: Vec<Place> = hunks
            .iter()
            .zip(&kinds)
            .map(|(hunk, &kind)| Place {
                kept: span(&left.all[hunk.left.clone()]),
                removed: span(&right.all[hunk.right.clone()]),
                kind,
            })
            .collect();
        places.sort_by_key(|place| matches!(place.kind, PlaceKind::Harmless(_)));
        places.truncate(MOST_PLACES);
        for hunk in hunks.iter_mut() {
            std::mem::swap(&mut hunk.left, &mut hunk.right);
        }
        let (reverse, _) = judge.judge((removed, right), (kept, left), hunks);
        Difference { verdict, reverse, places, count: kinds.len() }
    }
}

fn span(tokens: &[Token]) -> Span {
    match tokens {
        [first, .., last] => Span { start: first.start, end: last.end },
        [only] => Span { start: only.start, end: only.end },
        [] => Span { start: 0, end: 0 },
    }
}

/// Joins differences with less between them than they are long themselves: a word that two
/// sentences share by chance.
fn join(hunks: &mut Vec<Hunk>) {
    let size = |hunk: &Hunk| hunk.left.len().max(hunk.right.len());
    merge(hunks, |last, next| {
        let between = next.left.start - last.left.end;
        between <= size(last).min(size(next)) && between <= 8
    });
}

/// Joins differences in one line of the second text if they make up more than half of it, and
/// takes the rest of the line to them.
fn widen(hunks: &mut Vec<Hunk>, right: &Tokens) {
    // Tokens that differ, by line.
    let mut changed = vec![0_u32; right.lines.len()];
    for hunk in hunks.iter() {
        for token in &right.all[hunk.right.clone()] {
            changed[token.line as usize] += 1;
        }
    }
    let is_other = |line: u32| {
        let line = line as usize;
        right.lines[line + 1] - right.lines[line] < 2 * changed[line]
    };
    let mut before = (0, 0);
    for at in 0..hunks.len() {
        let next = hunks.get(at + 1).map_or(right.all.len(), |next| next.right.start);
        let hunk = &mut hunks[at];
        if let [first, .., last] | [first @ last] = &right.all[hunk.right.clone()] {
            if is_other(first.line) {
                let start = right.lines[first.line as usize] as usize;
                let by = hunk.right.start - start.max(before.1).min(hunk.right.start);
                (hunk.left.start, hunk.right.start) = (hunk.left.start - by, hunk.right.start - by);
            }
            if is_other(last.line) {
                let end = (right.lines[last.line as usize + 1] as usize).min(next);
                let by = end.saturating_sub(hunk.right.end);
                (hunk.left.end, hunk.right.end) = (hunk.left.end + by, hunk.right.end + by);
            }
        }
        before = (hunk.left.end, hunk.right.end);
    }
    merge(hunks, |last, next| {
        last.right.end == next.right.start && last.left.end == next.left.start
    });
}

fn merge(hunks: &mut Vec<Hunk>, belong: impl Fn(&Hunk, &Hunk) -> bool) {
    hunks.dedup_by(|next, last| {
        let joined = belong(last, next);
        if joined {
            (last.left.end, last.right.end) = (next.left.end, next.right.end);
        }
        joined
    });
}

/// Moves what only one text has to where it opens a statement, if that is the same: of
/// `A. B. B. C.` and `A. B. C.` either `B.` is the new one.
fn slide(hunk: &mut Hunk, left: &[Token], right: &[Token]) {
    const FARTHEST: usize = 64;
    let (range, tokens, other) = match (hunk.left.is_empty(), hunk.right.is_empty()) {
        (true, false) => (&mut hunk.right, right, &mut hunk.left),
        (false, true) => (&mut hunk.left, left, &mut hunk.right),
        _ => return,
    };
    for by in 0..FARTHEST {
        let Some(start) = range.start.checked_sub(by) else { return };
        let end = range.end - by;
        if details::is_statement(tokens, start..end) {
            let place = other.start - by;
            (*range, *other) = (start..end, place..place);
            return;
        }
        let same = start
            .checked_sub(1)
            .filter(|before| tokens[*before].hash == tokens[end - 1].hash && by < other.start);
        if same.is_none() {
            return;
        }
    }
}
