#![doc = include_str!("token_estimate.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Card, Document, Fidelity, Field, FieldKind, Gauge, GaugeKind, Judgement,
        NoOptions, OptionsError, Source, Support, Value, in_order,
    },
    text::characters::Characters,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<TokenEstimate>::new();

/// Estimates how many tokens a large multilingual vocabulary makes of a text.
#[derive(Debug)]
pub struct TokenEstimate {
    limits: Limits,
}

/// Limits of [`TokenEstimate`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Fewest tokens allowed; any number if not set.
    pub min: Option<u64>,
    /// Most tokens allowed; any number if not set.
    pub max: Option<u64>,
}

impl Gauge for TokenEstimate {
    type Measuring = NoOptions;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "token_estimate",
        version: 1,
        summary: "estimates the number of tokens without a tokenizer",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Int,
            unit: "tokens",
            what: "the estimated number of tokens",
        }],
        support: Support::AnyText,
        source: Source {
            work: "defined here; fitted to the tokens of o200k_base and of DeepSeek",
            url: "",
            fidelity: Fidelity::Own,
        },
        guide: include_str!("token_estimate.md"),
    };

    fn new(_: NoOptions, limits: Limits) -> Result<Self, OptionsError> {
        in_order(limits.min.unwrap_or(0), limits.max.unwrap_or(u64::MAX))?;
        Ok(Self { limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        if !document.text().is_empty() {
            let tokens = (thousandths(document.characters()) + 500) / 1000;
            out[0] = Value::Int(i64::try_from(tokens).unwrap_or(i64::MAX));
        }
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let Limits { min, max } = self.limits;
        Judgement::between(&measured[0], min.map(|min| min as f64), max.map(|max| max as f64))
    }
}

/// Thousandths of a token: a weight for each class, as the guide lists them.
fn thousandths(counts: &Characters) -> u64 {
    let Characters { latin, upper, han, kana, hangul, cyrillic, .. } = *counts;
    let Characters { greek, arabic, hebrew, devanagari, thai, .. } = *counts;
    let Characters { letters, marks, digits, punctuation, symbols, .. } = *counts;
    let Characters { control, other, white_space, .. } = *counts;
    let scripts = [
        (latin, 235),
        (han, 764),
        (kana, 715),
        (hangul, 842),
        (cyrillic, 352),
        (greek, 487),
        (arabic, 453),
        (hebrew, 508),
        (devanagari, 540),
        (thai, 405),
    ];
    let named: u64 = scripts.iter().map(|(count, _)| count).sum();
    let classes = [
        (letters - named, 545),
        (upper, 205),
        (marks, 609),
        (digits, 947),
        (punctuation + symbols, 521),
        (control + other, 2764),
        (white_space, 82),
    ];
    scripts.iter().chain(&classes).map(|(count, weight)| count * weight).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{measured, refused};

    #[test]
    fn english_has_about_four_characters_per_token() {
        let text = "The tide went out before dawn, and the boats lay in the mud. ".repeat(10);
        let Value::Int(tokens) = measured(KIND, &text)[0] else { panic!("a number") };
        assert!((130..=160).contains(&tokens), "{tokens}");
    }

    #[test]
    fn every_class_has_a_weight() {
        let one_each = "aA质ひ한жλعשक\u{93f}ก1,+\u{1}\u{e000} կ";
        assert_eq!(measured(KIND, one_each), [Value::Int(14)]);
    }

    #[test]
    fn limits_that_exclude_each_other_are_refused() {
        assert_eq!(refused(KIND, "min = 3\nmax = 2"), "min");
    }
}
