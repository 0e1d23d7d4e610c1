//! Earlier runs whose kept rows the input is compared with: what they measured of these rows
//! need not be measured again, and their text is read of candidates only.

use assay_ledger::{Folder, Manifest, RunRecord, folder, schema::SOURCE};
use assay_plan::{BoundOperator, BoundStep, Plan, Step};

use super::prepare::is_there;
use crate::{
    input::Unit,
    measure::{MeasurePlan, ReuseTask, part_of, signs},
};

/// A run that signed its rows as they would be signed now.
#[derive(Debug)]
pub(crate) struct Earlier {
    folder: Folder,
    manifest: Manifest,
    /// Names of the steps that sign now, and of those that signed the same then.
    signed: Vec<(String, String)>,
}

impl Earlier {
    /// The run in `folder`, if it measured of a row that it did not edit what `plan` would
    /// measure: the same version of this program, under the same columns and limits, with
    /// every rewriter and signer of the plan.
    pub(super) fn find(folder: Folder, plan: &Plan) -> Option<Self> {
        let record = RunRecord::read(&folder.run_json()).ok()?;
        let then: Plan = serde_json::from_value(record.plan).ok()?;
        let alike = record.version == env!("CARGO_PKG_VERSION")
            && then.input.columns == plan.input.columns
            && then.input.max_document_bytes == plan.input.max_document_bytes;
        if !alike {
            return None;
        }
        let (now, then) = (plan.bind().ok()?, then.bind().ok()?);
        // A rewriter that left a row alone then leaves it alone now.
        let rewrites = |step: &&BoundStep| matches!(step.operator, BoundOperator::Rewriter(_));
        let rewrote = |now: &BoundStep| then.iter().any(|then| is_same_rule(&now.step, &then.step));
        if !now.iter().filter(rewrites).all(rewrote) {
            return None;
        }
        let mut signed = Vec::new();
        for now in &now {
            let Some(how) = signs(now) else { continue };
            let same = |then: &&BoundStep| {
                signs(then) == Some(how)
                    && then.step.operator == now.step.operator
                    && then.step.operator_version == now.step.operator_version
            };
            let then = then.iter().find(same)?;
            signed.push((now.step.name.clone(), then.step.name.clone()));
        }
        let manifest = Manifest::read(&folder.manifest()).ok()?;
        Some(Self { folder, manifest, signed })
    }

    /// Whether the rows of `unit` are those of the run's data, and all that it says of them is
    /// there.
    pub(super) fn knows(&self, unit: &Unit) -> bool {
        let Some(part) = part_of(&self.folder, unit) else { return false };
        let signatures = (!self.signed.is_empty()).then_some(folder::SIGNATURES);
        let tables = [folder::DATA, folder::FACTS, folder::DECISIONS].into_iter().chain(signatures);
        tables
            .map(|table| self.manifest.find(&format!("{table}/{part}")))
            .all(|file| file.is_some_and(|file| is_there(&self.folder, file)))
    }

    /// What takes over what it measured, into the run folder `folder`; of rows that it edited
    /// `plan` is measured.
    pub(super) fn task(&self, folder: &Folder, plan: MeasurePlan) -> ReuseTask {
        let (folder, earlier) = (folder.clone(), self.folder.clone());
        ReuseTask { folder, earlier, plan, signed: self.signed.clone() }
    }
}

/// Whether both do the same to any text. Which source a row is from may be another now, so a
/// rule for some sources is not.
fn is_same_rule(now: &Step, then: &Step) -> bool {
    now.operator == then.operator
        && now.operator_version == then.operator_version
        && now.options == then.options
        && now.only_for == then.only_for
        && !now.only_for.contains_key(SOURCE)
}
