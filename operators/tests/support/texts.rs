//! Texts that tend to make rules slow or wrong, of any size.

/// A text without end.
pub(crate) struct Endless {
    /// What it is made of.
    pub(crate) name: String,
    make: Box<dyn Fn(usize) -> String + Send + Sync>,
}

impl Endless {
    /// The first `bytes` of it, or a few less, so that no character is cut.
    pub(crate) fn first(&self, bytes: usize) -> String {
        let mut text = (self.make)(bytes);
        text.truncate(text.floor_char_boundary(bytes));
        text
    }

    fn new(name: String, make: impl Fn(usize) -> String + Send + Sync + 'static) -> Self {
        Self { name, make: Box::new(make) }
    }
}

/// All of them.
pub(crate) fn texts() -> Vec<Endless> {
    let mut all = Vec::new();
    for unit in UNITS {
        let name = format!("{unit:?} again and again");
        all.push(Endless::new(name, |bytes| unit.repeat(bytes / unit.len() + 1)));
    }
    for (opens, unit) in OPENINGS {
        let name = format!("{opens:?}, then {unit:?} without end");
        let make = move |bytes| format!("{opens}{}", unit.repeat(bytes / unit.len() + 1));
        all.push(Endless::new(name, make));
    }
    for (opens, closes) in BRACKETS {
        let name = format!("nested {opens}{closes}");
        all.push(Endless::new(name, |bytes| {
            let depth = bytes / (opens.len() + closes.len()) + 1;
            opens.repeat(depth) + &closes.repeat(depth)
        }));
    }
    for (first, second) in HALVES {
        let name = format!("half {first:?}, half {second:?}");
        all.push(Endless::new(name, |bytes| {
            let times = |unit: &str| bytes / 2 / unit.len();
            first.repeat(times(first)) + &second.repeat(times(second))
        }));
    }
    for [first, second] in PAIRS {
        let pair = move |bit| if bit { second } else { first };
        let name = |kind| format!("{kind} of {first:?} and {second:?}");
        let fibonacci = move |bytes| fibonacci(first, second, bytes);
        all.push(Endless::new(name("Fibonacci word"), fibonacci));
        let thue_morse = move |at: usize| pair(at.count_ones() % 2 == 1).to_owned();
        all.push(Endless::new(name("Thue-Morse word"), counted(thue_morse)));
        let shifted = move |bytes| shift_register(bytes).map(pair).collect();
        all.push(Endless::new(name("shift register"), shifted));
    }
    for period in [2, 3, 7, 61, 1_000, 4_096, 65_521] {
        for (kind, word) in [("words", word as fn(u64) -> String), ("ideographs", ideograph)] {
            let piece = move |at: usize| word(scatter(at % period));
            all.push(Endless::new(format!("{kind} of period {period}"), counted(piece)));
        }
    }
    for (name, piece) in COUNTED {
        all.push(Endless::new((*name).to_owned(), counted(piece)));
    }
    all
}

/// Pieces numbered from 0 on, joined.
fn counted(piece: impl Fn(usize) -> String) -> impl Fn(usize) -> String {
    move |bytes| {
        let mut text = String::with_capacity(bytes);
        for at in 0.. {
            if bytes <= text.len() {
                break;
            }
            text.push_str(&piece(at));
        }
        text
    }
}

/// Full of repetitions, but of no period.
fn fibonacci(first: &str, second: &str, bytes: usize) -> String {
    let (mut before, mut text) = (second.to_owned(), first.to_owned());
    while text.len() < bytes {
        let next = format!("{text}{before}");
        before = std::mem::replace(&mut text, next);
    }
    text
}

/// Every run of 24 bits but one stands in it once: nearly a de Bruijn sequence.
fn shift_register(bits: usize) -> impl Iterator<Item = bool> {
    let mut state = 1_u32;
    std::iter::repeat_with(move || {
        let bit = (state ^ (state >> 1) ^ (state >> 2) ^ (state >> 7)) & 1;
        state = (state >> 1) | (bit << 23);
        bit == 1
    })
    .take(bits)
}

/// Looks like chance, is the same every time (the finisher of `SplitMix64`).
fn scatter(at: usize) -> u64 {
    let mut bits = (at as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// One of `of`, by what looks like chance.
fn one<T: Copy>(of: &[T], chance: u64) -> T {
    of[usize::try_from(chance % of.len() as u64).unwrap_or(0)]
}

/// One of the characters from `first` to `last`.
fn within(first: char, last: char, chance: u64) -> char {
    let count = u64::from(u32::from(last) - u32::from(first)) + 1;
    let at = u32::try_from(chance % count).unwrap_or(0);
    char::from_u32(u32::from(first) + at).unwrap_or('\u{fffd}')
}

/// A word of a to z with a space.
fn word(chance: u64) -> String {
    let letters = (0..2 + chance % 9).map(|at| within('a', 'z', chance >> (4 * at)));
    letters.chain([' ']).collect()
}

fn ideograph(chance: u64) -> String {
    within('一', '龥', chance).to_string()
}

#[rustfmt::skip]
const UNITS: &[&str] = &[
    // One character, all kinds
    "a", "Z", "7", " ", "\n", "\t", "\r\n", ".", ",", "-", "_", "#", "@", "&", "<", "\"", "'", "{",
    "|", "/", "\\", "…", "•", "一", "。", "、", "あ", "ー", "가", "ก", "\u{e31}", "ш", "ß", "İ", "ﬁ",
    "ا", "\u{64b}", "क", "\u{94d}", "\u{301}", "\u{200b}", "\u{200c}", "\u{200d}", "\u{3000}",
    "\u{a0}", "\u{85}", "\u{0}", "\u{7f}", "\u{feff}", "\u{fffd}", "\u{d7ff}", "\u{e000}",
    "\u{fffe}", "\u{10ffff}", "\u{f8ff}", "\u{202e}", "\u{fe0f}", "\u{e0061}", "🚀", "🇨", "𠀀", "Ａ",
    // Two that take turns
    "a ", "a\n", "a.", "a,", "a-", "a'", "a@", "a:", "aZ", "a7", "a一", "一 ", "一\n", "一。", ". ", "\n ",
    "\n\n ", "- ", "-\n", "•\n", "7.", "7,", "7\n", "'a", "e\u{301}", "ن\u{200c}", "👩\u{200d}",
    "\u{1100}\u{1161}", "\u{1100}", "क\u{94d}", "1\u{fe0f}\u{20e3}", "\u{200b}\u{200c}",
    // Openings of what is never closed, addresses, markup, code
    "<b ", "<b>", "</", "<!--", "[b=", "[[", "](", "&a", "&#", "```\n", "~~~\n", "=;\n", "}\n",
    "/*", "\"a", "“a", "http://", "1://", "www.", "www.-", "a@a.", "a/b@", "mailto:a", "[1]", "(a, 1999) ",
    "1km", "):", "the ", "The. ", "Mr. ", "read more ", "lorem ipsum ", "版权所有", "点击查看", "...\n", "……\n",
    // Decoded with the wrong encoding
    "Ã", "Ã©", "â€™", "é", "鐨", "鐨勬垜", "烫", "锟斤拷", "\u{c3}\u{83}\u{c2}\u{a9}", "³±Ë®",
];

/// What opens the text, and what follows without end.
#[rustfmt::skip]
const OPENINGS: &[(&str, &str)] = &[
    ("\"", "a "), ("“", "一"), ("<!--", "a"), ("<a href=\"", "a"), ("<", "a "), ("```\n", "a\n"),
    ("http://", "a"), ("http://a/?", "a&"), ("www.", "a."), ("a@", "a."), ("", "a.a@"), ("&", "a"),
    ("&#", "1"), ("[", "1,"), ("[[", "a|"), ("{\"a\":", "["), ("e", "\u{301}"),
    ("- ", "一"), ("data:image/png;base64,", "iVBORw0K"),
];

const BRACKETS: &[(&str, &str)] = &[
    ("(", ")"),
    ("[", "]"),
    ("{", "}\n"),
    ("<b>", "</b>"),
    ("[b]", "[/b]"),
    ("[[", "]]"),
    ("{\"a\":", "}"),
    ("「", "」"),
    ("“", "”"),
];

const HALVES: &[(&str, &str)] = &[
    (" ", "a"),
    ("\n", "a "),
    ("a", "\n"),
    ("a ", "b "),
    ("a\n", "b\n"),
    ("一", "a"),
    ("。", "一"),
    (".", "a "),
    ("<", ">"),
    ("\u{301}", "e"),
];

const PAIRS: [[&str; 2]; 5] =
    [["a", "b"], ["a", " "], ["一", "二"], ["the ", "of "], ["a line\n", "\n"]];

/// A piece of a text, by its number.
type Piece = fn(usize) -> String;

/// Texts whose pieces follow from their number.
const COUNTED: &[(&str, Piece)] = &[
    ("different words", |at| format!("w{at} ")),
    ("different lines", |at| format!("line {at}\n")),
    ("different paragraphs", |at| format!("Paragraph {at}.\n\n")),
    ("different numbers", |at| format!("{at}, ")),
    ("words of chance", |at| word(scatter(at))),
    ("sentences of chance", |at| {
        let mark = one(&[" ", " ", " ", ", ", ". ", ".\n"], scatter(at) >> 40);
        word(scatter(at)).trim_end().to_owned() + mark
    }),
    ("twenty words", |at| word(scatter(usize::try_from(scatter(at) % 20).unwrap_or(0)))),
    ("words by rank", |at| word(scatter(at).leading_zeros().into())),
    ("lines of one letter", |at| format!("{}\n", within('a', 'z', scatter(at)))),
    ("ideographs of chance", |at| ideograph(scatter(at))),
    ("Thai of chance", |at| within('\u{e01}', '\u{e5b}', scatter(at)).to_string()),
    ("emoji of chance", |at| within('\u{1f300}', '\u{1faff}', scatter(at)).to_string()),
    ("private use of chance", |at| within('\u{e000}', '\u{f8ff}', scatter(at)).to_string()),
    ("ASCII of chance", |at| within(' ', '~', scatter(at)).to_string()),
    ("control of chance", |at| within('\u{0}', '\u{9f}', scatter(at)).to_string()),
    ("characters of chance", |at| within('\u{0}', '\u{10ffff}', scatter(at)).to_string()),
    ("all characters", |at| within('\u{0}', '\u{10ffff}', at as u64).to_string()),
    ("Latin-1 of chance", |at| within('\u{80}', '\u{ff}', scatter(at)).to_string()),
    ("scripts in turn", |at| {
        one(&["word ", "слово ", "字词", "ことば", "낱말 ", "คำ", "शब्द ", "كلمة "], at as u64)
            .to_owned()
    }),
    ("base64", |at| one(&BASE64, scatter(at)).to_string()),
    ("lines of base64", |at| {
        let end = if at % 76 == 75 { "\n" } else { "" };
        format!("{}{end}", one(&BASE64, scatter(at)))
    }),
    ("hexadecimal", |at| format!("{:016x}", scatter(at))),
    ("JSON", |at| format!("{{\"id\":{at},\"name\":\"n{at}\",\"tags\":[\"a\",\"b\"]}},\n")),
    ("CSV", |at| format!("{at},name {at},{}.5,\"a \"\"b\"\"\"\n", scatter(at) % 100)),
    ("HTML", |at| format!("<li><a href=\"/p/{at}\">Page {at}</a>&nbsp;&middot;</li>\n")),
    ("entities", |at| format!("&#{};&amp;", at % 70_000)),
    ("addresses", |at| format!("https://a{at}.example/b?c={at}#d me{at}@mail.example\n")),
    ("citations", |at| format!("as shown before [{at}], [{}-{at}] (Li et al., 1999).", at / 2)),
    ("code", |at| format!("    if (a[{at}] == b{at}) {{ f(a, {at}); }}\n")),
    ("formulas", |at| format!("$x_{{{at}}}^2 + \\frac{{1}}{{{at}}}$ ")),
    ("a table", |at| format!("| {at} | name | {} |\n|---|---|---|\n", scatter(at) % 10)),
    ("numbered lists", |at| format!("{at}. 第{at}条\n")),
    ("a log", |at| format!("2024-01-02 03:04:05.{:06} INFO worker-{}: ok\n", at, at % 8)),
    ("ever longer words", |at| "a".repeat(at + 1) + " "),
    ("ever longer lines", |at| "a ".repeat(at + 1) + "\n"),
    ("ever deeper indents", |at| " ".repeat(at) + "a\n"),
    ("ever longer gaps", |at| "\n".repeat(at + 1) + "a"),
    ("ever longer ideographic lines", |at| "一".repeat(at + 1) + "。\n"),
    ("every line a prefix of the next", |at| "abc ".repeat(at % 100 + 1) + "\n"),
    ("stacks of fifty marks", |_| format!("e{}", "\u{301}".repeat(50))),
    ("families", |_| "👩\u{200d}👩\u{200d}👧\u{200d}👦🏽".to_owned()),
    ("a word of a thousand letters", |_| "pneumono".repeat(125) + " "),
    ("one line of a thousand ideographs", |at| {
        (0..1_000).map(|inner| ideograph(scatter(at * 1_000 + inner))).collect::<String>() + "\n"
    }),
];

#[rustfmt::skip]
const BASE64: [char; 64] = [
    'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P',
    'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', 'a', 'b', 'c', 'd', 'e', 'f',
    'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v',
    'w', 'x', 'y', 'z', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '+', '/',
];
