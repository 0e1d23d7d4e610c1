//! The limits of a step, as the plan sets them and as the reasons name them.

use std::collections::BTreeMap;

use arrow::array::Array;
use assay_ledger::RunRecord;
use serde_json::Value;

use crate::{Ledger, ReportError, cells, figures};

/// Limits on one measurement; a limit itself is allowed.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Limits {
    limits: Vec<Limit>,
}

/// The main measurement of a step.
const VALUE: &str = "value";

#[derive(Debug, Clone, Copy, PartialEq)]
enum Limit {
    AtLeast(f64),
    AtMost(f64),
}

impl Limits {
    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.limits.is_empty()
    }

    /// Whether a value is inside all of them.
    pub(crate) fn hold(&self, value: f64) -> bool {
        self.limits.iter().all(|limit| match limit {
            Limit::AtLeast(limit) => *limit <= value,
            Limit::AtMost(limit) => value <= *limit,
        })
    }

    /// Places and words for a chart, in order of place. The last allowed integer is a bar
    /// of its own, and its limit stands behind it.
    pub(crate) fn lines(&self, whole: bool) -> Vec<(f64, String)> {
        let mut lines: Vec<_> = self
            .limits
            .iter()
            .map(|limit| match limit {
                Limit::AtLeast(limit) => (*limit, format!("≥ {}", figures::value(*limit))),
                Limit::AtMost(limit) => {
                    let place = if whole { limit.floor() + 1.0 } else { *limit };
                    (place, format!("≤ {}", figures::value(*limit)))
                }
            })
            .collect();
        lines.sort_by(|left, right| left.0.total_cmp(&right.0));
        lines
    }

    fn add(&mut self, limit: Limit) {
        if !self.limits.contains(&limit) {
            self.limits.push(limit);
        }
    }
}

/// The limits of all measurements, by column of the facts.
pub(crate) async fn of_columns(ledger: &Ledger) -> Result<BTreeMap<String, Limits>, ReportError> {
    let mut limits: BTreeMap<String, Limits> = BTreeMap::new();
    planned(ledger.run(), &mut limits);
    let batches = ledger
        .sql(
            "SELECT reason['step'], reason['limit'] \
             FROM (SELECT unnest(reasons) AS reason FROM decisions) AS each \
             WHERE reason['limit'] IS NOT NULL \
             GROUP BY reason['step'], reason['limit'] \
             ORDER BY 1, 2 LIMIT 1000",
        )
        .await?;
    for batch in &batches {
        let (steps, texts) = (cells::texts(batch, 0)?, cells::texts(batch, 1)?);
        for row in 0..batch.num_rows() {
            if steps.is_null(row) || texts.is_null(row) {
                continue;
            }
            if let Some((field, limit)) = parse(texts.value(row)) {
                limits.entry(column(steps.value(row), field)).or_default().add(limit);
            }
        }
    }
    Ok(limits)
}

fn column(step: &str, field: &str) -> String {
    format!("{step}__{field}")
}

/// Options whose name begins with `min` or `max` are limits, in every operator: `max` of
/// the main measurement, `max-chars` of the one called `chars`.
fn planned(run: &RunRecord, limits: &mut BTreeMap<String, Limits>) {
    for step in run.plan["steps"].as_array().into_iter().flatten() {
        let (Some(name), Some(options)) = (step["name"].as_str(), step["options"].as_object())
        else {
            continue;
        };
        for (key, value) in options {
            let Some(number) = value.as_f64() else { continue };
            let (bound, field) = key.split_once(['-', '_']).unwrap_or((key, VALUE));
            let limit = match bound {
                "min" => Limit::AtLeast(number),
                "max" => Limit::AtMost(number),
                _ => continue,
            };
            limits.entry(column(name, &field.replace('-', "_"))).or_default().add(limit);
        }
    }
}

/// `≥ 50` or `chars ≤ 0.2` for a bound as the ledger stores it; `None` for a condition.
pub(crate) fn in_words(text: &str) -> Option<String> {
    let (field, limit) = parse(text)?;
    let field = if field == VALUE { String::new() } else { format!("{field} ") };
    Some(match limit {
        Limit::AtLeast(bound) => format!("{field}≥ {bound}"),
        Limit::AtMost(bound) => format!("{field}≤ {bound}"),
    })
}

/// Reads `>= 50`, `<= 0.9` and `chars <= 0.2`; the condition of a rule is no limit.
fn parse(text: &str) -> Option<(&str, Limit)> {
    let mut words = text.split(' ').rev();
    let number = words.next()?.parse().ok().filter(|number: &f64| number.is_finite())?;
    let limit = match words.next()? {
        ">=" => Limit::AtLeast(number),
        "<=" => Limit::AtMost(number),
        _ => return None,
    };
    let field = words.next().unwrap_or(VALUE);
    // A step has no double underscore in its name, a column of a rule has one.
    (words.next().is_none() && !field.contains("__")).then_some((field, limit))
}

/// One line of text for all limits of a plan's option value.
pub(crate) fn shown(limits: &Limits) -> String {
    let words: Vec<String> = limits.lines(false).into_iter().map(|(_, words)| words).collect();
    words.join(" · ")
}

/// The plan as text, for reading.
pub(crate) fn pretty(plan: &Value) -> String {
    serde_json::to_string_pretty(plan).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_as_the_ledger_stores_them() {
        assert_eq!(parse(">= 50"), Some(("value", Limit::AtLeast(50.0))));
        assert_eq!(parse("<= 0.9"), Some(("value", Limit::AtMost(0.9))));
        assert_eq!(parse("chars <= 0.2"), Some(("chars", Limit::AtMost(0.2))));
        assert_eq!(parse("words__value <= 5"), None);
        assert_eq!(parse("words__value < 5"), None);
        assert_eq!(parse(">= NaN"), None);
    }

    #[test]
    fn the_limit_itself_is_allowed() {
        let mut limits = Limits::default();
        limits.add(Limit::AtLeast(5.0));
        limits.add(Limit::AtMost(9.0));
        assert_eq!(
            [4.0, 5.0, 9.0, 10.0].map(|value| limits.hold(value)),
            [false, true, true, false]
        );
        assert_eq!(shown(&limits), "≥ 5 · ≤ 9");
    }
}
