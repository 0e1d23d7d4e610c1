//! Which rows stay: a row goes if one that is better, that stays, and that it was compared
//! with says the same.
//!
//! This is the first maximal independent set in the order of preference, so that the rows
//! that stay do not depend on the order in which pairs were found, and no row goes because
//! of a row that goes itself.

use futures::StreamExt;
use roaring::RoaringTreemap;

use super::{
    super::tables::Tables,
    compare::{COMPARED, Edge, edges},
};
use crate::{EngineError, error::unwrapped};

/// Columns of the compared pairs that are similar enough, worse rows in their order.
const EDGES: &str = "SELECT better, worse, shared, of_better, of_worse, verdict FROM compared";

/// Hands every pair that is similar enough to `each`, in the order of the worse row, then of
/// the better one.
pub(super) async fn each_edge(
    tables: &Tables<'_>,
    compared: &[String],
    mut each: impl FnMut(Edge) -> Result<(), EngineError>,
) -> Result<(), EngineError> {
    let sql = format!("{EDGES} WHERE verdict <> 0 ORDER BY worse, better");
    let mut rows = tables.query(&[("compared", compared, &COMPARED)], &sql).await?;
    while let Some(batch) = rows.next().await {
        edges(&batch.map_err(unwrapped)?).try_for_each(&mut each)?;
    }
    Ok(())
}

/// The places of the rows that go.
pub(super) async fn removed(
    tables: &Tables<'_>,
    compared: &[String],
) -> Result<RoaringTreemap, EngineError> {
    let mut removed = RoaringTreemap::new();
    each_edge(tables, compared, |edge| {
        if edge.same && !removed.contains(edge.better.unsigned_abs()) {
            removed.insert(edge.worse.unsigned_abs());
        }
        Ok(())
    })
    .await?;
    Ok(removed)
}

/// For each of the rows that go, in order of its place, the best of the rows that stay and
/// that were found to say the same.
pub(super) async fn keepers(
    tables: &Tables<'_>,
    compared: &[String],
    removed: &RoaringTreemap,
) -> Result<Vec<(i64, i64)>, EngineError> {
    let mut keepers: Vec<(i64, i64)> = Vec::new();
    each_edge(tables, compared, |edge| {
        let stays = !removed.contains(edge.better.unsigned_abs());
        if edge.same && stays && keepers.last().is_none_or(|last| last.0 != edge.worse) {
            keepers.push((edge.worse, edge.better));
        }
        Ok(())
    })
    .await?;
    Ok(keepers)
}
