//! From compared pairs to what the run needs: which rows go, and the groups table.

use std::sync::{Arc, LazyLock};

use arrow::{
    array::{ArrayRef, AsArray, Float64Array, Int64Array, RecordBatch},
    datatypes::{DataType, Field, Float64Type, Int64Type, Schema, SchemaRef},
};
use assay_ledger::{
    TableWriter,
    schema::{CONTAINMENT, SIMILARITY, role},
};
use assay_operators::{contract::Keep, duplicate::near::Overlap};
use futures::StreamExt;
use roaring::RoaringTreemap;

use super::{
    super::{
        groups::Listed,
        members::{Kept, MembersWriter, PENDING, in_order},
        step::{Related, RelatingStep},
        tables::broken,
    },
    compare::{Comparison, Edge},
    components::Components,
    places::RowsByPlace,
    survivors::each_edge,
    texts::Texts,
};
use crate::{EngineError, error::unwrapped};

/// A row of a group: place of the group's best row, own place, role, the place of the row it
/// is like, and how similar the two are.
static LISTED: LazyLock<SchemaRef> = LazyLock::new(|| {
    let number = |name: &str| Field::new(name, DataType::Int64, false);
    let share = |name: &str| Field::new(name, DataType::Float64, false);
    let mut fields = ["best", "place", "role", "kept"].map(number).to_vec();
    fields.extend([SIMILARITY, CONTAINMENT].map(share));
    Arc::new(Schema::new(fields))
});

/// Roles by their number in [`LISTED`].
const ROLES: [&str; 3] = [role::KEPT, role::MEMBER, role::TEMPLATE];
const KEPT: i64 = 0;
const MEMBER: i64 = 1;
const TEMPLATE: i64 = 2;

/// Which rows go, which stay, and which hang together.
pub(super) struct Sets {
    keep: Keep,
    /// Rows that go.
    removed: RoaringTreemap,
    /// Rows because of which others go.
    keepers: RoaringTreemap,
    /// Rows that are the worse one of a linked pair.
    below: RoaringTreemap,
    /// All rows of groups.
    grouped: RoaringTreemap,
}

impl Sets {
    fn nothing(keep: Keep) -> Self {
        let [removed, keepers, below, grouped] = [(); 4].map(|()| RoaringTreemap::new());
        Self { keep, removed, keepers, below, grouped }
    }

    /// What the pairs say, given the rows that go; places of the input begin at `own`.
    pub(super) async fn of(
        step: &RelatingStep<'_>,
        keep: Keep,
        own: i64,
        compared: &[String],
        removed: RoaringTreemap,
    ) -> Result<Self, EngineError> {
        let [mut keepers, mut below, mut grouped] = [(); 3].map(|()| RoaringTreemap::new());
        let mut sets = Self { keep, removed, ..Self::nothing(keep) };
        if keep == Keep::DropAll {
            each_edge(&step.tables, compared, |edge| {
                if edge.same {
                    // Rows of other corpora stay.
                    let both = [edge.better, edge.worse].into_iter();
                    let goes = both.filter(|place| own <= *place).map(i64::unsigned_abs);
                    sets.removed.extend(goes);
                }
                Ok(())
            })
            .await?;
        }
        each_link(step, compared, &sets, |link| {
            let (better, worse) = (link.edge.better.unsigned_abs(), link.edge.worse.unsigned_abs());
            if link.role == MEMBER {
                keepers.insert(better);
            }
            below.insert(worse);
            grouped.extend([better, worse]);
            Ok(())
        })
        .await?;
        Ok(Self { keepers, below, grouped, ..sets })
    }

    /// How the rows hang together.
    pub(super) async fn components(
        &self,
        step: &RelatingStep<'_>,
        compared: &[String],
    ) -> Result<Components, EngineError> {
        let mut components = Components::new(&self.grouped);
        each_link(step, compared, self, |link| {
            components.join(link.edge.better, link.edge.worse);
            Ok(())
        })
        .await?;
        Ok(components)
    }

    /// The role that the worse row of a pair has because of it, if the pair holds a group
    /// together: a row goes because of the best row that stays and says the same, and rows
    /// that stay are held together by being alike without saying the same.
    fn role(&self, edge: Edge) -> Option<i64> {
        let goes = |place: i64| self.removed.contains(place.unsigned_abs());
        match (edge.same, goes(edge.better), goes(edge.worse)) {
            (true, true, true) if self.keep == Keep::DropAll => Some(MEMBER),
            (true, false, true) => Some(MEMBER),
            (false, false, false) => Some(TEMPLATE),
            _ => None,
        }
    }
}

/// A pair that holds a group together.
struct Link {
    edge: Edge,
    /// Of the worse row.
    role: i64,
}

/// Hands the pairs that hold groups together to `each`, in the order of the worse row; of
/// those because of which a row goes, the first.
async fn each_link(
    step: &RelatingStep<'_>,
    compared: &[String],
    sets: &Sets,
    mut each: impl FnMut(Link) -> Result<(), EngineError>,
) -> Result<(), EngineError> {
    let mut gone = None;
    each_edge(&step.tables, compared, |edge| {
        let Some(role) = sets.role(edge) else { return Ok(()) };
        let known = role == MEMBER && gone.replace(edge.worse) == Some(edge.worse);
        if known && sets.keep != Keep::DropAll { Ok(()) } else { each(Link { edge, role }) }
    })
    .await
}

/// Rows of groups, as they are found.
struct Rows<'c> {
    components: &'c mut Components,
    ids: RowsByPlace,
    writer: TableWriter,
    pending: Vec<(i64, i64, i64, i64, f64, f64)>,
    members: MembersWriter,
    seen: RoaringTreemap,
}

/// Writes the members and the groups table.
pub(super) async fn write(
    step: &RelatingStep<'_>,
    comparison: &Comparison,
    compared: &[String],
    sets: &Sets,
    components: &mut Components,
) -> Result<Related, EngineError> {
    if sets.grouped.is_empty() {
        return Ok(step.nothing());
    }
    let mut found = Rows {
        components,
        ids: comparison.places.open(&comparison.folder)?,
        writer: step.tables.create("listed", &LISTED)?,
        pending: Vec::new(),
        members: MembersWriter::open(&step.tables)?,
        seen: RoaringTreemap::new(),
    };
    each_link(step, compared, sets, |link| {
        let Edge { better, worse, overlap, .. } = link.edge;
        // Where none stays, the best row goes because of the first that says the same.
        let best = sets.keep == Keep::DropAll && !sets.below.contains(better.unsigned_abs());
        if link.role == MEMBER && best {
            found.push(better, MEMBER, worse, overlap)?;
        }
        let keeps = link.role == TEMPLATE && sets.keepers.contains(worse.unsigned_abs());
        if keeps { Ok(()) } else { found.push(worse, link.role, better, overlap) }
    })
    .await?;
    for place in &(&sets.grouped - &found.seen) {
        let role = if sets.keepers.contains(place) { KEPT } else { TEMPLATE };
        let place = i64::try_from(place).map_err(broken)?;
        found.push(place, role, place, Overlap { shared: 1, left: 1, right: 1 })?;
    }
    found.flush()?;
    let mut ids = found.ids;
    let (listed, members) = (found.writer.finish()?.path, found.members.finish()?);
    let sql = "SELECT best, place, role, kept, similarity, containment FROM listed \
               ORDER BY best, place";
    let listed = step.tables.query(&[("listed", &[listed], &LISTED)], sql).await?;
    let Comparison { folder, near, units, texts, .. } = comparison;
    let mut texts = Texts::open(folder, texts, units)?;
    let mut out = step.groups()?;
    let mut listed = listed;
    let mut label: Option<(i64, u128)> = None;
    while let Some(batch) = listed.next().await {
        let batch = batch.map_err(unwrapped)?;
        let number = |at: usize| batch.column(at).as_primitive::<Int64Type>();
        let share = |at: usize| batch.column(at).as_primitive::<Float64Type>();
        for row in 0..batch.num_rows() {
            let best = number(0).value(row);
            let group = match label {
                Some((of, group)) if of == best => group,
                _ => texts.key(ids.id(best)?)?,
            };
            label = Some((best, group));
            let role = usize::try_from(number(2).value(row)).map_err(broken)?;
            out.push(Listed {
                group,
                id: ids.id(number(1).value(row))?,
                role: ROLES.get(role).copied().unwrap_or(role::TEMPLATE),
                kept: ids.id(number(3).value(row))?,
                similarity: share(4).value(row),
                containment: share(5).value(row),
            })?;
        }
    }
    let (groups, count, largest) = out.finish()?;
    let members = in_order(&step.tables, &members).await?;
    let limit = format!(">= {}", near.similarity.get());
    let mut related = step.members(members, Some(limit));
    if near.keep == Keep::Annotate {
        related = step.nothing();
    }
    Ok(Related { groups: Some(groups), count, largest, ..related })
}

impl Rows<'_> {
    /// Lists a row once: as what it was first found to be.
    fn push(
        &mut self,
        place: i64,
        role: i64,
        kept: i64,
        overlap: Overlap,
    ) -> Result<(), EngineError> {
        if !self.seen.insert(place.unsigned_abs()) {
            return Ok(());
        }
        let (similarity, containment) = (overlap.jaccard(), overlap.containment());
        if role == MEMBER {
            let (id, kept) = (self.ids.id(place)?, self.ids.id(kept)?);
            self.members.push(id, Kept { id: kept, similarity })?;
        }
        let best = self.components.best(place);
        self.pending.push((best, place, role, kept, similarity, containment));
        if PENDING <= self.pending.len() { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), EngineError> {
        type Row = (i64, i64, i64, i64, f64, f64);
        let rows = &self.pending;
        let number = |of: &dyn Fn(&Row) -> i64| -> ArrayRef {
            Arc::new(Int64Array::from_iter_values(rows.iter().map(of)))
        };
        let share = |of: &dyn Fn(&Row) -> f64| -> ArrayRef {
            Arc::new(Float64Array::from_iter_values(rows.iter().map(of)))
        };
        let columns = vec![
            number(&|row| row.0),
            number(&|row| row.1),
            number(&|row| row.2),
            number(&|row| row.3),
            share(&|row| row.4),
            share(&|row| row.5),
        ];
        let batch = RecordBatch::try_new(LISTED.clone(), columns).map_err(broken)?;
        self.pending.clear();
        Ok(self.writer.write(&batch)?)
    }
}
