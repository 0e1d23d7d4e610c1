#![doc = include_str!("c4_lines.md")]

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lorem_ipsum;
use crate::{
    contract::{
        AnyRewriter, Card, Document, EDIT_FIELDS, Edit, Fidelity, OptionsError, Rewriter,
        RewriterKind, Source, Support,
    },
    text::{
        characters::is_unspaced,
        citations::Citations,
        kept_lines::{KeptLines, for_each_line},
        scan,
    },
};

/// The entry for the registry.
pub const KIND: &dyn AnyRewriter = &RewriterKind::<C4Lines>::new();

/// Removes the lines that are no sentences of a page, and citation marks.
#[derive(Debug)]
pub struct C4Lines {
    options: Options,
    phrases: AhoCorasick,
}

/// Options of [`C4Lines`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Options {
    /// Whether a line must end with one of `endings`.
    pub terminal: bool,
    /// Marks that end a line well.
    pub endings: Vec<char>,
    /// Fewest words of a line.
    pub min_words: u32,
    /// Most characters of a word; a line with a longer one goes.
    pub max_word_length: u32,
    /// Whether citation marks such as `[12]` and `[edit]` go.
    pub citations: bool,
    /// Whether lines that say "javascript" go.
    pub javascript: bool,
    /// Phrases that no line may hold; ASCII letters may be small or capital.
    pub phrases: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        let phrases = [
            "terms of use",
            "privacy policy",
            "cookie policy",
            "uses cookies",
            "use of cookies",
            "use cookies",
            "使用条款",
            "服务条款",
            "隐私政策",
            "隐私权政策",
            "使用cookie",
            "使用 cookie",
        ];
        Self {
            terminal: true,
            endings: ".?!\"'。？！".chars().collect(),
            min_words: 3,
            max_word_length: 1000,
            citations: true,
            javascript: true,
            phrases: phrases.map(str::to_owned).to_vec(),
        }
    }
}

impl Rewriter for C4Lines {
    type Options = Options;

    const CARD: &'static Card = &Card {
        id: "c4_lines",
        version: 1,
        summary: "removes lines that are no sentences, notices of scripts, cookies and terms",
        fields: EDIT_FIELDS,
        support: Support::AnyText,
        source: Source {
            work: "Raffel et al. 2020, Exploring the Limits of Transfer Learning (C4)",
            url: "https://arxiv.org/abs/1910.10683",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("c4_lines.md"),
    };

    fn new(options: Options) -> Result<Self, OptionsError> {
        if options.phrases.iter().any(String::is_empty) {
            return Err(OptionsError::new(
                "phrases",
                "holds an empty phrase, which every line would hold",
                "remove it",
            ));
        }
        let phrases = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(&options.phrases)
            .map_err(|error| {
                OptionsError::new(
                    "phrases",
                    format!("cannot be searched for: {error}"),
                    "use fewer",
                )
            })?;
        Ok(Self { options, phrases })
    }

    fn edits(&self, document: &Document<'_>, out: &mut Vec<Edit>) {
        let text = document.text();
        let (mut citations, mut kept) = (Citations::default(), KeptLines::new(text, out));
        for_each_line(document, |line| {
            let (read, marks) = if self.options.citations {
                citations.of(text, line)
            } else {
                (line.of(text), &[][..])
            };
            if self.stays(read.trim()) {
                kept.push(line, marks);
            }
        });
        kept.finish();
    }
}

impl C4Lines {
    fn stays(&self, line: &str) -> bool {
        (!self.options.terminal || self.ends_well(line))
            && self.has_words(line)
            && !self.is_notice(line)
    }

    /// Whether the line ends with one of the marks, but not with an ellipsis.
    fn ends_well(&self, line: &str) -> bool {
        let endings = &self.options.endings;
        // What closes after a mark beyond ASCII is looked through.
        let open = line.trim_end_matches(['”', '’', '」', '』', '）', '】', '》']);
        let closed = open.len() < line.len() && !open.ends_with(|mark: char| mark.is_ascii());
        let line = if closed { open } else { line };
        line.ends_with(|mark| endings.contains(&mark)) && !line.ends_with("...")
    }

    /// Whether the line has enough words and none is too long.
    fn has_words(&self, line: &str) -> bool {
        let (fewest, longest) =
            (self.options.min_words as usize, self.options.max_word_length as usize);
        let all_fit = line.len() <= longest;
        let mut words = 0;
        for piece in line.split_whitespace() {
            let (more, length) = words_of(piece);
            if longest < length {
                return false;
            }
            words += more;
            if all_fit && fewest <= words {
                return true;
            }
        }
        fewest <= words
    }

    /// Whether the line says one of the phrases. A line that puts the whole page out stays,
    /// so that the gauge that does so can see it.
    fn is_notice(&self, line: &str) -> bool {
        let javascript = self.options.javascript
            && scan::find_phrase(line.as_bytes(), 0, b"javascript").is_some();
        (javascript || self.phrases.is_match(line) && !line.contains('{'))
            && lorem_ipsum::places(line).next().is_none()
    }
}

/// The number of words of what stands between white space, and the length of the longest.
/// Letters of scripts that put no spaces between words are words by themselves.
fn words_of(piece: &str) -> (usize, usize) {
    if piece.is_ascii() {
        return (1, piece.len());
    }
    let (mut runs, mut words, mut longest) = (0, 0, 0);
    for run in piece.split(is_unspaced) {
        runs += 1;
        words += usize::from(run.contains(char::is_alphanumeric));
        longest = longest.max(run.chars().count());
    }
    ((runs - 1 + words).max(1), longest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::contract::{Workspace, apply};

    fn left(options: &str, text: &str) -> String {
        let rewriter = KIND.bind(&options.parse().unwrap()).unwrap();
        let (mut edits, mut out) = (Vec::new(), String::new());
        rewriter.edits(&Workspace::new().open_text(text), &mut edits);
        apply(text, &edits, &mut out);
        out
    }

    #[test]
    fn endings_are_marks_but_no_ellipses() {
        for line in ["It is so.", "He said \"so\"", "他说：“好吧。”", "真的是这样吗？！"]
        {
            assert_eq!(left("", line), line);
        }
        for line in ["It is so...", "It is so", "It is “so.”", "他说好……", "他说：“好吧”"]
        {
            assert_eq!(left("", line), "");
        }
    }

    #[test]
    fn ideographs_are_words_and_long_paragraphs_are_not() {
        assert_eq!(left("terminal = false", "首页\n联系我们\n，OK 首页"), "联系我们\n，OK 首页");
        let paragraph = "质量，".repeat(1000) + "好。";
        assert_eq!(left("", &paragraph), paragraph);
        assert_eq!(left("", &format!("one two {}.", "é".repeat(1000))), "");
        assert_eq!(left("", &format!("one two {}.", "é".repeat(999))).chars().count(), 1008);
    }

    #[test]
    fn citations_go_before_anything_is_counted() {
        assert_eq!(left("", "It rains[1] a lot. [2]\nIt rains[1]."), "It rains a lot.");
        assert_eq!(left("citations = false", "It rains [1]."), "It rains [1].");
    }

    #[test]
    fn a_line_that_puts_the_page_out_stays() {
        for line in ["Our {privacy policy} applies.", "JavaScript lorem ipsum dolor."] {
            assert_eq!(left("", line), line);
        }
        assert_eq!(left("", "Use {} in JavaScript now."), "");
        assert_eq!(left("phrases = []", "We use cookies today."), "We use cookies today.");
        assert_eq!(left("javascript = false", "Use JavaScript for it."), "Use JavaScript for it.");
    }

    #[test]
    fn empty_phrases_are_refused() {
        assert_eq!(KIND.bind(&"phrases = ['']".parse().unwrap()).unwrap_err()[0].key, "phrases");
    }

    proptest! {
        #[test]
        fn doing_it_twice_changes_nothing_more(
            pieces in prop::collection::vec(prop::sample::select(vec![
                "It", " ", "\n", "\r", "\n\n", "\u{c}", "[1]", "[", "]", "[edit]", "ed", "it", "1", ".",
                "...", "”", "。", "{", "java", "script", "use cookies", "lorem ", "ipsum", "潮水", "a b c",
            ]), 0..60),
        ) {
            let text = pieces.concat();
            for options in ["", "terminal = false", "terminal = false\nmin-words = 0", "min-words = 1"] {
                let once = left(options, &text);
                prop_assert_eq!(left(options, &once), once.as_str(), "{:?}", text);
                prop_assert_eq!(once.trim(), once.as_str());
            }
        }
    }
}
