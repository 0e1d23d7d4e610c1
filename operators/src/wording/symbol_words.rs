#![doc = include_str!("symbol_words.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::split_by;
use crate::contract::{
    AnyGauge, Card, Dialect, Document, Fidelity, Field, FieldKind, Gauge, GaugeKind, Judgement,
    OptionsError, Quantity, Source, Span, Support, Value,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<SymbolWords>::new();

/// Compares the number of hash signs and of ellipses with the number of words.
#[derive(Debug)]
pub struct SymbolWords {
    dialect: Dialect,
    limits: Limits,
}

/// Measuring options of [`SymbolWords`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// Whose formulas are followed.
    pub dialect: Dialect,
}

/// Limits of [`SymbolWords`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Most symbols of either kind allowed per word.
    pub max: Quantity,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max: Quantity::thousandths(100) }
    }
}

impl Gauge for SymbolWords {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "symbol_words",
        version: 3,
        summary: "finds tag clouds and teasers: many hash signs or ellipses for few words",
        fields: &[
            per_word("value", "the larger of the two, or their sum"),
            per_word("hash", "hash signs per word"),
            per_word("ellipsis", "ellipses per word"),
        ],
        support: Support::SpacedScripts,
        source: Source {
            work: "Rae et al. 2021, Scaling Language Models (Gopher), quality filters",
            url: "https://arxiv.org/abs/2112.11446",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("symbol_words.md"),
    };

    fn new(Measuring { dialect }: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { dialect, limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let words = document.words(split_by(self.dialect)).len() as u64;
        let (mut hashes, mut ellipses, mut both) = (0, 0, 0);
        self.symbols(document, |symbol, _| match symbol {
            Symbol::Hash => hashes += 1,
            Symbol::Ellipsis => ellipses += 1,
            Symbol::Both => both += 1,
        });
        out[0] = match self.dialect {
            Dialect::Datatrove | Dialect::Paper => Value::share(hashes.max(ellipses), words),
            _ => Value::share(hashes + ellipses + both, words),
        };
        out[1] = Value::share(hashes + both, words);
        out[2] = Value::share(ellipses + both, words);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_most(&measured[0], self.limits.max.get())
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        self.symbols(document, |_, span| spans.push(span));
    }
}

impl SymbolWords {
    /// Calls `each` for everything that counts, in order, without overlap.
    fn symbols(&self, document: &Document<'_>, mut each: impl FnMut(Symbol, Span)) {
        let text = document.text();
        let classify = match self.dialect {
            Dialect::Datatrove | Dialect::Paper => return symbols(text, false, each),
            Dialect::Dclm => return symbols(text, true, each),
            Dialect::Dolma => holds_symbol,
            Dialect::Nemo => is_symbol,
        };
        for word in document.words(split_by(self.dialect)) {
            if let Some(symbol) = classify(word.span.of(text)) {
                each(symbol, word.span);
            }
        }
    }
}

const fn per_word(name: &'static str, what: &'static str) -> Field {
    Field { name, kind: FieldKind::Float, unit: "symbols per word", what }
}

#[derive(Clone, Copy)]
enum Symbol {
    Hash,
    Ellipsis,
    /// A word with both.
    Both,
}

/// Calls `each` for every `#`, `...` and `…`, and `. . .` if it counts, in order, none of
/// them overlapping.
fn symbols(text: &str, spaced: bool, mut each: impl FnMut(Symbol, Span)) {
    const ELLIPSIS: &[u8] = "…".as_bytes();
    const SPACED: &[u8] = b". . .";
    let bytes = text.as_bytes();
    let mut free = 0;
    for at in memchr::memchr3_iter(b'#', b'.', ELLIPSIS[0], bytes) {
        let rest = &bytes[at..];
        if rest[0] == b'#' {
            each(Symbol::Hash, Span::new(at, at + 1));
        } else if free <= at {
            if rest.starts_with(b"...") || rest.starts_with(ELLIPSIS) {
                free = at + 3;
            } else if spaced && rest.starts_with(SPACED) {
                free = at + SPACED.len();
            } else {
                continue;
            }
            each(Symbol::Ellipsis, Span::new(at, free));
        }
    }
}

/// Dolma: a word with a symbol anywhere in it; three full stops are none.
fn holds_symbol(word: &str) -> Option<Symbol> {
    match (word.contains('#'), word.contains('…')) {
        (true, true) => Some(Symbol::Both),
        (true, false) => Some(Symbol::Hash),
        (false, true) => Some(Symbol::Ellipsis),
        (false, false) => None,
    }
}

/// `NeMo` Curator: a word that is mostly hash signs, or one of a few marks.
fn is_symbol(word: &str) -> Option<Symbol> {
    if matches!(word, "..." | "…" | "[...]" | "(...)" | "[…]" | "-»") {
        return Some(Symbol::Ellipsis);
    }
    let (hashes, all) = (word.matches('#').count(), word.chars().count());
    (all < 2 * hashes).then_some(Symbol::Hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{located, measured, measured_with};

    #[test]
    fn dialects_count_different_things() {
        let text = "# two... #three… . . . end";
        for (dialect, symbols, words) in [
            ("datatrove", 2.0, 10.0),
            ("dclm", 5.0, 7.0),
            ("dolma", 2.0, 7.0),
            ("nemo", 1.0, 7.0),
            ("paper", 2.0, 3.0),
        ] {
            let options = format!("dialect = '{dialect}'");
            let value = &measured_with(KIND, &options, text)[0];
            assert_eq!(*value, Value::Float(symbols / words), "{dialect}");
        }
    }

    #[test]
    fn the_two_symbols_are_not_added_up() {
        let [value, hash, ellipsis] = [0.25, 0.25, 0.125].map(Value::Float);
        assert_eq!(measured(KIND, "# one # two... three four five"), [value, hash, ellipsis]);
    }

    #[test]
    fn four_full_stops_are_one_ellipsis_and_six_are_two() {
        assert_eq!(located(KIND, "a.... b…… c...... d.."), ["...", "…", "…", "...", "..."]);
    }

    #[test]
    fn without_words_there_is_no_ratio() {
        assert_eq!(measured(KIND, " "), [Value::Missing, Value::Missing, Value::Missing]);
    }
}
