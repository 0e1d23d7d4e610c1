//! Finding every place of a regular expression in time linear in the text.

use std::fmt;

use regex_automata::{
    Anchored, Input, MatchKind,
    dfa::{Automaton, StartKind, dense},
    nfa::thompson,
    util::prefilter::Prefilter,
};
use regex_syntax::hir::Hir;

use crate::contract::{OptionsError, Span};

/// How often a byte may be read on average. Where one place ends, the search for the next
/// begins, though the pattern may have looked far ahead: `.*!|.` looks to the end of the
/// line for every character. Usual patterns read a byte once or twice.
const MOST_READS: usize = 32;

/// A compiled regular expression.
///
/// Automata are built before the search, so that a byte costs one step whatever the
/// pattern, and the bytes read ahead in vain can be counted.
pub(crate) struct Pattern {
    /// Finds the end of the next match.
    forward: dense::DFA<Vec<u32>>,
    /// Finds the start of a match from its end.
    reverse: dense::DFA<Vec<u32>>,
    /// Finds where a match can start, where the pattern opens with known text.
    prefilter: Option<Prefilter>,
}

/// The pattern would have to read the text again and again.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooManyReads;

impl Pattern {
    /// Compiles option `pattern` into at most `program_bytes` for each direction.
    pub(crate) fn new(pattern: &str, program_bytes: usize) -> Result<Self, OptionsError> {
        let hir = parse(pattern)?;
        let too_large = || {
            OptionsError::new(
                "pattern",
                format!("needs more than {program_bytes} bytes of memory to be searched for"),
                "shorten counted repetitions such as `{1,100}`, write `[0-9]` for `\\d` and \
                 `[A-Za-z]` for `\\w`, or raise `program-bytes`",
            )
        };
        let build = |reverse| automaton(&hir, reverse, program_bytes).ok_or_else(too_large);
        let prefilter = Prefilter::from_hir_prefix(MatchKind::LeftmostFirst, &hir);
        Ok(Self {
            forward: build(false)?,
            reverse: build(true)?,
            prefilter: prefilter.filter(Prefilter::is_fast),
        })
    }

    /// Calls `with` for every match that holds a character, in order, none overlapping.
    pub(crate) fn find(&self, text: &str, mut with: impl FnMut(Span)) -> Result<(), TooManyReads> {
        let mut left = text.len().saturating_mul(MOST_READS);
        let mut from = 0;
        while let Some(start) = self.candidate(text, from) {
            let (end, read) = self.end(text, start);
            left = left.checked_sub(read).ok_or(TooManyReads)?;
            let Some(end) = end else { break };
            let start = self.start(text, start, end);
            from = if start < end {
                with(Span::new(start, end));
                end
            } else {
                text.ceil_char_boundary(end + 1)
            };
        }
        Ok(())
    }

    /// The first place from `from` on where a match may start.
    fn candidate(&self, text: &str, from: usize) -> Option<usize> {
        if text.len() <= from {
            return None;
        }
        match &self.prefilter {
            Some(prefilter) => {
                let span = prefilter.find(text.as_bytes(), (from..text.len()).into())?;
                Some(span.start)
            }
            None => Some(from),
        }
    }

    /// The end of the first match that starts at `from` or later, and how many bytes were read.
    fn end(&self, text: &str, from: usize) -> (Option<usize>, usize) {
        let dfa = &self.forward;
        let Ok(mut state) = dfa.start_state_forward(&Input::new(text).range(from..)) else {
            return (None, 0);
        };
        let mut end = None;
        for (at, byte) in text.bytes().enumerate().skip(from) {
            state = dfa.next_state(state, byte);
            if dfa.is_special_state(state) {
                // The automaton says so one byte later, when it knows what follows.
                if dfa.is_match_state(state) {
                    end = Some(at);
                } else if dfa.is_dead_state(state) {
                    return (end, at - from);
                }
            }
        }
        if dfa.is_match_state(dfa.next_eoi_state(state)) {
            end = Some(text.len());
        }
        (end, text.len() - from)
    }

    /// The start of the match that ends at `end`; it is not before `from`.
    fn start(&self, text: &str, from: usize, end: usize) -> usize {
        let dfa = &self.reverse;
        let input = Input::new(text).range(from..end).anchored(Anchored::Yes);
        let Ok(mut state) = dfa.start_state_reverse(&input) else { return end };
        let mut start = end;
        let bytes = text.as_bytes();
        for at in (from..end).rev() {
            state = dfa.next_state(state, bytes[at]);
            if dfa.is_special_state(state) {
                if dfa.is_match_state(state) {
                    start = at + 1;
                } else if dfa.is_dead_state(state) {
                    return start;
                }
            }
        }
        let before = from.checked_sub(1).map(|at| bytes[at]);
        state = match before {
            Some(byte) => dfa.next_state(state, byte),
            None => dfa.next_eoi_state(state),
        };
        if dfa.is_match_state(state) { from } else { start }
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.forward.memory_usage() + self.reverse.memory_usage();
        write!(f, "a pattern of {bytes} bytes")
    }
}

fn parse(pattern: &str) -> Result<Hir, OptionsError> {
    let hir = regex_syntax::parse(pattern).map_err(|error| {
        let (start, problem) = match &error {
            regex_syntax::Error::Parse(error) => (error.span().start, error.kind().to_string()),
            regex_syntax::Error::Translate(error) => (error.span().start, error.kind().to_string()),
            _ => (regex_syntax::ast::Position::new(0, 1, 1), error.to_string()),
        };
        let line = if start.line == 1 { String::new() } else { format!(" of line {}", start.line) };
        OptionsError::new(
            "pattern",
            format!("is wrong at character {}{line}: {problem}", start.column),
            "the syntax is that of docs.rs/regex; in TOML, write it between single quotes",
        )
    })?;
    if hir.properties().look_set().contains_word_unicode() {
        return Err(OptionsError::new(
            "pattern",
            "holds `\\b` or its like for all scripts, which cannot be searched for in linear time",
            "write `(?-u:\\b)`, which stands at the edges of ASCII words, also beside Chinese",
        ));
    }
    Ok(hir)
}

/// An automaton that reads forward for the first match, or back for its start.
fn automaton(hir: &Hir, reverse: bool, bytes: usize) -> Option<dense::DFA<Vec<u32>>> {
    let program = thompson::Config::new()
        .reverse(reverse)
        .which_captures(thompson::WhichCaptures::None)
        .nfa_size_limit(Some(bytes));
    let nfa = thompson::Compiler::new().configure(program).build_from_hir(hir).ok()?;
    let (kind, start) = if reverse {
        (MatchKind::All, StartKind::Anchored)
    } else {
        (MatchKind::LeftmostFirst, StartKind::Unanchored)
    };
    let config = dense::Config::new()
        .match_kind(kind)
        .start_kind(start)
        .accelerate(false)
        .dfa_size_limit(Some(bytes))
        .determinize_size_limit(Some(bytes));
    dense::Builder::new().configure(config).build_from_nfa(&nfa).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PROGRAM_BYTES: usize = 4 << 20;

    fn found<'t>(pattern: &str, text: &'t str) -> Vec<&'t str> {
        let mut found = Vec::new();
        let pattern = Pattern::new(pattern, PROGRAM_BYTES).unwrap();
        pattern.find(text, |span| found.push(span.of(text))).unwrap();
        found
    }

    #[test]
    fn the_first_alternative_counts_and_repetitions_are_long() {
        assert_eq!(found(r"\d+|[a-z]+?", "ab12c3"), ["a", "b", "12", "c", "3"]);
        assert_eq!(found("版权(所有)?|所有", "版权所有，所有版权"), ["版权所有", "所有", "版权"]);
    }

    #[test]
    fn flags_and_anchors_are_written_inside() {
        assert_eq!(found("(?i)low", "Low LOW"), ["Low", "LOW"]);
        assert_eq!(found("(?m)^- .*$", "a\n- b\n- c"), ["- b", "- c"]);
        assert_eq!(found("^a|a$", "a a a"), ["a", "a"]);
        assert_eq!(found(r"(?-u:\b)AI(?-u:\b)", "使用AI技术 MAIL"), ["AI"]);
    }

    #[test]
    fn a_match_without_characters_does_not_count() {
        assert_eq!(found("x*", "一x二xx三"), ["x", "xx"]);
        assert_eq!(found("", "一"), Vec::<&str>::new());
    }

    #[test]
    fn looking_ahead_in_vain_has_an_end() {
        let pattern = Pattern::new(".*!|.", PROGRAM_BYTES).unwrap();
        let count = |text: &str| {
            let mut count = 0;
            pattern.find(text, |_| count += 1).map(|()| count)
        };
        assert_eq!(count(&"a".repeat(60)), Ok(60));
        assert_eq!(count(&"a".repeat(1 << 20)), Err(TooManyReads));
        assert_eq!(count(&"a line\n".repeat(1 << 16)), Ok(6 << 16));
    }

    #[test]
    fn a_mistake_is_shown_with_its_place() {
        let problem = |pattern| Pattern::new(pattern, PROGRAM_BYTES).unwrap_err().problem;
        assert_eq!(problem("版权(所有"), "is wrong at character 3: unclosed group");
        assert_eq!(
            problem("(?x)a\n  b**{"),
            "is wrong at character 6 of line 2: unclosed counted repetition"
        );
        assert!(problem("(a{1000}){1000}").starts_with("needs more than"));
        assert!(problem("a.{30}b").starts_with("needs more than"));
        assert!(problem(r"\bword\b").starts_with("holds `\\b`"));
    }

    proptest! {
        #[test]
        fn matches_are_those_of_the_crate_regex(
            pattern in r"(\(\?(i|m|s|-u:\\b|:)\))?([ab一.]|\[\^a\]|\\d|\\s|\^|\$|\(\?-u:\\b\)|\(a\|b.\)|\(\.\*\|b\))([*+?]|\{2\}|\*\?)?([ab一]\|?){0,3}",
            text in "[aAb一é1 \n]{0,20}",
        ) {
            if let Ok(theirs) = regex::Regex::new(&pattern) {
                let theirs = theirs.find_iter(&text).map(|hit| hit.as_str());
                let theirs: Vec<&str> = theirs.filter(|hit| !hit.is_empty()).collect();
                prop_assert_eq!(found(&pattern, &text), theirs, "{}", pattern);
            }
        }
    }
}
