//! From the text of a recipe to a plan, or to everything that is wrong with it.

use std::{path::Path, sync::Arc};

use assay_operators::contract::Asset;

use crate::{
    condition::{self, FaultKind, Wanted},
    error::{RecipeErrors, RecipeProblem},
    facts::Facts,
    layers,
    plan::{Brake, Columns, Input, Output, Plan, Rule},
    problems::{At, Place, Problems},
    quoted::place_in_quotes,
    recipe::{InputDraft, RuleDraft},
    settings::{self, Setting},
};

/// Documents above this are set aside unless a recipe says otherwise.
const MAX_DOCUMENT_BYTES: u64 = 64 * 1024 * 1024;

/// The text of a recipe.
#[derive(Debug, Clone, Copy)]
pub struct Source<'s> {
    /// Path as the user gave it.
    pub file: &'s str,
    /// What the file holds.
    pub text: &'s str,
}

/// The files that a recipe names. This crate opens none.
pub trait Files {
    /// File and text of the pack called `name`.
    ///
    /// # Errors
    ///
    /// Why it cannot be read, as a fragment: `configs/languages/zh.toml does not exist`.
    fn pack(&self, name: &str) -> Result<(String, String), String>;

    /// The file at `path` that an option names. A path that is not absolute begins in the
    /// folder of the recipe or pack `beside`, or where the command was typed if it stands
    /// in none.
    ///
    /// # Errors
    ///
    /// What is wrong with it, to follow the option's key.
    fn asset(&self, path: &str, beside: Option<&str>) -> Result<AssetContent, BadAsset>;

    /// The tables that the pattern `path` means, in order of path; at least one. It begins
    /// where a file does.
    ///
    /// # Errors
    ///
    /// What is wrong with it, to follow the option's key.
    fn tables(&self, path: &str, beside: Option<&str>) -> Result<Vec<TableContent>, BadAsset>;

    /// The corpus at `path`, maybe written as `LABEL=PATH`, with an absolute path. It begins
    /// where a file does.
    ///
    /// # Errors
    ///
    /// What is wrong with it, to follow the option's key.
    fn corpus(&self, path: &str, beside: Option<&str>) -> Result<String, BadAsset>;
}

/// A file that an option names.
#[derive(Debug, Clone)]
pub struct AssetContent {
    /// Absolute path.
    pub path: String,
    /// All of it.
    pub bytes: Arc<[u8]>,
}

/// A table that an option names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableContent {
    /// Absolute path.
    pub path: String,
    /// What it holds.
    pub content: Asset,
    /// Its size.
    pub bytes: u64,
}

/// A file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadAsset {
    /// What is wrong, to follow the option's key: `names x.txt, which does not exist`.
    pub problem: String,
    /// What to do.
    pub fix: String,
}

/// Makes the plan of a recipe: its packs below it, the settings on top.
///
/// # Errors
///
/// Everything that is wrong, in order of place.
pub fn plan(
    source: &Source<'_>,
    files: &dyn Files,
    settings: &[Setting],
) -> Result<Plan, RecipeErrors> {
    let mut problems = Problems::new(source.file, source.text);
    let layers::Layered { mut draft, complete } = layers::read(files, &mut problems);
    settings::apply(settings, &mut draft, complete, &mut problems);
    let mut planner = Planner { facts: Facts::new(complete), files, complete, problems };
    let steps = planner.steps(&draft);
    let rules = draft.rules.iter().filter_map(|rule| planner.rule(rule)).collect();
    if let Some(errors) = planner.problems.into_errors() {
        return Err(errors);
    }
    let stem = Path::new(source.file).file_stem().and_then(|stem| stem.to_str());
    Ok(Plan {
        recipe: draft.recipe.unwrap_or_else(|| stem.unwrap_or("recipe").to_owned()),
        version: draft.version.unwrap_or(1),
        input: input(draft.input),
        steps,
        rules,
        brake: Brake { accept: draft.accept.unwrap_or_default() },
        output: Output {
            dropped: draft.dropped.unwrap_or(false),
            excerpts: draft.excerpts.unwrap_or(true),
        },
    })
}

fn input(draft: InputDraft) -> Input {
    let InputDraft { paths, text, id, url, source, date, lang, license, max_document_bytes } =
        draft;
    let text = text.unwrap_or_default();
    Input {
        paths: paths.unwrap_or_default(),
        columns: Columns { text, id, url, source, date, lang, license },
        max_document_bytes: max_document_bytes.unwrap_or(MAX_DOCUMENT_BYTES),
    }
}

/// A plan in the making.
pub(crate) struct Planner<'f> {
    pub(crate) facts: Facts,
    pub(crate) files: &'f dyn Files,
    /// Whether every pack could be read.
    pub(crate) complete: bool,
    pub(crate) problems: Problems,
}

impl Planner<'_> {
    fn rule(&mut self, draft: &RuleDraft) -> Option<Rule> {
        let missing = [
            ("when", draft.when.is_none(), "write a SQL condition: when = \"words__value < 20\""),
            (
                "action",
                draft.action.is_none(),
                "write action = \"flag\", \"quarantine\" or \"drop\"",
            ),
        ];
        for (key, is_missing, fix) in missing {
            // A value that could not be read was reported where it stands.
            if is_missing && self.complete && !draft.unread.contains(&key) {
                let problem = RecipeProblem::MissingKey {
                    key: key.to_owned(),
                    table: format!("rule {:?}", draft.name.value),
                    fix: fix.to_owned(),
                    at: draft.place.into(),
                };
                self.problems.add(draft.place, problem);
            }
        }
        let when = draft.when.as_ref()?;
        self.check_sql(&format!("rule {:?}", draft.name.value), Wanted::Condition, when);
        let action = draft.action.as_ref()?.value;
        Some(Rule { name: draft.name.value.clone(), when: when.value.clone(), action })
    }

    /// Reports everything wrong with SQL that `asker` wants evaluated.
    pub(crate) fn check_sql(&mut self, asker: &str, wanted: Wanted, sql: &At<String>) {
        for fault in condition::check(&sql.value, wanted, &self.facts) {
            let raw = self.problems.raw(sql.place);
            let inside = fault.range.and_then(|range| place_in_quotes(raw, &sql.value, range));
            let start = sql.place.range().start;
            let place = inside.map_or(sql.place, |inside| {
                Place::new(sql.place.text, start + inside.start..start + inside.end)
            });
            let (asker, at) = (asker.to_owned(), place.into());
            let problem = match fault.kind {
                FaultKind::Syntax(message) => {
                    let (noun, fix) = match wanted {
                        Wanted::Condition => ("condition", CONDITION),
                        Wanted::Number => ("expression", EXPRESSION),
                    };
                    RecipeProblem::BadSql { asker, noun, message, fix, at }
                }
                FaultKind::Refused { problem, fix } => {
                    RecipeProblem::BadCondition { asker, problem, fix, at }
                }
                FaultKind::Column { column, fix } => {
                    RecipeProblem::UnknownColumn { asker, column, fix, at }
                }
            };
            self.problems.add(place, problem);
        }
    }
}

/// How a condition is written.
const CONDITION: &str = "write one condition, such as `words__value < 20 AND lang = 'en'`; text \
                         values take single quotes";
/// How an expression is written.
const EXPRESSION: &str = "write one expression, such as `words__value / bytes`; text values take \
                          single quotes";

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Source, plan};
    use crate::{
        Action,
        examples::{Shelf, WORDS, planned, planned_with, problems, problems_with},
    };

    #[test]
    fn a_small_recipe_becomes_a_plan_with_every_default_filled_in() {
        let plan = planned(WORDS);
        assert_eq!((plan.recipe.as_str(), plan.version), ("recipe", 1));
        assert_eq!(plan.input.max_document_bytes, 64 * 1024 * 1024);
        assert_eq!(plan.steps[0].on_outside, Action::Keep);
        assert_eq!(plan.steps[0].on_unmeasured, Action::Keep);
        assert!(!plan.output.dropped && plan.output.excerpts);
    }

    #[test]
    fn a_full_recipe_becomes_a_plan() {
        let plan = planned(include_str!("examples/full.toml"));
        insta::assert_snapshot!(serde_json::to_string_pretty(&plan).expect("a plan is JSON"));
    }

    #[test]
    fn every_mistake_is_shown_in_its_place() {
        insta::assert_snapshot!(problems(include_str!("examples/mistakes.toml")));
    }

    #[test]
    fn a_problem_in_sql_is_shown_inside_a_string_of_several_lines() {
        let rule = "[[rule]]\nname = \"r\"\naction = \"drop\"\nwhen = '''\n\
                    lang = 'en'\n  AND wrods__value < 3\n'''\n";
        insta::assert_snapshot!(problems(&format!("{WORDS}{rule}")));
    }

    #[test]
    fn settings_override_the_recipe() {
        let plan = planned_with(WORDS, &[], &["words.min=50", "words.on-outside=drop"]);
        assert_eq!(plan.steps[0].options["min"], toml::Value::Integer(50));
        assert_eq!(plan.steps[0].on_outside, Action::Drop);
    }

    #[test]
    fn settings_that_cannot_be_used_are_shown_as_they_were_given() {
        let settings = ["words.min=50", "words.mni=3", "wrods.min=3", "words.on-outside=remove"];
        insta::assert_snapshot!(problems_with(WORDS, &[], &settings));
    }

    #[test]
    fn a_recipe_in_yaml_is_told_what_to_write() {
        let source = Source { file: "recipe.yaml", text: "steps:\n  - name: x\n" };
        let errors = plan(&source, &Shelf::default(), &[]).expect_err("not TOML");
        insta::assert_snapshot!(crate::examples::shown(&errors));
    }

    #[test]
    fn moving_a_limit_keeps_the_measurements() {
        let (old, new) = (planned(WORDS), planned_with(WORDS, &[], &["words.min=51"]));
        assert_eq!(old.measure_hash(), new.measure_hash());
        assert_ne!(old.decision_hash(), new.decision_hash());
    }

    /// Pieces of recipes, so that random texts get past the first line.
    fn fragment() -> impl Strategy<Value = String> {
        prop_oneof![
            Just("[[step]]\n".to_owned()),
            Just("[[rule]]\n".to_owned()),
            Just("name = \"words\"\n".to_owned()),
            Just("operator = \"word_count\"\n".to_owned()),
            Just("options = { min = 3, x = [1] }\n".to_owned()),
            Just("extends = [\"recipe\"]\n".to_owned()),
            "(when|action|only-for|input|step) = [\"'{\\[]?[a-z0-9_ <'(]{0,12}[\"'}\\]]?\n",
            "\\PC{0,20}",
        ]
    }

    proptest! {
        #[test]
        fn no_text_makes_the_planner_panic(text in "\\PC*") {
            let _ = plan(&Source { file: "recipe.toml", text: &text }, &Shelf::default(), &[]);
        }

        #[test]
        fn no_recipe_makes_the_planner_panic(parts in prop::collection::vec(fragment(), 0..12)) {
            let text = parts.concat();
            let _ = plan(&Source { file: "recipe.toml", text: &text }, &Shelf::default(), &[]);
        }

        #[test]
        fn no_condition_makes_the_planner_panic(when in "[a-z_0-9 <>=()'\",.*%:$\\n-]{0,60}") {
            let rule = format!("[[rule]]\nname = \"r\"\naction = \"drop\"\nwhen = '''\n{when}'''");
            let text = format!("{WORDS}{rule}");
            let _ = plan(&Source { file: "recipe.toml", text: &text }, &Shelf::default(), &[]);
        }
    }
}
