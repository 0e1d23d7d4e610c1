//! The language of a text, from its script and the table of the languages that share it.

use std::{ops::Range, sync::LazyLock};

use super::{
    comments::Comments,
    familiar::Familiar,
    grams::grams,
    heard::{Heard, Vote},
    passages::passages,
    script::Script,
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
    meanings: Vec<Meaning<'b>>,
    /// A class whose score is so much ahead has a larger chance than all classes of any other
    /// language together.
    lead: f64,
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
struct Meaning<'b> {
    /// The language, as in ISO 639.
    code: &'b str,
    /// Its script, where the class decides it.
    script: Option<&'b str>,
    /// Number of the first class with the same language.
    first: usize,
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
        let table = Table::parse(bytes)?;
        let mut meanings: Vec<Meaning<'b>> = Vec::new();
        for class in table.classes() {
            let (code, script) = match class.name.split_once('-') {
                Some((code, script)) => (code, Some(script)),
                None => (class.name, None),
            };
            let same = meanings.iter().position(|other| other.code == code);
            let first = same.unwrap_or(meanings.len());
            meanings.push(Meaning { code, script, first });
        }
        let scripts = Script::ALL.into_iter().map(Some).chain([None]);
        let asked = scripts.map(|script| Asked::of(table.classes(), script)).collect();
        let same =
            |one: &Meaning<'_>| meanings.iter().filter(|other| other.first == one.first).count();
        let most = meanings.iter().map(same).max().unwrap_or(1);
        // What is rounded on the way is far less than the rest.
        let lead = (most as f64).ln() + 0.01;
        Some(Self { table, meanings, lead, asked })
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
            whole.add(&self.table.tally(&text[passage], &mut adder));
        });
        whole
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
        let (mut count, mut comments) = (0, Comments::default());
        passages(text, budget, |passage| {
            let passage = &text[passage];
            let (length, comment) = (passage.len(), comments.have(passage));
            let tally = self.table.tally(passage, &mut adder);
            whole.add(&tally);
            count += 1;
            if length < text.len()
                && let Some(language) = self.language(&tally)
            {
                heard.add(language, length, comment, &tally);
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
        let (speech, bytes) = heard.speech()?;
        let verdict = self.judge(&speech)?;
        // Where most passages agree on another language than their sum has, they are right.
        let speakers = || heard.votes().filter(|vote| vote.speaks());
        let leader = speakers().max_by_key(|vote| vote.weight())?;
        let all: usize = speakers().map(Vote::weight).sum();
        if leader.language == verdict.language || leader.weight() * 2 <= all {
            return Some(verdict);
        }
        let alone = self.judge(&leader.tally)?;
        let confidence = alone.confidence * leader.bytes as f64 / bytes as f64;
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

    /// The language alone, which mostly needs no chances.
    fn language(&self, tally: &Tally) -> Option<&'b str> {
        let (script, written) = match Self::look(tally)? {
            Look::Told(verdict) => return Some(verdict.language),
            Look::Ask { script, written } => (script, written),
        };
        let trust = self.table.trust(tally.known);
        let scores = self.scores(tally, script, trust);
        if let Some(first) = scores.leader(self) {
            return Some(self.meanings[first].code);
        }
        Some(scores.chances(&self.table).best(self, tally, written).language)
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
    /// order; `None` if the model does not know the language.
    #[must_use]
    pub fn contributions(&self, text: &str, code: &str) -> Option<Vec<(Range<usize>, f64)>> {
        let class = self.meanings.iter().position(|meaning| meaning.code == code)?;
        let mut found = Vec::new();
        grams(text, |gram| {
            if let Some(told) = self.table.contribution(&gram, class) {
                found.push((gram.range(text), told));
            }
        });
        Some(found)
    }

    /// The chance of every class that the script allows; 0 for the others.
    fn chances(&self, tally: &Tally, script: Option<Script>, trust: f64) -> Chances<'_> {
        self.scores(tally, script, trust).chances(&self.table)
    }

    /// The score of every class that the script allows.
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

/// The scores of the classes that were asked, in their order.
struct Scores<'l> {
    classes: &'l [usize],
    scores: [f64; MOST_CLASSES],
}

impl<'l> Scores<'l> {
    /// The first class of the language that certainly has the largest chance.
    fn leader(&self, model: &Languages<'_>) -> Option<usize> {
        let Languages { meanings, lead, .. } = model;
        let scores = &self.scores[..self.classes.len()];
        let (best, most) =
            scores.iter().enumerate().reduce(|a, b| if a.1 < b.1 { b } else { a })?;
        let first = meanings[*self.classes.get(best)?].first;
        let near = scores.iter().zip(self.classes).filter(|(score, _)| most - **score < *lead);
        near.map(|(_, class)| meanings[*class].first).all(|other| other == first).then_some(first)
    }

    fn chances(self, table: &Table<'_>) -> Chances<'l> {
        let Self { classes, scores: mut chances } = self;
        table.chances(&mut chances[..classes.len()]);
        Chances { classes, chances }
    }
}

/// The chances of the classes that were asked, in their order.
struct Chances<'l> {
    classes: &'l [usize],
    chances: [f64; MOST_CLASSES],
}

impl Chances<'_> {
    fn best<'b>(
        &self,
        model: &Languages<'b>,
        tally: &Tally,
        script: Option<Script>,
    ) -> Verdict<'b> {
        // Classes of one language stand together, at the first of them.
        let mut sums = [0.0; MOST_CLASSES];
        let firsts = || self.classes.iter().map(|&class| model.meanings[class].first);
        for (first, chance) in firsts().zip(self.chances) {
            sums[first] += chance;
        }
        // The first of equal ones.
        let larger = |a: usize, b: usize| {
            if sums[a].total_cmp(&sums[b]).then(b.cmp(&a)).is_lt() { b } else { a }
        };
        let best = firsts().reduce(larger).unwrap_or(0);
        let next = firsts().filter(|first| *first != best).reduce(larger);
        let next = next.filter(|next| 0.0 < sums[*next]);
        let meaning = model.meanings[best];
        let written = match meaning.code {
            NO_LANGUAGE | UNDETERMINED => script.map_or("Zyyy", Script::code),
            "ja" => "Jpan",
            // Literary Chinese is written in both; what else tells them apart says which.
            "lzh" => model.han(tally),
            _ => {
                let own = self.classes.iter().zip(self.chances);
                let own = own.filter(|(class, _)| model.meanings[**class].first == best);
                let likely = own.reduce(|a, b| if a.1 < b.1 { b } else { a });
                let script = script.map_or("Zyyy", Script::code);
                likely.and_then(|(class, _)| model.meanings[*class].script).unwrap_or(script)
            }
        };
        Verdict {
            language: meaning.code,
            script: written,
            confidence: sums[best],
            runner_up: next.map(|next| (model.meanings[next].code, sums[next])),
        }
    }
}

impl Languages<'_> {
    /// `Hans` or `Hant`, whichever is likelier.
    fn han(&self, tally: &Tally) -> &'static str {
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
            assert_eq!(language(&comments), "en");
        }
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
