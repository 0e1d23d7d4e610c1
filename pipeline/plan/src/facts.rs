//! The columns that a plan's facts will have, and how often a run reads text.

use assay_operators::{
    contract::{EDIT_FIELDS, Entry, Field, FieldKind, Relation},
    registry,
};
use serde::Serialize;

use crate::plan::{BoundOperator, BoundStep, Plan, column_name};

/// Columns that the facts always have and that rules and `prefer` may use.
pub const BASE_COLUMNS: &[&str] = &["file", "row", "id", "lang", "source", "bytes", "problem"];

/// Whether a base column holds numbers.
pub(crate) fn is_base_number(column: &str) -> bool {
    ["row", "bytes"].contains(&column)
}

/// Names that no step may have, because the ledger or its readers use them.
pub const RESERVED_NAMES: &[&str] = &[
    "file", "row", "key", "content", "id", "lang", "source", "url", "date", "bytes", "problem",
    "text",
];

/// How often a run goes through the documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Reads {
    /// Reads of all documents to measure them.
    pub measure: u32,
    /// Further reads, of the rows that are to be compared.
    pub revisit: u32,
    /// Reads of the documents that stay, to write them.
    pub write: u32,
}

impl Plan {
    /// The measured columns of the facts with what they hold, in recipe order.
    #[must_use]
    pub fn facts_columns(&self) -> Vec<(String, Field)> {
        let steps = self.bind().unwrap_or_default();
        let columns = steps.iter().flat_map(|step: &BoundStep| {
            step.columns().zip(step.fields().iter().copied()).collect::<Vec<_>>()
        });
        columns.collect()
    }

    /// How often a run of this plan goes through the documents.
    #[must_use]
    pub fn reads_of_text(&self) -> Reads {
        // Relations that are exact compare hashes and lengths from the measuring pass; for
        // the others, the rows that may be related are read again.
        let steps = self.bind().unwrap_or_default();
        let revisits = steps.iter().filter(|step| match &step.operator {
            BoundOperator::Signer(signer) => !matches!(signer.relation(), Relation::Exact { .. }),
            BoundOperator::Gauge(_) | BoundOperator::Rewriter(_) => false,
        });
        let revisit = u32::try_from(revisits.count()).unwrap_or(u32::MAX);
        Reads { measure: 1, revisit, write: 1 }
    }
}

/// What a step with this operator writes into the facts.
pub(crate) fn fields_of(entry: Entry) -> &'static [Field] {
    match entry {
        Entry::Gauge(gauge) => gauge.card().fields,
        Entry::Rewriter(_) => EDIT_FIELDS,
        Entry::Signer(_) => &[],
    }
}

/// The columns of the facts while a plan is being made.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    columns: Vec<(String, FieldKind)>,
    /// Steps whose operator is not known, so that they may have any column.
    unsure_steps: Vec<String>,
    /// Steps whose values are derived only after what asks.
    later: Vec<String>,
    /// Whether steps may be missing because a pack could not be read.
    unsure: bool,
}

/// What is known about a name.
#[derive(Debug, PartialEq)]
pub(crate) enum Lookup {
    /// It is a column; base columns have no kind here, none of them is a yes or no.
    Known(Option<FieldKind>),
    /// It may become one when other problems are mended.
    Unsure,
    /// It is not; what to write instead.
    Missing(String),
}

impl Facts {
    pub(crate) fn new(complete: bool) -> Self {
        Self { unsure: !complete, ..Self::default() }
    }

    /// Adds the columns of a step.
    pub(crate) fn add(&mut self, step: &str, operator: &str) {
        match registry::find(operator) {
            None => self.add_unsure(step),
            Some(entry) => {
                let fields = fields_of(*entry).iter();
                self.columns.extend(fields.map(|f| (column_name(step, f.name), f.kind)));
            }
        }
    }

    /// Adds a step of which the operator is not known.
    pub(crate) fn add_unsure(&mut self, step: &str) {
        self.unsure_steps.push(step.to_owned());
    }

    /// Says for which steps it is too early from here on.
    pub(crate) fn put_off(&mut self, later: Vec<String>) {
        self.later = later;
    }

    pub(crate) fn look_up(&self, name: &str) -> Lookup {
        if let Some((step, _)) = name.split_once("__")
            && self.later.iter().any(|later| later == step)
        {
            let fix =
                "an expression sees what is measured or imported, and the expressions above it";
            return Lookup::Missing(fix.to_owned());
        }
        if BASE_COLUMNS.contains(&name) {
            return Lookup::Known(None);
        }
        if let Some((_, kind)) = self.columns.iter().find(|(column, _)| column == name) {
            return Lookup::Known(Some(*kind));
        }
        let step = name.split_once("__").map_or(name, |(step, _)| step);
        if self.unsure || self.unsure_steps.iter().any(|unsure| unsure == step) {
            return Lookup::Unsure;
        }
        Lookup::Missing(self.fix(name))
    }

    fn fix(&self, name: &str) -> String {
        if name == "text" {
            return "only operators see the text; measure it in a step, then use that".to_owned();
        }
        let measured = self.columns.iter().map(|(column, _)| column.as_str());
        let mut of_step = measured.clone().filter(|column| {
            let step = column.split_once("__").map(|(step, _)| step);
            step == Some(name)
        });
        // A step's name alone means its first column, which is the main one.
        let near = of_step
            .next()
            .or_else(|| registry::nearest_of(name, measured.chain(BASE_COLUMNS.iter().copied())));
        match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                format!("columns are called `<step>__<field>`, beside {}", BASE_COLUMNS.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Facts, Lookup, Reads};
    use crate::examples::{WORDS, planned};

    fn facts() -> Facts {
        let mut facts = Facts::new(true);
        facts.add("words", "word_count");
        facts.add("copies", "exact_duplicates");
        facts
    }

    fn fix(name: &str) -> String {
        match facts().look_up(name) {
            Lookup::Missing(fix) => fix,
            other => panic!("{name}: {other:?}"),
        }
    }

    #[test]
    fn columns_come_in_recipe_order() {
        let plan = planned(&format!("{WORDS}{}", WORDS.replace("words", "again")));
        let columns = plan.facts_columns();
        let names = columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>();
        assert_eq!(names, ["words__value", "again__value"]);
    }

    #[test]
    fn text_is_read_once_to_measure_and_once_to_write() {
        let reads = planned(WORDS).reads_of_text();
        assert_eq!(reads, Reads { measure: 1, revisit: 0, write: 1 });
    }

    #[test]
    fn a_measured_column_is_known() {
        assert!(matches!(facts().look_up("words__value"), Lookup::Known(Some(_))));
    }

    #[test]
    fn a_base_column_is_known() {
        assert_eq!(facts().look_up("lang"), Lookup::Known(None));
    }

    #[test]
    fn a_misspelt_column_gets_the_nearest_name() {
        assert_eq!(fix("word__value"), "did you mean `words__value`?");
    }

    #[test]
    fn the_name_of_a_step_gets_its_main_column() {
        assert_eq!(fix("words"), "did you mean `words__value`?");
    }

    #[test]
    fn the_text_is_not_a_column() {
        assert!(fix("text").starts_with("only operators see the text"));
    }

    #[test]
    fn a_step_without_a_known_operator_may_have_any_column() {
        let mut facts = facts();
        facts.add("menus", "bullet_linse");
        assert_eq!(facts.look_up("menus__anything"), Lookup::Unsure);
    }
}
