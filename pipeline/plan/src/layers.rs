//! A recipe laid over the packs that it extends.

use crate::{
    error::RecipeProblem,
    planner::Files,
    problems::{At, Problems},
    recipe::{self, Draft, InputDraft, RuleDraft, StepDraft},
};

/// A recipe with its packs, as one.
pub(crate) struct Layered {
    pub(crate) draft: Draft,
    /// Whether every text could be read. If not, a step or column that seems to be
    /// missing may stand in the part that could not.
    pub(crate) complete: bool,
}

/// Reads the recipe, text 0, and every pack it extends. Packs come in the order in
/// which they are named, each once, each after the packs it extends itself; what
/// comes later overrides.
pub(crate) fn read(files: &dyn Files, problems: &mut Problems) -> Layered {
    let mut stack = Stack { files, open: Vec::new(), done: Vec::new(), complete: true };
    let mut layers = Vec::new();
    stack.open.push((problems.file(0).to_owned(), problems.file(0).to_owned()));
    stack.visit(0, &mut layers, problems);
    let mut layered = Layered { draft: Draft::default(), complete: stack.complete };
    for layer in layers {
        layered.draft.overlay(layer);
    }
    layered
}

struct Stack<'p> {
    files: &'p dyn Files,
    /// Name and file of the texts that are being read, each extended by the one before.
    open: Vec<(String, String)>,
    /// Files of the packs that were read.
    done: Vec<String>,
    complete: bool,
}

impl Stack<'_> {
    fn visit(&mut self, text: usize, layers: &mut Vec<Draft>, problems: &mut Problems) {
        let Some(mut draft) = recipe::read(text, problems) else {
            self.complete = false;
            return;
        };
        for pack in std::mem::take(&mut draft.extends) {
            self.extend(pack, layers, problems);
        }
        if text != 0 {
            // A recipe is not called like the pack it extends.
            (draft.recipe, draft.version) = (None, None);
        }
        layers.push(draft);
    }

    fn extend(&mut self, pack: At<String>, layers: &mut Vec<Draft>, problems: &mut Problems) {
        let At { value: name, place } = pack.clone();
        let (file, content) = match self.files.pack(&name) {
            Ok(read) => read,
            Err(why) => {
                self.complete = false;
                let at = place.into();
                problems.add(place, RecipeProblem::UnreadablePack { pack: name, why, at });
                return;
            }
        };
        if let Some(start) = self.open.iter().position(|(_, open)| *open == file) {
            self.complete = false;
            let names = self.open[start..].iter().map(|(name, _)| name.as_str());
            let circle = names.chain([self.open[start].0.as_str()]).collect::<Vec<_>>();
            let circle = circle.join(" → ");
            problems.add(place, RecipeProblem::CircularPacks { circle, at: place.into() });
            return;
        }
        if self.done.contains(&file) {
            return;
        }
        let text = problems.add_text(file.clone(), content, Some(pack));
        self.open.push((name, file.clone()));
        self.visit(text, layers, problems);
        self.open.pop();
        self.done.push(file);
    }
}

impl Draft {
    /// Lays `over` on top: what it says replaces what was there, the rest stays.
    fn overlay(&mut self, over: Self) {
        replace(&mut self.recipe, over.recipe);
        replace(&mut self.version, over.version);
        self.input.overlay(over.input);
        for step in over.steps {
            // Twice in one text is a mistake, not an override; both are checked.
            let text = step.place.text;
            let same = |under: &&mut StepDraft| {
                under.name.value == step.name.value && under.place.text != text
            };
            match self.steps.iter_mut().find(same) {
                Some(under) => under.overlay(step),
                None => self.steps.push(step),
            }
        }
        self.mentions_steps |= over.mentions_steps;
        for rule in over.rules {
            // Twice in one text is a mistake, not an override; both are checked.
            let text = rule.place.text;
            let same = |under: &&mut RuleDraft| {
                under.name.value == rule.name.value && under.place.text != text
            };
            match self.rules.iter_mut().find(same) {
                Some(under) => under.overlay(rule),
                None => self.rules.push(rule),
            }
        }
        replace(&mut self.accept, over.accept);
        replace(&mut self.dropped, over.dropped);
        replace(&mut self.excerpts, over.excerpts);
    }
}

impl InputDraft {
    fn overlay(&mut self, over: Self) {
        let Self { paths, text, id, url, source, date, lang, license, max_document_bytes } = over;
        replace(&mut self.paths, paths);
        replace(&mut self.text, text);
        replace(&mut self.id, id);
        replace(&mut self.url, url);
        replace(&mut self.source, source);
        replace(&mut self.date, date);
        replace(&mut self.lang, lang);
        replace(&mut self.license, license);
        replace(&mut self.max_document_bytes, max_document_bytes);
    }
}

impl StepDraft {
    fn overlay(&mut self, over: Self) {
        let under = self.operator.as_ref().map(|operator| &operator.value);
        if over.operator.as_ref().is_some_and(|operator| Some(&operator.value) != under) {
            // Options of one operator mean nothing to another.
            self.options.clear();
        }
        self.place = over.place;
        self.name = over.name;
        replace(&mut self.operator, over.operator);
        self.options.extend(over.options);
        replace(&mut self.on_outside, over.on_outside);
        replace(&mut self.on_unmeasured, over.on_unmeasured);
        replace(&mut self.only_for, over.only_for);
        self.unread.extend(over.unread);
    }
}

impl RuleDraft {
    fn overlay(&mut self, over: Self) {
        self.place = over.place;
        self.name = over.name;
        replace(&mut self.when, over.when);
        replace(&mut self.action, over.action);
        self.unread.extend(over.unread);
    }
}

fn replace<T>(under: &mut Option<T>, over: Option<T>) {
    if over.is_some() {
        *under = over;
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        Action,
        examples::{planned_with, problems_with},
    };

    const PACK: &str = r#"
[input]
text = "body"

[[step]]
name = "words"
operator = "word_count"
options = { min = 5, max = 90 }
on-outside = "flag"

[[rule]]
name = "short"
when = "words__value < 20"
action = "flag"
"#;

    #[test]
    fn a_recipe_gets_the_steps_rules_and_input_of_its_pack() {
        let plan = planned_with("extends = [\"base\"]", &[("base", PACK)], &[]);
        assert_eq!(plan.recipe, "recipe");
        assert_eq!(plan.steps[0].name, "words");
        assert_eq!(plan.rules[0].name, "short");
        assert_eq!(plan.input.columns.text, ["body"]);
    }

    #[test]
    fn options_are_merged_key_by_key_and_other_keys_are_replaced() {
        let text = "extends = [\"base\"]\n[[step]]\nname = \"words\"\noptions = { min = 7 }\n\
                    on-outside = \"drop\"\n[[rule]]\nname = \"short\"\naction = \"drop\"\n";
        let plan = planned_with(text, &[("base", PACK)], &[]);
        let step = &plan.steps[0];
        assert_eq!(step.options.to_string(), "max = 90\nmin = 7\n");
        assert_eq!(step.on_outside, Action::Drop);
        assert_eq!(plan.rules[0].action, Action::Drop);
        assert_eq!(plan.rules[0].when, "words__value < 20");
    }

    #[test]
    fn new_steps_come_after_those_of_the_pack() {
        let text = "extends = [\"base\"]\n[[step]]\nname = \"copies\"\n\
                    operator = \"exact_duplicates\"\n";
        let plan = planned_with(text, &[("base", PACK)], &[]);
        let names = plan.steps.iter().map(|step| step.name.as_str()).collect::<Vec<_>>();
        assert_eq!(names, ["words", "copies"]);
    }

    #[test]
    fn another_operator_starts_without_the_options_of_the_pack() {
        let text = "extends = [\"base\"]\n[[step]]\nname = \"words\"\n\
                    operator = \"exact_duplicates\"\n[[rule]]\nname = \"short\"\n\
                    when = \"lang = 'en'\"\n";
        let plan = planned_with(text, &[("base", PACK)], &[]);
        assert!(plan.steps[0].options.is_empty());
    }

    #[test]
    fn a_later_pack_overrides_an_earlier_one() {
        let zh = "extends = [\"base\"]\n[[step]]\nname = \"words\"\noptions = { min = 1 }\n";
        let packs = [("base", PACK), ("zh", zh)];
        // The base is laid down once, so that naming it again undoes nothing.
        let plan = planned_with("extends = [\"zh\", \"base\"]", &packs, &[]);
        assert_eq!(plan.steps[0].options["min"], toml::Value::Integer(1));
    }

    #[test]
    fn a_problem_inside_a_pack_is_shown_in_the_text_of_the_pack() {
        let pack = "[[step]]\nname = \"words\"\noperator = \"word_count\"\n\
                    options = { mni = 5 }\n";
        let text = "# Two packs, one recipe.\nextends = [\"outer\"]\n[brake]\naccepts = []\n";
        let packs = [("outer", "extends = [\"inner\"]\nversoin = 2\n"), ("inner", pack)];
        insta::assert_snapshot!(problems_with(text, &packs, &[]));
    }

    #[test]
    fn packs_that_extend_each_other_are_named_in_order() {
        let packs = [("a", "extends = [\"b\"]"), ("b", "extends = [\"a\"]")];
        let shown = problems_with("extends = [\"a\"]", &packs, &[]);
        assert!(shown.contains("packs extend each other in a circle: a → b → a"), "{shown}");
    }

    #[test]
    fn a_pack_that_cannot_be_read_hides_no_other_problem_and_causes_none() {
        let text = "extends = [\"nowhere\"]\n[[step]]\nname = \"words\"\noptions = { min = 2 }\n\
                    [[rule]]\nname = \"r\"\nwhen = \"other__value < 3 AND\"\n\
                    [[rule]]\nname = \"s\"\nwhen = \"other__value < 3\"\n";
        insta::assert_snapshot!(problems_with(text, &[], &["other.min=3"]));
    }
}
