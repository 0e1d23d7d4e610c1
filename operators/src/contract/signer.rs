//! Signers: rules that say by which fingerprint documents are related.

use std::{fmt, marker::PhantomData};

use serde::Serialize;

use super::{
    Against, Card, Corpora, Fingerprint, Near, OptionSet, OptionsError, Passages,
    bound::merged_schema,
    options::{self, keys_of},
};

/// A rule that relates documents.
pub trait Signer: Sized + fmt::Debug + Send + Sync + 'static {
    /// What a recipe may set.
    type Options: OptionSet;

    /// Identity, source and guide.
    const CARD: &'static Card;

    /// Whether documents are edited instead of being judged.
    const EDITS: bool = false;

    /// What the engine has to relate.
    fn relation(options: &Self::Options) -> Result<Relation, OptionsError>;
}

/// What the engine has to relate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Documents that are the same in `form`.
    Exact {
        /// What has to be the same.
        form: Form,
        /// Which member of a group stays: facts columns with `asc` or `desc`, best
        /// first; ties go to the earlier row.
        prefer: Vec<String>,
        /// What documents are compared with besides each other.
        against: Against,
    },
    /// Documents that share most of their shingles.
    Near(Near),
    /// Passages that several documents share.
    Passages(Passages),
}

impl Relation {
    /// Which member of a group stays, best first.
    #[must_use]
    pub fn prefer(&self) -> &[String] {
        match self {
            Self::Exact { prefer, .. }
            | Self::Near(Near { prefer, .. })
            | Self::Passages(Passages { prefer, .. }) => prefer,
        }
    }

    /// What documents are compared with besides each other.
    #[must_use]
    pub fn against(&self) -> Option<&Against> {
        match self {
            Self::Exact { against, .. } | Self::Near(Near { against, .. }) => Some(against),
            Self::Passages(_) => None,
        }
    }
}

/// The options that say what documents are compared with.
pub(crate) fn checked_against(corpora: &Corpora, only: bool) -> Result<Against, OptionsError> {
    if only && corpora.0.is_empty() {
        return Err(OptionsError::new(
            "only-against",
            "is set, but `against` names no corpus, so nothing would be compared",
            "name a corpus, such as against = [\"../release-1/data\"]",
        ));
    }
    Ok(Against { corpora: corpora.0.clone(), only })
}

/// Checks that the option `prefer` names columns, each with its order.
pub(crate) fn check_prefer(prefer: &[String]) -> Result<(), OptionsError> {
    for column in prefer {
        let mut words = column.split_whitespace();
        let (name, order, rest) = (words.next(), words.next(), words.next());
        if name.is_none() || !matches!(order, Some("asc" | "desc")) || rest.is_some() {
            return Err(OptionsError::new(
                "prefer",
                format!("has {column:?}, which is not a column with its order"),
                "write each as \"column asc\" or \"column desc\"",
            ));
        }
    }
    Ok(())
}

/// What two documents must share to be the same.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// The normal form: NFC, runs of white space as one space, trimmed.
    #[default]
    Normal,
    /// Every byte.
    Bytes,
}

/// A signer whose options type is hidden, as the registry holds it.
pub trait AnySigner: Send + Sync {
    /// Identity, source and guide.
    fn card(&self) -> &'static Card;
    /// Whether documents are edited instead of being judged.
    fn edits(&self) -> bool;
    /// Schema of the option table.
    fn options_schema(&self) -> serde_json::Value;
    /// Makes the signer ready, or reports every option that cannot be used.
    fn bind(&self, options: &toml::Table) -> Result<BoundSigner, Vec<OptionsError>>;
}

/// Makes a registry entry out of a [`Signer`] type; holds nothing itself.
pub struct SignerKind<S>(PhantomData<fn() -> S>);

impl<S> SignerKind<S> {
    /// The entry.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "only used in constants")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<S: Signer> AnySigner for SignerKind<S> {
    fn card(&self) -> &'static Card {
        S::CARD
    }

    fn edits(&self) -> bool {
        S::EDITS
    }

    fn options_schema(&self) -> serde_json::Value {
        merged_schema(vec![schemars::schema_for!(S::Options)])
    }

    fn bind(&self, table: &toml::Table) -> Result<BoundSigner, Vec<OptionsError>> {
        let mut errors = options::unknown(table, &keys_of::<S::Options>());
        let read = options::read::<S::Options>(table).map_err(|e| errors.extend(e));
        let Ok(options) = read else { return Err(errors) };
        if !errors.is_empty() {
            return Err(errors);
        }
        let fingerprint = Fingerprint::of(S::CARD, &options);
        let relation = S::relation(&options).map_err(|error| vec![error])?;
        Ok(BoundSigner { card: S::CARD, edits: S::EDITS, fingerprint, relation })
    }
}

/// A signer with its options.
#[derive(Debug)]
pub struct BoundSigner {
    card: &'static Card,
    edits: bool,
    fingerprint: Fingerprint,
    relation: Relation,
}

impl BoundSigner {
    /// Identity, source and guide.
    #[must_use]
    pub fn card(&self) -> &'static Card {
        self.card
    }

    /// Whether documents are edited instead of being judged.
    #[must_use]
    pub fn edits(&self) -> bool {
        self.edits
    }

    /// What decides the relation.
    #[must_use]
    pub fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    /// What the engine has to relate.
    #[must_use]
    pub fn relation(&self) -> &Relation {
        &self.relation
    }
}
