#![doc = include_str!("bullet_lines.md")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::counts_blank_lines;
use crate::{
    contract::{
        AnyGauge, Card, Dialect, Document, Fidelity, Field, FieldKind, Fraction, Gauge, GaugeKind,
        Judgement, OptionsError, Source, Span, Support, Value,
    },
    text::lines::Line,
};

/// The entry for the registry.
pub const KIND: &dyn AnyGauge = &GaugeKind::<BulletLines>::new();

/// Measures the share of lines that open with a bullet.
#[derive(Debug)]
pub struct BulletLines {
    dialect: Dialect,
    bullets: Vec<char>,
    limits: Limits,
}

/// Measuring options of [`BulletLines`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Measuring {
    /// Whose formulas are followed.
    pub dialect: Dialect,
    /// Characters that open a bullet line; left out, those of the dialect.
    pub bullets: Option<Vec<char>>,
}

/// Limits of [`BulletLines`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Largest allowed share of bullet lines: 0 allows none, 1 allows all.
    pub max: Fraction,
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
        version: 3,
        summary: "finds pages that are mostly lists: menus, link farms, tables of contents",
        fields: &[Field {
            name: "value",
            kind: FieldKind::Float,
            unit: "share",
            what: "the share of lines that open with a bullet",
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
        let Measuring { dialect, bullets } = measuring;
        let bullets = bullets.unwrap_or_else(|| usual(dialect).chars().collect());
        if bullets.is_empty() {
            return Err(OptionsError::new(
                "bullets",
                "is empty, so no line could ever count",
                "remove the key to use the usual bullet characters",
            ));
        }
        Ok(Self { dialect, bullets, limits })
    }

    fn measure(&self, document: &Document<'_>, out: &mut [Value]) {
        let (mut bullets, mut shown) = (0, 0);
        for line in document.non_blank_lines() {
            shown += 1;
            bullets += u64::from(self.opens(document, *line));
        }
        if 0 < shown {
            let all = if counts_blank_lines(self.dialect) { document.lines().len() } else { shown };
            out[0] = Value::share(bullets, all as u64);
        }
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
        let text = document.text();
        let first = line.trimmed.of(text).chars().next();
        first.is_some_and(|character| self.bullets.contains(&character))
            && (ignores_indentation(self.dialect) || line.is_flush_left(text))
    }
}

/// The characters that a project takes for bullets; the paper names none.
const fn usual(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Datatrove => "•-",
        Dialect::Dclm => "●•*-",
        Dialect::Dolma => "*-",
        Dialect::Nemo => "•‣⁃⁌⁍∙○●◘◦⦾⦿",
        Dialect::Paper => "•‣⁃▪▫◦●○■□◆◇·-–*",
    }
}

const fn ignores_indentation(dialect: Dialect) -> bool {
    !matches!(dialect, Dialect::Dolma)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judged, located, measured, measured_with, refused};

    #[test]
    fn dialects_count_different_things() {
        let text = "- a\n * b\n\n● c\n‣ d\n* e";
        for (dialect, share) in [
            ("datatrove", 1.0 / 6.0),
            ("dclm", 4.0 / 5.0),
            ("dolma", 2.0 / 6.0),
            ("nemo", 2.0 / 5.0),
            ("paper", 1.0),
        ] {
            let options = format!("dialect = '{dialect}'");
            assert_eq!(measured_with(KIND, &options, text), [Value::Float(share)], "{dialect}");
        }
    }

    #[test]
    fn bullets_count_after_leading_white_space() {
        assert_eq!(measured(KIND, "- home\n  • about\nWe open\nat nine\n"), [Value::Float(0.5)]);
    }

    #[test]
    fn blank_lines_dilute_the_share() {
        assert_eq!(measured(KIND, "- a\n\n\n\n- b\n"), [Value::Float(0.4)]);
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
