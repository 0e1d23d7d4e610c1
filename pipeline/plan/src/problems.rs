//! Where things stand, and the problems found there.
//!
//! A recipe is made of several texts: the recipe itself, the packs it extends, and
//! what the command line sets. A place says in which of them something stands, so
//! that a problem is shown in the text that has to change.

use std::ops::Range;

use miette::{NamedSource, SourceSpan};

use crate::error::{RecipeErrors, RecipeProblem};

/// A range of bytes in one of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Number of the text; 0 is the recipe.
    pub(crate) text: usize,
    start: usize,
    end: usize,
}

impl Place {
    pub(crate) fn new(text: usize, range: Range<usize>) -> Self {
        Self { text, start: range.start, end: range.end.max(range.start) }
    }

    pub(crate) fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

impl From<Place> for SourceSpan {
    fn from(place: Place) -> Self {
        place.range().into()
    }
}

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct At<T> {
    pub(crate) value: T,
    pub(crate) place: Place,
}

struct Text {
    file: String,
    content: String,
    /// The pack's name as written, and where it was; none for the recipe and settings.
    extended: Option<At<String>>,
}

/// All texts, and all problems found in them so far.
pub(crate) struct Problems {
    texts: Vec<Text>,
    found: Vec<(Place, RecipeProblem)>,
}

impl Problems {
    pub(crate) fn new(file: &str, text: &str) -> Self {
        let recipe = Text { file: file.to_owned(), content: text.to_owned(), extended: None };
        Self { texts: vec![recipe], found: Vec::new() }
    }

    /// Adds a text and returns its number.
    pub(crate) fn add_text(
        &mut self,
        file: String,
        content: String,
        extended: Option<At<String>>,
    ) -> usize {
        self.texts.push(Text { file, content, extended });
        self.texts.len() - 1
    }

    pub(crate) fn text(&self, text: usize) -> &str {
        self.texts.get(text).map_or("", |text| &text.content)
    }

    pub(crate) fn file(&self, text: usize) -> &str {
        self.texts.get(text).map_or("", |text| &text.file)
    }

    /// The file in whose text `place` is; none if the command line says it.
    pub(crate) fn written_in(&self, place: Place) -> Option<&str> {
        let text = self.texts.get(place.text)?;
        (place.text == 0 || text.extended.is_some()).then_some(&text.file)
    }

    /// What stands at `place`.
    pub(crate) fn raw(&self, place: Place) -> &str {
        self.text(place.text).get(place.range()).unwrap_or("")
    }

    pub(crate) fn add(&mut self, place: Place, problem: RecipeProblem) {
        self.found.push((place, problem));
    }

    /// All problems in order of their place, if there are any.
    pub(crate) fn into_errors(mut self) -> Option<RecipeErrors> {
        let mut recipe = self.errors_of(0);
        let settings = (1..self.texts.len())
            .filter(|&text| self.texts[text].extended.is_none())
            .collect::<Vec<_>>();
        for text in settings {
            let Some(errors) = self.errors_of(text) else { continue };
            let RecipeErrors { text, problems, .. } = errors;
            let problem = RecipeProblem::BadSettings { text, problems };
            recipe.get_or_insert_with(|| self.named(0, Vec::new())).problems.push(problem);
        }
        recipe
    }

    fn errors_of(&mut self, text: usize) -> Option<RecipeErrors> {
        let (mut mine, rest) = std::mem::take(&mut self.found)
            .into_iter()
            .partition::<Vec<_>, _>(|(place, _)| place.text == text);
        self.found = rest;
        // A pack is always read after the text that extends it.
        for other in text + 1..self.texts.len() {
            let Some(extended) = self.texts[other].extended.clone() else { continue };
            if extended.place.text != text {
                continue;
            }
            if let Some(errors) = self.errors_of(other) {
                let At { value: pack, place } = extended;
                let at = place.into();
                let problems = vec![errors];
                mine.push((place, RecipeProblem::BadPack { pack, at, problems }));
            }
        }
        mine.sort_by_key(|(place, _)| *place);
        let problems = mine.into_iter().map(|(_, problem)| problem).collect::<Vec<_>>();
        (!problems.is_empty()).then(|| self.named(text, problems))
    }

    fn named(&self, text: usize, problems: Vec<RecipeProblem>) -> RecipeErrors {
        let file = self.file(text).to_owned();
        let text = NamedSource::new(&file, self.text(text).to_owned());
        RecipeErrors { file, text, problems }
    }
}

#[cfg(test)]
mod tests {
    use miette::SourceSpan;

    use super::{At, Place, Problems};
    use crate::error::RecipeProblem;

    fn no_steps(problems: &mut Problems, text: usize, at: usize) {
        let place = Place::new(text, at..at);
        problems.add(place, RecipeProblem::NoSteps { at: place.into() });
    }

    #[test]
    fn nothing_wrong_is_no_error() {
        assert!(Problems::new("recipe.toml", "").into_errors().is_none());
    }

    #[test]
    fn problems_come_in_order_of_their_place_with_packs_where_they_are_extended() {
        let mut problems = Problems::new("recipe.toml", "0123456789");
        let place = Place::new(0, 4..5);
        let extended = At { value: "base".to_owned(), place };
        let settings = problems.add_text("command line".to_owned(), String::new(), None);
        let pack = problems.add_text("base.toml".to_owned(), String::new(), Some(extended));
        no_steps(&mut problems, settings, 0);
        no_steps(&mut problems, 0, 8);
        no_steps(&mut problems, pack, 0);
        no_steps(&mut problems, 0, 2);
        let errors = problems.into_errors().expect("four problems");
        assert_eq!(errors.count(), 4);
        let kinds = errors.problems.iter().map(|problem| match problem {
            RecipeProblem::NoSteps { at } => at.offset().to_string(),
            RecipeProblem::BadPack { pack, at, .. } => format!("{pack} {}", SourceSpan::offset(at)),
            RecipeProblem::BadSettings { .. } => "settings".to_owned(),
            other => other.to_string(),
        });
        assert_eq!(kinds.collect::<Vec<_>>(), ["2", "base 4", "8", "settings"]);
    }
}
