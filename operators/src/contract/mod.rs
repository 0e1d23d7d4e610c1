//! What an operator is: a *gauge* measures a document and judges the measured
//! values, a *rewriter* proposes edits, a *signer* says by which fingerprint
//! documents are related.

mod against;
mod asset;
mod bound;
mod card;
mod derived;
mod dialect;
mod document;
mod gauge;
mod judgement;
mod near;
mod options;
mod passages;
mod rewriter;
mod signer;
mod value;

pub use against::{Against, Corpora};
pub use asset::{Asset, Assets, Tables};
pub use bound::{Entry, Fingerprint};
pub use card::{Card, Fidelity, Source, Support};
pub use derived::{By, Derived, Imported};
pub use dialect::Dialect;
pub use document::{Declared, Document, Part, Workspace};
pub use gauge::{AnyGauge, BoundGauge, Gauge, GaugeKind};
pub use judgement::{Breach, Judgement, Limit};
pub(crate) use near::curve;
pub use near::{Keep, Near, Sketch, Templates};
pub(crate) use options::in_order;
pub use options::{Fraction, NoOptions, OptionSet, OptionsError, Quantity, keys_of};
pub use passages::{Cut, KeepPassage, Passages, Unit};
pub use rewriter::{AnyRewriter, BoundRewriter, EDIT_FIELDS, Edit, Rewriter, RewriterKind, apply};
pub use signer::{AnySigner, BoundSigner, Form, Relation, Signer, SignerKind};
pub(crate) use signer::{check_prefer, checked_against};
pub use value::{Field, FieldKind, Span, Value};
