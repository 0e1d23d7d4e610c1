//! Which rows a relation is about: those that stay so far and that the step speaks about.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::PathBuf,
    sync::Arc,
};

use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::Int64Type,
};
use assay_ledger::{
    Batches, Folder, batches, folder,
    schema::{KEY, ROW},
};
use assay_operators::contract::Span;
use assay_plan::Action;
use serde::{Deserialize, Serialize};

use super::{
    members::Members,
    passages::{Edits, taken},
    tables::broken,
};
use crate::{
    EngineError,
    decide::{Judge, PlanText, spoken_about},
    input::Unit,
};

/// What decides which rows take part in a step.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Participation {
    pub folder: Folder,
    pub plan: PlanText,
    /// Number of the relating step.
    pub step: usize,
    /// What earlier relating steps found.
    pub before: Arc<Vec<Members>>,
}

/// The facts of a unit, and which of its rows take part.
pub(super) struct Participants {
    /// `None` for a corpus that the input is compared with: all its rows take part.
    judged: Option<Judged>,
    facts: PathBuf,
}

/// By what the rows of the input stay.
struct Judged {
    judge: Arc<Judge>,
    step: usize,
    /// Numbers of rows that earlier relations remove.
    gone: BTreeSet<i64>,
}

impl Participation {
    /// Places that earlier steps take from the rows with a number in `ids`.
    pub(super) fn taken(&self, ids: &Range<i64>) -> Result<BTreeMap<i64, Vec<Span>>, EngineError> {
        taken(self.edits(), &self.folder, ids)
    }

    /// What earlier steps take from rows.
    fn edits(&self) -> impl Iterator<Item = &Edits> {
        self.before.iter().filter_map(|members| members.edits.as_ref())
    }

    /// Reads what is known of `unit`.
    pub(super) fn of(&self, unit: &Unit) -> Result<Participants, EngineError> {
        let facts = self.folder.path(&unit.path_in(folder::FACTS));
        if unit.aside.is_some() {
            return Ok(Participants { judged: None, facts });
        }
        let judge = self.plan.judge()?;
        let ids = unit.ids();
        let mut gone = BTreeSet::new();
        // Rows that an earlier relation only flags still take part.
        let removes = |members: &&Members| {
            let step = judge.steps().get(members.step);
            step.is_some_and(|step| Action::Quarantine <= step.step.on_outside)
        };
        for members in self.before.iter().filter(removes) {
            gone.extend(members.removed(&self.folder, ids.clone())?.into_keys());
        }
        for edits in self.edits() {
            let emptied = edits.of(&self.folder, ids.clone())?;
            let emptied = emptied.into_iter().filter(|(_, going)| going.emptied);
            gone.extend(emptied.map(|(id, _)| id));
        }
        let judged = Some(Judged { judge, step: self.step, gone });
        Ok(Participants { judged, facts })
    }
}

impl Participants {
    /// The facts, batch by batch.
    pub(super) fn facts(&self) -> Result<Batches, EngineError> {
        Ok(batches(&self.facts, None)?)
    }

    /// The number of each row of `facts`, which belong to `unit`, and whether it takes part.
    pub(super) fn in_batch(
        &self,
        unit: &Unit,
        facts: &RecordBatch,
    ) -> Result<Vec<(i64, bool)>, EngineError> {
        let lacking = || broken("the facts lack a fixed column");
        let key = facts.column_by_name(KEY).ok_or_else(lacking)?;
        let rows = facts.column_by_name(ROW).ok_or_else(lacking)?.as_primitive::<Int64Type>();
        let id = |at: usize| unit.id(rows.value(at).unsigned_abs());
        let Some(Judged { judge, step, gone }) = &self.judged else {
            return Ok((0..facts.num_rows()).map(|at| (id(at), key.is_valid(at))).collect());
        };
        let verdicts = judge.judge(facts)?.verdicts;
        let spoken = spoken_about(&judge.steps()[*step], facts)?;
        let row = |(at, verdict): (usize, &crate::decide::Verdict)| {
            let id = id(at);
            let stays = verdict.stays() && !gone.contains(&id);
            (id, stays && key.is_valid(at) && spoken(at))
        };
        Ok(verdicts.iter().enumerate().map(row).collect())
    }
}
