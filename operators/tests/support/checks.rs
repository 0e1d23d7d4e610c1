//! What gauges and rewriters promise about any text.

use std::sync::LazyLock;

use assay_operators::{
    contract::{
        BoundGauge, BoundRewriter, Derived, Document, Edit, Entry, Field, FieldKind, Fingerprint,
        Judgement, Limit, Value, Workspace, apply,
    },
    guide::Setting,
    registry::REGISTRY,
};
use serde_json::Value as Json;

use crate::gauges::{GAUGES, fewest};

/// Every rewriter with default options.
static REWRITERS: LazyLock<Vec<BoundRewriter>> = LazyLock::new(|| {
    let rewriters = REGISTRY.iter().filter_map(|entry| {
        let Entry::Rewriter(kind) = entry else { return None };
        let Setting { options, assets } = fewest(entry);
        let mut rewriter = kind.bind(&options).unwrap();
        rewriter.load(&assets).unwrap();
        Some(rewriter)
    });
    rewriters.collect()
});

/// What `gauge` measures.
pub(crate) fn measured(gauge: &BoundGauge, document: &Document<'_>) -> Vec<Value> {
    let mut out = vec![Value::Missing; gauge.card().fields.len()];
    gauge.measure(document, &mut out);
    out
}

/// Every gauge measures `text` twice alike, in whatever order, within the range of its fields,
/// and judges and locates what it measured.
pub(crate) fn check_gauges(text: &str) {
    let mut workspace = Workspace::new();
    let document = workspace.open_text(text);
    let first: Vec<_> = GAUGES.iter().map(|gauge| measured(gauge, &document)).collect();
    let document = workspace.open_text(text);
    for (gauge, measured_first) in GAUGES.iter().zip(first).rev() {
        let id = gauge.card().id;
        assert_eq!(measured_first, measured(gauge, &document), "{id} is not repeatable");
        for (field, value) in gauge.card().fields.iter().zip(&measured_first) {
            check_value(id, field, value);
        }
        check_judgement(gauge, &measured_first);
        let mut from = 0;
        for span in gauge.locate(&document) {
            assert!(from <= span.start && span.start < span.end, "{id}: spans overlap: {span:?}");
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{id}: {span:?}");
            from = span.end;
        }
    }
}

fn check_value(id: &str, field: &Field, value: &Value) {
    let name = field.name;
    match (field.kind, value) {
        (_, Value::Missing)
        | (FieldKind::Bool, Value::Bool(_))
        | (FieldKind::Label, Value::Label(_)) => {}
        (FieldKind::Int, Value::Int(count)) => assert!(0 <= *count, "{id} {name}: {count}"),
        (FieldKind::Float, Value::Float(number)) => {
            assert!(number.is_finite() && 0.0 <= *number, "{id} {name}: {number}");
            let is_share = (0.0..=1.0).contains(number);
            assert!(field.unit != "share" || is_share, "{id} {name}: {number}");
        }
        (kind, value) => panic!("{id} {name}: {value:?} is not of kind {kind:?}"),
    }
}

fn check_judgement(gauge: &BoundGauge, measured: &[Value]) {
    let id = gauge.card().id;
    if matches!(gauge.derived(), Some(Derived::Column(_))) {
        // What it takes may be a text, which no limit speaks of.
        return;
    }
    let missing = gauge.judge(&vec![Value::Missing; measured.len()]);
    assert_eq!(missing, Judgement::Unmeasured, "{id}");
    let judgement = gauge.judge(measured);
    assert_eq!(measured[0] == Value::Missing, judgement == Judgement::Unmeasured, "{id}");
    let Judgement::Outside(breaches) = judgement else { return };
    assert!(!breaches.is_empty(), "{id} is outside of nothing");
    let limits = options_in(gauge.limits());
    for breach in breaches {
        let (bound, limit) = match breach.limit {
            Limit::AtLeast(limit) => ("min", limit),
            Limit::AtMost(limit) => ("max", limit),
        };
        let mut limits = limits.as_object().unwrap().iter();
        let named =
            limits.any(|(key, value)| key.starts_with(bound) && value.as_f64() == Some(limit));
        assert!(named, "{id}: {} is none of its `{bound}` limits", breach.limit);
        let mut fields = gauge.card().fields.iter();
        assert!(fields.any(|field| field.name == breach.field), "{id}: {breach} of no field");
    }
}

/// Every rewriter edits `text` twice alike, on the boundaries of characters, and leaves
/// nothing to do.
pub(crate) fn check_rewriters(text: &str) {
    for rewriter in REWRITERS.iter() {
        let id = rewriter.card().id;
        let mut workspace = Workspace::new();
        let (mut edits, mut again) = (Vec::<Edit>::new(), Vec::new());
        rewriter.edits(&workspace.open_text(text), &mut edits);
        rewriter.edits(&workspace.open_text(text), &mut again);
        assert_eq!(edits, again, "{id} is not repeatable");
        let mut from = 0;
        for edit in &edits {
            let (start, end) = (edit.span.start as usize, edit.span.end as usize);
            assert!(from <= start && start <= end, "{id}: edits overlap: {edit:?}");
            let before = text.get(start..end).expect("edits on character boundaries");
            assert_ne!(before, edit.replacement, "{id}: {edit:?} changes nothing");
            from = end;
        }
        let mut once = String::new();
        apply(text, &edits, &mut once);
        again.clear();
        rewriter.edits(&workspace.open_text(&once), &mut again);
        assert_eq!(again, [], "{id} finds more to do in {once:?}");
    }
}

/// The options that a fingerprint holds.
pub(crate) fn options_in(fingerprint: &Fingerprint) -> Json {
    let text = fingerprint.as_str();
    serde_json::from_str(&text[text.find('{').unwrap()..]).unwrap()
}
