#![doc = include_str!("code_lines.md")]

use memchr::memchr2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::{
    AnyGauge, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind, Judgement,
    NoOptions, OptionsError, Source, Span, Support, Value, in_order,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<CodeLines>::new();

/// Measures which share of the lines is program code.
#[derive(Debug)]
pub struct CodeLines {
    limits: Limits,
}

/// Limits of [`CodeLines`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Smallest share of lines of code allowed; any if not set.
    pub min: Option<Fraction>,
    /// Largest share of lines of code allowed; any if not set.
    pub max: Option<Fraction>,
}

impl Gauge for CodeLines {
    type Measuring = NoOptions;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "code_lines",
        version: 1,
        summary: "finds program code, and texts that hold much of it",
        fields: &[
            Field {
                name: "value",
                kind: FieldKind::Float,
                unit: "share",
                what: "the share of lines that read as code",
            },
            Field {
                name: "fenced",
                kind: FieldKind::Int,
                unit: "lines",
                what: "the number of lines in fenced blocks",
            },
        ],
        support: Support::AnyText,
        source: Source {
            work: "defined here: how a line ends, how it opens, how many brackets it has",
            url: "",
            fidelity: Fidelity::Own,
        },
        guide: include_str!("code_lines.md"),
    };

    fn new(_: NoOptions, limits: Limits) -> Result<Self, OptionsError> {
        if let (Some(min), Some(max)) = (limits.min, limits.max) {
            in_order(min.get(), max.get())?;
        }
        Ok(Self { limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let (mut lines, mut code, mut fenced) = (0, 0, 0);
        each_line(document, |kind, _| {
            lines += 1;
            code += u64::from(!matches!(kind, Kind::Prose));
            fenced += i64::from(matches!(kind, Kind::Fenced));
        });
        out[0] = Value::share(code, lines);
        if 0 < lines {
            out[1] = Value::Int(fenced);
        }
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let Limits { min, max } = self.limits;
        Judgement::between(&measured[0], min.map(f64::from), max.map(f64::from))
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        each_line(document, |kind, span| {
            if !matches!(kind, Kind::Prose) {
                spans.push(span);
            }
        });
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Prose,
    Code,
    Fenced,
}

/// Calls `each` for every line that is not blank.
fn each_line(document: &Document<'_>, mut each: impl FnMut(Kind, Span)) {
    let mut fence: Option<u8> = None;
    for line in document.non_blank_lines() {
        let bytes = line.trimmed.of(document.text()).as_bytes();
        let mark = match bytes {
            [mark @ (b'`' | b'~'), second, third, ..] if mark == second && mark == third => {
                Some(*mark)
            }
            _ => None,
        };
        let kind = match (fence, mark) {
            (None, Some(_)) => {
                fence = mark;
                Kind::Fenced
            }
            (Some(open), _) => {
                if mark == Some(open) {
                    fence = None;
                }
                Kind::Fenced
            }
            (None, None) if is_code(bytes) => Kind::Code,
            (None, None) => Kind::Prose,
        };
        each(kind, line.trimmed);
    }
}

/// Longest line of which all is looked at; nobody writes longer ones by hand.
const LONGEST: usize = 400;

fn is_code(line: &[u8]) -> bool {
    closes_as_code(line) || opens_as_code(line) || has_many_brackets(line)
}

/// Whether a line closes a block or a statement.
fn closes_as_code(line: &[u8]) -> bool {
    // Text of other scripts stands in strings and comments only.
    if !line.is_ascii() && memchr2(b'"', b'\'', line).is_none() {
        return matches!(line, [.., b'{' | b'}']) && line.len() < LONGEST;
    }
    match line {
        [.., b'{'] | [b'}' | b']', ..] => line.len() < LONGEST,
        [.., b')' | b']' | b'}', b';']
        | [.., b'*', b'/']
        | [.., b'=', b'>']
        | [.., b' ', b'&', b'&']
        | [.., b' ', b'|', b'|'] => true,
        [.., name, b'(' | b'['] => name.is_ascii_alphanumeric(),
        [.., b')', b':' | b','] => line.windows(2).any(|pair| is_call(pair[0], pair[1])),
        [statement @ .., b';'] => is_ended_statement(statement),
        _ => false,
    }
}

fn is_call(before: u8, here: u8) -> bool {
    here == b'(' && (before.is_ascii_alphanumeric() || before == b'_')
}

/// Whether what stands before a semicolon is a statement: not prose, no entity of HTML.
fn is_ended_statement(statement: &[u8]) -> bool {
    let last = statement.rsplit(|byte| !byte.is_ascii_alphanumeric() && *byte != b'#').next();
    let before = last.and_then(|last| statement.len().checked_sub(last.len() + 1));
    if before.is_some_and(|at| statement[at] == b'&') {
        return false;
    }
    let pairs: [&[u8]; 3] = [b"::", b"->", b"<<"];
    statement.split(|byte| *byte == b' ').count() <= 2
        || statement.iter().any(|byte| matches!(byte, b'=' | b'('))
        || statement.windows(2).any(|pair| pairs.contains(&pair))
}

#[rustfmt::skip]
const OPENINGS: &[&[u8]] = &[
    b"#include", b"#define", b"#ifdef", b"#ifndef", b"#endif", b"#!/", b"// ", b"/*", b"*/", b"<?php",
    b">>> ", b"$ ", b"def ", b"async ", b"fn ", b"pub ", b"func ", b"package ",
    b"public ", b"private ", b"protected ", b"static ", b"const ", b"let ", b"var ", b"return ",
    b"typedef ", b"struct ", b"enum ", b"namespace ", b"using ", b"elif ", b"except ", b"raise ",
    b"yield ", b"await ", b"if (", b"for (", b"while (", b"switch (", b"else if", b"catch (", b"try:",
    b"else:", b"finally:", b"SELECT ", b"INSERT INTO ", b"CREATE TABLE ", b"UPDATE ", b"DELETE FROM ",
];

/// What must be in a line that opens with a word that prose uses too.
const SIGNS: &[u8] = b"=(){}[];:*.\"'`<_";

/// Whether a line opens like a statement, a call or a comment.
fn opens_as_code(line: &[u8]) -> bool {
    let first = line[0];
    if !first.is_ascii() {
        return false;
    }
    if let Some(rest) = line.strip_prefix(b"import ").or_else(|| line.strip_prefix(b"from ")) {
        return is_statement(rest) || is_import(rest);
    }
    let known = if OPENS[usize::from(first)] { OPENINGS } else { &[] };
    if let Some(opening) = known.iter().find(|opening| line.starts_with(opening)) {
        let is_word = opening.ends_with(b" ") && first.is_ascii_lowercase();
        return !is_word || is_statement(&line[opening.len()..]);
    }
    // `name.part = `, `name[0] += `, `name(`
    let name = line.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(byte));
    let length = name.count();
    if length == 0 || first.is_ascii_digit() {
        return false;
    }
    match &line[length..] {
        [b'(', .., b')' | b',' | b'('] => !line.contains(&b' ') || is_statement(&line[length..]),
        [b'[', .., b'=']
        | [b' ', b'=', b' ' | b'=', ..]
        | [b'=', b'\'' | b'"' | b'[' | b'{', ..]
        | [b' ', b'+' | b'-' | b'*' | b'/' | b':' | b'!' | b'<' | b'>', b'=', ..] => true,
        _ => false,
    }
}

/// Whether a line goes on with `name as other` or `name import other`.
fn is_import(rest: &[u8]) -> bool {
    let mut words = rest.split(|byte| *byte == b' ');
    let (_, keyword) = (words.next(), words.next());
    matches!(keyword, Some(b"as" | b"import")) && words.next().is_some() && words.next().is_none()
}

/// Whether the rest of a line is short and holds signs of a program, or is one word.
fn is_statement(rest: &[u8]) -> bool {
    let signs = rest.iter().filter(|byte| SIGNS.contains(byte)).count();
    let words = rest.split(|byte| *byte == b' ').filter(|word| !word.is_empty()).count();
    rest.is_ascii() && (words <= 1 || words <= 2 * signs)
}

/// Whether a quarter of what can be seen is brackets and operators, formulas in LaTeX
/// left out.
fn has_many_brackets(line: &[u8]) -> bool {
    let range = 6..=LONGEST;
    if !range.contains(&line.len()) {
        return false;
    }
    // Number of signs, visible bytes and letters, and of what opens a formula.
    let mut counts = [0_u16; 4];
    for byte in line {
        let class = CLASS[usize::from(*byte)];
        counts[0] += u16::from(class & 1);
        counts[1] += u16::from(class >> 1 & 1);
        counts[2] += u16::from(class >> 2 & 1);
        counts[3] += u16::from(class >> 3);
    }
    let [signs, visible, letters, formulas] = counts;
    visible <= 4 * signs && 3 <= letters && formulas == 0
}

/// One bit each for signs, visible bytes, letters and what opens a formula.
const CLASS: [u8; 256] = {
    let mut table = [2; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = match byte {
            b'{' | b'}' | b'(' | b')' | b'<' | b'>' | b'=' | b';' | b'&' | b'_' => 1 | 2,
            b' ' | b'\t'..=b'\r' => 0,
            b'a'..=b'z' | b'A'..=b'Z' => 2 | 4,
            b'\\' | b'$' => 2 | 8,
            _ => 2,
        };
        byte += 1;
    }
    table
};

/// Whether an opening starts with this byte.
const OPENS: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < OPENINGS.len() {
        table[OPENINGS[at][0] as usize] = true;
        at += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{located, measured};

    #[test]
    fn statements_of_many_languages_are_code() {
        for line in [
            "int main(void) {",
            "}",
            "x = 1",
            "total += price * n;",
            "import numpy as np",
            "from_x.call(1, 2)",
            "def tide(level):",
            "return level;",
            "let mut tide = Vec::new();",
            "std::cout << tide << std::endl;",
            "#include <stdio.h>",
            "if (a && b) {",
            "print(\"潮水\")",
            "SELECT id FROM tides WHERE level > 3;",
            "// the tide",
            "print(\"潮水\", level);",
            ">>> tide(3)",
        ] {
            assert_eq!(located(KIND, line), [line]);
        }
    }

    #[test]
    fn prose_is_none() {
        for line in [
            "The tide went out; the boats lay in the mud.",
            "import duties were raised in the spring",
            "return to the harbour before dawn, they said",
            "let us wait for the tide.",
            "(a) the first of them, (b) the second",
            "if the tide is late, we wait:",
            "too late :(",
            "<!-- tide -->",
            "[good][good][good]",
            "$\\frac{a}{b}=\\{c(d)\\}$",
            "潮水退去;",
            "//@someone: 潮水退去了",
            "High &amp; low&nbsp;",
            "Low water (as always), they said (twice),",
            "See the map (page 4), please",
            "潮水退去（第三次）；船停在泥滩上。",
            "# Heading",
            "- [link](https://a.example/b)",
            "| high | low |",
            "$\\alpha_i$ is the level of tide $i$.",
        ] {
            assert_eq!(located(KIND, line), Vec::<&str>::new());
        }
    }

    #[test]
    fn everything_between_fences_is_code() {
        let text = "Run it:\n\n```sh\nany words at all\n```\nDone.";
        assert_eq!(measured(KIND, text), [Value::Float(0.6), Value::Int(3)]);
    }
}
