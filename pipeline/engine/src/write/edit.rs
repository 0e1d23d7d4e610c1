//! Applies a plan's edits to the text of rows that are written.

use std::sync::Arc;

use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch, StringViewBuilder},
    compute::cast,
    datatypes::DataType,
};
use assay_operators::{
    contract::{Declared, Span},
    text::normal,
};
use assay_plan::BoundStep;

use crate::{EngineError, assets::rewriters, input::Unit, measure::Scratch};

/// Rewrites the text of the rows of a unit that the decisions say are edited.
pub(super) struct Editor<'p> {
    unit: &'p Unit,
    steps: Arc<Vec<BoundStep>>,
    scratch: Scratch,
    /// What is left of a text.
    left: String,
}

/// What the decisions say about an edited row.
pub(super) struct Edited<'d> {
    /// Hash of the text before the edits; guards against editing another text.
    pub content: &'d [u8],
    /// What decided which rewriters spoke.
    pub lang: Option<&'d str>,
    pub source: Option<&'d str>,
    /// What goes besides, of the text after the rewriters, in order.
    pub going: Vec<Span>,
}

impl<'p> Editor<'p> {
    /// Only the rewriters among `steps` matter here.
    pub(super) fn new(unit: &'p Unit, steps: &[BoundStep]) -> Result<Self, EngineError> {
        Ok(Self {
            unit,
            steps: rewriters(steps)?,
            scratch: Scratch::default(),
            left: String::new(),
        })
    }

    /// `batch` with the text of its rows edited where `edited` says so.
    pub(super) fn apply(
        &mut self,
        batch: &RecordBatch,
        edited: &[Option<Edited<'_>>],
    ) -> Result<RecordBatch, EngineError> {
        if edited.iter().all(Option::is_none) {
            return Ok(batch.clone());
        }
        let [name] = self.unit.roles.text.as_slice() else { return Err(self.unfit()) };
        let Ok(at) = batch.schema().index_of(name) else { return Err(self.unfit()) };
        let kind = batch.column(at).data_type().clone();
        let broken = |error: arrow::error::ArrowError| EngineError::Broken(error.to_string());
        let text = cast(batch.column(at), &DataType::Utf8View).map_err(broken)?;
        let text = text.as_string_view();
        let mut out = StringViewBuilder::with_capacity(batch.num_rows());
        for (row, edited) in edited.iter().enumerate() {
            match edited {
                _ if text.is_null(row) => out.append_null(),
                None => out.append_value(text.value(row)),
                Some(edited) => out.append_value(self.rewritten(text.value(row), edited)?),
            }
        }
        let out: ArrayRef = Arc::new(out.finish());
        let mut columns = batch.columns().to_vec();
        columns[at] = cast(&out, &kind).map_err(broken)?;
        RecordBatch::try_new(batch.schema(), columns).map_err(broken)
    }

    fn rewritten(&mut self, text: &str, edited: &Edited<'_>) -> Result<&str, EngineError> {
        if normal::content(text.as_bytes()).hash.to_be_bytes() != edited.content {
            return Err(EngineError::input(
                &self.unit.file,
                "was changed while the run was reading it",
                "leave the input alone while a run is under way, and start again",
            ));
        }
        let declared = Declared { lang: edited.lang, source: edited.source, url: None };
        let found = self.scratch.measure(&self.steps, &[Some(text.as_bytes())], declared, u64::MAX);
        let lost = || EngineError::Broken("an edit that was measured did not come again".into());
        let seen = match found.edited {
            Some(seen) => seen,
            None if edited.going.is_empty() => return Err(lost()),
            None => text,
        };
        self.left.clear();
        let mut from = 0;
        for span in &edited.going {
            self.left.push_str(seen.get(from..span.start as usize).ok_or_else(lost)?);
            from = span.end as usize;
        }
        self.left.push_str(seen.get(from..).ok_or_else(lost)?);
        Ok(&self.left)
    }

    fn unfit(&self) -> EngineError {
        EngineError::input(
            &self.unit.file,
            "has its text in several or nested columns, which rewriters cannot edit yet",
            "leave the rewriting steps out of the recipe, or name one top-level text column",
        )
    }
}
