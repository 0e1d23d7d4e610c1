//! Finding any of many phrases in a text.

use std::fmt;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use crate::contract::Span;

/// Most bytes of a list that is searched for by the faster automaton.
const SMALL: usize = 8192;

/// A set of phrases, ready to be searched for. `A` to `Z` count as `a` to `z`; of phrases
/// that overlap the first counts, of those that start together the longest. A phrase that
/// opens or closes with a letter or digit of a script that puts spaces between words
/// must do so at the edge of a word.
pub(crate) struct Phrases {
    automaton: Option<AhoCorasick>,
}

impl Phrases {
    /// `None` if the list is too large to be searched for.
    pub(crate) fn new<'p>(phrases: impl IntoIterator<Item = &'p str>) -> Option<Self> {
        let phrases: Vec<&str> = phrases.into_iter().filter(|phrase| !phrase.is_empty()).collect();
        if phrases.is_empty() {
            return Some(Self { automaton: None });
        }
        // The faster automaton takes memory for each byte of the list times each byte in use.
        let bytes: usize = phrases.iter().map(|phrase| phrase.len()).sum();
        let kind = match bytes {
            ..=SMALL => AhoCorasickKind::DFA,
            _ => AhoCorasickKind::ContiguousNFA,
        };
        let built = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(kind))
            .build(phrases);
        Some(Self { automaton: Some(built.ok()?) })
    }

    /// The phrases in `text`, in order, none of them overlapping.
    pub(crate) fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Span> + 't {
        let found = self.automaton.iter().flat_map(move |it| it.find_iter(text));
        found
            .filter(move |hit| stands_free(text, hit.start(), hit.end()))
            .map(|hit| Span::new(hit.start(), hit.end()))
    }
}

impl fmt::Debug for Phrases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let phrases = self.automaton.as_ref().map_or(0, AhoCorasick::patterns_len);
        write!(f, "{phrases} phrases")
    }
}

fn stands_free(text: &str, start: usize, end: usize) -> bool {
    let ends_of = |at: usize| (text[..at].chars().next_back(), text[at..].chars().next());
    [start, end].into_iter().all(|at| match ends_of(at) {
        (Some(before), Some(after)) => !(is_spaced(before) && is_spaced(after)),
        _ => true,
    })
}

/// Whether a character is part of words with spaces between them. Scripts from U+0E00 on
/// that do use spaces (Hangul, Devanagari is below) end words with suffixes, which would
/// hide a phrase.
fn is_spaced(character: char) -> bool {
    character < '\u{e00}' && character.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(phrases: &[&str], text: &'t str) -> Vec<&'t str> {
        let phrases = Phrases::new(phrases.iter().copied()).unwrap();
        phrases.find(text).map(|span| span.of(text)).collect()
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
    fn nothing_is_found_by_no_phrases() {
        assert_eq!(found(&[], "text"), Vec::<&str>::new());
    }
}
