#![doc = include_str!("token_count.md")]

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokenizers::{PostProcessor as _, Tokenizer};

use crate::{
    contract::{
        AnyGauge, Asset, Assets, Card, Document, Fidelity, Field, FieldKind, Gauge, GaugeKind,
        Judgement, OptionsError, Quantity, Source, Support, Value, in_order,
    },
    tokenizing::{counter::Counter, memory::Memory},
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<TokenCount>::new();

/// Bytes that are given to the tokenizer at once: it keeps some hundred bytes for each.
const MOST_AT_ONCE: usize = 1 << 17;

/// Bytes on both sides of a cut that are looked at before it is made.
const AROUND: usize = 1 << 10;

/// Places of one kind that are tried for a cut.
const TRIES: usize = 8;

/// What reveals a tokenizer that cannot be used: several scripts, marks and white space.
const PROBE: &str = "Ebb and flow, 3.5 m!\r\n潮水 прилив 🌊\u{0}";

/// Counts the tokens that a tokenizer makes of a text.
pub struct TokenCount {
    file: Asset,
    with_special: bool,
    counter: Option<Counter>,
    limits: Limits,
}

/// Measuring options of [`TokenCount`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// The tokenizer: a file `tokenizer.json` as Hugging Face writes it.
    pub tokenizer: Option<Asset>,
    /// Whether tokens count that the tokenizer puts around every text.
    pub special_tokens: bool,
}

/// Limits of [`TokenCount`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Fewest tokens allowed; any number if not set.
    pub min: Option<u64>,
    /// Most tokens allowed; any number if not set.
    pub max: Option<u64>,
    /// Fewest bytes of text for each token; any number if not set.
    pub min_bytes_per_token: Option<Quantity>,
}

impl Gauge for TokenCount {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "token_count",
        version: 1,
        summary: "counts the tokens of a text with a tokenizer of your own",
        fields: &[
            Field {
                name: "value",
                kind: FieldKind::Int,
                unit: "tokens",
                what: "the number of tokens",
            },
            Field {
                name: "bytes_per_token",
                kind: FieldKind::Float,
                unit: "bytes",
                what: "the text for each token",
            },
        ],
        support: Support::AnyText,
        source: Source {
            work: "the tokenizer that is given, as the package tokenizers reads it",
            url: "https://github.com/huggingface/tokenizers",
            fidelity: Fidelity::Same,
        },
        guide: include_str!("token_count.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        in_order(limits.min.unwrap_or(0), limits.max.unwrap_or(u64::MAX))?;
        let Measuring { tokenizer, special_tokens: with_special } = measuring;
        let file = tokenizer.ok_or_else(|| {
            let fix = "name the tokenizer.json of your model, or use `token_estimate`";
            OptionsError::new("tokenizer", "is not set", fix)
        })?;
        Ok(Self { file, with_special, counter: None, limits })
    }

    fn load(&mut self, assets: &Assets) -> Result<(), OptionsError> {
        let refuse = |problem: String, fix| OptionsError::new("tokenizer", problem, fix);
        let file = assets.text("tokenizer", &self.file)?;
        let mut tokenizer: Tokenizer = file.parse().map_err(|error| {
            let problem = format!("names a file that is no tokenizer.json: {error}");
            refuse(problem, "save the tokenizer with `save` or `save_pretrained`")
        })?;
        tokenizer.with_padding(None);
        // Without parameters nothing can be wrong with them.
        let _ = tokenizer.with_truncation(None);
        if let Err(error) = tokenizer.encode_fast(PROBE, false) {
            let problem = format!("names a tokenizer that cannot encode {PROBE:?}: {error}");
            return Err(refuse(problem, "give it a token for what it does not know"));
        }
        self.counter = Some(Counter::new(tokenizer, file));
        Ok(())
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let text = document.text();
        let (Some(counter), false) = (&self.counter, text.is_empty()) else { return };
        let found = document.with_tokens(|memory| count(counter, text, memory)).flatten();
        let Some(mut tokens) = found else { return };
        out[1] = Value::share(text.len() as u64, tokens as u64);
        if self.with_special {
            let after = counter.tokenizer().get_post_processor();
            tokens += after.map_or(0, |after| after.added_tokens(false));
        }
        out[0] = Value::count(tokens);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let Limits { min, max, min_bytes_per_token: least } = self.limits;
        let number = |limit: Option<u64>| limit.map(|limit| limit as f64);
        let judge = |at: usize, min, max| {
            Judgement::of(Self::CARD.fields[at].name, &measured[at], min, max)
        };
        judge(0, number(min), number(max)).and(judge(1, least.map(f64::from), None))
    }
}

impl fmt::Debug for TokenCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the vocabulary.
        f.debug_struct("TokenCount").field("file", &self.file).finish_non_exhaustive()
    }
}

/// The number of tokens; `None` if the text is too long and can be cut nowhere.
fn count(counter: &Counter, text: &str, memory: &mut Memory) -> Option<usize> {
    let (mut rest, mut tokens) = (text, 0);
    while MOST_AT_ONCE < rest.len() {
        let (part, others) = rest.split_at(seam(counter.tokenizer(), rest)?);
        tokens += counter.count(part, memory)?;
        rest = others;
    }
    Some(tokens + counter.count(rest, memory)?)
}

/// The last place at which the first [`MOST_AT_ONCE`] bytes can be cut.
fn seam(tokenizer: &Tokenizer, text: &str) -> Option<usize> {
    let from = text.ceil_char_boundary(MOST_AT_ONCE / 2);
    let near = &text[from..text.floor_char_boundary(MOST_AT_ONCE)];
    // A tokenizer takes a space for a part of the word behind it.
    let kinds = [("\n", 1), (" ", 0), ("。", "。".len())];
    kinds.into_iter().find_map(|(mark, length)| {
        near.rmatch_indices(mark)
            .filter(|(at, mark)| stands_between_words(near, *at, mark.len()))
            .take(TRIES)
            .map(|(at, _)| from + at + length)
            .find(|&at| is_seamless(tokenizer, text, at))
    })
}

fn stands_between_words(text: &str, at: usize, length: usize) -> bool {
    text[..at].ends_with(char::is_alphanumeric)
        && text[at + length..].starts_with(char::is_alphanumeric)
}

/// Whether the tokens around `at` are the same with a cut and without.
fn is_seamless(tokenizer: &Tokenizer, text: &str, at: usize) -> bool {
    let from = text.floor_char_boundary(at.saturating_sub(AROUND));
    let to = text.ceil_char_boundary(at + AROUND);
    let [left, right, both] =
        [from..at, at..to, from..to].map(|range| tokenizer.encode_fast(&text[range], false));
    match (left, right, both) {
        (Ok(left), Ok(right), Ok(both)) => {
            both.get_ids().split_at_checked(left.len()) == Some((left.get_ids(), right.get_ids()))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        contract::Workspace,
        testing::{bound, refused},
    };

    /// Byte-pair encoding of letters of words, which a space opens.
    const PAIRS: &str = r#"{
        "version": "1.0", "truncation": {"max_length": 4, "strategy": "LongestFirst", "stride": 0,
        "direction": "Right"}, "padding": null,
        "added_tokens": [{"id": 9, "content": "<end>", "single_word": false, "lstrip": false,
        "rstrip": false, "normalized": false, "special": true}],
        "normalizer": null, "decoder": null,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
        "use_regex": true},
        "post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A",
        "type_id": 0}}, {"SpecialToken": {"id": "<end>", "type_id": 0}}], "pair": [{"Sequence":
        {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}], "special_tokens":
        {"<end>": {"id": "<end>", "ids": [9], "tokens": ["<end>"]}}},
        "model": {"type": "BPE", "dropout": null, "unk_token": "?", "continuing_subword_prefix":
        null, "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false,
        "ignore_merges": false,
        "vocab": {"?": 0, "t": 1, "i": 2, "d": 3, "e": 4, "Ġ": 5, "Ċ": 6, "ti": 7, "de": 8},
        "merges": ["t i", "d e"]}
    }"#;

    fn loaded(file: &str, options: &str) -> Result<Vec<Value>, OptionsError> {
        measured(file, options, "tide tide\nebb")
    }

    fn measured(file: &str, options: &str, text: &str) -> Result<Vec<Value>, OptionsError> {
        let mut assets = Assets::default();
        let asset = assets.add(file.as_bytes());
        let mut gauge = bound(KIND, &format!("tokenizer = '{asset}'\n{options}")).unwrap();
        let mut out = vec![Value::Missing; 2];
        gauge.load(&assets)?;
        gauge.measure(&Workspace::new().open_text(text), &mut out);
        Ok(out)
    }

    #[test]
    fn all_tokens_are_counted_and_none_added() {
        // `ti de Ġ ti de Ċ e ? ?`, in spite of the length that the file asks for.
        let plain = loaded(PAIRS, "").unwrap();
        assert_eq!(plain, [Value::Int(9), Value::Float(13.0 / 9.0)]);
    }

    #[test]
    fn special_tokens_count_if_asked_for() {
        assert_eq!(loaded(PAIRS, "special-tokens = true").unwrap()[0], Value::Int(10));
    }

    #[test]
    fn a_long_text_has_the_tokens_of_its_parts() {
        for (unit, tokens) in [("tide tide\n", 6), ("tide ", 3), ("tidetide。", 7)] {
            let times = 1_000_000 / unit.len();
            let text = format!("{}tide", unit.repeat(times));
            let value = measured(PAIRS, "", &text).unwrap().remove(0);
            assert_eq!(value, Value::count(times * tokens + 2), "{unit:?}");
        }
    }

    #[test]
    fn a_long_text_that_can_be_cut_nowhere_is_unmeasured() {
        let value = measured(PAIRS, "", &"ti".repeat(MOST_AT_ONCE)).unwrap().remove(0);
        assert_eq!(value, Value::Missing);
    }

    #[test]
    fn a_wrong_file_says_what_is_wrong() {
        for (file, problem) in [
            ("{}", "no tokenizer.json"),
            ("tide\n", "no tokenizer.json"),
            (&PAIRS.replace("\"t i\"", "\"t x\"")[..], "`x`"),
            (&PAIRS.replace("\"BPE\"", "\"BPF\"")[..], "no tokenizer.json"),
        ] {
            let error = loaded(file, "").unwrap_err();
            assert_eq!(error.key, "tokenizer");
            assert!(error.problem.contains(problem), "{}", error.problem);
        }
    }

    #[test]
    fn a_tokenizer_is_needed_and_limits_must_leave_room() {
        assert_eq!(refused(KIND, ""), "tokenizer");
        assert_eq!(refused(KIND, "min = 3\nmax = 2"), "min");
    }
}
