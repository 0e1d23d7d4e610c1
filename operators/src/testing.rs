//! Short ways to try a gauge in its own tests.

use crate::contract::{AnyGauge, BoundGauge, Judgement, OptionsError, Value, Workspace};

/// A gauge with options written as in a recipe.
pub(crate) fn bound(kind: &dyn AnyGauge, options: &str) -> Result<BoundGauge, Vec<OptionsError>> {
    kind.bind(&options.parse().unwrap())
}

/// The measured values of `text` with default options.
pub(crate) fn measured(kind: &dyn AnyGauge, text: &str) -> Vec<Value> {
    measured_with(kind, "", text)
}

/// The measured values of `text` with `options`.
pub(crate) fn measured_with(kind: &dyn AnyGauge, options: &str, text: &str) -> Vec<Value> {
    let mut out = vec![Value::Missing; kind.card().fields.len()];
    bound(kind, options).unwrap().measure(&Workspace::new().open_text(text), &mut out);
    out
}

/// The judgement of `text` with `options`.
pub(crate) fn judged(kind: &dyn AnyGauge, options: &str, text: &str) -> Judgement {
    let gauge = bound(kind, options).unwrap();
    let mut out = vec![Value::Missing; kind.card().fields.len()];
    gauge.measure(&Workspace::new().open_text(text), &mut out);
    gauge.judge(&out)
}

/// The places that were counted in `text` with default options.
pub(crate) fn located<'t>(kind: &dyn AnyGauge, text: &'t str) -> Vec<&'t str> {
    located_with(kind, "", text)
}

/// The places that were counted in `text` with `options`.
pub(crate) fn located_with<'t>(kind: &dyn AnyGauge, options: &str, text: &'t str) -> Vec<&'t str> {
    let spans = bound(kind, options).unwrap().locate(&Workspace::new().open_text(text));
    spans.iter().map(|span| span.of(text)).collect()
}

/// The key of the first option that is refused.
pub(crate) fn refused(kind: &dyn AnyGauge, options: &str) -> String {
    bound(kind, options).unwrap_err()[0].key.clone()
}
