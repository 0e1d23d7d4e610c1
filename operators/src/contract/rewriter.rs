//! Rewriters: rules that propose edits to one document.

use std::{fmt, marker::PhantomData};

use super::{
    Assets, Card, Document, Field, FieldKind, Fingerprint, OptionSet, OptionsError, Span,
    bound::merged_schema,
    options::{self, keys_of},
};

/// What every rewriter leaves in the facts.
pub const EDIT_FIELDS: &[Field] = &[
    Field { name: "edits", kind: FieldKind::Int, unit: "edits", what: "the number of edits" },
    Field {
        name: "bytes_removed",
        kind: FieldKind::Int,
        unit: "bytes",
        what: "what the edits took away, less what they added",
    },
];

/// A rule that proposes edits to one document.
pub trait Rewriter: Sized + fmt::Debug + Send + Sync + 'static {
    /// What a recipe may set.
    type Options: OptionSet;

    /// Identity, source and guide; its fields are always [`EDIT_FIELDS`].
    const CARD: &'static Card;

    /// Checks what the types of the options cannot express.
    fn new(options: Self::Options) -> Result<Self, OptionsError>;

    /// Takes what it needs from the files that its options name. Called once, before
    /// anything is edited.
    fn load(&mut self, _assets: &Assets) -> Result<(), OptionsError> {
        Ok(())
    }

    /// Appends edits in order of their place; they never overlap.
    fn edits(&self, document: &Document<'_>, out: &mut Vec<Edit>);
}

/// One proposed change: `replacement` for what `span` covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit {
    /// What goes.
    pub span: Span,
    /// What comes; empty to remove.
    pub replacement: &'static str,
}

/// Writes `text` with `edits` applied into `out`, which is cleared first.
pub fn apply(text: &str, edits: &[Edit], out: &mut String) {
    out.clear();
    let mut at = 0;
    for edit in edits {
        out.push_str(&text[at..edit.span.start as usize]);
        out.push_str(edit.replacement);
        at = edit.span.end as usize;
    }
    out.push_str(&text[at..]);
}

/// A rewriter whose options type is hidden, as the registry holds it.
pub trait AnyRewriter: Send + Sync {
    /// Identity, source and guide.
    fn card(&self) -> &'static Card;
    /// Schema of the option table.
    fn options_schema(&self) -> serde_json::Value;
    /// Makes the rewriter ready, but for the files that its options name; or reports every
    /// option that cannot be used.
    fn bind(&self, options: &toml::Table) -> Result<BoundRewriter, Vec<OptionsError>>;
}

/// Makes a registry entry out of a [`Rewriter`] type; holds nothing itself.
pub struct RewriterKind<R>(PhantomData<fn() -> R>);

impl<R> RewriterKind<R> {
    /// The entry.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "only used in constants")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<R: Rewriter> AnyRewriter for RewriterKind<R> {
    fn card(&self) -> &'static Card {
        R::CARD
    }

    fn options_schema(&self) -> serde_json::Value {
        merged_schema(vec![schemars::schema_for!(R::Options)])
    }

    fn bind(&self, table: &toml::Table) -> Result<BoundRewriter, Vec<OptionsError>> {
        let mut errors = options::unknown(table, &keys_of::<R::Options>());
        let read = options::read::<R::Options>(table).map_err(|e| errors.extend(e));
        let Ok(options) = read else { return Err(errors) };
        if !errors.is_empty() {
            return Err(errors);
        }
        let fingerprint = Fingerprint::of(R::CARD, &options);
        let rewriter = R::new(options).map_err(|error| vec![error])?;
        Ok(BoundRewriter { card: R::CARD, fingerprint, rewriter: Box::new(rewriter) })
    }
}

/// A rewriter with its options, ready to propose edits.
#[derive(Debug)]
pub struct BoundRewriter {
    card: &'static Card,
    fingerprint: Fingerprint,
    rewriter: Box<dyn DynRewriter>,
}

impl BoundRewriter {
    /// Identity, source and guide.
    #[must_use]
    pub fn card(&self) -> &'static Card {
        self.card
    }

    /// What decides the edits.
    #[must_use]
    pub fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    /// Makes a rewriter whose options name files ready to edit.
    pub fn load(&mut self, assets: &Assets) -> Result<(), OptionsError> {
        self.rewriter.load(assets)
    }

    /// See [`Rewriter::edits`].
    pub fn edits(&self, document: &Document<'_>, out: &mut Vec<Edit>) {
        self.rewriter.edits(document, out);
    }
}

/// [`Rewriter`] without its associated type.
trait DynRewriter: fmt::Debug + Send + Sync {
    fn load(&mut self, assets: &Assets) -> Result<(), OptionsError>;
    fn edits(&self, document: &Document<'_>, out: &mut Vec<Edit>);
}

impl<R: Rewriter> DynRewriter for R {
    fn load(&mut self, assets: &Assets) -> Result<(), OptionsError> {
        Rewriter::load(self, assets)
    }

    fn edits(&self, document: &Document<'_>, out: &mut Vec<Edit>) {
        if document.supports(R::CARD.support) {
            Rewriter::edits(self, document, out);
        }
    }
}
