//! Chinese words: runs of Han ideographs cut by jieba, everything else as UAX 29 has it.
//!
//! jieba takes the most likely path through the words of its dictionary, and lets a hidden
//! Markov model join what is left as single characters. Its dictionary is of simplified
//! characters, so traditional ones are looked up as their simplified forms; both are
//! three bytes long, which keeps every place.

use std::{ops::Range, sync::LazyLock};

use hanconv::RawDictionary;
use jieba_rs::Jieba;

use super::{lazy::Reuse, words::Word};
use crate::contract::Span;

/// Ideographs that are cut at once. No sentence has as many, and memory stays bounded in a
/// text that is one run.
const LONGEST_RUN: usize = 4096;

/// The words of one text.
#[derive(Debug, Default)]
pub(crate) struct ChineseWords {
    words: Vec<Word>,
    simplified: String,
}

impl Reuse for ChineseWords {
    fn empty(&mut self) {
        self.words.clear();
    }
}

impl ChineseWords {
    /// The words in order.
    pub(crate) fn words(&self) -> &[Word] {
        &self.words
    }

    /// Joins what `segments`, the words of UAX 29 in `text`, hold of each word.
    pub(crate) fn fill(&mut self, text: &str, segments: &[Word]) {
        join(text, segments, &mut self.simplified, &mut self.words);
    }
}

/// Appends the words of `text` that its words of UAX 29 make up.
pub(super) fn join(text: &str, segments: &[Word], simplified: &mut String, out: &mut Vec<Word>) {
    let mut rest = segments;
    while let [first, others @ ..] = rest {
        let length = run(text, rest);
        if length < 2 {
            out.push(*first);
            rest = others;
            continue;
        }
        let (run, others) = rest.split_at(length);
        cut(text, bytes_of(run), simplified, out);
        rest = others;
    }
}

/// How many ideographs the words open with, one next to the other.
fn run(text: &str, words: &[Word]) -> usize {
    let mut end = None;
    let joins = |word: &&Word| {
        let adjacent = end.is_none_or(|end| end == word.span.start);
        end = Some(word.span.end);
        adjacent && is_ideograph(text, word)
    };
    words.iter().take(LONGEST_RUN).take_while(joins).count()
}

/// Whether the word is one of what jieba takes for ideographs.
fn is_ideograph(text: &str, word: &Word) -> bool {
    word.chars == 1
        && text[word.span.start as usize..].starts_with(|character| {
            matches!(character, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}'
                | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2ebef}' | '\u{2f800}'..='\u{2fa1f}')
        })
}

fn bytes_of(words: &[Word]) -> Range<usize> {
    match words {
        [first, .., last] => first.span.start as usize..last.span.end as usize,
        _ => 0..0,
    }
}

fn cut(text: &str, run: Range<usize>, simplified: &mut String, out: &mut Vec<Word>) {
    let offset = run.start;
    let written = &text[run];
    let looked_up = if simplify(written, simplified) { simplified.as_str() } else { written };
    out.extend(JIEBA.cut(looked_up, true).iter().map(|token| Word {
        span: Span::new(offset + token.byte_start, offset + token.byte_end),
        chars: u32::try_from(token.end - token.start).unwrap_or(u32::MAX),
        has_letter: true,
    }));
}

/// The dictionary; takes a tenth of a second and 33 MB, so only once and when asked for.
static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// Writes `run` with simplified characters, unless it has no others.
fn simplify(run: &str, out: &mut String) -> bool {
    if !run.chars().any(|character| simpler(character).is_some()) {
        return false;
    }
    out.clear();
    out.extend(run.chars().map(|character| simpler(character).unwrap_or(character)));
    true
}

fn simpler(character: char) -> Option<char> {
    let at = (character as usize).checked_sub(FIRST as usize)?;
    *SIMPLER.get(at)?
}

/// The first and the last of the ideographs that are three bytes long.
const FIRST: char = '\u{3400}';
const LAST: char = '\u{9fff}';

/// The simplified form of each ideograph from [`FIRST`] on, by the dictionary of `OpenCC`;
/// none if it is its own, as those are that stand in simplified text for some meanings.
static SIMPLER: LazyLock<Vec<Option<char>>> = LazyLock::new(|| {
    let mut table = vec![None; LAST as usize - FIRST as usize + 1];
    for (traditional, simplified) in RawDictionary::TSCharacters.var_iter() {
        let [from, to] = [Some(traditional), simplified.first().copied()].map(ideograph);
        if let (Some(from), Some(to), false) = (from, to, simplified.contains(&traditional)) {
            table[from as usize - FIRST as usize] = Some(to);
        }
    }
    table
});

/// The one ideograph of three bytes that `text` is.
fn ideograph(text: Option<&str>) -> Option<char> {
    text?.parse().ok().filter(|character| (FIRST..=LAST).contains(character))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::words::{WordView, split};

    fn words(text: &str) -> Vec<&str> {
        let mut words = Vec::new();
        split(text, WordView::Zh, &mut words);
        words.iter().map(|word| word.span.of(text)).collect()
    }

    #[test]
    fn ideographs_are_joined_to_words() {
        assert_eq!(
            words("渔船在黎明前离开港口，不过天气预报说今天下雨。"),
            ["渔船", "在", "黎明前", "离开", "港口", "不过", "天气预报", "说", "今天", "下雨"]
        );
    }

    #[test]
    fn traditional_characters_make_the_same_words() {
        let simplified = "渔船离开港口，天气预报说今天会下雨，学习软件还没有关闭";
        let traditional = "漁船離開港口，天氣預報說今天會下雨，學習軟件還沒有關閉";
        let lengths = |text| words(text).into_iter().map(str::len).collect::<Vec<_>>();
        assert_eq!(lengths(traditional), lengths(simplified));
    }

    #[test]
    fn names_that_no_dictionary_has_are_joined_too() {
        assert_eq!(words("他来到了网易杭研大厦"), ["他", "来到", "了", "网易", "杭研", "大厦"]);
    }

    #[test]
    fn other_scripts_are_words_of_the_annex() {
        assert_eq!(
            words("用Wi-Fi上网，don't 用3.5倍"),
            ["用", "Wi", "Fi", "上网", "don't", "用", "3.5", "倍"]
        );
    }

    #[test]
    fn a_run_without_end_is_cut() {
        let text = "潮水".repeat(LONGEST_RUN);
        assert_eq!(words(&text).concat(), text);
    }

    proptest! {
        #[test]
        fn every_segment_is_in_one_word(text in "(\\PC|[一-三学學习習了的。，a-z \u{3400}\u{20000}\u{fe00}]){0,60}") {
            let (mut segments, mut words) = (Vec::new(), Vec::new());
            split(&text, WordView::Uax29, &mut segments);
            split(&text, WordView::Zh, &mut words);
            let mut rest = segments.as_slice();
            for word in words {
                let inside = rest.partition_point(|segment| segment.span.end <= word.span.end);
                let (inside, others) = rest.split_at(inside);
                prop_assert_eq!(inside.first().map(|first| first.span.start), Some(word.span.start));
                prop_assert_eq!(inside.last().map(|last| last.span.end), Some(word.span.end));
                prop_assert_eq!(inside.iter().map(|segment| segment.chars).sum::<u32>(), word.chars);
                prop_assert_eq!(inside.iter().any(|segment| segment.has_letter), word.has_letter);
                rest = others;
            }
            prop_assert!(rest.is_empty());
        }
    }
}
