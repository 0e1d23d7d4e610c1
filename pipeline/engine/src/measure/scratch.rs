//! Measuring one document after the other in memory that is reused.

use assay_ledger::schema::problem;
use assay_operators::{
    contract::{
        Cut, Declared, Document, Edit, Part, Relation, Sketch, Span, Value, Workspace, apply,
    },
    duplicate::{near::Sketcher, shared::Cutter},
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
    sketchers: Vec<(Sketch, Sketcher)>,
    cutter: Cutter,
    signatures: Vec<Vec<i64>>,
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
    /// Keys of the document for each step that signs; empty if it has none.
    pub signatures: &'s [Vec<i64>],
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
        self.signatures.iter_mut().for_each(Vec::clear);
        self.signatures.resize_with(steps.iter().filter_map(signs).count(), Vec::new);
        let single = match parts {
            [only] => *only,
            _ => None,
        };
        let bytes = if let Some(bytes) = single {
            bytes
        } else {
            if let Err(problem) = self.join(parts) {
                return self.without(problem, None);
            }
            self.joined.as_bytes()
        };
        if bytes.is_empty() {
            return self.without(problem::NO_TEXT, None);
        }
        let content = Some(normal::content(bytes));
        if max_bytes < bytes.len() as u64 {
            return self.without(problem::OVERSIZE, content);
        }
        let Ok(text) = simdutf8::basic::from_utf8(bytes) else {
            return self.without(problem::INVALID_UTF8, content);
        };
        let mut document = self.workspace.open(text, &self.spans, declared);
        let mut edited = false;
        let mut slot = 0;
        let mut signatures = self.signatures.iter_mut();
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
                BoundOperator::Signer(_) => {
                    let Some((signs, keys)) =
                        signs(step).and_then(|signs| Some((signs, signatures.next()?)))
                    else {
                        continue;
                    };
                    match signs {
                        Signs::Bands(sketch) => {
                            sketcher(&mut self.sketchers, sketch).bands(&document, keys);
                        }
                        Signs::Passages(cut) => self.cutter.sign(&cut, &document, keys),
                    }
                }
                BoundOperator::Rewriter(_) => {}
            }
        }
        let key = normal::key(if edited { &self.edited } else { text }, &mut self.normal);
        Measured {
            problem: None,
            key: Some(key),
            content,
            values: &self.values,
            signatures: &self.signatures,
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

    /// Nothing could be measured because of `problem`.
    fn without(&self, problem: &'static str, content: Option<normal::Key>) -> Measured<'_> {
        let (values, signatures) = (&self.values, &self.signatures);
        Measured { problem: Some(problem), key: None, content, values, signatures, edited: None }
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

/// How a step signs documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signs {
    /// By which documents that are alike find each other.
    Bands(Sketch),
    /// By which documents with a passage in common do.
    Passages(Cut),
}

/// How the step signs documents, if it does.
pub(crate) fn signs(step: &BoundStep) -> Option<Signs> {
    let BoundOperator::Signer(signer) = &step.operator else { return None };
    match signer.relation() {
        Relation::Near(near) => Some(Signs::Bands(near.sketch)),
        Relation::Passages(passages) => Some(Signs::Passages(passages.cut)),
        Relation::Exact { .. } => None,
    }
}

/// The sketcher for `sketch`, made when it is first needed.
fn sketcher(sketchers: &mut Vec<(Sketch, Sketcher)>, sketch: Sketch) -> &mut Sketcher {
    let known = sketchers.iter().position(|(of, _)| *of == sketch);
    let at = known.unwrap_or_else(|| {
        sketchers.push((sketch, Sketcher::new(&sketch)));
        sketchers.len() - 1
    });
    &mut sketchers[at].1
}

fn removed(edits: &[Edit]) -> i64 {
    let change = |edit: &Edit| {
        i64::from(edit.span.end - edit.span.start)
            - i64::try_from(edit.replacement.len()).unwrap_or(i64::MAX)
    };
    edits.iter().map(change).sum()
}
