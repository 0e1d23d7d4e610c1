//! Sentences: what a terminal mark ends, or its line.

use icu_properties::{CodePointSetData, CodePointSetDataBorrowed, props::SentenceTerminal};

use super::lines::Line;
use crate::contract::Span;

const TERMINAL: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<SentenceTerminal>();

/// Whether a sentence can end with `mark`: Unicode property `Sentence_Terminal`, which
/// `.`, `?`, `。` and `؟` have, and an ellipsis, a colon and a quotation mark have not.
#[inline]
#[must_use]
pub fn is_terminal(mark: char) -> bool {
    match mark {
        '.' | '!' | '?' | '。' | '！' | '？' => true,
        // Without a look-up: quotation marks, kana, ideographs, Hangul, the comma.
        '\0'..='\u{7f}'
        | '\u{2010}'..='\u{2023}'
        | '\u{3001}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '，' => false,
        _ => TERMINAL.contains(mark),
    }
}

/// Appends the sentences of `text`, whose lines are `lines`.
///
/// A sentence ends with a run of terminal marks and the quotation marks and brackets that
/// close after it. `.`, `!` and `?` need white space behind them, marks beyond ASCII do
/// not. An ellipsis ends no sentence, nor does the full stop of an English abbreviation or
/// of a lone letter. No sentence crosses the end of its line, and every sentence
/// holds a letter: what holds none belongs to the sentence around it.
pub fn split(text: &str, lines: &[Line], out: &mut Vec<Span>) {
    for line in lines {
        split_line(text, line.trimmed, out);
    }
}

fn split_line(text: &str, line: Span, out: &mut Vec<Span>) {
    let (mut start, end) = (line.start as usize, line.end as usize);
    let text = &text[..end];
    let first = out.len();
    let (mut from, mut lettered) = (start, false);
    while let Some(at) = next_mark(text, from) {
        lettered = lettered || has_letter(&text[from..at]);
        let (marks, rest) = marked(&text[at..]);
        let here = end - rest.len();
        if lettered && is_end(&text[start..at], marks, rest) {
            out.push(Span::new(start, here));
            start = end - rest.trim_start().len();
            (from, lettered) = (start, false);
        } else {
            from = here;
        }
    }
    if start < end && (lettered || has_letter(&text[from..])) {
        out.push(Span::new(start, end));
    } else if first < out.len()
        && let Some(last) = out.last_mut()
    {
        last.end = line.end;
    }
}

/// The terminal marks that `text` opens with, and what follows them and the marks that
/// close after them.
fn marked(text: &str) -> (&str, &str) {
    let after = text.trim_start_matches(is_terminal);
    (&text[..text.len() - after.len()], after.trim_start_matches(closes))
}

/// Marks that close what was opened inside the sentence. Emphasis in Markdown does, too.
const fn closes(mark: char) -> bool {
    matches!(
        mark,
        '"' | '\''
            | ')'
            | ']'
            | '}'
            | '*'
            | '_'
            | '”'
            | '’'
            | '»'
            | '）'
            | '」'
            | '』'
            | '】'
            | '》'
            | '〉'
            | '］'
            | '＂'
            | '＇'
    )
}

/// Whether `marks` end the sentence that reads `before`, if `rest` of the line follows.
fn is_end(before: &str, marks: &str, rest: &str) -> bool {
    let Some(last) = marks.chars().next_back() else { return false };
    // The full stop of full width also stands in numbers.
    if !last.is_ascii() && last != '．' {
        return true;
    }
    if !rest.chars().next().is_none_or(char::is_whitespace) {
        return false;
    }
    match marks {
        "." => !is_abbreviated(before),
        _ => marks.bytes().any(|mark| mark != b'.'),
    }
}

/// Whether a full stop after `text` belongs to its last word: a lone letter, as in
/// initials, or an abbreviation that rarely ends a sentence.
fn is_abbreviated(text: &str) -> bool {
    let mut backwards = text.chars().rev();
    let (last, before) = (backwards.next(), backwards.next());
    let joined = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '\'' | '’'));
    if !joined && last.is_some_and(char::is_alphabetic) {
        return true;
    }
    let mut word = [0; LONGEST_ABBREVIATION];
    let mut length = 0;
    for &byte in text.as_bytes().iter().rev() {
        if !(byte.is_ascii_alphanumeric() || byte == b'.' || !byte.is_ascii()) {
            break;
        }
        let Some(place) = word.iter_mut().rev().nth(length) else { return false };
        *place = byte.to_ascii_lowercase();
        length += 1;
    }
    let word = &word[LONGEST_ABBREVIATION - length..];
    ABBREVIATIONS.binary_search_by(|known| known.as_bytes().cmp(word)).is_ok()
}

/// In order, in lower case, without the full stop at the end.
const ABBREVIATIONS: &[&str] = &[
    "a.m", "adm", "approx", "apr", "aug", "bros", "capt", "cf", "co", "col", "corp", "dec", "dept",
    "dr", "e.g", "eq", "esp", "feb", "fig", "figs", "gen", "gov", "hon", "i.e", "inc", "jan", "jr",
    "lt", "ltd", "messrs", "mr", "mrs", "ms", "mt", "nov", "oct", "p.m", "ph.d", "prof", "rep",
    "resp", "rev", "sen", "sep", "sept", "sgt", "sr", "st", "thurs", "tues", "viz", "vol", "vs",
    "wed",
];

const LONGEST_ABBREVIATION: usize = 6;

fn has_letter(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

/// Place of the first terminal mark of `text` from `from` on.
fn next_mark(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        at += bytes[at..].iter().position(|&byte| OPENS_MARK[usize::from(byte)])?;
        if text[at..].starts_with(is_terminal) {
            return Some(at);
        }
        at += 1;
    }
}

/// First bytes of terminal marks.
const OPENS_MARK: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < u8::MAX {
        table[byte as usize] = matches!(
            byte,
            b'.' | b'!' | b'?' | 0xd6 | 0xd8 | 0xdb | 0xdc | 0xdf | 0xe0
                ..=0xe3 | 0xea | 0xef | 0xf0
        );
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::lines;

    fn sentences(text: &str) -> Vec<&str> {
        let (mut found, mut out) = (Vec::new(), Vec::new());
        lines::split(text, &mut found);
        split(text, &found, &mut out);
        out.iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn marks_end_sentences_with_what_closes_after_them() {
        assert_eq!(
            sentences("Stop! \"Why?\" he said (twice.) It rains.\n  No end"),
            ["Stop!", "\"Why?\"", "he said (twice.)", "It rains.", "No end"]
        );
    }

    #[test]
    fn chinese_needs_no_space_between_sentences() {
        assert_eq!(
            sentences("他说：“下雨了。”我们等着……真的？！好．３"),
            ["他说：“下雨了。”", "我们等着……真的？！", "好．３"]
        );
    }

    #[test]
    fn other_scripts_have_their_own_marks() {
        assert_eq!(sentences("هل تمطر؟ نعم. यह है। वह"), ["هل تمطر؟", "نعم.", "यह है।", "वह"]);
    }

    #[test]
    fn abbreviations_numbers_and_ellipses_end_nothing() {
        for text in [
            "Dr. Who, e.g. J. Smith vs. the U.S. navy",
            "Version 3.14 of foo.bar",
            "so... he waits",
            "Ph.D. students (approx. ten) left",
        ] {
            assert_eq!(sentences(text), [text]);
        }
        assert_eq!(sentences("Elixir. He went."), ["Elixir.", "He went."]);
        assert_eq!(sentences("ÉDr. He went."), ["ÉDr.", "He went."]);
        assert_eq!(sentences("By the USA. It's Jo's. Yes."), ["By the USA.", "It's Jo's.", "Yes."]);
    }

    #[test]
    fn what_holds_no_letter_is_no_sentence() {
        assert_eq!(sentences("1. One. 2. Two. 3.\n***\n. . ."), ["1. One.", "2. Two. 3."]);
        assert_eq!(sentences(""), Vec::<&str>::new());
    }

    #[test]
    fn marks_are_those_of_unicode_and_none_is_passed_over() {
        for character in '\0'..=char::MAX {
            let seen = next_mark(character.encode_utf8(&mut [0; 4]), 0);
            assert_eq!(seen.is_some(), TERMINAL.contains(character), "{character:?}");
            assert_eq!(is_terminal(character), TERMINAL.contains(character), "{character:?}");
        }
    }

    #[test]
    fn abbreviations_are_in_order_and_fit() {
        assert!(ABBREVIATIONS.is_sorted());
        assert!(ABBREVIATIONS.iter().all(|word| word.len() <= LONGEST_ABBREVIATION));
    }

    proptest! {
        #[test]
        fn every_letter_is_in_one_sentence_and_every_sentence_has_one(
            text in "(\\PC|[a-zA-Z.!?\"'”) \n\u{3000}一。？]|Dr\\. |\\.\\.\\.){0,60}"
        ) {
            let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
            let found = sentences(&text);
            prop_assert_eq!(found.iter().map(|text| letters(text)).sum::<usize>(), letters(&text));
            for sentence in found {
                prop_assert!(0 < letters(sentence) && !sentence.contains('\n'));
                prop_assert_eq!(sentence.trim(), sentence);
            }
        }
    }
}
