//! Options that name files: paths become what the files hold.

use assay_operators::contract::{Asset, Assets, Entry, Tables};

use crate::{
    error::RecipeProblem,
    plan::AssetFile,
    planner::{AssetContent, BadAsset, Planner, TableContent},
    problems::Place,
    recipe::{OptionDraft, StepDraft},
};

/// The options of a step with its files read.
pub(crate) struct Read {
    /// Files by what they hold. An option whose file cannot be used is left out.
    pub(crate) options: toml::Table,
    pub(crate) files: Vec<AssetFile>,
    pub(crate) content: Assets,
    /// Options that were left out.
    pub(crate) unread: Vec<String>,
}

impl Read {
    fn put(&mut self, key: String, value: Option<toml::Value>) {
        if let Some(value) = value {
            self.options.insert(key, value);
        } else {
            self.options.remove(&key);
            self.unread.push(key);
        }
    }
}

impl Planner<'_> {
    /// Reads every file that the options of `step` name.
    pub(crate) fn assets(&mut self, step: &StepDraft, entry: Entry) -> Read {
        let options = step.options.iter();
        let options = options.map(|(key, option)| (key.clone(), option.value.clone()));
        let mut read = Read {
            options: options.collect(),
            files: Vec::new(),
            content: Assets::default(),
            unread: Vec::new(),
        };
        for key in entry.asset_keys() {
            let Some(option) = step.options.get(&key) else { continue };
            let value = each(option, |name, place| self.asset(step, &key, name, place, &mut read));
            read.put(key, value);
        }
        for key in entry.corpus_keys() {
            let Some(option) = step.options.get(&key) else { continue };
            let value = each(option, |name, place| self.corpus(step, &key, name, place));
            read.put(key, value);
        }
        for key in entry.table_keys() {
            let Some(option) = step.options.get(&key) else { continue };
            let value = self.tables(step, &key, &option.value, option.place, &mut read);
            read.put(key, value);
        }
        read
    }

    /// What a pattern becomes; nothing, and a problem, if it means nothing that can be used.
    fn tables(
        &mut self,
        step: &StepDraft,
        key: &str,
        name: &toml::Value,
        place: Place,
        read: &mut Read,
    ) -> Option<toml::Value> {
        let Some(path) = name.as_str() else { return Some(name.clone()) };
        match self.files.tables(path, self.problems.written_in(place)) {
            Ok(tables) => {
                let contents: Vec<Asset> = tables.iter().map(|it| it.content.clone()).collect();
                read.files.extend(tables.into_iter().map(
                    |TableContent { path, content, bytes }| AssetFile {
                        option: key.to_owned(),
                        path,
                        content,
                        bytes,
                    },
                ));
                Some(Tables::of(&contents).to_string().into())
            }
            Err(bad) => self.bad_asset(step, key, place, bad),
        }
    }

    /// The absolute path of a corpus; nothing, and a problem, if there is none.
    fn corpus(
        &mut self,
        step: &StepDraft,
        key: &str,
        name: &toml::Value,
        place: Place,
    ) -> Option<toml::Value> {
        let Some(path) = name.as_str() else { return Some(name.clone()) };
        match self.files.corpus(path, self.problems.written_in(place)) {
            Ok(path) => Some(path.into()),
            Err(bad) => self.bad_asset(step, key, place, bad),
        }
    }

    fn bad_asset(
        &mut self,
        step: &StepDraft,
        key: &str,
        place: Place,
        BadAsset { problem, fix }: BadAsset,
    ) -> Option<toml::Value> {
        let (step, key, at) = (step.name.value.clone(), key.to_owned(), place.into());
        self.problems.add(place, RecipeProblem::BadOption { step, key, problem, fix, at });
        None
    }

    /// What a name becomes; nothing, and a problem, if it names nothing that can be used.
    fn asset(
        &mut self,
        step: &StepDraft,
        key: &str,
        name: &toml::Value,
        place: Place,
        read: &mut Read,
    ) -> Option<toml::Value> {
        // What is no string is told so by the operator's own types.
        let Some(path) = name.as_str() else { return Some(name.clone()) };
        match self.files.asset(path, self.problems.written_in(place)) {
            Ok(AssetContent { path, bytes }) => {
                let size = bytes.len() as u64;
                let content: Asset = read.content.add(bytes);
                let written = content.to_string().into();
                read.files.push(AssetFile { option: key.to_owned(), path, content, bytes: size });
                Some(written)
            }
            Err(bad) => self.bad_asset(step, key, place, bad),
        }
    }
}

/// What `read` makes of a value, or of every item of a list: all of them, so that every
/// problem shows.
fn each(
    option: &OptionDraft,
    mut read: impl FnMut(&toml::Value, Place) -> Option<toml::Value>,
) -> Option<toml::Value> {
    let toml::Value::Array(names) = &option.value else {
        return read(&option.value, option.place);
    };
    let places = option.items.iter().copied().chain(std::iter::repeat(option.place));
    let items = names.iter().zip(places).map(|(name, place)| read(name, place));
    let items: Vec<Option<toml::Value>> = items.collect();
    items.into_iter().collect::<Option<Vec<_>>>().map(toml::Value::Array)
}

#[cfg(test)]
mod tests {
    use crate::examples::{planned_with, problems, problems_with};

    const LISTED: &str = "[[step]]\nname = \"bad\"\noperator = \"listed_words\"\n";

    fn with_file(file: &str) -> String {
        format!("{LISTED}options = {{ file = {file}, max = 0.1 }}\n")
    }

    #[test]
    fn the_plan_holds_what_a_file_holds_and_where_it_is() {
        let plan = planned_with(&with_file("\"words.txt\""), &[], &[]);
        insta::assert_snapshot!(serde_json::to_string_pretty(&plan.steps[0]).expect("JSON"));
    }

    #[test]
    fn the_content_of_a_file_decides_what_is_measured_and_its_place_does_not() {
        let hashes = |file: &str| {
            let plan = planned_with(&with_file(file), &[], &[]);
            (plan.measure_hash(), plan.decision_hash())
        };
        assert_eq!(hashes("\"words.txt\""), hashes("\"copy/words.txt\""));
        assert_ne!(hashes("\"words.txt\"").0, hashes("\"other.txt\"").0);
    }

    #[test]
    fn a_path_begins_where_it_is_written() {
        let pack = "[[step]]\nname = \"bad\"\noperator = \"listed_words\"\n\
                    options = { file = \"words.txt\" }\n";
        let text = "extends = [\"languages/zh\"]\n";
        let path = |settings: &[&str]| {
            planned_with(text, &[("languages/zh", pack)], settings).steps[0].assets[0].path.clone()
        };
        assert_eq!(path(&[]), "/recipes/configs/languages/words.txt");
        assert_eq!(path(&["bad.file=words.txt"]), "/typed/words.txt");
    }

    #[test]
    fn a_file_that_cannot_be_used_is_shown_where_it_is_named() {
        insta::assert_snapshot!(problems(&with_file("\"missing.txt\"")));
    }

    #[test]
    fn what_a_file_holds_is_checked_too() {
        let shown = problems_with(LISTED, &[], &["bad.file=binary.bin"]);
        assert!(shown.contains("names a file that is not UTF-8 at byte 0"), "{shown}");
        assert!(shown.contains("bad.file=binary.bin"), "{shown}");
    }

    #[test]
    fn a_corpus_is_named_by_an_absolute_path() {
        let text = "[[step]]\nname = \"near\"\noperator = \"near_duplicates\"\n\
                    options = { against = [\"old=../release\", \"more\"] }\n";
        let plan = planned_with(text, &[], &[]);
        let against = plan.steps[0].options["against"].to_string();
        assert_eq!(against, "[\"old=/recipes/../release\", \"/recipes/more\"]");
        let shown = problems(&text.replace("more", "missing"));
        assert!(shown.contains("names missing, which does not exist"), "{shown}");
    }

    #[test]
    fn a_name_has_to_be_a_string() {
        let shown = problems(&with_file("3"));
        assert!(shown.contains("\"file\" cannot be read"), "{shown}");
    }
}
