#![doc = include_str!("regex.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind,
        Judgement, OptionsError, Quantity, Source, Span, Support, Value, in_order,
    },
    text::pattern::Pattern,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<Regex>::new();

/// Counts the matches of a regular expression.
#[derive(Debug)]
pub struct Regex {
    pattern: Option<Pattern>,
    limits: Limits,
}

/// Measuring options of [`Regex`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// What to look for, in the syntax of docs.rs/regex; flags are written inside.
    pub pattern: String,
    /// Most bytes that the compiled pattern may take for each of its two directions.
    pub program_bytes: usize,
}

impl Default for Measuring {
    fn default() -> Self {
        Self { pattern: String::new(), program_bytes: 16 << 20 }
    }
}

/// Limits of [`Regex`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Fewest matches allowed; any if not set.
    pub min: Option<u64>,
    /// Most matches allowed; any if not set.
    pub max: Option<u64>,
    /// Smallest share of characters in matches allowed; any if not set.
    pub min_share: Option<Fraction>,
    /// Largest share of characters in matches allowed; any if not set.
    pub max_share: Option<Fraction>,
    /// Fewest matches allowed for each 1,000 characters; any if not set.
    pub min_density: Option<Quantity>,
    /// Most matches allowed for each 1,000 characters; any if not set.
    pub max_density: Option<Quantity>,
}

impl Gauge for Regex {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "regex",
        version: 1,
        summary: "finds texts with too many or too few matches of a regular expression of your own",
        fields: &[
            Field {
                name: "value",
                kind: FieldKind::Int,
                unit: "matches",
                what: "the number of matches of the pattern",
            },
            Field {
                name: "share",
                kind: FieldKind::Float,
                unit: "share",
                what: "the share of characters in matches of the pattern",
            },
            Field {
                name: "density",
                kind: FieldKind::Float,
                unit: "matches per 1,000 characters",
                what: "the density of matches of the pattern",
            },
        ],
        support: Support::AnyText,
        source: Source {
            work: "common practice; what is counted is our own",
            url: "https://docs.rs/regex/latest/regex/#syntax",
            fidelity: Fidelity::Own,
        },
        guide: include_str!("regex.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        if let (Some(min), Some(max)) = (limits.min, limits.max) {
            in_order(min, max)?;
        }
        let pattern = match measuring.pattern.as_str() {
            "" => None,
            pattern => Some(Pattern::new(pattern, measuring.program_bytes)?),
        };
        Ok(Self { pattern, limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let Some(pattern) = self.pattern.as_ref().filter(|_| !document.is_blank()) else { return };
        let text = document.text();
        let (mut matches, mut inside) = (0_usize, 0_u64);
        let found = pattern.find(text, |span| {
            matches += 1;
            inside += span.of(text).chars().count() as u64;
        });
        if found.is_err() {
            return;
        }
        let characters = document.characters().all;
        out[0] = Value::count(matches);
        out[1] = Value::share(inside, characters);
        out[2] = Value::Float(matches as f64 * 1000.0 / characters as f64);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        let limits = &self.limits;
        let count = |limit: Option<u64>| limit.map(|count| count as f64);
        let share = |limit: Option<Fraction>| limit.map(f64::from);
        let density = |limit: Option<Quantity>| limit.map(f64::from);
        Judgement::between(&measured[0], count(limits.min), count(limits.max))
            .and(Judgement::of(
                "share",
                &measured[1],
                share(limits.min_share),
                share(limits.max_share),
            ))
            .and(Judgement::of(
                "density",
                &measured[2],
                density(limits.min_density),
                density(limits.max_density),
            ))
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        let Some(pattern) = &self.pattern else { return };
        let before = spans.len();
        if pattern.find(document.text(), |span| spans.push(span)).is_err() {
            spans.truncate(before);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{bound, judged, located_with, measured_with, refused};

    #[test]
    fn matches_are_counted_with_their_characters() {
        let expected = [Value::Int(2), Value::Float(0.3), Value::Float(200.0)];
        assert_eq!(measured_with(KIND, r"pattern = '\d+'", "在12月3日退了潮。"), expected);
    }

    #[test]
    fn matches_are_located() {
        assert_eq!(
            located_with(KIND, "pattern = '(?i)low \\w+'", "Low tide, low boats"),
            ["Low tide", "low boats"]
        );
    }

    #[test]
    fn every_limit_speaks() {
        let options = "pattern = 'a'\nmax = 1\nmax-share = 0.1\nmin-density = 600";
        let Judgement::Outside(breaches) = judged(KIND, options, "aabb") else {
            panic!("within");
        };
        let fields: Vec<&str> = breaches.iter().map(|breach| breach.field).collect();
        assert_eq!(fields, ["value", "share", "density"]);
    }

    #[test]
    fn a_text_that_would_be_read_again_and_again_is_unmeasured() {
        let hostile = "a".repeat(1 << 20);
        let options = "pattern = '.*!|.'\nmax = 3";
        assert_eq!(judged(KIND, options, &hostile), Judgement::Unmeasured);
        assert_eq!(located_with(KIND, options, &hostile), Vec::<&str>::new());
    }

    #[test]
    fn patterns_that_cannot_work_are_refused() {
        assert_eq!(refused(KIND, "pattern = '('"), "pattern");
        assert_eq!(refused(KIND, "pattern = 'a{99}'\nprogram-bytes = 1000"), "pattern");
        assert_eq!(refused(KIND, "min = 3\nmax = 2"), "min");
        assert!(bound(KIND, "pattern = ''").is_ok());
    }
}
