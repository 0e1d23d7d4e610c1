#![doc = include_str!("line_length.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Card, Document, Fidelity, Field, FieldKind, Gauge, GaugeKind, Judgement,
        NoOptions, OptionsError, Quantity, Source, Support, Value, in_order,
    },
    text::words::WordView,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<LineLength>::new();

/// Measures how many words a line has on average.
#[derive(Debug)]
pub struct LineLength {
    limits: Limits,
}

/// Limits of [`LineLength`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Fewest words per line allowed; any number if not set.
    pub min: Option<Quantity>,
    /// Most words per line allowed; any number if not set.
    pub max: Option<Quantity>,
}

impl Gauge for LineLength {
    type Measuring = NoOptions;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "line_length",
        version: 1,
        summary: "finds menus and lists by their short lines, and texts without line breaks",
        fields: &[
            Field {
                name: "value",
                kind: FieldKind::Float,
                unit: "words per line",
                what: "the average length of a line",
            },
            Field {
                name: "lines",
                kind: FieldKind::Int,
                unit: "lines",
                what: "the number of lines that are not blank",
            },
        ],
        support: Support::AnyText,
        source: Source {
            work: "RedPajama-Data v2 2023, quality signals, rps_lines_num_words and ccnet_nlines",
            url: "https://github.com/togethercomputer/RedPajama-Data",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("line_length.md"),
    };

    fn new(_: NoOptions, limits: Limits) -> Result<Self, OptionsError> {
        if let (Some(min), Some(max)) = (limits.min, limits.max) {
            in_order(min.get(), max.get())?;
        }
        Ok(Self { limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let lines = document.non_blank_lines().count();
        if 0 < lines {
            let words = document.words(WordView::Uax29).len();
            out[0] = Value::share(words as u64, lines as u64);
            out[1] = Value::count(lines);
        }
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let Limits { min, max } = self.limits;
        Judgement::between(&measured[0], min.map(f64::from), max.map(f64::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{measured, refused};

    #[test]
    fn blank_lines_have_no_length() {
        let expected = [Value::Float(2.5), Value::Int(2)];
        assert_eq!(measured(KIND, "one two\n\n  \n潮水退"), expected);
    }

    #[test]
    fn limits_that_exclude_each_other_are_refused() {
        assert_eq!(refused(KIND, "min = 3\nmax = 2"), "min");
    }
}
