//! `token_count` against the tokens that the package `tokenizers` makes.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::LazyLock;

use assay_operators::{
    contract::{Assets, BoundGauge, Entry, Value, Workspace},
    registry,
};
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};
use tokenizers::Tokenizer;

/// Expressions of tokenizers in use.
const CL100K: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const POSSESSIVE: &str =
    r"[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+";
const NUMBERS: &str = r"\p{N}{1,3}";
const HAN: &str = "[一-龥぀-ゟ゠-ヿ]+";

const TEXTS: [&str; 22] = [
    "The tide went out, and the boats lay in the mud.",
    "  two  spaces\n\n\tand   more \n",
    "潮水在黎明前退去，渔船停在泥滩上。",
    "3.1415 and 1234567 of 2026年",
    "It's they'RE don't I'LL 'tis",
    "naïve e\u{301}te\u{301} ÀÉ ﬁ Ⅷ",
    "a\u{300}\u{301} \u{300}b =\u{338} 汉\u{300}字",
    "x\u{a0}y\u{3000}z\u{2003}\u{2003}w",
    "a\u{b}b\u{c}c\u{85}d\u{1c}e\u{0}f\u{fffd}g\u{200b}h",
    "tide[END]tide [END] [end]<s>",
    "🌊🌊 🏴\u{200d}☠️",
    "snake_case camelCase kebab-case a.b.c.d.e.",
    "прилив и отлив",
    " \u{2581}tide \u{2581} ebb\u{2581}",
    "豈 丽 \u{20000}\u{2b740}",
    "\r\n\r\nebb\r\n \r\nflow",
    "İstanbul ẞ ΑΣ",
    "word,  word ,word. (word) \"word\"",
    "    indented(code) {\n        return 0;\n    }\n",
    "สวัสดี ชาวโลก 안녕",
    " ",
    "\u{301}",
];

/// Each byte, and what the words of [`TEXTS`] often have.
fn pairs(ignore_merges: bool) -> Json {
    let seen = |byte: &u32| matches!(byte, 33..=126 | 161..=172 | 174..=255);
    let hidden = (0..256).filter(|byte| !seen(byte)).count();
    let bytes = (0..256).filter(seen).chain((256..).take(hidden));
    let mut vocab: Map<String, Json> = Map::new();
    for character in bytes.map(|code| char::from_u32(code).unwrap()) {
        vocab.insert(character.to_string(), json!(vocab.len()));
    }
    let merges = [
        "t h",
        "th e",
        "Ġ the",
        "i d",
        "t id",
        "tid e",
        "Ġ tide",
        "a n",
        "an d",
        "æ ½",
        "æ½ ®",
        "Ġ Ġ",
        "ĠĠ ĠĠ",
        "w o",
        "wo r",
        "wor d",
        "e b",
        "eb b",
        "b b",
        "o r",
        "1 2",
        "12 3",
        "ï ¼",
        "ï¼ Į",
    ];
    for merge in merges {
        vocab.insert(merge.replace(' ', ""), json!(vocab.len()));
    }
    vocab.insert("Ġflow".to_owned(), json!(vocab.len()));
    json!({"type": "BPE", "vocab": vocab, "merges": merges, "ignore_merges": ignore_merges})
}

fn pieces() -> Json {
    let words = [
        "[UNK]", "the", "tide", "##s", "went", ".", ",", "潮", "水", "##e", "a", "e", "word", "ete",
    ];
    let vocab: Map<String, Json> =
        words.iter().enumerate().map(|(id, word)| ((*word).to_owned(), json!(id))).collect();
    json!({"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
        "max_input_chars_per_word": 100, "vocab": vocab})
}

fn likely() -> Json {
    let words =
        ["<unk>", "▁", "▁the", "▁tide", "e", "t", "w", "▁wo", "rd", "潮", "水", ",", ".", "a"];
    let vocab: Vec<Json> =
        words.iter().enumerate().map(|(at, word)| json!([word, -(at as f64)])).collect();
    json!({"type": "Unigram", "unk_id": 0, "vocab": vocab})
}

fn file(normalizer: &Json, pre_tokenizer: &Json, model: &Json) -> String {
    let added = json!([{"id": 900, "content": "[END]", "single_word": false, "lstrip": true,
        "rstrip": false, "normalized": false, "special": true}]);
    json!({"version": "1.0", "truncation": null, "padding": null, "added_tokens": added,
        "normalizer": normalizer, "pre_tokenizer": pre_tokenizer, "post_processor": null,
        "decoder": null, "model": model})
    .to_string()
}

fn split(expression: &str) -> Json {
    json!({"type": "Split", "pattern": {"Regex": expression}, "behavior": "Isolated", "invert": false})
}

fn byte_level(space: bool, expression: bool) -> Json {
    json!({"type": "ByteLevel", "add_prefix_space": space, "trim_offsets": true, "use_regex": expression})
}

fn sequence(steps: &[Json]) -> Json {
    json!({"type": "Sequence", "pretokenizers": steps})
}

fn files() -> Vec<String> {
    let none = Json::Null;
    let bytes = byte_level(false, false);
    let bert = |lower: bool, han: bool| {
        json!({"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": han,
            "strip_accents": null, "lowercase": lower})
    };
    let mark = |scheme: &str| json!({"type": "Metaspace", "replacement": "▁", "prepend_scheme": scheme, "split": true});
    let spaces = json!({"type": "Sequence", "normalizers": [{"type": "NFKC"},
        {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
        {"type": "Strip", "strip_left": false, "strip_right": true}]});
    let whole = json!({"type": "BertPreTokenizer"});
    let white = json!({"type": "WhitespaceSplit"});
    vec![
        file(&none, &byte_level(false, true), &pairs(false)),
        file(&none, &byte_level(true, true), &pairs(true)),
        file(&none, &sequence(&[split(CL100K), bytes.clone()]), &pairs(false)),
        file(&none, &sequence(&[split(POSSESSIVE), bytes.clone()]), &pairs(false)),
        file(
            &none,
            &sequence(&[split(NUMBERS), split(HAN), split(CL100K), bytes.clone()]),
            &pairs(true),
        ),
        file(&json!({"type": "NFC"}), &sequence(&[split(CL100K), bytes]), &pairs(false)),
        file(&bert(true, true), &whole, &pieces()),
        file(&bert(false, false), &whole, &pieces()),
        file(&json!({"type": "Lowercase"}), &whole, &pieces()),
        file(&none, &json!({"type": "Whitespace"}), &pieces()),
        file(&bert(true, true), &white, &pieces()),
        file(&spaces, &mark("always"), &likely()),
        file(&spaces, &sequence(&[white, mark("first")]), &likely()),
        file(&none, &mark("never"), &likely()),
    ]
}

static PAIRS: LazyLock<Vec<Pair>> =
    LazyLock::new(|| files().iter().map(|file| Pair::of(file)).collect());

struct Pair {
    gauge: BoundGauge,
    tokenizer: Tokenizer,
}

impl Pair {
    fn of(file: &str) -> Self {
        let mut assets = Assets::default();
        let options = format!("tokenizer = '{}'", assets.add(file.as_bytes()));
        let Some(Entry::Gauge(kind)) = registry::find("token_count") else {
            panic!("no such gauge")
        };
        let mut gauge = kind.bind(&toml::from_str(&options).unwrap()).unwrap();
        gauge.load(&assets).unwrap();
        Self { gauge, tokenizer: file.parse().unwrap() }
    }

    fn check(&self, workspace: &mut Workspace, text: &str) {
        let mut out = [Value::Missing, Value::Missing];
        self.gauge.measure(&workspace.open_text(text), &mut out);
        let tokens = self.tokenizer.encode_fast(text, false).unwrap().len();
        let expected = if text.is_empty() { Value::Missing } else { Value::count(tokens) };
        assert_eq!(out[0], expected, "{text:?} {:?}", self.tokenizer.get_pre_tokenizer());
    }
}

#[test]
fn counts_are_those_of_the_package() {
    let mut workspace = Workspace::new();
    for pair in PAIRS.iter() {
        for text in TEXTS {
            pair.check(&mut workspace, text);
            // Once more, from memory, and beside others.
            pair.check(&mut workspace, &format!("{text}{text} {text}"));
        }
        for text in ["a", "ebb ", " ", "潮", "\n", "-", "1", "tide"] {
            pair.check(&mut workspace, &text.repeat(2000));
            pair.check(&mut workspace, &format!("{}flow", text.repeat(300)));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn counts_of_any_text_are_those_of_the_package(
        parts in prop::collection::vec(prop_oneof![
            prop::sample::select(&TEXTS[..]).prop_map(str::to_owned),
            "[ \\t\\n\u{3000}]{1,4}", "[a-zA-Z'0-9]{1,9}", "\\PC{1,6}", "[潮水，。a ]{1,9}",
        ], 0..9)
    ) {
        let text = parts.concat();
        let mut workspace = Workspace::new();
        for pair in PAIRS.iter() {
            pair.check(&mut workspace, &text);
        }
    }
}
