//! Finding any of many phrases in a text.

use std::{fmt, iter, ops::Range};

use super::scan::plain_length;
use crate::contract::Span;

/// A set of phrases, ready to be searched for.
///
/// Letters of any case are the same, and so are the full-width forms of ASCII. A phrase that
/// opens or closes with a letter or digit of a script that puts spaces between words must do
/// so at the edge of a word. Of phrases that overlap the first counts, of those that start
/// together the longest.
///
/// The phrases are a tree of characters, laid out level by level: the children of a node
/// stand side by side, those of the next node behind them. A walk begins at most once for each
/// character and ends with the longest phrase, whose length has a limit.
#[derive(Default)]
pub(crate) struct Phrases {
    /// By which character a node is reached from its parent; nothing leads to the root.
    labels: Vec<char>,
    /// Number of the first child of each node, and once more one past the last.
    children: Vec<u32>,
    /// Number of the phrase that ends at each node, or [`NONE`].
    ends: Vec<u32>,
    /// Child of the root by character, 0 if there is none.
    first: Vec<u32>,
    openings: Openings,
    count: usize,
}

/// No phrase.
const NONE: u32 = u32::MAX;

/// A place where a phrase stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    /// The place.
    pub(crate) span: Span,
    /// Which phrase; of equal ones the first.
    pub(crate) phrase: usize,
}

/// The phrase of this number has more than [`Phrases::LONGEST`] characters.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLong(pub(crate) usize);

impl Phrases {
    /// Most characters of a phrase.
    pub(crate) const LONGEST: usize = 200;

    /// Makes phrases ready; empty ones are never found.
    pub(crate) fn new<'p>(phrases: impl IntoIterator<Item = &'p str>) -> Result<Self, TooLong> {
        let mut sorted: Vec<(Vec<char>, u32)> = Vec::new();
        for (phrase, number) in phrases.into_iter().zip(0..) {
            let folded: Vec<char> = phrase.chars().take(Self::LONGEST + 1).map(fold).collect();
            if Self::LONGEST < folded.len() {
                return Err(TooLong(number as usize));
            }
            if !folded.is_empty() {
                sorted.push((folded, number));
            }
        }
        sorted.sort_unstable();
        sorted.dedup_by(|later, earlier| later.0 == earlier.0);
        let mut tree = Self::tree(&sorted);
        for (phrase, _) in &sorted {
            tree.openings.add(phrase);
        }
        Ok(tree)
    }

    /// Whether there is nothing to find.
    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The phrases in `text`, in order, none of them overlapping.
    pub(crate) fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Found> + 't {
        let (mut at, mut inside) = (0, false);
        iter::from_fn(move || {
            loop {
                (at, inside) = self.openings.skip(text.as_bytes(), at, inside);
                let character = text[at..].chars().next()?;
                let folded = fold(character);
                let spaced = is_spaced(folded);
                if !(inside && spaced)
                    && let Some(child) = self.first(folded)
                    && let Some((end, phrase)) =
                        self.longest(text, at + character.len_utf8(), folded, child)
                {
                    let span = Span::new(at, end);
                    at = end;
                    inside =
                        text[..end].chars().next_back().is_some_and(|last| is_spaced(fold(last)));
                    return Some(Found { span, phrase });
                }
                at += character.len_utf8();
                inside = spaced;
                if spaced {
                    // No phrase starts before the word ends.
                    at += plain_length(&text.as_bytes()[at..]);
                }
            }
        })
    }

    /// The end and number of the longest phrase that opens with the way to `node`, which ends
    /// with `last` before `at`.
    fn longest(&self, text: &str, at: usize, last: char, node: usize) -> Option<(usize, usize)> {
        let (mut at, mut last, mut node) = (at, last, node);
        let mut longest = None;
        loop {
            let next = text[at..].chars().next();
            let folded = next.map(fold);
            let phrase = self.ends[node];
            if phrase != NONE && !(is_spaced(last) && folded.is_some_and(is_spaced)) {
                longest = Some((at, phrase as usize));
            }
            let (Some(next), Some(folded)) = (next, folded) else { return longest };
            let Some(child) = self.child(node, folded) else { return longest };
            (at, last, node) = (at + next.len_utf8(), folded, child);
        }
    }

    fn first(&self, folded: char) -> Option<usize> {
        let child = *self.first.get(folded as usize)?;
        (child != 0).then_some(child as usize)
    }

    fn child(&self, node: usize, folded: char) -> Option<usize> {
        let (from, to) = (self.children[node] as usize, self.children[node + 1] as usize);
        self.labels[from..to].binary_search(&folded).ok().map(|at| from + at)
    }

    /// Builds the tree of phrases that are in order, each once.
    fn tree(sorted: &[(Vec<char>, u32)]) -> Self {
        let mut tree = Self { labels: vec!['\0'], count: sorted.len(), ..Self::default() };
        // For each node the phrases that go through it; those of a level have one depth.
        let mut level: Vec<Range<usize>> = iter::once(0..sorted.len()).collect();
        for depth in 0.. {
            let mut next_level = Vec::new();
            for mut through in level {
                let ends = sorted.get(through.start).filter(|(phrase, _)| phrase.len() == depth);
                tree.ends.push(ends.map_or(NONE, |(_, number)| *number));
                through.start += usize::from(ends.is_some());
                tree.children.push(index(tree.labels.len()));
                while let Some((phrase, _)) = sorted[through.clone()].first() {
                    let label = phrase[depth];
                    let same = sorted[through.clone()]
                        .partition_point(|(phrase, _)| phrase[depth] <= label);
                    tree.labels.push(label);
                    next_level.push(through.start..through.start + same);
                    through.start += same;
                }
            }
            if next_level.is_empty() {
                break;
            }
            level = next_level;
        }
        tree.children.push(index(tree.labels.len()));
        let roots = 1..tree.children[1] as usize;
        let most = tree.labels[roots.clone()].last().map_or(0, |label| *label as usize + 1);
        tree.first = vec![0; most];
        for child in roots {
            tree.first[tree.labels[child] as usize] = index(child);
        }
        tree
    }
}

/// The first three characters of phrases, by the lowest five bits of each, which do not tell
/// cases apart: most places of a text are passed by with one look.
#[derive(Default)]
struct Openings(Vec<u64>);

/// Threes of five bits.
const THREES: usize = 1 << 15;

impl Openings {
    /// Adds a phrase.
    fn add(&mut self, phrase: &[char]) {
        self.0.resize(THREES / 64, 0);
        let bits = |place: usize| match phrase.get(place) {
            Some(label) => {
                let low = *label as usize % 32;
                // No text of ASCII opens with another character.
                low..low + usize::from(label.is_ascii())
            }
            None => 0..32,
        };
        for first in bits(0) {
            for second in bits(1) {
                for third in bits(2) {
                    let three = (first << 10) | (second << 5) | third;
                    self.0[three / 64] |= 1 << (three % 64);
                }
            }
        }
    }

    /// The first place from `at` on where a phrase may open, or where that is not known, and
    /// whether it is inside a word.
    #[inline]
    fn skip(&self, bytes: &[u8], mut at: usize, mut inside: bool) -> (usize, bool) {
        while let Some(&[a, b, c]) = bytes[at..].first_chunk()
            && (a | b | c).is_ascii()
        {
            let three = [a, b, c].iter().fold(0, |all, byte| (all << 5) | usize::from(byte % 32));
            let opens = self.0.get(three / 64).is_some_and(|bits| bits & (1 << (three % 64)) != 0);
            let is_plain = a.is_ascii_alphanumeric();
            if opens && !(inside && is_plain) {
                break;
            }
            inside = is_plain;
            // No phrase starts before the word ends.
            at += if is_plain { plain_length(&bytes[at..]) } else { 1 };
        }
        (at, inside)
    }
}

/// Numbers of nodes have 32 bits; a list of more characters does not fit any memory at hand.
fn index(node: usize) -> u32 {
    u32::try_from(node).unwrap_or(NONE)
}

impl fmt::Debug for Phrases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} phrases", self.count)
    }
}

/// The character that stands for all forms of this one.
fn fold(character: char) -> char {
    match character {
        '\0'..='\x7f' => character.to_ascii_lowercase(),
        '\u{a0}' | '\u{3000}' => ' ',
        // Ideographs, kana, Hangul.
        '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7ff}' => character,
        '\u{ff01}'..='\u{ff5e}' => {
            let ascii = u32::from(character) - 0xfee0;
            char::from_u32(ascii).map_or(character, |ascii| ascii.to_ascii_lowercase())
        }
        _ => {
            let mut lower = character.to_lowercase();
            // What becomes several characters stays as it is.
            lower.next().filter(|_| lower.next().is_none()).unwrap_or(character)
        }
    }
}

/// Whether a character is part of words with spaces between them. Scripts from U+0E00 on
/// that do use spaces (Hangul; Devanagari is below) end words with suffixes, which would
/// hide a phrase.
fn is_spaced(folded: char) -> bool {
    folded.is_ascii_alphanumeric()
        || ('\u{80}'..'\u{e00}').contains(&folded) && folded.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(phrases: &[&str], text: &'t str) -> Vec<&'t str> {
        let phrases = Phrases::new(phrases.iter().copied()).unwrap();
        phrases.find(text).map(|found| found.span.of(text)).collect()
    }

    #[test]
    fn phrases_stand_at_the_edges_of_words() {
        assert_eq!(found(&["log in"], "Log in, blog in, log inside, LOG IN"), ["Log in", "LOG IN"]);
    }

    #[test]
    fn chinese_phrases_stand_anywhere() {
        assert_eq!(found(&["点击查看"], "请点击查看全文click"), ["点击查看"]);
        assert_eq!(found(&["app下载"], "本站app下载安装"), ["app下载"]);
    }

    #[test]
    fn the_longest_of_phrases_with_one_start_counts() {
        assert_eq!(found(&["版权", "版权所有"], "版权所有 版权"), ["版权所有", "版权"]);
    }

    #[test]
    fn what_stands_within_a_word_hides_nothing() {
        assert_eq!(found(&["log in", "log in to t"], "log in to the site"), ["log in"]);
        assert_eq!(found(&["e low", "low tide"], "the low tide"), ["low tide"]);
    }

    #[test]
    fn case_and_width_do_not_matter() {
        assert_eq!(found(&["ПРИВЕТ", "app下载"], "Привет！ＡＰＰ下载"), ["Привет", "ＡＰＰ下载"]);
        assert_eq!(found(&["ＡＤ"], "ad ＡＤＤ"), ["ad"]);
        assert_eq!(found(&["分享到:"], "分享到：微信"), ["分享到："]);
    }

    #[test]
    fn of_equal_phrases_the_first_is_found() {
        let phrases = Phrases::new(["a", "Low", "", "low", "b"]).unwrap();
        let numbers: Vec<usize> = phrases.find("b low").map(|found| found.phrase).collect();
        assert_eq!(numbers, [4, 1]);
    }

    #[test]
    fn long_phrases_are_refused_by_number() {
        let (fits, long) = ("一".repeat(Phrases::LONGEST), "一".repeat(Phrases::LONGEST + 1));
        assert_eq!(found(&[&fits], &long), [fits.as_str()]);
        assert_eq!(Phrases::new(["a", long.as_str()]).err(), Some(TooLong(1)));
    }

    #[test]
    fn short_phrases_are_found_before_anything() {
        assert_eq!(found(&["a", "to"], "A to b, a!"), ["A", "to", "a"]);
        assert_eq!(found(&["ok。"], "ok。 ok"), ["ok。"]);
        assert_eq!(found(&["kéy"], "KÉY key"), ["KÉY"]);
        assert_eq!(found(&["kelvin"], "\u{212a}elvin kelvin"), ["\u{212a}elvin", "kelvin"]);
    }

    #[test]
    fn nothing_is_found_by_no_phrases() {
        assert_eq!(found(&[], "text"), Vec::<&str>::new());
        assert!(Phrases::new([""]).unwrap().is_empty());
    }
}
