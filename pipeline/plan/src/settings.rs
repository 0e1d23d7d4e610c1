//! What the command line sets: `--set step.option=value`.

use serde::Deserialize;

use crate::{
    error::RecipeProblem,
    plan::Action,
    problems::{At, Place, Problems},
    read::{bad_value, nearest_or_all, not_an_action},
    recipe::{Draft, OptionDraft},
};

/// One `--set step.option=value`.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The step.
    pub step: String,
    /// The option, or `on-outside` or `on-unmeasured`.
    pub key: String,
    /// The value: TOML, or a string if it is not TOML.
    pub value: toml::Value,
    written: String,
}

impl Setting {
    /// Reads `step.option=value`.
    ///
    /// # Errors
    ///
    /// What is wrong with it and how to write it.
    pub fn parse(written: &str) -> Result<Self, String> {
        let wrong = || {
            format!("{written:?} is not a setting; write step.option=value, such as words.min=50")
        };
        let (path, value) = written.split_once('=').ok_or_else(wrong)?;
        let (step, key) = path.split_once('.').ok_or_else(wrong)?;
        let (step, key) = (step.trim(), key.trim());
        if step.is_empty() || key.is_empty() || key.contains('.') {
            return Err(wrong());
        }
        Ok(Self {
            step: step.to_owned(),
            key: key.to_owned(),
            value: value_of(value.trim()),
            written: written.to_owned(),
        })
    }
}

fn value_of(written: &str) -> toml::Value {
    let parsed = toml::de::ValueDeserializer::parse(written);
    let parsed = parsed.and_then(toml::Value::deserialize);
    parsed.unwrap_or_else(|_| toml::Value::String(written.to_owned()))
}

/// Lays the settings over the recipe. They are shown as a text of their own, one
/// setting on each line.
pub(crate) fn apply(
    settings: &[Setting],
    draft: &mut Draft,
    complete: bool,
    problems: &mut Problems,
) {
    if settings.is_empty() {
        return;
    }
    let lines = settings.iter().map(|setting| format!("--set {}", setting.written));
    let lines = lines.collect::<Vec<_>>();
    let text = problems.add_text("command line".to_owned(), lines.join("\n"), None);
    let mut start = 0;
    for (setting, line) in settings.iter().zip(&lines) {
        let place = Place::new(text, start + "--set ".len()..start + line.len());
        apply_one(setting, place, draft, complete, problems);
        start += line.len() + 1;
    }
}

fn apply_one(
    setting: &Setting,
    place: Place,
    draft: &mut Draft,
    complete: bool,
    problems: &mut Problems,
) {
    let Setting { step: name, key, value, .. } = setting;
    let Some(step) = draft.steps.iter_mut().find(|step| step.name.value == *name) else {
        if complete {
            let names = draft.steps.iter().map(|step| step.name.value.as_str()).collect::<Vec<_>>();
            let fix = match names.as_slice() {
                [] => "the recipe has no steps".to_owned(),
                names => nearest_or_all(name, names),
            };
            let problem = RecipeProblem::UnknownStep { step: name.clone(), fix, at: place.into() };
            problems.add(place, problem);
        }
        return;
    };
    let slot = match key.as_str() {
        "on-outside" => &mut step.on_outside,
        "on-unmeasured" => &mut step.on_unmeasured,
        _ => {
            let option = OptionDraft { value: value.clone(), place, items: Vec::new() };
            step.options.insert(key.clone(), option);
            return;
        }
    };
    let word = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if let Some(value) = Action::from_name(&word) {
        *slot = Some(At { value, place });
    } else {
        let (problem, fix) = not_an_action(&word);
        bad_value(key, &problem, &fix, place, problems);
    }
}

#[cfg(test)]
mod tests {
    use super::Setting;

    fn value(written: &str) -> toml::Value {
        Setting::parse(written).expect(written).value
    }

    #[test]
    fn a_setting_names_step_option_and_value() {
        let setting = Setting::parse("words.min=50").expect("a setting");
        assert_eq!((setting.step.as_str(), setting.key.as_str()), ("words", "min"));
        assert_eq!(setting.value, toml::Value::Integer(50));
    }

    #[test]
    fn values_are_toml() {
        assert_eq!(value("a.b=0.5"), toml::Value::Float(0.5));
        assert_eq!(value("a.b=true"), toml::Value::Boolean(true));
        assert_eq!(value("a.b = [1, 2]"), toml::Value::from(vec![1, 2]));
        assert_eq!(value("a.b=\"50\""), toml::Value::from("50"));
    }

    #[test]
    fn what_is_not_toml_is_a_string() {
        assert_eq!(value("a.b=drop"), toml::Value::from("drop"));
        assert_eq!(value("a.b="), toml::Value::from(""));
        assert_eq!(value("a.b=x = y"), toml::Value::from("x = y"));
    }

    #[test]
    fn a_setting_without_its_parts_is_explained() {
        for written in ["words.min", "words=3", ".min=3", "words.=3", "a.b.c=3", ""] {
            let problem = Setting::parse(written).expect_err(written);
            assert!(
                problem.ends_with("write step.option=value, such as words.min=50"),
                "{problem}"
            );
        }
    }
}
