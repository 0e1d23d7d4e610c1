#![doc = include_str!("symbol_words.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Card, Document, Fidelity, Field, FieldKind, Gauge, GaugeKind, Judgement,
        NoOptions, OptionsError, Quantity, Source, Span, Support, Value,
    },
    text::words::WordView,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<SymbolWords>::new();

/// Compares the number of hash signs and of ellipses with the number of words.
#[derive(Debug)]
pub struct SymbolWords {
    limits: Limits,
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
    type Measuring = NoOptions;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "symbol_words",
        version: 1,
        summary: "finds tag clouds and teasers: many hash signs or ellipses for few words",
        fields: &[
            per_word("value", "the larger of hash signs and ellipses per word"),
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

    fn new(_: NoOptions, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let words = document.words(WordView::Uax29).len() as u64;
        let (mut hashes, mut ellipses) = (0, 0);
        symbols(document.text(), |symbol, _| match symbol {
            Symbol::Hash => hashes += 1,
            Symbol::Ellipsis => ellipses += 1,
        });
        out[0] = Value::share(hashes.max(ellipses), words);
        out[1] = Value::share(hashes, words);
        out[2] = Value::share(ellipses, words);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_most(&measured[0], self.limits.max.get())
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        symbols(document.text(), |_, span| spans.push(span));
    }
}

const fn per_word(name: &'static str, what: &'static str) -> Field {
    Field { name, kind: FieldKind::Float, unit: "symbols per word", what }
}

enum Symbol {
    Hash,
    Ellipsis,
}

/// Calls `each` for every `#`, `...` and `…`, in order, none of them overlapping.
fn symbols(text: &str, mut each: impl FnMut(Symbol, Span)) {
    const ELLIPSIS: &[u8] = "…".as_bytes();
    let bytes = text.as_bytes();
    let mut free = 0;
    for at in memchr::memchr3_iter(b'#', b'.', ELLIPSIS[0], bytes) {
        let rest = &bytes[at..];
        if rest[0] == b'#' {
            each(Symbol::Hash, Span::new(at, at + 1));
        } else if free <= at && (rest.starts_with(b"...") || rest.starts_with(ELLIPSIS)) {
            each(Symbol::Ellipsis, Span::new(at, at + 3));
            free = at + 3;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{located, measured};

    #[test]
    fn the_two_symbols_are_not_added_up() {
        let [value, hash, ellipsis] = [0.5, 0.5, 0.25].map(Value::Float);
        assert_eq!(measured(KIND, "# one # two... three four"), [value, hash, ellipsis]);
    }

    #[test]
    fn four_full_stops_are_one_ellipsis_and_six_are_two() {
        assert_eq!(located(KIND, "a.... b…… c...... d.."), ["...", "…", "…", "...", "..."]);
    }

    #[test]
    fn without_words_there_is_no_ratio() {
        assert_eq!(measured(KIND, "###"), [Value::Missing, Value::Missing, Value::Missing]);
    }
}
