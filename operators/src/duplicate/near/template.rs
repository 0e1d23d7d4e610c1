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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A text of more than sixty words, in lines of one sentence.
    const TEXT: &str = "The harbour was empty when the tide went out before dawn.\n\
        Fishermen waited beside their boats and spoke about the weather of the past weeks.\n\
        Nobody knew when the water would come back, because the wind had turned to the east.\n\
        Children ran across the mud and looked for shells, crabs and pieces of old rope.\n\
        Towards noon a thin line of light appeared behind the lighthouse on the northern pier.\n\
        Slowly the boats began to move, and the voices on the quay grew louder again.";
    const CHINESE: &str = "潮水在黎明前退去，渔船停在泥滩上，等待下一次涨潮。\n\
        渔民们站在码头上，谈论着过去几个星期的天气和海上的风浪。\n\
        没有人知道水会在什么时候回来，因为风已经转向东方。\n\
        孩子们跑过泥滩，寻找贝壳、螃蟹和旧绳子。\n\
        接近中午的时候，灯塔后面出现了明亮的光线，渔船慢慢开始移动。";

    fn difference(kept: &str, removed: &str) -> Difference {
        Comparer::default().compare(kept, removed)
    }

    fn verdict(kept: &str, removed: &str) -> Verdict {
        difference(kept, removed).verdict
    }

    #[test]
    fn case_punctuation_and_line_breaks_are_no_difference() {
        let found = difference(TEXT, &TEXT.to_uppercase().replace('\n', " ").replace(',', " –"));
        assert_eq!((found.verdict, found.count), (Verdict::Copy, 0));
    }

    #[test]
    fn other_numbers_names_and_dates_make_a_record() {
        let record = |slot: &str| format!("{TEXT}\nThe fee of {slot} was paid at once.");
        for (one, other) in [("30 pounds", "35 pounds"), ("May", "June"), ("$5", "€5"), ("−5", "5")]
        {
            assert_eq!(verdict(&record(one), &record(other)), Verdict::Template, "{one} {other}");
        }
        let record = |slot: &str| format!("{CHINESE}\n申请人为{slot}，已经办理完毕。");
        for (one, other) in
            [("王芳", "张伟"), ("上海市", "北京市"), ("三人", "五人"), ("王芳", "王伟")]
        {
            assert_eq!(verdict(&record(one), &record(other)), Verdict::Template, "{one} {other}");
        }
    }

    #[test]
    fn a_word_more_or_less_within_a_sentence_is_something_else() {
        let changed = TEXT.replace("water would come", "water would not come");
        assert_eq!(verdict(TEXT, &changed), Verdict::Longer);
        assert_eq!(verdict(&changed, TEXT), Verdict::Longer);
        let changed = CHINESE.replace("会在", "不会在");
        assert_eq!(verdict(CHINESE, &changed), Verdict::Longer);
        assert_eq!(verdict(&changed, CHINESE), Verdict::Longer);
    }

    #[test]
    fn the_text_that_says_less_may_go() {
        let shorter = TEXT.rsplit_once('\n').unwrap().0;
        let found = difference(TEXT, shorter);
        assert_eq!((found.verdict, found.reverse), (Verdict::Copy, Verdict::Longer));
        let middle = TEXT.replace(
            "Children ran across the mud and looked for shells, crabs and pieces of old rope.\n",
            "",
        );
        assert_eq!(verdict(TEXT, &middle), Verdict::Copy);
    }

    #[test]
    fn an_earlier_version_without_an_entry_stays() {
        let (first, rest) = CHINESE.split_once('\n').unwrap();
        let newer = format!("{first}\n第七条 码头由渔民自行管理。\n{rest}");
        assert_eq!(verdict(&newer, CHINESE), Verdict::Template);
        let newer = format!("{first}\n2022年3月29日修订\n{rest}");
        assert_eq!(verdict(&newer, CHINESE), Verdict::Template);
    }

    #[test]
    fn headlines_menus_notices_and_stamps_may_differ() {
        let pairs = [
            ("Storm keeps boats in the harbour", "A quiet morning on the coast"),
            ("Home\nNews\nContact us", "Start\nShop\nHelp\nBlog"),
            ("Advertisement", "Share this article"),
            ("Last updated: 3 May 2021", "Last updated: 9 June 2022"),
        ];
        for (one, other) in pairs {
            let [one, other] = [one, other].map(|line| format!("{line}\n\n{TEXT}"));
            assert_eq!(verdict(&one, &other), Verdict::Copy, "{one}");
        }
        let pairs = [
            ("广告", "相关阅读：更多海边的故事"),
            ("更新时间：2021年5月3日", "更新时间：2022年6月9日"),
        ];
        for (one, other) in pairs {
            let [one, other] = [one, other].map(|line| format!("{line}\n\n{CHINESE}"));
            assert_eq!(verdict(&one, &other), Verdict::Copy, "{one}");
        }
    }

    #[test]
    fn a_sentence_or_code_above_a_text_is_neither_headline_nor_menu() {
        let with = |head: &str| format!("{head}\n\n{TEXT}");
        assert_eq!(
            verdict(TEXT, &with("The pier was closed for the whole winter.")),
            Verdict::Longer
        );
        assert_eq!(verdict(TEXT, &with("\"tide\": {\n\"out\": []\n\"in\": []")), Verdict::Longer);
        assert_eq!(
            verdict(CHINESE, &format!("码头在整个冬天都关闭了。\n{CHINESE}")),
            Verdict::Longer
        );
    }

    #[test]
    fn names_above_a_letter_are_no_headline() {
        let letter = |head: &str| format!("{head}\n\n{TEXT}");
        assert_ne!(verdict(&letter("Ann Miller"), &letter("John Smith")), Verdict::Copy);
        assert_ne!(
            verdict(
                &letter("Ann Miller\n3 High Road\nLeeds"),
                &letter("Jo Hill\n9 Park Lane\nYork")
            ),
            Verdict::Copy
        );
        assert_ne!(verdict(&letter("3 May 2021"), &letter("9 June 2022")), Verdict::Copy);
    }

    #[test]
    fn what_is_garbled_or_misspelt_says_nothing_new() {
        let damaged = [
            TEXT.replace("weather", "wea\u{fffd}her"),
            TEXT.replace("weather", "waether"),
            TEXT.replace("lighthouse", "light-\nhouse"),
            TEXT.replace("Fishermen", "Fisher&nbsp;men"),
        ];
        for text in damaged {
            assert_eq!(verdict(TEXT, &text), Verdict::Copy, "{text}");
        }
        // The clean one says something that the garbled one does not.
        let garbled = TEXT.replace("weather", "wea\u{fffd}her");
        assert_eq!(verdict(&garbled, TEXT), Verdict::Longer);
        let twice = format!("{CHINESE}\n渔船都回来了。");
        assert_eq!(verdict(&twice, &twice.replacen("渔船", "渔舶", 1)), Verdict::Copy);
    }

    #[test]
    fn places_say_what_decided() {
        let found =
            difference(TEXT, &TEXT.replace("sixty", "").replace("past weeks", "past 3 weeks"));
        assert_eq!(found.places[0].kind, PlaceKind::Detail);
        assert_eq!(found.places[0].removed.of(&TEXT.replace("past weeks", "past 3 weeks")), "3");
        assert_eq!(found.places[0].kind.to_string(), "a number, name or date differs");
    }

    #[test]
    fn large_texts_of_any_kind_are_compared() {
        for unit in ["a ", "一", "1,", "\n", "a\n", "ab. ", "\u{fffd}", "$", "&a;", "views\n", "อ"]
        {
            let text = unit.repeat(60_000 / unit.len());
            let other = format!("x {}y 3", &text[..text.len() / 10 / unit.len() * 9 * unit.len()]);
            let _ = (verdict(&text, &other), verdict(&other, &text));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn differences_are_places_of_both_texts(
            kept in "([a-cA-C]{1,6}[ .,!\n]|[0-9]{1,3} |[一-五。\n]|\u{fffd}|&amp;|\\PC){0,80}",
            removed in "([a-cA-C]{1,6}[ .,!\n]|[0-9]{1,3} |[一-五。\n]|\u{fffd}|&amp;|\\PC){0,80}",
        ) {
            let there = difference(&kept, &removed);
            let back = difference(&removed, &kept);
            prop_assert_eq!(&there, &difference(&kept, &removed));
            for place in &there.places {
                prop_assert!(kept.get(place.kept.start as usize..place.kept.end as usize).is_some());
                let removed = removed.get(place.removed.start as usize..place.removed.end as usize);
                prop_assert!(removed.is_some());
            }
            let same = difference(&kept, &kept);
            prop_assert_eq!((same.verdict, same.count), (Verdict::Copy, 0));
            prop_assert!(there.count == 0 || 0 < back.count);
        }
    }
}
