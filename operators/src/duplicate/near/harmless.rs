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
/// Lines that make a menu, and the most tokens of one of them.
const MENU: usize = 3;
const MENU_ITEM: usize = 12;

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
        let mut pair = Pair {
            kept: Side { text: kept_text, tokens: kept },
            removed: Side { text: removed_text, tokens: removed },
            known: &self.known,
            known_lines: &self.known_lines,
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
        let sides = ((self.kept.text, kept), (self.removed.text, removed));
        if details::differ(sides.0, sides.1) { PlaceKind::Detail } else { PlaceKind::Said }
    }

    fn harmless(&mut self, hunk: &Hunk, kept: &[Token], removed: &[Token]) -> Option<Harmless> {
        if removed.is_empty() {
            let whole = details::is_statement(&self.kept.tokens.all, hunk.left.clone());
            return whole.then_some(Harmless::More);
        }
        if self.kept.letters(kept).eq(self.removed.letters(removed)) {
            return Some(Harmless::Spelling);
        }
        if self.removed.span(removed).contains(char::REPLACEMENT_CHARACTER) {
            return Some(Harmless::Garbled);
        }
        if 0 < self.typos && self.is_typo(kept, removed) {
            self.typos -= 1;
            return Some(Harmless::Typo);
        }
        let touched = &self.removed.tokens.all[hunk.right.start].line;
        let touched =
            *touched as usize..self.removed.tokens.all[hunk.right.end - 1].line as usize + 1;
        if touched.map(|line| self.removed.line(line)).all(|line| self.removed.is_stamp(line)) {
            return Some(Harmless::Stamp);
        }
        let lines = self.removed.lines(&hunk.right)?;
        let each = || lines.clone().map(|line| self.removed.line(line));
        if each().all(|line| self.is_known_line(line)) {
            return Some(Harmless::Moved);
        }
        if each().all(|line| self.is_known_line(line) || self.removed.is_notice(line)) {
            return Some(Harmless::Notice);
        }
        self.edge(hunk, lines)
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
        // Every number has to be said by the other text as well.
        let told = |token: &Token| {
            let plain = matches!(token.kind, Kind::Capital | Kind::Character | Kind::Word);
            plain || self.known.binary_search(&token.hash).is_ok()
        };
        if !lines().flatten().all(told) {
            return None;
        }
        if MENU <= lines().count() && lines().all(|line| line.len() <= MENU_ITEM) {
            return Some(Harmless::Menu);
        }
        let is_headline = |line: &[Token]| {
            let characters = line.iter().filter(|token| token.kind == Kind::Character).count();
            4 <= line.len() - characters || 6 <= characters
        };
        (head && lines().count() <= 2 && lines().all(is_headline)).then_some(Harmless::Headline)
    }

    fn is_known_line(&self, line: &[Token]) -> bool {
        4 <= line.len() && self.known_lines.binary_search(&hash_of(line)).is_ok()
    }

    /// Whether one word has one letter that is wrong, missing or too much, or two exchanged.
    fn is_typo(&self, kept: &[Token], removed: &[Token]) -> bool {
        let ([kept], [removed]) = (kept, removed) else { return false };
        if kept.kind != Kind::Word || removed.kind != Kind::Word {
            return false;
        }
        let letters = |side: &Side<'_>, token: &Token| -> Vec<char> {
            side.written(token).chars().take(40).collect()
        };
        one_apart(&letters(&self.kept, kept), &letters(&self.removed, removed))
    }
}

/// Whether two words of five letters and more differ by one edit; the first letter counts as
/// right.
fn one_apart(left: &[char], right: &[char]) -> bool {
    let before = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let (a, b) = (&left[before..], &right[before..]);
    if before == 0 || left.len().min(right.len()) < 5 {
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

    fn line(&self, line: usize) -> &'a [Token] {
        let [start, end] = [line, line + 1].map(|line| self.tokens.lines[line] as usize);
        &self.tokens.all[start..end]
    }

    /// The lines that a range of tokens is made of, if it is whole lines.
    fn lines(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let (first, last) =
            (self.tokens.all[range.start].line, self.tokens.all[range.end - 1].line);
        let lines = first as usize..last as usize + 1;
        let whole = self.tokens.lines[lines.start] as usize == range.start
            && self.tokens.lines[lines.end] as usize == range.end;
        whole.then_some(lines)
    }

    /// Whether a line opens with a phrase of boilerplate, or holds one and little more.
    fn is_notice(&self, line: &[Token]) -> bool {
        let text = self.span(line);
        let opens = |span: Span| span.start == 0 && 6 <= span.end;
        let mut found = NOTICES.iter().flat_map(|notices| notices.find(text));
        line.len() <= NOTICE && found.any(|span| is_short(line) || opens(span))
    }

    /// Whether a line says when or how often the page was looked at or changed.
    fn is_stamp(&self, line: &[Token]) -> bool {
        let mut found = STAMPS.iter().flat_map(|stamps| stamps.find(self.span(line)));
        is_short(line) && found.next().is_some()
    }
}

/// Whether a line is not much longer than a label with a date.
fn is_short(line: &[Token]) -> bool {
    let characters = line.iter().filter(|token| token.kind == Kind::Character).count();
    line.len() <= 10 + characters / 2
}

static NOTICES: LazyLock<Option<Phrases>> = LazyLock::new(|| {
    let known = crate::wording::boilerplate_phrases::phrases();
    Phrases::new(known.chain(MORE_NOTICES.iter().copied()))
});

static STAMPS: LazyLock<Option<Phrases>> =
    LazyLock::new(|| Phrases::new(STAMP_PHRASES.iter().copied()));

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
    "shares", "likes", "copyright", "©", "(c)",
    "更新时间", "最后更新", "更新于", "访问时间", "抓取时间", "打印时间", "浏览次数", "浏览量", "阅读次数",
    "阅读量", "点击数", "点击次数", "条评论", "版权所有",
];
