//! Checks of steps: names, operators, options, and the columns they ask for.

use assay_operators::{
    contract::{Derived, Entry, FieldKind, OptionsError},
    registry,
};

use crate::{
    assets::Read,
    condition::Wanted,
    error::RecipeProblem,
    facts::{Lookup, RESERVED_NAMES, fields_of},
    plan::{Action, BoundOperator, BoundStep, Step},
    planner::Planner,
    problems::{At, Place},
    recipe::{Draft, StepDraft},
};

impl Planner<'_> {
    /// The steps as they go into the plan.
    pub(crate) fn steps(&mut self, draft: &Draft) -> Vec<Step> {
        if draft.steps.is_empty() && !draft.mentions_steps && self.complete {
            let place = Place::new(0, 0..0);
            self.problems.add(place, RecipeProblem::NoSteps { at: place.into() });
        }
        for step in &draft.steps {
            match &step.operator {
                Some(operator) => self.facts.add(&step.name.value, &operator.value),
                None => self.facts.add_unsure(&step.name.value),
            }
        }
        let mut planned = Vec::new();
        let mut expressions = Vec::new();
        for (number, step) in draft.steps.iter().enumerate() {
            self.check_name(&step.name);
            self.check_only_for(step, number, &draft.steps);
            let Some(entry) = self.entry(step) else { continue };
            if entry.edits() {
                self.refuse_actions(step);
            }
            self.check_order(step, entry, &planned);
            planned.push(self.bound(step, entry, &mut expressions));
        }
        self.check_expressions(&expressions);
        planned
    }

    /// Expressions see what is measured in the text, and the expressions above them.
    fn check_expressions(&mut self, expressions: &[(String, At<String>)]) {
        for (number, (step, sql)) in expressions.iter().enumerate() {
            let later = expressions[number..].iter().map(|(step, _)| step.clone());
            self.facts.put_off(later.collect());
            self.check_sql(&format!("step {step:?}"), Wanted::Number, sql);
        }
        self.facts.put_off(Vec::new());
    }

    fn check_name(&mut self, name: &At<String>) {
        let At { value, place } = name;
        let (problem, fix) = if RESERVED_NAMES.contains(&value.as_str()) {
            let problem = "the ledger has a column of that name".to_owned();
            (problem, format!("call it {:?}, or what it measures", format!("doc_{value}")))
        } else if !is_column_prefix(value) {
            let problem = "its name begins the names of columns".to_owned();
            let fix = "use a-z, 0-9 and single `_` between them, a letter first".to_owned();
            let tidy = tidied(value);
            let fix = if tidy.is_empty() { fix } else { format!("{fix}, such as {tidy:?}") };
            (problem, fix)
        } else {
            return;
        };
        let (name, at) = (value.clone(), (*place).into());
        self.problems.add(*place, RecipeProblem::BadStepName { name, problem, fix, at });
    }

    fn entry(&mut self, step: &StepDraft) -> Option<Entry> {
        let name = &step.name.value;
        let Some(At { value: operator, place }) = &step.operator else {
            if self.complete && !step.unread.contains(&"operator") {
                let problem = RecipeProblem::MissingKey {
                    key: "operator".to_owned(),
                    table: format!("step {name:?}"),
                    fix: "say what it measures; `assay operators` lists all operators".to_owned(),
                    at: step.place.into(),
                };
                self.problems.add(step.place, problem);
            }
            return None;
        };
        let entry = registry::find(operator);
        if entry.is_none() {
            let list = "`assay operators` lists them all";
            let problem = RecipeProblem::UnknownOperator {
                step: name.clone(),
                operator: operator.clone(),
                fix: match registry::nearest(operator) {
                    Some(near) => format!("did you mean `{near}`? {list}"),
                    None => list.to_owned(),
                },
                at: (*place).into(),
            };
            self.problems.add(*place, problem);
        }
        entry.copied()
    }

    /// What edits by what documents share sees the text that goes out, so that nothing but its
    /// like may edit after it.
    fn check_order(&mut self, step: &StepDraft, entry: Entry, before: &[Step]) {
        let shared = |step: &&Step| matches!(registry::find(&step.operator), Some(Entry::Signer(kind)) if kind.edits());
        let (Entry::Rewriter(_), Some(other)) = (entry, before.iter().find(shared)) else { return };
        let place = step.name.place;
        let problem = RecipeProblem::RewriterBelow {
            step: step.name.value.clone(),
            other: other.name.clone(),
            at: place.into(),
        };
        self.problems.add(place, problem);
    }

    fn refuse_actions(&mut self, step: &StepDraft) {
        let actions = [("on-outside", &step.on_outside), ("on-unmeasured", &step.on_unmeasured)];
        for (key, action) in actions {
            let Some(At { place, .. }) = action else { continue };
            let problem = RecipeProblem::RewriterWithAction {
                step: step.name.value.clone(),
                key: key.to_owned(),
                at: (*place).into(),
            };
            self.problems.add(*place, problem);
        }
    }

    /// The step as it goes into the plan; its options are checked by binding them.
    fn bound(
        &mut self,
        draft: &StepDraft,
        entry: Entry,
        expressions: &mut Vec<(String, At<String>)>,
    ) -> Step {
        let action = |given: &Option<At<Action>>| given.as_ref().map_or(Action::Keep, |a| a.value);
        let only_for = draft.only_for.iter().flatten();
        let Read { options, files, content, unread } = self.assets(draft, entry);
        let step = Step {
            name: draft.name.value.clone(),
            operator: entry.card().id.to_owned(),
            operator_version: entry.card().version,
            options,
            assets: files,
            on_outside: action(&draft.on_outside),
            on_unmeasured: action(&draft.on_unmeasured),
            only_for: only_for.map(|(key, values)| (key.clone(), values.value.clone())).collect(),
        };
        match step.load(&content) {
            Ok(bound) => {
                self.check_prefer(draft, &bound);
                if let Some(Derived::Expression(sql)) = bound.derived() {
                    let place = self.place_of_value(draft, "sql");
                    expressions.push((step.name.clone(), At { value: sql, place }));
                }
            }
            Err(errors) => {
                let errors = errors.into_iter().filter(|error| !unread.contains(&error.key));
                errors.for_each(|error| self.bad_option(draft, error));
            }
        }
        step
    }

    /// Where the value of an option stands: after its key.
    fn place_of_value(&self, draft: &StepDraft, key: &str) -> Place {
        let Some(option) = draft.options.get(key) else { return draft.place };
        let place = option.place;
        let quote = self.problems.raw(place).find('=').and_then(|equals| {
            let value = &self.problems.raw(place)[equals..];
            value.find(['"', '\'']).map(|quote| equals + quote)
        });
        let range = place.range();
        Place::new(place.text, range.start + quote.unwrap_or(0)..range.end)
    }

    fn bad_option(&mut self, step: &StepDraft, error: OptionsError) {
        let OptionsError { key, problem, fix } = error;
        // An error about options together may name one that was left out.
        let place = step.options.get(&key).map(|option| option.place);
        let operator = step.operator.as_ref().map(|operator| operator.place);
        let place = place.or(operator).unwrap_or(step.place);
        let (name, at) = (step.name.value.clone(), place.into());
        self.problems.add(place, RecipeProblem::BadOption { step: name, key, problem, fix, at });
    }

    /// What a signer prefers has to be a column of the facts.
    fn check_prefer(&mut self, draft: &StepDraft, bound: &BoundStep) {
        let BoundOperator::Signer(signer) = &bound.operator else { return };
        for (number, item) in signer.relation().prefer().iter().enumerate() {
            let column = item.split_whitespace().next().unwrap_or(item);
            let Lookup::Missing(fix) = self.facts.look_up(column) else { continue };
            let option = draft.options.get("prefer");
            let place = option.map(|o| o.items.get(number).copied().unwrap_or(o.place));
            let place = place.unwrap_or(draft.place);
            let problem = RecipeProblem::UnknownColumn {
                asker: format!("step {:?}", draft.name.value),
                column: column.to_owned(),
                fix,
                at: place.into(),
            };
            self.problems.add(place, problem);
        }
    }

    fn check_only_for(&mut self, step: &StepDraft, number: usize, steps: &[StepDraft]) {
        for (key, At { place, .. }) in step.only_for.iter().flatten() {
            if ["lang", "source"].contains(&key.as_str()) {
                continue;
            }
            let (earlier, later) = steps.split_at(number);
            let has_label = |step: &&StepDraft| label_field(step);
            let problem = match earlier.iter().find(|step| step.name.value == *key) {
                Some(found) if has_label(&found) != Some(false) => continue,
                Some(_) => "that step measures no label",
                None if later.iter().any(|step| step.name.value == *key) => {
                    "that step does not come earlier"
                }
                None if !self.complete => continue,
                None => "it is no earlier step",
            };
            let labels = earlier.iter().filter(|step| label_field(step) == Some(true));
            let names = labels.map(|step| step.name.value.as_str()).chain(["lang", "source"]);
            let names = names.collect::<Vec<_>>();
            let problem = RecipeProblem::BadOnlyFor {
                step: step.name.value.clone(),
                key: key.clone(),
                problem: problem.to_owned(),
                fix: format!("it can be limited by {}", names.join(", ")),
                at: (*place).into(),
            };
            self.problems.add(*place, problem);
        }
    }
}

/// Whether the step's operator writes a label; nothing if the operator is not known.
fn label_field(step: &StepDraft) -> Option<bool> {
    let entry = registry::find(&step.operator.as_ref()?.value)?;
    Some(fields_of(*entry).iter().any(|field| field.kind == FieldKind::Label))
}

/// `a-z` first, then `a-z`, `0-9` and single `_` that never end the name, so that
/// `<step>__<field>` can be taken apart.
fn is_column_prefix(name: &str) -> bool {
    let parts = name.split('_').all(|part| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    });
    parts && name.starts_with(|first: char| first.is_ascii_lowercase())
}

/// The nearest name that can be used; empty if nothing is left.
fn tidied(name: &str) -> String {
    let lower = name.to_lowercase();
    let parts = lower.split(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit());
    let tidy = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
    tidy.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_').to_owned()
}

#[cfg(test)]
mod tests {
    use crate::examples::{WORDS, planned, problems};

    #[test]
    fn a_name_that_the_ledger_uses_is_refused() {
        let text = WORDS.replace("\"words\"", "\"lang\"");
        assert!(problems(&text).contains("call it \"doc_lang\", or what it measures"));
    }

    #[test]
    fn a_name_that_cannot_be_taken_apart_is_refused() {
        for name in ["a__b", "words_", "Words", "1st", "wörter", "two words"] {
            let text = WORDS.replace("\"words\"", &format!("{name:?}"));
            assert!(problems(&text).contains("recipe::bad_step_name"), "{name}");
        }
    }

    #[test]
    fn a_rewriter_takes_no_action() {
        let text = "[[step]]\nname = \"tidy\"\noperator = \"strip_control\"\n";
        planned(text);
        let shown = problems(&format!("{text}on-outside = \"drop\"\n"));
        assert!(shown.contains("step \"tidy\" edits, so it takes no \"on-outside\""), "{shown}");
    }

    #[test]
    fn the_edits_of_a_rewriter_are_columns() {
        let step = "[[step]]\nname = \"tidy\"\noperator = \"strip_control\"\n";
        let rule = "[[rule]]\nname = \"r\"\nwhen = \"tidy__edits > 9\"\naction = \"flag\"\n";
        planned(&format!("{step}{rule}"));
    }

    #[test]
    fn a_signer_prefers_only_columns_that_exist() {
        let copies = "[[step]]\nname = \"copies\"\noperator = \"exact_duplicates\"\n\
                      options = { prefer = [\"words__value desc\", \"files asc\"] }\n";
        insta::assert_snapshot!(problems(&format!("{WORDS}{copies}")));
    }

    #[test]
    fn a_step_may_be_measured_after_the_signer_that_prefers_it() {
        let copies = "[[step]]\nname = \"copies\"\noperator = \"exact_duplicates\"\n\
                      options = { prefer = [\"words__value desc\", \"row asc\"] }\n";
        planned(&format!("{copies}{WORDS}"));
    }

    #[test]
    fn a_step_is_limited_only_by_labels() {
        let other = "[[step]]\nname = \"other\"\noperator = \"word_count\"\n\
                     only-for = { words = \"3\", later = [\"x\"], lang = \"en\" }\n";
        let later = WORDS.replace("words", "later");
        let shown = problems(&format!("{WORDS}{other}{later}"));
        assert!(shown.contains("\"words\": that step measures no label"), "{shown}");
        assert!(shown.contains("\"later\": that step does not come earlier"), "{shown}");
    }

    /// A recipe with expressions under the names `e0`, `e1` and so on.
    fn with_expressions(expressions: &[&str]) -> String {
        let steps = expressions.iter().enumerate().map(|(number, sql)| {
            format!(
                "[[step]]\nname = \"e{number}\"\noperator = \"expression\"\n\
                 options = {{ min = 0.1, sql = \"{sql}\" }}\n"
            )
        });
        steps.collect::<String>() + WORDS
    }

    #[test]
    fn an_expression_sees_the_text_measured_anywhere_and_the_expressions_above_it() {
        let text = with_expressions(&["words__value / bytes", "e0__value * 2 + length(lang)"]);
        let rule = "[[rule]]\nname = \"r\"\nwhen = \"e1__value > 1\"\naction = \"flag\"\n";
        planned(&format!("{text}{rule}"));
        insta::assert_snapshot!(problems(&with_expressions(&["e0__value", "e2__value", "1"])));
    }

    #[test]
    fn what_is_wrong_with_an_expression_is_shown_inside_of_it() {
        let wrong = ["wrods__value / 2", "words__value /", "random()", "lang"];
        insta::assert_snapshot!(problems(&with_expressions(&wrong)));
    }

    #[test]
    fn the_limits_of_an_expression_decide_and_do_not_measure_and_its_sql_reads_no_text() {
        let plan = |sql: &str, min: &str| {
            planned(&with_expressions(&[sql]).replace("min = 0.1", &format!("min = {min}")))
        };
        let (first, moved, other) = (plan("bytes", "1"), plan("bytes", "2"), plan("row", "1"));
        assert_eq!(first.measure_hash(), moved.measure_hash());
        assert_ne!(first.decision_hash(), moved.decision_hash());
        assert_ne!(first.measure_hash(), other.measure_hash());
        assert_eq!(first.text_hash(), other.text_hash());
        assert_eq!(planned(WORDS).measure_hash(), first.text_hash());
    }

    #[test]
    fn a_recipe_without_steps_does_nothing() {
        insta::assert_snapshot!(problems("recipe = \"empty\"\n"));
    }
}
