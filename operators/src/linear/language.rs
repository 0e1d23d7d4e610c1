//! The language of a text, from its script and the table of the languages that share it.

use std::{ops::Range, sync::LazyLock};

use super::{
    chances::{Chances, Scores},
    comments::Comments,
    familiar::Familiar,
    fences::Fences,
    grams::grams,
    heard::{self, Heard, Place, Vote},
    passages::passages,
    script::Script,
    shapes::Shapes,
    table::{Adder, Class, MOST_CLASSES, Table, Tally},
};

static BYTES: &[u8] = include_bytes!("../../assets/language.bin");
static MODEL: LazyLock<Option<Languages<'static>>> = LazyLock::new(|| Languages::parse(BYTES));

/// No language: code, tables, identifiers.
pub const NO_LANGUAGE: &str = "zxx";
/// Nothing that can be told: noise, or a script of which no language is known.
pub const UNDETERMINED: &str = "und";
/// What is said of a script that only one language uses, if nothing speaks against it.
const SURE: f64 = 0.995;
/// Latin letters that are fewer than one of so many bytes are units, variables and initials.
const FEW: u32 = 5;

/// A model of languages: the table, and what its classes mean.
#[derive(Debug)]
pub struct Languages<'b> {
    table: Table<'b>,
    /// What tells code from the languages in Latin letters, beside the grams.
    shapes: Shapes<'b>,
    pub(super) meanings: Vec<Meaning<'b>>,
    /// The class of [`NO_LANGUAGE`].
    code: Option<usize>,
    /// The classes that are asked of a text, by the number of its script; the last for none.
    asked: Vec<Asked>,
}

/// Numbers of the classes that texts of one script are asked of.
#[derive(Debug)]
struct Asked {
    /// All of them.
    all: Vec<usize>,
    /// Those that are not [`NO_LANGUAGE`].
    languages: Vec<usize>,
}

impl Asked {
    fn of(classes: &[Class<'_>], script: Option<Script>) -> Self {
        let allows = |class: usize| classes[class].script.is_none_or(|own| Some(own) == script);
        let all: Vec<usize> = (0..classes.len()).filter(|class| allows(*class)).collect();
        let speaks = |class: &usize| classes[*class].name != NO_LANGUAGE;
        Self { languages: all.iter().copied().filter(speaks).collect(), all }
    }
}

/// What a class of the table means.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meaning<'b> {
    /// The language, as in ISO 639.
    pub(super) code: &'b str,
    /// Its script, where the class decides it.
    pub(super) script: Option<&'b str>,
    /// Number of the first class with the same language.
    pub(super) first: usize,
    /// Whether classes of this language decide its script.
    pub(super) varies: bool,
}

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict<'b> {
    /// ISO 639 code, the shortest there is.
    pub language: &'b str,
    /// ISO 15924 code.
    pub script: &'b str,
    /// Chance that the language is right.
    pub confidence: f64,
    /// The next best language with its chance.
    pub runner_up: Option<(&'b str, f64)>,
}

/// The languages of a whole text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading<'b> {
    /// Of the text as one.
    pub verdict: Verdict<'b>,
    /// Share of the bytes whose own passage has this language.
    pub share: f64,
    /// The most common other language of passages with its share of the bytes.
    pub other: Option<(&'b str, f64)>,
}

/// The model that ships; `None` if its bytes are damaged.
#[must_use]
pub fn shipped() -> Option<&'static Languages<'static>> {
    MODEL.as_ref()
}

impl<'b> Languages<'b> {
    /// Reads a model whose classes are tags such as `en`, `zh-Hans` and `sr-Latn`.
    #[must_use]
    pub fn parse(bytes: &'b [u8]) -> Option<Self> {
        let (bytes, shapes) = Shapes::split(bytes)?;
        let table = Table::parse(bytes)?;
        let mut meanings: Vec<Meaning<'b>> = Vec::new();
        for class in table.classes() {
            let (code, script) = match class.name.split_once('-') {
                Some((code, script)) => (code, Some(script)),
                None => (class.name, None),
            };
            let same = meanings.iter().position(|other| other.code == code);
            let first = same.unwrap_or(meanings.len());
            meanings.push(Meaning { code, script, first, varies: false });
            meanings[first].varies |= script.is_some();
        }
        let scripts = Script::ALL.into_iter().map(Some).chain([None]);
        let asked = scripts.map(|script| Asked::of(table.classes(), script)).collect();
        let code = meanings.iter().position(|meaning| meaning.code == NO_LANGUAGE);
        Some(Self { table, shapes, meanings, code, asked })
    }

    /// The table behind the answers.
    #[must_use]
    pub fn table(&self) -> &Table<'b> {
        &self.table
    }

    /// What a text of about at most `budget` bytes, or passages of so many, add up to.
    #[must_use]
    pub fn tally(&self, text: &str, budget: usize) -> Tally {
        let mut whole = Tally::default();
        let mut adder = self.table.adder();
        passages(text, budget, |passage| {
            whole.add(&self.passage(&text[passage], &mut adder));
        });
        whole
    }

    fn passage(&self, passage: &str, adder: &mut Adder<'_>) -> Tally {
        let mut tally = self.table.tally(passage, adder);
        if tally.bytes.main_script() == Some(Script::Latin) {
            tally.shape = self.shapes.of(passage);
        }
        tally
    }

    /// Reads `text`, or passages of about `budget` bytes of it; `None` if it is blank.
    #[must_use]
    pub fn read(&self, text: &str, budget: usize) -> Option<Reading<'b>> {
        self.read_by(self.table.adder(), text, budget)
    }

    /// The same, with words that were met before.
    pub(crate) fn read_with(
        &self,
        familiar: &mut Familiar,
        text: &str,
        budget: usize,
    ) -> Option<Reading<'b>> {
        self.read_by(self.table.adder_with(familiar), text, budget)
    }

    fn read_by(&self, mut adder: Adder<'_>, text: &str, budget: usize) -> Option<Reading<'b>> {
        let mut heard = Heard::default();
        let mut whole = Tally::default();
        let (mut count, mut comments, mut fences) = (0, Comments::default(), Fences::of(text));
        passages(text, budget, |range| {
            let passage = &text[range.clone()];
            let (length, comment) = (passage.len(), comments.have(passage));
            let place = Place::of(fences.hold(range), comment);
            let tally = self.passage(passage, &mut adder);
            whole.add(&tally);
            count += 1;
            if length < text.len()
                && let Some((language, chance)) = self.language(&tally)
            {
                heard.add((language, chance), length, place, &tally);
            }
        });
        if count < 2 {
            let verdict = self.judge(&whole)?;
            return Some(Reading { verdict, share: 1.0, other: None });
        }
        // Where code leaves too little that is said, it is the code that is judged.
        let silent = || heard.silence().and_then(|tally| self.judge(&tally));
        let verdict = self.heard(&heard).or_else(silent).or_else(|| self.judge(&whole))?;
        let share = |bytes: usize| bytes as f64 / heard.all().max(1) as f64;
        Some(Reading {
            verdict,
            share: share(heard.bytes(verdict.language)),
            other: heard.most_but(verdict.language).map(|(code, bytes)| (code, share(bytes))),
        })
    }

    /// The language of the passages that are in one, if they decide.
    fn heard(&self, heard: &Heard<'b>) -> Option<Verdict<'b>> {
        let speakers = heard.speakers();
        let verdict = self.judge(&heard::sum(speakers.clone())?)?;
        let leader = speakers.clone().max_by(|a, b| a.weight().total_cmp(&b.weight()))?;
        if leader.language == verdict.language {
            return Some(verdict);
        }
        // Where passages agree on another language than their sum has, they are right, if they
        // are most or if the sum is less sure.
        let share = leader.weight() / speakers.map(Vote::weight).sum::<f64>();
        let alone = self.judge(&leader.tally)?;
        let confidence = alone.confidence * share;
        if share <= 0.5 && confidence <= verdict.confidence {
            return Some(verdict);
        }
        let runner_up = Some((verdict.language, verdict.confidence.min(1.0 - confidence)));
        Some(Verdict { confidence, runner_up, ..alone })
    }

    /// The language of what was added up; `None` if it is nothing.
    #[must_use]
    pub fn judge(&self, tally: &Tally) -> Option<Verdict<'b>> {
        Some(match Self::look(tally)? {
            Look::Told(verdict) => verdict,
            Look::Ask { script, written } => {
                let trust = self.table.trust(tally.known);
                self.chances(tally, script, trust).best(self, tally, written)
            }
        })
    }

    /// The language alone with its chance, for which mostly few classes count.
    fn language(&self, tally: &Tally) -> Option<(&'b str, f64)> {
        let (script, written) = match Self::look(tally)? {
            Look::Told(verdict) => return Some((verdict.language, verdict.confidence)),
            Look::Ask { script, written } => (script, written),
        };
        let scores = self.scores(tally, script, self.table.trust(tally.known));
        if let Some((first, chance)) = scores.leader(self) {
            return Some((self.meanings[first].code, chance));
        }
        let verdict = scores.chances(self).best(self, tally, written);
        Some((verdict.language, verdict.confidence))
    }

    /// What the scripts of a text say; `None` if it is nothing.
    fn look(tally: &Tally) -> Option<Look<'b>> {
        let letters = &tally.bytes.letters;
        let all: u32 = letters.iter().sum();
        if all + tally.bytes.signs == 0 {
            return None;
        }
        let most = letters.iter().max().copied().unwrap_or(0);
        if most.saturating_mul(3) < all {
            // Four scripts or more, none of them much: characters that were drawn.
            let language = UNDETERMINED;
            let script = "Zyyy";
            return Some(Look::Told(Verdict {
                language,
                script,
                confidence: SURE,
                runner_up: None,
            }));
        }
        let main = tally.bytes.main_script();
        let few = all.saturating_mul(FEW) < all + tally.bytes.signs;
        let Some(script) = main.filter(|script| *script != Script::Latin || !few) else {
            return Some(Look::Ask { script: None, written: main });
        };
        if let Some(language) = script.only_language() {
            let share = f64::from(letters[script as usize]) / f64::from(all);
            let (script, confidence) = (script.code(), share * SURE);
            return Some(Look::Told(Verdict { language, script, confidence, runner_up: None }));
        }
        if script == Script::Other {
            let (language, script) = (UNDETERMINED, script.code());
            return Some(Look::Told(Verdict {
                language,
                script,
                confidence: SURE,
                runner_up: None,
            }));
        }
        Some(Look::Ask { script: Some(script), written: Some(script) })
    }

    /// The chance that what was added up is in the language `code`, if scores were trusted
    /// by the factor `trust`; `None` if its script alone decides that, or if the model does
    /// not know the language.
    #[must_use]
    pub fn chance(&self, tally: &Tally, code: &str, trust: f64) -> Option<f64> {
        let script = tally.bytes.main_script();
        if script.is_some_and(|script| script.only_language().is_some()) {
            return None;
        }
        self.meanings.iter().position(|meaning| meaning.code == code)?;
        let Chances { classes, chances } = self.chances(tally, script, trust);
        let own =
            classes.iter().zip(chances).filter(|(class, _)| self.meanings[**class].code == code);
        Some(own.map(|(_, chance)| chance).sum())
    }

    /// What each gram of `text` says for the language `code` against the mean of all, in
    /// order, and then for [`NO_LANGUAGE`] what each of its shapes says, before the means of
    /// both are taken; `None` if the model does not know the language.
    #[must_use]
    pub fn contributions(&self, text: &str, code: &str) -> Option<Vec<(Range<usize>, f64)>> {
        let class = self.meanings.iter().position(|meaning| meaning.code == code)?;
        let mut found = Vec::new();
        grams(text, |gram| {
            if let Some(told) = self.table.contribution(&gram, class) {
                found.push((gram.range(text), told));
            }
        });
        if code == NO_LANGUAGE {
            self.shapes.contributions(text, |range, told| found.push((range, told)));
        }
        Some(found)
    }

    /// The chance of every class that the script allows; 0 for the others.
    #[inline]
    fn chances(&self, tally: &Tally, script: Option<Script>, trust: f64) -> Chances<'_> {
        self.scores(tally, script, trust).chances(self)
    }

    /// The score of every class that the script allows.
    #[inline]
    fn scores(&self, tally: &Tally, script: Option<Script>, trust: f64) -> Scores<'_> {
        let bytes = &tally.bytes;
        let own = script.filter(|script| *script != Script::Latin);
        let own = own.map_or(0, |script| bytes.letters[script as usize]);
        // Code has Latin letters; where others are many, somebody speaks.
        let speaks = bytes.letters.iter().sum::<u32>() + bytes.signs <= own.saturating_mul(3);
        let classes = &self.asked[script.map_or(Script::ALL.len(), |script| script as usize)];
        let classes = if speaks { &classes.languages } else { &classes.all };
        let mut scores = [0.0; MOST_CLASSES];
        let asked = &mut scores[..classes.len()];
        self.table.score(tally, classes, asked);
        for (score, &class) in asked.iter_mut().zip(classes) {
            *score = *score * trust + self.table.classes()[class].start;
        }
        if script == Some(Script::Latin)
            && let Some(code) = classes.iter().position(|&class| Some(class) == self.code)
        {
            scores[code] += self.shapes.odds(tally.shape);
        }
        Scores { classes, scores }
    }
}

/// What the scripts of a text say.
enum Look<'b> {
    /// All there is to say.
    Told(Verdict<'b>),
    /// That the table is to be asked about this script, or about none, and how the text is
    /// written.
    Ask { script: Option<Script>, written: Option<Script> },
}

impl Languages<'_> {
    /// `Hans` or `Hant`, whichever is likelier.
    pub(super) fn han(&self, tally: &Tally) -> &'static str {
        let score = |name| {
            let class = self.table.classes().iter().position(|class| class.name == name);
            let mut score = [f64::NEG_INFINITY];
            self.table.score(tally, class.as_slice(), &mut score);
            score[0]
        };
        if score("zh-Hans") < score("zh-Hant") { "Hant" } else { "Hans" }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn language(text: &str) -> &'static str {
        shipped().unwrap().read(text, 8192).unwrap().verdict.language
    }

    proptest! {
        #[test]
        fn what_was_met_before_says_the_same(
            texts in prop::collection::vec("[a-cA-C'0-9., \t\n(/é’中\u{200d}]{0,60}", 1..8),
        ) {
            let table = shipped().unwrap().table();
            let mut familiar = Familiar::default();
            for text in texts.iter().chain(&texts) {
                let one_by_one = table.tally(text, &mut table.adder());
                let tally = table.tally(text, &mut table.adder_with(&mut familiar));
                prop_assert_eq!(tally, one_by_one, "{:?}", text);
            }
        }
    }

    #[test]
    fn a_manual_is_in_the_language_of_its_sentences() {
        let code = "let total = rows.iter().map(|row| row.len()).sum();\nprint(total);\n".repeat(6);
        let manual = format!("把每一行的长度加在一起，然后打印出来。\n\n{code}");
        assert_eq!(language(&manual), "zh");
        let quoting = "The tide went out before dawn, and the boats lay in the mud.\n";
        let both = "潮水在黎明前退去，渔船停在泥滩上，等待下一次涨潮。\n";
        assert_eq!(language(&format!("{both}{}", quoting.repeat(2))), "zh");
        assert_eq!(language(&format!("{both}{}", quoting.repeat(9))), "en");
        let said = "Every row has a length. They are added, and what that is, is printed.\n";
        assert_eq!(language(&format!("{}{code}", said.repeat(5))), "en");
    }

    #[test]
    fn comments_and_quoted_texts_do_not_make_a_manual_of_a_program() {
        let code = "let total = rows.iter().map(|row| row.len()).sum();\n".repeat(9);
        let said = "Every row has a length, and they are added before they are printed.\n";
        for (open, close) in [("// ", ""), ("-- ", ""), ("(*\n", " *)\n"), ("\"", "\"\n")] {
            let comments = format!("{open}{said}{close}").repeat(9);
            assert_eq!(language(&format!("{comments}{code}")), NO_LANGUAGE, "{comments}");
            // There is nothing else in it.
            if ["-- ", "\""].contains(&open) {
                assert_eq!(language(&comments), "en", "{comments}");
            }
        }
    }

    #[test]
    fn code_is_told_by_its_shape_where_its_words_are_english() {
        for code in [
            "CREATE TABLE tides (\n    tide_id integer NOT NULL PRIMARY KEY,\n    height numeric(5, 2) DEFAULT 0\n);\nCREATE INDEX tides_height ON tides (height);\n",
            "package ifneeded harbour::tide 1.2 [list source [file join $dir tide.tcl]]\npackage ifneeded harbour::boat 0.4 [list source [file join $dir boat.tcl]]\n",
            "      SUBROUTINE TIDE(HEIGHT, HOURS)\n      INTEGER, INTENT(IN) :: HOURS\n      HEIGHT = HOURS * 2.0\n      RETURN\n      END SUBROUTINE TIDE\n",
        ] {
            assert_eq!(language(code), NO_LANGUAGE, "{code}");
            assert_eq!(language(&code.repeat(4)), NO_LANGUAGE, "{code}");
        }
    }

    #[test]
    fn what_stands_between_fences_is_shown_and_not_said() {
        let code = "const total = rows.map((row) => row.length).reduce((a, b) => a + b, 0);\n";
        let said = "Every row has a length. They are added, and what that is, is printed.\n";
        let shown = format!("```js\n{}```\n", code.repeat(8));
        assert_eq!(language(&format!("{said}{shown}")), "en");
        assert_eq!(language(&shown), NO_LANGUAGE);
        assert_eq!(language(&format!("{said}{}", shown.repeat(12))), NO_LANGUAGE);
    }

    #[test]
    fn names_and_addresses_do_not_outvote_sentences() {
        let said =
            "À propos de l’utilisation de plusieurs agendas, et de ce qu’ils ont en commun.\n";
        let names =
            "Jon Albrecht\njon.albrecht@example.org\nMarie Lund\nm.lund@example.net\n2012\n";
        assert_eq!(language(&format!("{said}{}", names.repeat(5))), "fr");
    }

    #[test]
    fn most_passages_decide() {
        let czech = "Voda odešla před svítáním a lodě ležely v přístavu na boku, než přišlo poledne a s ním nová vlna.\n";
        let english = "The tide went out before dawn, and the boats lay in the mud of the harbour until noon came.\n";
        assert_eq!(language(&format!("{english}{}", czech.repeat(2))), "cs");
        assert_eq!(language(&format!("{}{czech}", english.repeat(2))), "en");
    }

    #[test]
    fn numbers_with_a_few_letters_are_no_language() {
        assert_eq!(
            language("-35.52;-123.63;41.33;GL\n22.724;97.62;59.8;QIA\n-40.3;SE;39.1;6.2"),
            NO_LANGUAGE
        );
    }

    #[test]
    fn characters_of_many_scripts_are_nothing() {
        assert_eq!(language("aжकא字กაع bшखב文ขბغ cщगג质ค"), UNDETERMINED);
    }
}
