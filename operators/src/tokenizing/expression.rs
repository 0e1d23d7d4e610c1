//! Regular expressions that cut a text into pieces.

use regex_automata::{
    Anchored, Input, MatchKind, PatternID,
    dfa::{Automaton, StartKind, dense},
    nfa::thompson,
    util::primitives::StateID,
};
use regex_syntax::{
    ast::{self, Ast, Visitor},
    hir::{Hir, translate::Translator},
};

/// How most expressions of tokenizers end: white space goes to what follows, but for the last
/// of it.
const SPACES: &str = r"|\s+(?!\S)|\s+";
/// Bytes of an automaton.
const MOST_BYTES: usize = 1 << 24;
/// How often a byte may be read on average.
const MOST_READS: usize = 32;

/// An expression as an automaton.
pub(super) struct Expression {
    automaton: dense::DFA<Vec<u32>>,
    start: StateID,
    /// Whether a match can begin with a byte.
    begins: [bool; 256],
}

impl Expression {
    /// `None` if it looks around or is too large; then it means something else than here, or
    /// takes another kind of search.
    pub(super) fn of(expression: &str) -> Option<Self> {
        let (head, spaces) = match expression.strip_suffix(SPACES) {
            Some(head) => (head, Some(r"\s+")),
            None => (expression, None),
        };
        let hirs: Option<Vec<Hir>> =
            [Some(head), spaces].into_iter().flatten().map(plain).collect();
        let nfa = thompson::Compiler::new().build_many_from_hir(&hirs?).ok()?;
        let config = dense::Config::new()
            .start_kind(StartKind::Anchored)
            .match_kind(MatchKind::LeftmostFirst)
            .dfa_size_limit(Some(MOST_BYTES))
            .determinize_size_limit(Some(MOST_BYTES * 4));
        let automaton = dense::Builder::new().configure(config).build_from_nfa(&nfa).ok()?;
        let start = automaton.start_state_forward(&Input::new("").anchored(Anchored::Yes)).ok()?;
        let begins = std::array::from_fn(|byte| {
            u8::try_from(byte)
                .is_ok_and(|byte| !automaton.is_dead_state(automaton.next_state(start, byte)))
        });
        Some(Self { automaton, start, begins })
    }

    /// Calls `each` with the pieces of `text`: what matches, and what stands between.
    /// `None` if `each` says so, or if the text had to be read again and again.
    pub(super) fn cut<'t>(
        &self,
        text: &'t str,
        mut each: impl FnMut(&'t str) -> Option<()>,
    ) -> Option<()> {
        let bytes = text.as_bytes();
        let mut left = bytes.len().saturating_mul(MOST_READS) + 64;
        let (mut from, mut at) = (0, 0);
        while at < bytes.len() {
            let begins = self.begins[usize::from(bytes[at])];
            let found = if begins { self.end(bytes, at, &mut left) } else { None };
            if left == 0 {
                return None;
            }
            let Some(end) = found else {
                at = text.ceil_char_boundary(at + 1);
                continue;
            };
            if from < at {
                each(&text[from..at])?;
            }
            each(&text[at..end])?;
            (from, at) = (end, end);
        }
        if from < at { each(&text[from..at]) } else { Some(()) }
    }

    /// The end of the match that begins at `from`, if one does. What is read is taken from
    /// `left`, down to 0.
    #[inline]
    fn end(&self, text: &[u8], from: usize, left: &mut usize) -> Option<usize> {
        let automaton = &self.automaton;
        let mut state = self.start;
        let mut found: Option<(usize, PatternID)> = None;
        let mut at = from;
        loop {
            let byte = text.get(at);
            state = match byte {
                Some(byte) => automaton.next_state(state, *byte),
                None => automaton.next_eoi_state(state),
            };
            // The automaton says so one byte later, when it knows what follows.
            if automaton.is_special_state(state) {
                if automaton.is_match_state(state) {
                    found = Some((at, automaton.match_pattern(state, 0)));
                } else if automaton.is_dead_state(state) {
                    break;
                }
            }
            if byte.is_none() {
                break;
            }
            at += 1;
        }
        *left = left.saturating_sub(at - from);
        found.map(|(end, pattern)| match pattern {
            PatternID::ZERO => end,
            _ => without_last(text, from, end),
        })
    }
}

/// White space before something leaves it the last character, if there are several.
fn without_last(text: &[u8], from: usize, end: usize) -> usize {
    let is_start = |at: &usize| text[*at] & 0xc0 != 0x80;
    let last = (from..end).rev().find(is_start).unwrap_or(from);
    if end == text.len() || last == from { end } else { last }
}

fn plain(expression: &str) -> Option<Hir> {
    let ast = ast::parse::Parser::new().parse(expression).ok()?;
    ast::visit(&ast, OnceRepeated).ok()?;
    let hir = Translator::new().translate(expression, &ast).ok()?;
    let properties = hir.properties();
    let plain = properties.look_set().is_empty() && properties.minimum_len() != Some(0);
    plain.then_some(hir)
}

/// Refuses what is repeated and repeated again: `a++` takes all and gives nothing back where
/// tokenizers are written for, and is a mere repetition here.
struct OnceRepeated;

impl Visitor for OnceRepeated {
    type Output = ();
    type Err = ();

    fn finish(self) -> Result<(), ()> {
        Ok(())
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), ()> {
        match ast {
            Ast::Repetition(outer) if matches!(*outer.ast, Ast::Repetition(_)) => Err(()),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces<'t>(expression: &str, text: &'t str) -> Vec<&'t str> {
        let mut found = Vec::new();
        Expression::of(expression).unwrap().cut(text, |piece| {
            found.push(piece);
            Some(())
        });
        found
    }

    #[test]
    fn the_last_white_space_goes_to_what_follows() {
        let words = r" ?\p{L}+|\s+(?!\S)|\s+";
        assert_eq!(
            pieces(words, "ebb  and\n\n flow \u{3000} "),
            ["ebb", " ", " and", "\n\n", " flow", " \u{3000} "]
        );
        assert_eq!(pieces(words, "\u{3000}\u{3000}潮"), ["\u{3000}", "\u{3000}", "潮"]);
    }

    #[test]
    fn what_does_not_match_is_a_piece_too() {
        assert_eq!(pieces(r"\p{N}{1,3}", "m3.1415潮"), ["m", "3", ".", "141", "5", "潮"]);
    }

    #[test]
    fn what_looks_around_or_gives_nothing_back_is_refused() {
        for expression in [r"a(?=b)", r"\ba", r"\p{N}{1,3}+", r"a*", r"(a)\1"] {
            assert!(Expression::of(expression).is_none(), "{expression}");
        }
    }

    #[test]
    fn a_text_that_is_read_again_and_again_is_refused() {
        let expression = Expression::of(".*!|.").unwrap();
        assert_eq!(expression.cut(&"a".repeat(10_000), |_| Some(())), None);
    }
}
