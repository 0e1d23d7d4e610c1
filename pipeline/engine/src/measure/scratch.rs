//! Measuring one document after the other in memory that is reused.

use assay_ledger::schema::problem;
use assay_operators::{
    contract::{Declared, Document, Edit, Part, Span, Value, Workspace, apply},
    text::normal,
};
use assay_plan::{BoundOperator, BoundStep};

use crate::scope::speaks_about;

/// Everything that one thread needs to measure documents.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    workspace: Workspace,
    joined: String,
    spans: Vec<Part>,
    normal: Vec<u8>,
    edits: Vec<Edit>,
    edited: String,
    spare: String,
    values: Vec<Value>,
}

/// What was found in one document.
#[derive(Debug)]
pub(crate) struct Measured<'s> {
    /// Why nothing could be measured: one of [`problem`].
    pub problem: Option<&'static str>,
    /// Hash of the normal form of the text after all edits, and its length.
    pub key: Option<normal::Key>,
    /// Hash of the bytes as they came, and their length.
    pub content: Option<normal::Key>,
    /// One value per field of every step.
    pub values: &'s [Value],
    /// The text after all edits, if there were any.
    pub edited: Option<&'s str>,
}

impl Scratch {
    /// Measures the document whose parts, in the order of the text columns, are `parts`.
    pub(crate) fn measure(
        &mut self,
        steps: &[BoundStep],
        parts: &[Option<&[u8]>],
        declared: Declared<'_>,
        max_bytes: u64,
    ) -> Measured<'_> {
        self.values.clear();
        self.values.resize(steps.iter().map(|step| step.fields().len()).sum(), Value::Missing);
        let single = match parts {
            [only] => *only,
            _ => None,
        };
        let bytes = if let Some(bytes) = single {
            bytes
        } else {
            if let Err(problem) = self.join(parts) {
                return Measured::without(problem, None, &self.values);
            }
            self.joined.as_bytes()
        };
        if bytes.is_empty() {
            return Measured::without(problem::NO_TEXT, None, &self.values);
        }
        let content = Some(normal::content(bytes));
        if max_bytes < bytes.len() as u64 {
            return Measured::without(problem::OVERSIZE, content, &self.values);
        }
        let Ok(text) = simdutf8::basic::from_utf8(bytes) else {
            return Measured::without(problem::INVALID_UTF8, content, &self.values);
        };
        let mut document = self.workspace.open(text, &self.spans, declared);
        let mut edited = false;
        let mut slot = 0;
        for step in steps {
            let slots = slot..slot + step.fields().len();
            slot = slots.end;
            match &step.operator {
                BoundOperator::Gauge(gauge) => gauge.measure(&document, &mut self.values[slots]),
                BoundOperator::Rewriter(rewriter) if speaks_about(&step.step, declared) => {
                    self.edits.clear();
                    rewriter.edits(&document, &mut self.edits);
                    let removed = removed(&self.edits);
                    self.values[slots.start] = Value::count(self.edits.len());
                    self.values[slots.start + 1] = Value::Int(removed);
                    if !self.edits.is_empty() {
                        apply(document.text(), &self.edits, &mut self.spare);
                        std::mem::swap(&mut self.spare, &mut self.edited);
                        edited = true;
                        document = self.workspace.open(&self.edited, &[], declared);
                    }
                }
                BoundOperator::Rewriter(_) | BoundOperator::Signer(_) => {}
            }
        }
        let key = normal::key(if edited { &self.edited } else { text }, &mut self.normal);
        Measured {
            problem: None,
            key: Some(key),
            content,
            values: &self.values,
            edited: edited.then_some(self.edited.as_str()),
        }
    }

    /// Opens the text that the step called `name` sees, and hands it to `look`.
    pub(crate) fn see<T>(
        &mut self,
        steps: &[BoundStep],
        text: &str,
        declared: Declared<'_>,
        mut look: impl FnMut(&BoundStep, &Document<'_>) -> T,
    ) -> (Vec<T>, String) {
        let mut current = text.to_owned();
        let mut seen = Vec::new();
        for step in steps {
            let document = self.workspace.open(&current, &[], declared);
            seen.push(look(step, &document));
            if let BoundOperator::Rewriter(rewriter) = &step.operator
                && speaks_about(&step.step, declared)
            {
                self.edits.clear();
                rewriter.edits(&document, &mut self.edits);
                apply(&current, &self.edits, &mut self.edited);
                std::mem::swap(&mut current, &mut self.edited);
            }
        }
        (seen, current)
    }

    /// Joins several parts by line feeds; the error is the document's problem.
    fn join(&mut self, parts: &[Option<&[u8]>]) -> Result<(), &'static str> {
        self.joined.clear();
        self.spans.clear();
        for (column, part) in (0_u32..).zip(parts) {
            let Some(bytes) = part else { continue };
            let Ok(text) = simdutf8::basic::from_utf8(bytes) else {
                return Err(problem::INVALID_UTF8);
            };
            if !self.joined.is_empty() {
                self.joined.push('\n');
            }
            let start = self.joined.len();
            self.joined.push_str(text);
            self.spans.push(Part { span: Span::new(start, self.joined.len()), column });
        }
        Ok(())
    }
}

impl<'s> Measured<'s> {
    fn without(problem: &'static str, content: Option<normal::Key>, values: &'s [Value]) -> Self {
        Self { problem: Some(problem), key: None, content, values, edited: None }
    }
}

fn removed(edits: &[Edit]) -> i64 {
    let change = |edit: &Edit| {
        i64::from(edit.span.end - edit.span.start)
            - i64::try_from(edit.replacement.len()).unwrap_or(i64::MAX)
    };
    edits.iter().map(change).sum()
}
