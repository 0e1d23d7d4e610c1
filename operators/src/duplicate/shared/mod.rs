//! Documents cut into passages, each with a key by which equal ones are found.
//!
//! A document is *signed* by few numbers, so that what it may share is found in narrow
//! tables; then the documents that share a number are cut, and their passages compared by
//! key and length. Paragraphs, lines and runs of sentences are signed by their keys. Of runs
//! of words there are as many as words: they are signed by winnowing.

mod runs;

pub use runs::MOST_WORDS;

use crate::{
    contract::{Cut, Document, Span, Unit},
    text::normal::{self, Key},
};

use runs::Runs;

/// One passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passage {
    /// What goes with it: the passage and the white space that sets it apart from the next.
    pub span: Span,
    /// Its key: equal passages have equal ones.
    pub key: Key,
}

/// Cuts documents in memory that is reused.
#[derive(Debug, Default)]
pub struct Cutter {
    passages: Vec<Passage>,
    sentences: Vec<Sentence>,
    normal: Vec<u8>,
    runs: Runs,
}

/// A sentence with what goes with it.
#[derive(Debug, Clone, Copy)]
struct Sentence {
    reach: Span,
    key: Key,
    characters: u32,
}

impl Cutter {
    /// Appends the numbers that the document is signed by, in order and each once. Two
    /// documents that share a passage share one.
    pub fn sign(&mut self, cut: &Cut, document: &Document<'_>, out: &mut Vec<i64>) {
        if cut.unit == Unit::Words {
            self.runs.fill(document);
            self.runs.sign(cut.length as usize, out);
        } else {
            self.fill(cut, document);
            out.extend(self.passages.iter().map(|passage| signature(passage.key)));
        }
        out.sort_unstable();
        out.dedup();
    }

    /// The passages of the document that may be shared, in order of their start: those signed
    /// by one of `shared`, which are in order.
    pub fn shared(&mut self, cut: &Cut, document: &Document<'_>, shared: &[i64]) -> &[Passage] {
        if cut.unit == Unit::Words {
            self.passages.clear();
            self.runs.fill(document);
            self.runs.shared(cut, document.text(), shared, &mut self.passages);
        } else {
            self.fill(cut, document);
            let is_shared =
                |passage: &Passage| shared.binary_search(&signature(passage.key)).is_ok();
            self.passages.retain(is_shared);
        }
        &self.passages
    }

    /// Cuts the document into passages other than runs of words.
    fn fill(&mut self, cut: &Cut, document: &Document<'_>) {
        self.passages.clear();
        match cut.unit {
            Unit::Paragraphs => self.paragraphs(cut, document),
            Unit::Lines => self.lines(cut, document),
            Unit::Sentences => self.sentences(cut, document),
            Unit::Words => {}
        }
    }

    fn lines(&mut self, cut: &Cut, document: &Document<'_>) {
        for line in document.non_blank_lines() {
            let end = (line.whole.end as usize + 1).min(document.text().len());
            self.push(cut, document, line.trimmed, Span::new(line.whole.start as usize, end));
        }
    }

    fn paragraphs(&mut self, cut: &Cut, document: &Document<'_>) {
        let text = document.text();
        let mut lines = document.lines().iter().peekable();
        while let Some(first) = lines.find(|line| !line.is_blank()) {
            let mut last = first;
            while let Some(line) = lines.next_if(|line| !line.is_blank()) {
                last = line;
            }
            while lines.next_if(|line| line.is_blank()).is_some() {}
            let end = lines.peek().map_or(text.len(), |next| next.whole.start as usize);
            let shown = Span { start: first.trimmed.start, end: last.trimmed.end };
            self.push(cut, document, shown, Span::new(first.whole.start as usize, end));
        }
    }

    /// Adds a passage, if it is long enough.
    fn push(&mut self, cut: &Cut, document: &Document<'_>, shown: Span, span: Span) {
        let text = &document.text()[shown.start as usize..shown.end as usize];
        if cut.characters <= characters(text) {
            let key = normal::key(text, &mut self.normal);
            self.passages.push(Passage { span, key });
        }
    }

    fn sentences(&mut self, cut: &Cut, document: &Document<'_>) {
        self.split(document);
        let count = cut.length as usize;
        for run in self.sentences.windows(count.max(1)) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            if run.iter().map(|sentence| sentence.characters).sum::<u32>() < cut.characters {
                continue;
            }
            self.normal.clear();
            for sentence in run {
                self.normal.extend_from_slice(&sentence.key.hash.to_le_bytes());
            }
            let hash = normal::content(&self.normal).hash;
            let bytes = run.iter().map(|sentence| sentence.key.bytes).sum();
            let span = Span { start: first.reach.start, end: last.reach.end };
            self.passages.push(Passage { span, key: Key { hash, bytes } });
        }
    }

    /// Takes the sentences. The first of a line reaches back to its start, the last to the next
    /// line.
    fn split(&mut self, document: &Document<'_>) {
        self.sentences.clear();
        let text = document.text();
        let sentences = document.sentences();
        let mut lines = document.lines().iter();
        let mut line = lines.next();
        for (at, span) in sentences.iter().enumerate() {
            while line.is_some_and(|line| line.whole.end < span.end) {
                line = lines.next();
            }
            let Some(line) = line else { break };
            let within =
                |other: &Span| line.whole.start <= other.start && other.end <= line.whole.end;
            let before = at.checked_sub(1).and_then(|at| sentences.get(at)).is_some_and(within);
            let next = sentences.get(at + 1).filter(|next| within(next));
            let start = if before { span.start } else { line.whole.start };
            let after = (line.whole.end as usize + 1).min(text.len());
            let end = next.map_or(after, |next| next.start as usize);
            let shown = &text[span.start as usize..span.end as usize];
            self.sentences.push(Sentence {
                reach: Span::new(start as usize, end),
                key: normal::key(shown, &mut self.normal),
                characters: characters(shown),
            });
        }
    }
}

/// The number by which a passage is found in narrow tables.
#[expect(clippy::cast_possible_truncation, reason = "the lower half of a hash is a hash")]
fn signature(key: Key) -> i64 {
    (key.hash as u64).cast_signed()
}

/// Letters and digits; an ideograph counts as three.
fn characters(text: &str) -> u32 {
    let weight = |character: char| match character {
        '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}' => 3,
        _ => u32::from(character.is_alphanumeric()),
    };
    text.chars().map(weight).fold(0, u32::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Workspace;

    fn cut(unit: Unit, length: u32, characters: u32) -> Cut {
        Cut { unit, length, characters }
    }

    /// What each passage of `text` takes with it.
    fn passages(cut: &Cut, text: &str) -> Vec<String> {
        let mut workspace = Workspace::new();
        let document = workspace.open_text(text);
        let mut cutter = Cutter::default();
        let mut all = Vec::new();
        cutter.sign(cut, &document, &mut all);
        let found = cutter.shared(cut, &document, &all);
        found.iter().map(|it| text[it.span.start as usize..it.span.end as usize].into()).collect()
    }

    fn shared(cut: &Cut, one: &str, other: &str) -> Vec<String> {
        let mut cutter = Cutter::default();
        let mut numbers = Vec::new();
        cutter.sign(cut, &Workspace::new().open_text(other), &mut numbers);
        let mut keys = Vec::new();
        let mut workspace = Workspace::new();
        let document = workspace.open_text(other);
        keys.extend(cutter.shared(cut, &document, &numbers).iter().map(|it| it.key));
        let mut workspace = Workspace::new();
        let document = workspace.open_text(one);
        let found = cutter.shared(cut, &document, &numbers).iter();
        let found = found.filter(|it| keys.contains(&it.key));
        found.map(|it| one[it.span.start as usize..it.span.end as usize].into()).collect()
    }

    #[test]
    fn a_paragraph_takes_the_blank_lines_behind_it() {
        let text = "\n  first line\nsecond\n\n \nthird one\nfourth";
        let found = passages(&cut(Unit::Paragraphs, 0, 1), text);
        assert_eq!(found, ["  first line\nsecond\n\n \n", "third one\nfourth"]);
    }

    #[test]
    fn a_line_takes_its_line_feed() {
        let found = passages(&cut(Unit::Lines, 0, 5), "\none\n  two three \r\nfour five");
        assert_eq!(found, ["  two three \r\n", "four five"]);
    }

    #[test]
    fn every_run_of_sentences_is_a_passage() {
        let text = "One is here. Two is there.\nThree follows. Four ends it all.";
        let found = passages(&cut(Unit::Sentences, 3, 1), text);
        let wanted = [
            "One is here. Two is there.\nThree follows. ",
            "Two is there.\nThree follows. Four ends it all.",
        ];
        assert_eq!(found, wanted);
        assert!(passages(&cut(Unit::Sentences, 5, 1), text).is_empty());
    }

    #[test]
    fn short_passages_do_not_count_and_an_ideograph_counts_as_three() {
        let lines = |text: &str| passages(&cut(Unit::Lines, 0, 12), text).len();
        assert_eq!(lines("eleven let.."), 0);
        assert_eq!(lines("eleven letter"), 1);
        assert_eq!((lines("版权所"), lines("版权所有")), (0, 1));
    }

    #[test]
    fn passages_are_equal_but_for_white_space() {
        let one = "A first line of the text.\n\nThe  second\tis its own.";
        let other = "Something else stands here.\n\n The second is its own. \n";
        let cut = cut(Unit::Paragraphs, 0, 1);
        assert_eq!(shared(&cut, one, other), ["The  second\tis its own."]);
        assert!(shared(&cut, one, "the second is its own.").is_empty());
    }

    #[test]
    fn runs_of_words_are_found_wherever_they_stand() {
        let words = |from: usize, to: usize| {
            (from..to).map(|at| format!("word{at}")).collect::<Vec<_>>().join(" ")
        };
        let cut = cut(Unit::Words, 10, 1);
        let common = words(1000, 1010);
        for before in [0, 1, 7, 40] {
            let one = format!("{} {common}, and {}", words(0, before), words(100, 130));
            let other = format!("{} {common}, {}", words(200, 217), words(300, 330));
            let found = shared(&cut, &one, &other);
            assert!(found.iter().any(|it| it.trim_end() == format!("{common},")), "{found:?}");
            let shorter = common.rsplit_once(' ').unwrap().0;
            assert!(
                shared(&cut, &one, &format!("{shorter} and no more than that, as you see"))
                    .is_empty()
            );
        }
    }

    #[test]
    fn chinese_runs_count_ideographs() {
        let cut = cut(Unit::Words, 8, 1);
        let found =
            shared(&cut, "他说：潮水在黎明前退去。船都走了。", "于是潮水在黎明前退去。天亮了");
        assert_eq!(found, ["潮水在黎明前退去。"]);
    }
}
