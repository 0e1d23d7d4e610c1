//! A plan: the recipe fully resolved. Plain data that can be printed, compared,
//! hashed and sent to another process.

use std::{collections::BTreeMap, sync::Arc};

use assay_operators::{
    contract::{
        Asset, Assets, BoundGauge, BoundRewriter, BoundSigner, Derived, EDIT_FIELDS, Entry, Field,
        OptionsError, Relation,
    },
    registry,
};
use serde::{Deserialize, Serialize};

/// Everything a run will do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Name of the recipe.
    pub recipe: String,
    /// Version of the recipe, as its author counts.
    pub version: u32,
    /// What is read.
    pub input: Input,
    /// Uses of operators, in recipe order.
    pub steps: Vec<Step>,
    /// Policy over what was measured, in recipe order.
    pub rules: Vec<Rule>,
    /// When a run stops by itself.
    pub brake: Brake,
    /// What is written.
    pub output: Output,
}

/// What is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Paths as the recipe gives them, relative to the recipe's folder. Paths on the
    /// command line replace them.
    pub paths: Vec<String>,
    /// Names of the columns with a known role.
    pub columns: Columns,
    /// Documents above this many bytes are quarantined as `oversize`.
    pub max_document_bytes: u64,
}

/// Names of columns with a known role. A name that is not set is found by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Columns {
    /// The document; several columns are its parts, in this order.
    pub text: Vec<String>,
    /// The user's own id.
    pub id: Option<String>,
    /// Address of the page.
    pub url: Option<String>,
    /// Where the document is from.
    pub source: Option<String>,
    /// When it was written or fetched.
    pub date: Option<String>,
    /// Language tag.
    pub lang: Option<String>,
    /// Licence.
    pub license: Option<String>,
}

/// What happens to a row.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// The row stays as it came.
    Keep,
    /// The row stays and is marked.
    Flag,
    /// The row is set aside with its text.
    Quarantine,
    /// The row is left out.
    Drop,
}

impl Action {
    /// Every action, from the mildest to the hardest.
    pub const ALL: [Self; 4] = [Self::Keep, Self::Flag, Self::Quarantine, Self::Drop];

    /// The action that recipes call `name`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == name)
    }

    /// As written in recipes and in the ledger.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Flag => "flag",
            Self::Quarantine => "quarantine",
            Self::Drop => "drop",
        }
    }
}

/// One use of an operator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Name; begins the names of its facts columns.
    pub name: String,
    /// Id in the registry.
    pub operator: String,
    /// Version of the operator that the plan was made for.
    pub operator_version: u32,
    /// Options as the recipe gives them, files by what they hold; defaults are the
    /// operator's own.
    pub options: toml::Table,
    /// The files that the options name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assets: Vec<AssetFile>,
    /// What happens to rows outside the limits.
    pub on_outside: Action,
    /// What happens to rows that could not be measured.
    pub on_unmeasured: Action,
    /// The step speaks only about rows whose field has one of these values:
    /// `lang`, `source` or a label measured by an earlier step.
    pub only_for: BTreeMap<String, Vec<String>>,
}

/// A file that an option of a step names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetFile {
    /// The option.
    pub option: String,
    /// Absolute path of the file. It is no part of what identifies the plan.
    pub path: String,
    /// What it holds.
    pub content: Asset,
    /// Its size.
    pub bytes: u64,
}

/// Policy over what was measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Name, shown as the reason.
    pub name: String,
    /// SQL condition over the columns of the facts.
    pub when: String,
    /// What happens to rows for which it is true.
    pub action: Action,
}

/// When a run stops by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brake {
    /// Sources of which a dedup step may remove more than half.
    pub accept: Vec<String>,
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// Whether dropped rows are written to `dropped/`.
    pub dropped: bool,
    /// Whether `excerpts/` holds bounded samples of text.
    pub excerpts: bool,
}

/// A step with its operator made ready.
#[derive(Debug, Clone)]
pub struct BoundStep {
    /// The step.
    pub step: Step,
    /// Its operator.
    pub operator: BoundOperator,
}

/// An operator made ready.
#[derive(Debug, Clone)]
pub enum BoundOperator {
    /// Measures and judges.
    Gauge(Arc<BoundGauge>),
    /// Edits.
    Rewriter(Arc<BoundRewriter>),
    /// Relates.
    Signer(Arc<BoundSigner>),
}

impl BoundStep {
    /// What the step writes into the facts.
    #[must_use]
    pub fn fields(&self) -> &'static [Field] {
        match &self.operator {
            BoundOperator::Gauge(gauge) => gauge.card().fields,
            BoundOperator::Rewriter(_) => EDIT_FIELDS,
            BoundOperator::Signer(_) => &[],
        }
    }

    /// Whether it edits rows instead of judging them.
    #[must_use]
    pub fn edits(&self) -> bool {
        match &self.operator {
            BoundOperator::Gauge(_) => false,
            BoundOperator::Rewriter(_) => true,
            BoundOperator::Signer(signer) => signer.edits(),
        }
    }

    /// Where its value comes from, if not from the text.
    #[must_use]
    pub fn derived(&self) -> Option<Derived> {
        match &self.operator {
            BoundOperator::Gauge(gauge) => gauge.derived(),
            BoundOperator::Rewriter(_) | BoundOperator::Signer(_) => None,
        }
    }

    /// Names of its facts columns, in the order of [`fields`](Self::fields).
    pub fn columns(&self) -> impl Iterator<Item = String> {
        self.fields().iter().map(|field| column_name(&self.step.name, field.name))
    }
}

/// Name of the facts column in which `step` writes `field`.
#[must_use]
pub fn column_name(step: &str, field: &str) -> String {
    format!("{step}__{field}")
}

impl Step {
    /// Looks the operator up and gives it the options. Files that they name are not
    /// needed to judge, only to measure and to edit: see [`load`](Self::load).
    ///
    /// # Errors
    ///
    /// Every option that cannot be used; an operator that does not exist is one of them.
    pub fn bind(&self) -> Result<BoundStep, Vec<OptionsError>> {
        self.made(None)
    }

    /// As [`bind`](Self::bind), and ready to measure and to edit.
    ///
    /// # Errors
    ///
    /// Every option that cannot be used, and what is wrong with a file that one names.
    pub fn load(&self, assets: &Assets) -> Result<BoundStep, Vec<OptionsError>> {
        self.made(Some(assets))
    }

    fn made(&self, assets: Option<&Assets>) -> Result<BoundStep, Vec<OptionsError>> {
        let Some(entry) = registry::find(&self.operator) else {
            return Err(vec![OptionsError::new(
                "operator",
                format!("is {:?}, which does not exist", self.operator),
                "`assay operators` lists them all",
            )]);
        };
        let operator = match entry {
            Entry::Gauge(kind) => {
                let mut gauge = kind.bind(&self.options)?;
                assets.map_or(Ok(()), |assets| gauge.load(assets)).map_err(|error| vec![error])?;
                BoundOperator::Gauge(Arc::new(gauge))
            }
            Entry::Rewriter(kind) => {
                let mut rewriter = kind.bind(&self.options)?;
                let loaded = assets.map_or(Ok(()), |assets| rewriter.load(assets));
                loaded.map_err(|error| vec![error])?;
                BoundOperator::Rewriter(Arc::new(rewriter))
            }
            Entry::Signer(kind) => BoundOperator::Signer(Arc::new(kind.bind(&self.options)?)),
        };
        Ok(BoundStep { step: self.clone(), operator })
    }
}

impl Plan {
    /// All steps with their operators made ready.
    ///
    /// # Errors
    ///
    /// Only for a plan that was not made by the planner of this version.
    pub fn bind(&self) -> Result<Vec<BoundStep>, Vec<OptionsError>> {
        self.steps.iter().map(Step::bind).collect()
    }

    /// Identifies the facts: what is measured in the text, and what is derived from it.
    #[must_use]
    pub fn measure_hash(&self) -> String {
        match self.derived_hash() {
            Some(derived) => digest(&format!("{}\n{derived}", self.text_hash())),
            None => self.text_hash(),
        }
    }

    /// Identifies what is derived, given what is measured in the text; none if nothing is.
    #[must_use]
    pub fn derived_hash(&self) -> Option<String> {
        let steps = self.bind().unwrap_or_default();
        steps.iter().any(|step| step.derived().is_some()).then(|| {
            // Where they stand among the others decides the order of the columns.
            let parts = steps.iter().map(|step| format!("{}={}", step.step.name, measuring(step)));
            digest(&parts.collect::<Vec<_>>().join("\n"))
        })
    }

    /// The steps that read the text.
    #[must_use]
    pub fn text_steps(&self) -> Vec<Step> {
        let steps = self.bind().unwrap_or_default().into_iter();
        steps.filter(|step| step.derived().is_none()).map(|step| step.step).collect()
    }

    /// Identifies what the measuring pass computes: change it and text is read again.
    #[must_use]
    pub fn text_hash(&self) -> String {
        let mut parts = vec![format!(
            "columns {} max {}",
            serde_json::to_string(&self.input.columns).unwrap_or_default(),
            self.input.max_document_bytes
        )];
        for step in self.bind().unwrap_or_default() {
            let fingerprint = measuring(&step);
            if !fingerprint.is_empty() && step.derived().is_none() {
                parts.push(format!("{}={fingerprint}", step.step.name));
            }
        }
        digest(&parts.join("\n"))
    }

    /// Identifies everything: what is measured, the limits, rules and actions.
    #[must_use]
    pub fn decision_hash(&self) -> String {
        let mut parts = vec![self.measure_hash()];
        for step in self.bind().unwrap_or_default() {
            let fingerprint = match &step.operator {
                BoundOperator::Gauge(gauge) => gauge.limits().as_str().to_owned(),
                BoundOperator::Signer(signer) => signer.fingerprint().as_str().to_owned(),
                BoundOperator::Rewriter(_) => String::new(),
            };
            let Step { name, on_outside, on_unmeasured, only_for, .. } = &step.step;
            parts.push(format!(
                "{name} {fingerprint} {on_outside:?} {on_unmeasured:?} {only_for:?}"
            ));
        }
        let policy = (&self.rules, &self.brake, &self.output);
        parts.push(serde_json::to_string(&policy).unwrap_or_default());
        digest(&parts.join("\n"))
    }
}

/// What decides the values of a step.
fn measuring(step: &BoundStep) -> String {
    match &step.operator {
        BoundOperator::Gauge(gauge) => gauge.measuring().as_str().to_owned(),
        // Which rows are edited decides what the later steps see.
        BoundOperator::Rewriter(rewriter) => {
            format!("{} {:?}", rewriter.fingerprint().as_str(), step.step.only_for)
        }
        BoundOperator::Signer(signer) => match signer.relation() {
            // How documents are signed depends on the text they have at this step.
            Relation::Near(near) => format!("{:?}", near.sketch),
            Relation::Passages(passages) => format!("{:?}", passages.cut),
            Relation::Exact { .. } => String::new(),
        },
    }
}

fn digest(text: &str) -> String {
    format!("{:032x}", xxhash_rust::xxh3::xxh3_128(text.as_bytes()))
}
