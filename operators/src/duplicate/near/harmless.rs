//! Differences by which nothing is lost.

use std::{ops::Range, sync::LazyLock};

use super::{
    align::Hunk,
    details,
    template::{PlaceKind, Verdict},
    tokens::{Kind, Token, Tokens},
};
use crate::{contract::Span, text::phrases::Phrases};

/// Why nothing is lost where a text that is removed differs from the one that stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harmless {
    /// Only the text that stays has something here, and it is whole statements.
    More,
    /// The same letters, set apart or joined otherwise.
    Spelling,
    /// The removed text could not be decoded here.
    Garbled,
    /// One word with one wrong letter.
    Typo,
    /// Lines that the other text has too, elsewhere.
    Moved,
    /// When or how often the page was looked at or changed, or the year of its copyright.
    Stamp,
    /// Lines of notices: advertising, sharing, rights.
    Notice,
    /// A headline above the text that both share.
    Headline,
    /// A menu before or behind the text that both share.
    Menu,
}

impl Harmless {
    /// For people.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::More => "only the text that stays has more here",
            Self::Spelling => "the same letters",
            Self::Garbled => "the removed text is garbled",
            Self::Typo => "one wrong letter",
            Self::Moved => "the same lines in another place",
            Self::Stamp => "another time of retrieval",
            Self::Notice => "a notice",
            Self::Headline => "another headline",
            Self::Menu => "another menu",
        }
    }
}

/// A text with fewer tokens has no edges: a headline would be too large a part of it.
const FEWEST_WITH_EDGES: usize = 60;
/// The edges are up to one in so many tokens each,
const EDGE_SHARE: usize = 6;
/// and up to so many.
const EDGE: usize = 200;
/// Tokens of a line that can be a notice.
const NOTICE: usize = 40;
/// One wrong letter in so many tokens, and one more.
const TYPO_SHARE: usize = 50;
/// Lines that make a menu, and the most words of one of them; two characters count as a word.
const MENU: usize = 3;
const MENU_ITEM: usize = 6;
/// The most words of a line that is an entry if it has any number.
const ENTRY: usize = 20;
/// Tokens that open a line, of which one is a number if it is an entry.
const OPENING: usize = 2;
/// The most words of a headline.
const HEADLINE: usize = 20;

/// Explains differences, in memory that is reused.
#[derive(Debug, Default)]
pub(super) struct Judge {
    /// Hashes of the tokens of the text that stays, in order of hash.
    known: Vec<u64>,
    /// Hashes of its lines, in order.
    known_lines: Vec<u64>,
}

/// Two texts and where they differ.
struct Pair<'a> {
    kept: Side<'a>,
    removed: Side<'a>,
    known: &'a [u64],
    known_lines: &'a [u64],
    /// Hashes of neighbours in either text, in order; made when they are needed.
    pairs: &'a mut Option<[Vec<u64>; 2]>,
    /// Wrong letters that may still be found.
    typos: usize,
}

#[derive(Clone, Copy)]
struct Side<'a> {
    text: &'a str,
    tokens: &'a Tokens,
}

impl Judge {
    /// The verdict, and what each difference is.
    pub(super) fn judge(
        &mut self,
        (kept_text, kept): (&str, &Tokens),
        (removed_text, removed): (&str, &Tokens),
        hunks: &[Hunk],
    ) -> (Verdict, Vec<PlaceKind>) {
        self.known.clear();
        self.known_lines.clear();
        if !hunks.is_empty() {
            self.known.extend(kept.all.iter().map(|token| token.hash));
            self.known.sort_unstable();
            let lines = kept.lines.windows(2);
            self.known_lines
                .extend(lines.map(|line| hash_of(&kept.all[line[0] as usize..line[1] as usize])));
            self.known_lines.sort_unstable();
        }
        let mut pairs = None;
        let mut pair = Pair {
            kept: Side { text: kept_text, tokens: kept },
            removed: Side { text: removed_text, tokens: removed },
            known: &self.known,
            known_lines: &self.known_lines,
            pairs: &mut pairs,
            typos: 1 + removed.all.len() / TYPO_SHARE,
        };
        let kinds: Vec<PlaceKind> = hunks.iter().map(|hunk| pair.kind(hunk)).collect();
        let verdict = if kinds.contains(&PlaceKind::Detail) {
            Verdict::Template
        } else if kinds.contains(&PlaceKind::Said) {
            Verdict::Longer
        } else {
            Verdict::Copy
        };
        (verdict, kinds)
    }
}

fn hash_of(tokens: &[Token]) -> u64 {
    tokens.iter().fold(0, |hash, token| super::minhash::mixed(hash ^ token.hash))
}

impl Pair<'_> {
    fn kind(&mut self, hunk: &Hunk) -> PlaceKind {
        let (kept, removed) = (self.kept.at(&hunk.left), self.removed.at(&hunk.right));
        if let Some(reason) = self.harmless(hunk, kept, removed) {
            return PlaceKind::Harmless(reason);
        }
        let sides = [(&self.kept, &hunk.left), (&self.removed, &hunk.right)];
        let [kept, removed] = sides.map(|(side, range)| details::Slot {
            text: side.text,
            all: &side.tokens.all,
            range: range.clone(),
        });
        if details::differ(&kept, &removed) { PlaceKind::Detail } else { PlaceKind::Said }
    }

    fn harmless(&mut self, hunk: &Hunk, kept: &[Token], removed: &[Token]) -> Option<Harmless> {
        if self.is_garbled(hunk) {
            return Some(Harmless::Garbled);
        }
        if removed.is_empty() {
            return self.more(hunk, kept);
        }
        if self.kept.letters(kept).eq(self.removed.letters(removed)) {
            return Some(Harmless::Spelling);
        }
        if 0 < self.typos && self.is_typo(hunk, kept, removed) {
            self.typos -= 1;
            return Some(Harmless::Typo);
        }
        let touched = self.removed.touched(&hunk.right);
        if touched.clone().all(|line| self.removed.is_stamp(self.removed.line(line))) {
            return Some(Harmless::Stamp);
        }
        if !self.removed.is_whole(&touched, &hunk.right) {
            return None;
        }
        let mut each = touched.clone().map(|line| self.removed.line(line));
        if each.clone().all(|line| self.is_known_line(line)) {
            return Some(Harmless::Moved);
        }
        if each.all(|line| self.is_known_line(line) || self.removed.is_notice(line)) {
            return Some(Harmless::Notice);
        }
        self.edge(hunk, touched)
    }

    /// Whether the text that stays merely says more. Where it has an entry more, before its
    /// end, the other may be an earlier version or another record.
    fn more(&self, hunk: &Hunk, kept: &[Token]) -> Option<Harmless> {
        let all = &self.kept.tokens.all;
        if !details::is_statement(all, hunk.left.clone()) {
            return None;
        }
        let is_exact = |token: &Token| token.kind.is_exact();
        if hunk.left.end == all.len() || !kept.iter().any(is_exact) {
            return Some(Harmless::More);
        }
        // A short line with a number is an entry, as is what opens with one: `3. …`, `第三条 …`.
        let is_entry = |line: &[Token]| {
            let opening = &line[..line.len().min(OPENING)];
            opening.iter().any(is_exact) || within(line, ENTRY) && line.iter().any(is_exact)
        };
        let mut lines = self.kept.touched(&hunk.left).map(|line| self.kept.line(line));
        let passing = |line: &[Token]| self.kept.is_stamp(line) || self.kept.is_notice(line);
        lines.all(|line| passing(line) || !is_entry(line)).then_some(Harmless::More)
    }

    /// Whether the removed text has characters that could not be decoded, and the other has
    /// few tokens in their place.
    fn is_garbled(&self, hunk: &Hunk) -> bool {
        const TOKENS: usize = 3;
        let text = self.removed.around(&hunk.right);
        let marks = text.matches(char::REPLACEMENT_CHARACTER).count();
        0 < marks && hunk.left.len().max(hunk.right.len()) <= TOKENS * marks
    }

    /// Whether changed lines are a headline or a menu.
    fn edge(&self, hunk: &Hunk, lines: Range<usize>) -> Option<Harmless> {
        let count = self.removed.tokens.all.len();
        let edge = (count / EDGE_SHARE).min(EDGE);
        let (head, tail) = (hunk.right.end <= edge, count - edge <= hunk.right.start);
        if count < FEWEST_WITH_EDGES || !(head || tail) {
            return None;
        }
        let unknown = |line: &&[Token]| !self.is_known_line(line) && !self.removed.is_notice(line);
        let lines = || lines.clone().map(|line| self.removed.line(line)).filter(unknown);
        let is_plain = |token: &Token| !token.kind.is_exact();
        let is_code = |line: &[Token]| {
            let marks = ['{', '}', '"', '\\'];
            [self.removed.before(line), self.removed.span(line), self.removed.behind(line)]
                .iter()
                .any(|text| text.contains(marks))
        };
        if MENU <= lines().count()
            && lines().flatten().all(is_plain)
            && !lines().any(is_code)
            && lines().all(|line| within(line, MENU_ITEM))
        {
            return Some(Harmless::Menu);
        }
        // Every number has to be said by the other text as well.
        let told = |token: &Token| {
            is_plain(token)
                || token.kind == Kind::Numeral
                || self.known.binary_search(&token.hash).is_ok()
        };
        let is_headline = |line: &[Token]| {
            let characters = characters(line);
            let long = 4 <= line.len() - characters || 6 <= characters;
            let is_sentence = self.removed.behind(line).contains(['.', '。']);
            long && within(line, HEADLINE) && !is_sentence && line.iter().all(told)
        };
        (head && lines().count() <= 2 && lines().all(is_headline)).then_some(Harmless::Headline)
    }

    fn is_known_line(&self, line: &[Token]) -> bool {
        4 <= line.len() && self.known_lines.binary_search(&hash_of(line)).is_ok()
    }

    /// Whether one word has one letter that is wrong, missing or too much, or two exchanged; or
    /// one character is wrong.
    fn is_typo(&mut self, hunk: &Hunk, kept: &[Token], removed: &[Token]) -> bool {
        let ([kept], [removed]) = (kept, removed) else { return false };
        match (kept.kind, removed.kind) {
            (Kind::Word, Kind::Word) => {
                let letters = |side: &Side<'_>, token: &Token| -> Vec<char> {
                    side.written(token).chars().take(40).collect()
                };
                one_apart(&letters(&self.kept, kept), &letters(&self.removed, removed))
            }
            (Kind::Character, Kind::Character) => self.is_wrong_character(hunk),
            _ => false,
        }
    }

    /// Whether a character stands beside neighbours that it has nowhere else, in either text,
    /// while the removed text itself has the right one beside one of them in another place.
    fn is_wrong_character(&mut self, hunk: &Hunk) -> bool {
        let (kept, removed) = (&self.kept.tokens.all, &self.removed.tokens.all);
        if self.pairs.is_none() {
            *self.pairs = Some([sorted_pairs(kept), sorted_pairs(removed)]);
        }
        let Some([in_kept, in_removed]) = &*self.pairs else { return false };
        let count = |pairs: &[u64], pair: u64| {
            pairs.partition_point(|&it| it <= pair) - pairs.partition_point(|&it| it < pair)
        };
        let beside = |tokens: &[Token], at: usize| {
            let pair = |from: usize| tokens.get(from..from + 2).map(pair_of);
            [at.checked_sub(1).and_then(pair), pair(at)].into_iter().flatten()
        };
        let mut wrong = beside(removed, hunk.right.start);
        let mut right = beside(kept, hunk.left.start);
        wrong.all(|pair| count(in_removed, pair) == 1 && count(in_kept, pair) == 0)
            && right.any(|pair| 0 < count(in_removed, pair))
    }
}

fn pair_of(tokens: &[Token]) -> u64 {
    hash_of(tokens)
}

fn sorted_pairs(tokens: &[Token]) -> Vec<u64> {
    let mut pairs: Vec<u64> = tokens.windows(2).map(pair_of).collect();
    pairs.sort_unstable();
    pairs
}

/// Characters of scripts that put no spaces between words.
fn characters(line: &[Token]) -> usize {
    line.iter().filter(|token| matches!(token.kind, Kind::Character | Kind::Numeral)).count()
}

/// Whether a line has up to so many words, where two characters count as one.
fn within(line: &[Token], words: usize) -> bool {
    2 * line.len() - characters(line) <= 2 * words
}

/// Whether two words, of which one has five letters or more, differ by one edit; the first
/// letter counts as right.
fn one_apart(left: &[char], right: &[char]) -> bool {
    let before = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let (a, b) = (&left[before..], &right[before..]);
    if before == 0 || left.len().max(right.len()) < 5 {
        return false;
    }
    match (a, b) {
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([_, a @ ..], b) if a == b => true,
        (a, [_, b @ ..]) if a == b => true,
        ([a, b, rest @ ..], [c, d, others @ ..]) => a == d && b == c && rest == others,
        _ => false,
    }
}

impl<'a> Side<'a> {
    fn at(&self, range: &Range<usize>) -> &'a [Token] {
        &self.tokens.all[range.clone()]
    }

    fn written(&self, token: &Token) -> &'a str {
        &self.text[token.start as usize..token.end as usize]
    }

    /// The text from the first of some tokens to the last.
    fn span(&self, tokens: &[Token]) -> &'a str {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return "" };
        &self.text[first.start as usize..last.end as usize]
    }

    /// Letters, digits and signs in lower case, the points of numbers among them.
    fn letters(&self, tokens: &'a [Token]) -> impl Iterator<Item = char> + use<'a> {
        let side = *self;
        let characters = tokens.iter().flat_map(move |token| {
            let number = token.kind == Kind::Number;
            let sign = token.kind == Kind::Sign;
            let counts = move |c: &char| sign || c.is_alphanumeric() || number && *c == '.';
            side.written(token).chars().filter(counts)
        });
        characters.flat_map(char::to_lowercase)
    }

    /// What opens a line before its first token.
    fn before(&self, line: &[Token]) -> &'a str {
        let start = line.first().map_or(0, |token| token.start as usize);
        self.text[..start].rsplit('\n').next().unwrap_or_default()
    }

    /// What closes a line behind its last token.
    fn behind(&self, line: &[Token]) -> &'a str {
        let end = line.last().map_or(self.text.len(), |token| token.end as usize);
        self.text[end..].lines().next().unwrap_or_default()
    }

    fn line(&self, line: usize) -> &'a [Token] {
        let [start, end] = [line, line + 1].map(|line| self.tokens.lines[line] as usize);
        &self.tokens.all[start..end]
    }

    /// The lines that a range of tokens belongs to.
    fn touched(&self, range: &Range<usize>) -> Range<usize> {
        let line = |at: usize| self.tokens.all.get(at).map_or(0, |token| token.line as usize);
        line(range.start)..line(range.end.saturating_sub(1)) + 1
    }

    /// Whether a range of tokens is all of these lines.
    fn is_whole(&self, lines: &Range<usize>, range: &Range<usize>) -> bool {
        self.tokens.lines[lines.start] as usize == range.start
            && self.tokens.lines[lines.end] as usize == range.end
    }

    /// The text from the token before a range to the one behind it, both left out.
    fn around(&self, range: &Range<usize>) -> &'a str {
        let all = &self.tokens.all;
        let before = range.start.checked_sub(1).map_or(0, |at| all[at].end as usize);
        let after = all.get(range.end).map_or(self.text.len(), |token| token.start as usize);
        &self.text[before..after]
    }

    /// Whether a line opens with a phrase of boilerplate, or holds one and little more.
    fn is_notice(&self, line: &[Token]) -> bool {
        let text = self.span(line);
        let opens = |span: Span| span.start == 0 && 6 <= span.end;
        let is_short = |line| within(line, 8);
        let mut found = NOTICES.iter().flat_map(|notices| notices.find(text)).map(|it| it.span);
        line.len() <= NOTICE && found.any(|span| is_short(line) || opens(span))
    }

    /// Whether a line says when or how often the page was looked at or changed.
    fn is_stamp(&self, line: &[Token]) -> bool {
        let found = STAMPS.iter().flat_map(|stamps| stamps.find(self.span(line)));
        let mut found = found.map(|it| it.span);
        within(line, 10) && found.any(|span| span.start == 0 || within(line, 3))
    }
}

static NOTICES: LazyLock<Option<Phrases>> = LazyLock::new(|| {
    let known = crate::wording::boilerplate_phrases::phrases();
    Phrases::new(known.chain(MORE_NOTICES.iter().copied())).ok()
});

static STAMPS: LazyLock<Option<Phrases>> =
    LazyLock::new(|| Phrases::new(STAMP_PHRASES.iter().copied()).ok());

#[rustfmt::skip]
const MORE_NOTICES: &[&str] = &[
    "advertisement", "advertisements", "sponsored", "promoted", "most read", "tags", "posted in",
    "广告", "推广", "赞助内容", "分享到", "扫一扫",
];

#[rustfmt::skip]
const STAMP_PHRASES: &[&str] = &[
    "last updated", "last modified", "last changed", "page updated", "page last updated",
    "retrieved", "retrieved on", "accessed", "accessed on", "date accessed", "printed on",
    "page generated", "generated on", "cached on", "visited", "page views", "views", "comments",
    "shares", "likes", "copyright", "©",
    "更新时间", "最后更新", "更新于", "访问时间", "抓取时间", "打印时间", "浏览次数", "浏览量", "阅读次数",
    "阅读量", "点击数", "点击次数", "条评论", "版权所有",
];
