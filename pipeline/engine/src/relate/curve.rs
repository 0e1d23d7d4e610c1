//! How a step proposes near-duplicates.

use assay_ledger::CurveRecord;
use assay_operators::contract::Relation;
use assay_plan::{BoundOperator, BoundStep};

/// The chance to be proposed at every tenth of similarity from 0.3 up, and at the similarity
/// that is asked for; none for a step that compares nothing.
pub(crate) fn curve_of(step: &BoundStep) -> Option<CurveRecord> {
    let BoundOperator::Signer(signer) = &step.operator else { return None };
    let Relation::Near(near) = signer.relation() else { return None };
    let similarity = near.similarity.get();
    let mut places: Vec<f64> = (3..=10).map(|step| f64::from(step) / 10.0).collect();
    places.push(similarity);
    places.sort_by(f64::total_cmp);
    places.dedup();
    let point = |jaccard: f64| (jaccard, near.sketch.chance(jaccard));
    Some(CurveRecord {
        step: step.step.name.clone(),
        bands: near.sketch.bands,
        rows: near.sketch.rows,
        similarity,
        points: places.into_iter().map(point).collect(),
    })
}
