#![doc = include_str!("bullet_lines.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    contract::{
        AnyGauge, Card, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind,
        Judgement, OptionsError, Source, Span, Support, Value,
    },
    text::lines::Line,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<BulletLines>::new();

/// Measures the share of non-blank lines that open with a bullet.
#[derive(Debug)]
pub struct BulletLines {
    measuring: Measuring,
    limits: Limits,
}

/// Measuring options of [`BulletLines`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// Characters that open a bullet line, after leading white space.
    pub bullets: Vec<char>,
}

/// Limits of [`BulletLines`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Largest allowed share of bullet lines: 0 allows none, 1 allows all.
    pub max: Fraction,
}

impl Default for Measuring {
    fn default() -> Self {
        Self { bullets: "•‣⁃▪▫◦●○■□◆◇·-–*".chars().collect() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { max: Fraction::percent(90) }
    }
}

impl Gauge for BulletLines {
    type Measuring = Measuring;
    type Limits = Limits;

    const CARD: &'static Card = &Card {
        id: "bullet_lines",
        version: 1,
        summary: "finds pages that are mostly lists: menus, link farms, tables of contents",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Float,
            unit: "share",
            what: "the share of non-blank lines that open with a bullet",
        }],
        support: Support::AnyText,
        source: Source {
            work: "Rae et al. 2021, Scaling Language Models (Gopher), quality filters",
            url: "https://arxiv.org/abs/2112.11446",
            fidelity: Fidelity::Adapted,
        },
        guide: include_str!("bullet_lines.md"),
    };

    fn new(measuring: Measuring, limits: Limits) -> Result<Self, OptionsError> {
        if measuring.bullets.is_empty() {
            return Err(OptionsError::new(
                "bullets",
                "is empty, so no line could ever count",
                "remove the key to use the usual bullet characters",
            ));
        }
        Ok(Self { measuring, limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let (mut bullets, mut all) = (0, 0);
        for line in document.non_blank_lines() {
            all += 1;
            bullets += u64::from(self.opens(document, *line));
        }
        out[0] = Value::share(bullets, all);
    }

    fn judge(&self, measured: &[Value]) -> Judgement {
        Judgement::at_most(&measured[0], self.limits.max.get())
    }

    fn locate(&self, document: &Document<'_>, spans: &mut Vec<Span>) {
        let lines = document.non_blank_lines().filter(|line| self.opens(document, **line));
        spans.extend(lines.map(|line| line.trimmed));
    }
}

impl BulletLines {
    fn opens(&self, document: &Document<'_>, line: Line) -> bool {
        let first = line.trimmed.of(document.text()).chars().next();
        first.is_some_and(|character| self.measuring.bullets.contains(&character))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, located, measured, refused};

    #[test]
    fn bullets_count_after_leading_white_space() {
        assert_eq!(measured(KIND, "- home\n  • about\nWe open\nat nine\n"), [Value::Float(0.5)]);
    }

    #[test]
    fn blank_lines_do_not_dilute_the_share() {
        assert_eq!(measured(KIND, "- a\n\n\n\n- b\n"), [Value::Float(1.0)]);
    }

    #[test]
    fn nothing_to_measure_is_neither_zero_nor_one() {
        assert_eq!(judged(KIND, "", " \n\n"), Judgement::Unmeasured);
    }

    #[test]
    fn the_limit_itself_is_within() {
        let nine_of_ten = "- x\n".repeat(9) + "prose\n";
        assert_eq!(judged(KIND, "", &nine_of_ten), Judgement::Within);
    }

    #[test]
    fn spans_cover_the_bullet_lines() {
        assert_eq!(located(KIND, "prose\n  - list\n"), ["- list"]);
    }

    #[test]
    fn an_empty_list_of_bullets_is_refused() {
        assert_eq!(refused(KIND, "bullets = []"), "bullets");
    }
}
