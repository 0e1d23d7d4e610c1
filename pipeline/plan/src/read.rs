//! Reading typed values out of TOML without losing their places.

use serde::Deserialize;
use toml::{
    Spanned,
    de::{DeTable, DeValue, ValueDeserializer},
};

use crate::{
    error::RecipeProblem,
    plan::Action,
    problems::{At, Place, Problems},
};

/// One table of a recipe, such as `[input]` or a `[[step]]`.
pub(crate) struct Reader<'r, 'i> {
    /// How messages call it.
    pub(crate) title: &'static str,
    /// Number of the text it stands in.
    pub(crate) text: usize,
    /// Where it begins.
    pub(crate) place: Place,
    /// Its keys and values.
    pub(crate) entries: &'r DeTable<'i>,
}

type Entry<'r, 'i> = &'r Spanned<DeValue<'i>>;

impl<'r, 'i> Reader<'r, 'i> {
    /// The place of something that the parser gave a span.
    pub(crate) fn place_of<T>(&self, spanned: &Spanned<T>) -> Place {
        Place::new(self.text, spanned.span())
    }

    /// Reports every key that is not one of `known`.
    pub(crate) fn expect_keys(&self, known: &[&str], problems: &mut Problems) {
        for key in self.entries.keys() {
            let name: &str = key.get_ref();
            if known.contains(&name) {
                continue;
            }
            let place = self.place_of(key);
            let problem = RecipeProblem::UnknownKey {
                key: name.to_owned(),
                table: self.title.to_owned(),
                fix: nearest_or_all(name, known),
                at: place.into(),
            };
            problems.add(place, problem);
        }
    }

    /// Reports that `key` has to be there.
    pub(crate) fn missing(&self, key: &str, fix: &str, problems: &mut Problems) {
        let problem = RecipeProblem::MissingKey {
            key: key.to_owned(),
            table: self.title.to_owned(),
            fix: fix.to_owned(),
            at: self.place.into(),
        };
        problems.add(self.place, problem);
    }

    /// Those of `keys` that are there although nothing was read from them.
    pub(crate) fn unread(&self, keys: &[(&'static str, bool)]) -> Vec<&'static str> {
        let unread = keys.iter().filter(|(key, read)| !read && self.entries.contains_key(*key));
        unread.map(|(key, _)| *key).collect()
    }

    /// A string that is not empty.
    pub(crate) fn string(&self, key: &str, problems: &mut Problems) -> Option<At<String>> {
        let entry = self.entries.get(key)?;
        let Some(value) = entry.get_ref().as_str() else {
            let fix = format!("write it in quotes: {key} = \"…\"");
            self.wrong_type(key, entry, "a string", fix, problems);
            return None;
        };
        let place = self.place_of(entry);
        if value.is_empty() {
            bad_value(key, "is empty", "give it a value, or leave the key out", place, problems);
            return None;
        }
        Some(At { value: value.to_owned(), place })
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&self, key: &str, problems: &mut Problems) -> Option<bool> {
        let entry = self.entries.get(key)?;
        let value = entry.get_ref().as_bool();
        if value.is_none() {
            let fix = format!("write {key} = true or {key} = false");
            self.wrong_type(key, entry, "true or false", fix, problems);
        }
        value
    }

    /// What happens to a row.
    pub(crate) fn action(&self, key: &str, problems: &mut Problems) -> Option<At<Action>> {
        let At { value, place } = self.string(key, problems)?;
        let action = Action::from_name(&value);
        if action.is_none() {
            let (problem, fix) = not_an_action(&value);
            bad_value(key, &problem, &fix, place, problems);
        }
        Some(At { value: action?, place })
    }

    /// A list of strings, none of them empty.
    pub(crate) fn strings(&self, key: &str, problems: &mut Problems) -> Option<Vec<At<String>>> {
        let entry = self.entries.get(key)?;
        let Some(items) = entry.get_ref().as_array() else {
            let fix = format!("write {key} = [\"…\", \"…\"]");
            self.wrong_type(key, entry, "a list of strings", fix, problems);
            return None;
        };
        let items = items.iter().filter_map(|item| self.item(key, item, problems));
        Some(items.collect())
    }

    /// A string, or a list of strings with at least one.
    pub(crate) fn one_or_more(
        &self,
        key: &str,
        problems: &mut Problems,
    ) -> Option<Vec<At<String>>> {
        let entry = self.entries.get(key)?;
        match entry.get_ref() {
            DeValue::String(_) => Some(vec![self.string(key, problems)?]),
            DeValue::Array(items) if items.is_empty() => {
                let place = self.place_of(entry);
                bad_value(
                    key,
                    "is an empty list",
                    "name at least one, or leave the key out",
                    place,
                    problems,
                );
                None
            }
            DeValue::Array(_) => self.strings(key, problems),
            _ => {
                let fix = format!("write {key} = \"…\" or {key} = [\"…\", \"…\"]");
                self.wrong_type(key, entry, "a string or a list of strings", fix, problems);
                None
            }
        }
    }

    /// A whole number from 1 to `most`.
    pub(crate) fn count(&self, key: &str, most: u64, problems: &mut Problems) -> Option<u64> {
        let entry = self.entries.get(key)?;
        let place = self.place_of(entry);
        if !entry.get_ref().is_integer() {
            let fix = format!("write {key} = 1");
            self.wrong_type(key, entry, "a whole number", fix, problems);
            return None;
        }
        let value = self.value(key, entry, problems)?.as_integer()?;
        let count = u64::try_from(value).ok().filter(|count| (1..=most).contains(count));
        if count.is_none() {
            let problem = format!("is {value}, which is not a number from 1 to {most}");
            bad_value(key, &problem, "choose a number in that range", place, problems);
        }
        count
    }

    /// A table inside this one.
    pub(crate) fn table(
        &self,
        key: &str,
        title: &'static str,
        problems: &mut Problems,
    ) -> Option<Reader<'r, 'i>> {
        let entry = self.entries.get(key)?;
        let Some(entries) = entry.get_ref().as_table() else {
            let fix = match key {
                "options" | "only-for" => format!("write {key} = {{ name = value }}"),
                _ => format!("write [{key}] on a line of its own and its keys below"),
            };
            self.wrong_type(key, entry, "a table", fix, problems);
            return None;
        };
        Some(Reader { title, text: self.text, place: self.place_of(entry), entries })
    }

    /// Tables under a `[[header]]`.
    pub(crate) fn tables(
        &self,
        key: &str,
        title: &'static str,
        problems: &mut Problems,
    ) -> Vec<Reader<'r, 'i>> {
        let Some(entry) = self.entries.get(key) else { return Vec::new() };
        let fix = format!("write each as [[{key}]], with two brackets, and its keys below");
        let Some(items) = entry.get_ref().as_array() else {
            self.wrong_type(key, entry, "a list of tables", fix, problems);
            return Vec::new();
        };
        let mut readers = Vec::new();
        for item in items {
            if let Some(entries) = item.get_ref().as_table() {
                readers.push(Reader {
                    title,
                    text: self.text,
                    place: self.place_of(item),
                    entries,
                });
            } else {
                self.wrong_type(key, item, "a list of tables", fix.clone(), problems);
            }
        }
        readers
    }

    /// Any value without its places.
    pub(crate) fn value(
        &self,
        key: &str,
        entry: Entry<'r, 'i>,
        problems: &mut Problems,
    ) -> Option<toml::Value> {
        let value = toml::Value::deserialize(ValueDeserializer::from(entry.clone()));
        match value {
            Ok(value) => Some(value),
            Err(error) => {
                let problem = format!("cannot be read: {}", error.message().trim_end());
                let place = self.place_of(entry);
                bad_value(key, &problem, "numbers have to fit in 64 bits", place, problems);
                None
            }
        }
    }

    pub(crate) fn wrong_type(
        &self,
        key: &str,
        entry: Entry<'r, 'i>,
        expected: &str,
        fix: String,
        problems: &mut Problems,
    ) {
        let place = self.place_of(entry);
        let problem = RecipeProblem::WrongType {
            key: key.to_owned(),
            expected: expected.to_owned(),
            found: described(entry.get_ref()).to_owned(),
            fix,
            at: place.into(),
        };
        problems.add(place, problem);
    }

    fn item(&self, key: &str, item: Entry<'r, 'i>, problems: &mut Problems) -> Option<At<String>> {
        let place = self.place_of(item);
        match item.get_ref().as_str() {
            Some("") => {
                let fix = "take the empty string away";
                bad_value(key, "holds an empty string", fix, place, problems);
                None
            }
            Some(value) => Some(At { value: value.to_owned(), place }),
            None => {
                let fix = format!("write each in quotes: {key} = [\"…\", \"…\"]");
                self.wrong_type(key, item, "a list of strings", fix, problems);
                None
            }
        }
    }
}

/// Reports a value of the right type that cannot be used.
pub(crate) fn bad_value(
    key: &str,
    problem: &str,
    fix: &str,
    place: Place,
    problems: &mut Problems,
) {
    let problem = RecipeProblem::BadValue {
        key: key.to_owned(),
        problem: problem.to_owned(),
        fix: fix.to_owned(),
        at: place.into(),
    };
    problems.add(place, problem);
}

/// What is wrong with a word that is no action, and what to write.
pub(crate) fn not_an_action(word: &str) -> (String, String) {
    let names = Action::ALL.map(Action::as_str);
    (format!("is {word:?}, which is not an action"), nearest_or_all(word, &names))
}

/// The nearest of `known`, or all of them.
pub(crate) fn nearest_or_all(name: &str, known: &[&str]) -> String {
    // People who come from YAML or Python write `_` where keys have `-`.
    let spelled = name.to_lowercase().replace('_', "-");
    let near = known.contains(&spelled.as_str()).then_some(spelled.as_str());
    let near = near.or_else(|| assay_operators::registry::nearest_of(name, known.iter().copied()));
    match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it is one of: {}", known.join(", ")),
    }
}

fn described(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
