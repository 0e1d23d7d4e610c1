#![doc = include_str!("lorem_ipsum.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Card, Document, Fidelity, Field, FieldKind, Gauge, GaugeKind, Judgement,
        NoOptions, OptionsError, Source, Span, Support, Value,
    },
    text::scan,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<LoremIpsum>::new();

/// Counts where a text says "lorem ipsum".
#[derive(Debug)]
pub struct LoremIpsum {
    limits: Limits,
}

/// Limits of [`LoremIpsum`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Most places that say "lorem ipsum".
    pub max: u32,
}

impl Gauge for LoremIpsum {
    type Measuring = NoOptions;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "lorem_ipsum",
        version: 1,
        summary: "finds placeholder text of unfinished pages",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Int,
            unit: "places",
            what: "the number of places that say \"lorem ipsum\"",
        }],
        support: Support::AnyText,
        source: Source {
            work: "Raffel et al. 2020, Exploring the Limits of Transfer Learning (C4)",
            url: "https://arxiv.org/abs/1910.10683",
            fidelity: Fidelity::Same,
        },
        guide: include_str!("lorem_ipsum.md"),
    };

    fn new(_: NoOptions, limits: Limits) -> Result<Self, OptionsError> {
        Ok(Self { limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        if !document.is_blank() {
            out[0] = Value::count(places(document.text()).count());
        }
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_most(&measured[0], f64::from(self.limits.max))
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        spans.extend(places(document.text()));
    }
}

const PHRASE: &[u8] = b"lorem ipsum";

/// Where `text` says "lorem ipsum".
pub(super) fn places(text: &str) -> impl Iterator<Item = Span> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = scan::find_phrase(text.as_bytes(), from, PHRASE)?;
        from = at + PHRASE.len();
        Some(Span::new(at, from))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, located, measured};

    #[test]
    fn letters_may_be_capital() {
        assert_eq!(located(KIND, "Lorem ipsum LOREM IPSUM"), ["Lorem ipsum", "LOREM IPSUM"]);
    }

    #[test]
    fn the_words_alone_do_not_count() {
        assert_eq!(measured(KIND, "lorem, ipsum; lorem  ipsum lolorem ipsu"), [Value::Int(0)]);
    }

    #[test]
    fn nothing_to_measure_is_not_zero() {
        assert_eq!(judged(KIND, "", " \n"), Judgement::Unmeasured);
    }
}
