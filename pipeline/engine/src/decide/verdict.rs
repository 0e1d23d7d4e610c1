//! What is decided about one row.

use assay_plan::Action;

/// One limit, rule or relation that speaks against a row, or an edit of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reason {
    /// Number of the step; rules are numbered after the steps.
    pub step: usize,
    pub value: Option<f64>,
    pub limit: Option<String>,
    /// Number of the row that stays instead.
    pub kept: Option<i64>,
}

/// What is decided about one row, and all that speaks against it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Verdict {
    /// The strongest action of all reasons.
    pub action: Action,
    /// The first reason with that action: step or rule; `None` for a kept row.
    pub step: Option<usize>,
    pub reasons: Vec<Reason>,
    /// Whether a rewriter changes the text.
    pub edited: bool,
}

impl Verdict {
    pub(super) fn keep() -> Self {
        Self { action: Action::Keep, step: None, reasons: Vec::new(), edited: false }
    }

    /// Adds a reason that asks for `action`.
    pub(super) fn add(&mut self, action: Action, reason: Reason) {
        if self.action < action {
            self.action = action;
            self.step = Some(reason.step);
        }
        self.reasons.push(reason);
    }

    /// Whether the row is still in the corpus.
    pub(crate) fn stays(&self) -> bool {
        self.action < Action::Quarantine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(step: usize) -> Reason {
        Reason { step, value: None, limit: None, kept: None }
    }

    #[test]
    fn the_strongest_action_decides_and_every_reason_stays() {
        let mut verdict = Verdict::keep();
        verdict.add(Action::Flag, reason(0));
        verdict.add(Action::Drop, reason(1));
        verdict.add(Action::Drop, reason(2));
        verdict.add(Action::Quarantine, reason(3));
        assert_eq!((verdict.action, verdict.step), (Action::Drop, Some(1)));
        assert_eq!(verdict.reasons.len(), 4);
    }
}
