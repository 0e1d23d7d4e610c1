//! One recipe or pack as it was written: every value with its place, nothing filled in.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use crate::{
    error::RecipeProblem,
    plan::Action,
    problems::{At, Place, Problems},
    read::{Reader, bad_value},
};

/// Keys of each table, in the order in which messages list them.
pub(crate) mod keys {
    pub(crate) const RECIPE: &[&str] =
        &["recipe", "version", "extends", "input", "step", "rule", "brake", "output"];
    pub(crate) const INPUT: &[&str] =
        &["paths", "text", "id", "url", "source", "date", "lang", "license", "max-document-bytes"];
    pub(crate) const STEP: &[&str] =
        &["name", "operator", "options", "on-outside", "on-unmeasured", "only-for"];
    pub(crate) const RULE: &[&str] = &["name", "when", "action"];
    pub(crate) const BRAKE: &[&str] = &["accept"];
    pub(crate) const OUTPUT: &[&str] = &["dropped", "excerpts"];
}

/// Bytes of one document that the views of its text can address.
pub(crate) const MOST_DOCUMENT_BYTES: u64 = i32::MAX as u64;

/// One recipe or pack as it was written.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) recipe: Option<String>,
    pub(crate) version: Option<u32>,
    pub(crate) extends: Vec<At<String>>,
    pub(crate) input: InputDraft,
    pub(crate) steps: Vec<StepDraft>,
    /// Whether there is a `step` key at all, even one that could not be read.
    pub(crate) mentions_steps: bool,
    pub(crate) rules: Vec<RuleDraft>,
    pub(crate) accept: Option<Vec<String>>,
    pub(crate) dropped: Option<bool>,
    pub(crate) excerpts: Option<bool>,
}

/// `[input]`.
#[derive(Debug, Default)]
pub(crate) struct InputDraft {
    pub(crate) paths: Option<Vec<String>>,
    pub(crate) text: Option<Vec<String>>,
    pub(crate) id: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) date: Option<String>,
    pub(crate) lang: Option<String>,
    pub(crate) license: Option<String>,
    pub(crate) max_document_bytes: Option<u64>,
}

/// One `[[step]]`.
#[derive(Debug)]
pub(crate) struct StepDraft {
    pub(crate) place: Place,
    pub(crate) name: At<String>,
    pub(crate) operator: Option<At<String>>,
    pub(crate) options: BTreeMap<String, OptionDraft>,
    pub(crate) on_outside: Option<At<Action>>,
    pub(crate) on_unmeasured: Option<At<Action>>,
    /// Values by key; the place is that of the key.
    pub(crate) only_for: Option<BTreeMap<String, At<Vec<String>>>>,
    /// Keys that are there with a value that could not be used, which was reported.
    pub(crate) unread: Vec<&'static str>,
}

/// One key of `options`.
#[derive(Debug, Clone)]
pub(crate) struct OptionDraft {
    pub(crate) value: toml::Value,
    /// Key and value together.
    pub(crate) place: Place,
    /// The items, if the value is a list.
    pub(crate) items: Vec<Place>,
}

/// One `[[rule]]`.
#[derive(Debug)]
pub(crate) struct RuleDraft {
    pub(crate) place: Place,
    pub(crate) name: At<String>,
    pub(crate) when: Option<At<String>>,
    pub(crate) action: Option<At<Action>>,
    /// As in [`StepDraft`].
    pub(crate) unread: Vec<&'static str>,
}

/// Reads text number `text`; nothing if it cannot be understood as TOML.
pub(crate) fn read(text: usize, problems: &mut Problems) -> Option<Draft> {
    if let Some(ending) = foreign_ending(problems.file(text)) {
        let place = Place::new(text, 0..0);
        problems.add(place, RecipeProblem::NotToml { ending, at: place.into() });
        return None;
    }
    let content = problems.text(text).to_owned();
    let (root, errors) = DeTable::parse_recoverable(&content);
    if errors.is_empty() {
        let place = Place::new(text, 0..0);
        let root = Reader { title: "the recipe", text, place, entries: root.get_ref() };
        return Some(draft(&root, problems));
    }
    let mut seen_line = None;
    for error in errors {
        let range = error.span().unwrap_or_default();
        // What follows on the same line follows from the first.
        let line = content.get(..range.start).map(|before| before.matches('\n').count());
        if line.is_some() && line == seen_line {
            continue;
        }
        seen_line = line;
        let place = Place::new(text, range);
        let message = error.message().trim_end().replace('\n', ", ");
        problems.add(place, RecipeProblem::Syntax { message, at: place.into() });
    }
    None
}

fn foreign_ending(file: &str) -> Option<String> {
    let ending = std::path::Path::new(file).extension()?.to_str()?;
    let foreign = ["yaml", "yml", "json"].iter().any(|other| ending.eq_ignore_ascii_case(other));
    foreign.then(|| format!(".{ending}"))
}

fn draft(root: &Reader<'_, '_>, problems: &mut Problems) -> Draft {
    root.expect_keys(keys::RECIPE, problems);
    let mut draft = Draft {
        recipe: root.string("recipe", problems).map(|name| name.value),
        version: root
            .count("version", u64::from(u32::MAX), problems)
            .and_then(|version| u32::try_from(version).ok()),
        extends: root.strings("extends", problems).unwrap_or_default(),
        mentions_steps: root.entries.contains_key("step"),
        ..Draft::default()
    };
    if let Some(table) = root.table("input", "`[input]`", problems) {
        draft.input = input(&table, problems);
    }
    for table in root.tables("step", "this `[[step]]`", problems) {
        draft.steps.extend(step(&table, problems));
    }
    for table in root.tables("rule", "this `[[rule]]`", problems) {
        draft.rules.extend(rule(&table, problems));
    }
    if let Some(table) = root.table("brake", "`[brake]`", problems) {
        table.expect_keys(keys::BRAKE, problems);
        draft.accept = table.strings("accept", problems).map(plain);
    }
    if let Some(table) = root.table("output", "`[output]`", problems) {
        table.expect_keys(keys::OUTPUT, problems);
        draft.dropped = table.boolean("dropped", problems);
        draft.excerpts = table.boolean("excerpts", problems);
    }
    report_repeated_names(&draft, problems);
    draft
}

fn input(table: &Reader<'_, '_>, problems: &mut Problems) -> InputDraft {
    table.expect_keys(keys::INPUT, problems);
    let mut column = |key| table.string(key, problems).map(|name| name.value);
    InputDraft {
        id: column("id"),
        url: column("url"),
        source: column("source"),
        date: column("date"),
        lang: column("lang"),
        license: column("license"),
        paths: table.strings("paths", problems).map(plain),
        text: table.one_or_more("text", problems).map(plain),
        max_document_bytes: size(table, "max-document-bytes", problems),
    }
}

/// A number of bytes, or a string such as `"64MiB"`.
fn size(table: &Reader<'_, '_>, key: &str, problems: &mut Problems) -> Option<u64> {
    let entry = table.entries.get(key)?;
    let Some(written) = entry.get_ref().as_str() else {
        return table.count(key, MOST_DOCUMENT_BYTES, problems);
    };
    let bytes = written.parse::<bytesize::ByteSize>().ok().map(|size| size.as_u64());
    let bytes = bytes.filter(|bytes| (1..=MOST_DOCUMENT_BYTES).contains(bytes));
    if bytes.is_none() {
        let problem = format!("is {written:?}, which is not a size up to 2 GiB");
        let fix = "write a number of bytes, or a string such as \"64MiB\"";
        bad_value(key, &problem, fix, table.place_of(entry), problems);
    }
    bytes
}

fn step(table: &Reader<'_, '_>, problems: &mut Problems) -> Option<StepDraft> {
    table.expect_keys(keys::STEP, problems);
    let operator = table.string("operator", problems);
    let step = StepDraft {
        place: table.place,
        // A step that could not be named is still read, so that its other problems show.
        name: named(table, "name = \"words\"", problems),
        unread: table.unread(&[("operator", operator.is_some())]),
        operator,
        options: options(table, problems),
        on_outside: table.action("on-outside", problems),
        on_unmeasured: table.action("on-unmeasured", problems),
        only_for: only_for(table, problems),
    };
    (!step.name.value.is_empty()).then_some(step)
}

fn rule(table: &Reader<'_, '_>, problems: &mut Problems) -> Option<RuleDraft> {
    table.expect_keys(keys::RULE, problems);
    let (when, action) = (table.string("when", problems), table.action("action", problems));
    let rule = RuleDraft {
        place: table.place,
        name: named(table, "name = \"too many menus\"", problems),
        unread: table.unread(&[("when", when.is_some()), ("action", action.is_some())]),
        when,
        action,
    };
    (!rule.name.value.is_empty()).then_some(rule)
}

/// The name, empty if there is none that can be used.
fn named(table: &Reader<'_, '_>, example: &str, problems: &mut Problems) -> At<String> {
    if !table.entries.contains_key("name") {
        table.missing("name", &format!("give it a name of its own, such as {example}"), problems);
    }
    let name = table.string("name", problems);
    name.unwrap_or(At { value: String::new(), place: table.place })
}

fn options(table: &Reader<'_, '_>, problems: &mut Problems) -> BTreeMap<String, OptionDraft> {
    let mut options = BTreeMap::new();
    let Some(inner) = table.table("options", "`options`", problems) else { return options };
    for (key, entry) in inner.entries {
        let name: &str = key.get_ref();
        let Some(value) = inner.value(name, entry, problems) else { continue };
        let items = match entry.get_ref() {
            DeValue::Array(items) => items.iter().map(|item| inner.place_of(item)).collect(),
            _ => Vec::new(),
        };
        let place = Place::new(inner.text, key.span().start..entry.span().end);
        options.insert(name.to_owned(), OptionDraft { value, place, items });
    }
    options
}

fn only_for(
    table: &Reader<'_, '_>,
    problems: &mut Problems,
) -> Option<BTreeMap<String, At<Vec<String>>>> {
    let inner = table.table("only-for", "`only-for`", problems)?;
    let mut conditions = BTreeMap::new();
    for key in inner.entries.keys() {
        let name: &str = key.get_ref();
        let Some(values) = inner.one_or_more(name, problems) else { continue };
        let place = inner.place_of(key);
        conditions.insert(name.to_owned(), At { value: plain(values), place });
    }
    Some(conditions)
}

fn plain(values: Vec<At<String>>) -> Vec<String> {
    values.into_iter().map(|item| item.value).collect()
}

/// Inside one file every name stands once. The same name in two files is an override.
fn report_repeated_names(draft: &Draft, problems: &mut Problems) {
    let mut seen = BTreeMap::new();
    for At { value, place } in draft.steps.iter().map(|step| &step.name) {
        if let Some(first) = seen.get(value) {
            let problem = RecipeProblem::DuplicateStep {
                step: value.clone(),
                first: Place::into(*first),
                again: (*place).into(),
            };
            problems.add(*place, problem);
        } else {
            seen.insert(value, *place);
        }
    }
    let mut seen = BTreeMap::new();
    for At { value, place } in draft.rules.iter().map(|rule| &rule.name) {
        if let Some(first) = seen.get(value) {
            let problem = RecipeProblem::DuplicateRule {
                rule: value.clone(),
                first: Place::into(*first),
                again: (*place).into(),
            };
            problems.add(*place, problem);
        } else {
            seen.insert(value, *place);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::examples::{WORDS, planned, problems};

    #[test]
    fn text_that_is_not_toml_is_shown_where_it_breaks() {
        insta::assert_snapshot!(problems("[[step]]\nname = words\noperator = \"word_count\n"));
    }

    #[test]
    fn a_step_with_single_brackets_is_told_to_double_them() {
        let shown = problems("[step]\nname = \"words\"\n");
        assert!(shown.contains("\"step\" takes a list of tables, not a table"), "{shown}");
        assert!(shown.contains("write each as [[step]], with two brackets"), "{shown}");
        assert!(!shown.contains("recipe::no_steps"), "{shown}");
    }

    #[test]
    fn one_text_column_may_stand_without_brackets() {
        let plan = planned(&format!("input.text = \"body\"\n{WORDS}"));
        assert_eq!(plan.input.columns.text, ["body"]);
    }

    #[test]
    fn options_may_be_a_table_of_their_own() {
        let plan = planned(&format!("{WORDS}[step.options]\nmin = 3\n"));
        assert_eq!(plan.steps[0].options["min"], toml::Value::Integer(3));
    }

    #[test]
    fn sizes_are_bytes_or_words() {
        let size = |written: &str| {
            let text = format!("input.max-document-bytes = {written}\n{WORDS}");
            planned(&text).input.max_document_bytes
        };
        assert_eq!(size("1_000"), 1000);
        assert_eq!(size("\"2 MiB\""), 2 * 1024 * 1024);
        assert_eq!(size("\"1.5kB\""), 1500);
    }

    #[test]
    fn a_number_out_of_range_is_refused() {
        for line in ["version = 0", "version = -1", "input.max-document-bytes = \"3GiB\""] {
            let shown = problems(&format!("{line}\n{WORDS}"));
            assert!(shown.contains("recipe::bad_value"), "{shown}");
        }
    }

    #[test]
    fn a_value_that_could_not_be_read_is_not_also_missing() {
        let rule = "[[rule]]\nname = \"r\"\nwhen = \"true\"\naction = \"delete\"\n";
        let shown = problems(&format!("{WORDS}{rule}"));
        assert!(shown.contains("recipe.toml cannot be planned: 1 problem\n"), "{shown}");
    }

    #[test]
    fn two_rules_of_one_name_are_shown_together() {
        let rule = "[[rule]]\nname = \"r\"\nwhen = \"true\"\naction = \"flag\"\n";
        let shown = problems(&format!("{WORDS}{rule}{rule}"));
        assert!(shown.contains("recipe::duplicate_rule"), "{shown}");
    }

    #[test]
    fn windows_line_ends_change_nothing() {
        let text = format!("recipe = \"web\"\n{WORDS}").replace('\n', "\r\n");
        assert_eq!(planned(&text).recipe, "web");
    }
}
