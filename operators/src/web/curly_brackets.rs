#![doc = include_str!("curly_brackets.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::contract::{
    AnyGauge, Card, Document, Fidelity, Field, FieldKind, Gauge, GaugeKind, Judgement, NoOptions,
    OptionsError, Source, Span, Support, Value,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<CurlyBrackets>::new();

/// Counts opening curly brackets.
#[derive(Debug)]
pub struct CurlyBrackets {
    limits: Limits,
}

/// Limits of [`CurlyBrackets`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Most opening curly brackets.
    pub max: u32,
}

impl Gauge for CurlyBrackets {
    type Measuring = NoOptions;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "curly_brackets",
        version: 1,
        summary: "finds program code, style sheets and templates by their curly brackets",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Int,
            unit: "brackets",
            what: "the number of opening curly brackets",
        }],
        support: Support::AnyText,
        source: Source {
            work: "Raffel et al. 2020, Exploring the Limits of Transfer Learning (C4)",
            url: "https://arxiv.org/abs/1910.10683",
            fidelity: Fidelity::Same,
        },
        guide: include_str!("curly_brackets.md"),
    };

    fn new(_: NoOptions, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        if !document.is_blank() {
            out[0] = Value::count(brackets(document).count());
        }
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_most(&measured[0], f64::from(self.limits.max))
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        spans.extend(brackets(document).map(|at| Span::new(at, at + 1)));
    }
}

fn brackets(document: &Document<'_>) -> impl Iterator<Item = usize> {
    memchr::memchr_iter(b'{', document.text().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, located, measured};

    #[test]
    fn only_opening_brackets_count() {
        assert_eq!(measured(KIND, "if a { b } else { c }}"), [Value::Int(2)]);
        assert_eq!(located(KIND, "f() {}"), ["{"]);
    }

    #[test]
    fn nothing_to_measure_is_not_zero() {
        assert_eq!(judged(KIND, "", " \n"), Judgement::Unmeasured);
    }
}
