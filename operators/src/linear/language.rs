//! The language of a text, from its script and the table of the languages that share it.

use std::{ops::Range, sync::LazyLock};

use super::{
    grams::{Bytes, grams},
    passages::passages,
    script::Script,
    table::{MOST_CLASSES, Table, Tally},
};

static BYTES: &[u8] = include_bytes!("../../assets/language.bin");
static MODEL: LazyLock<Option<Languages<'static>>> = LazyLock::new(|| Languages::parse(BYTES));

/// No language: code, tables, identifiers.
pub const NO_LANGUAGE: &str = "zxx";
/// Nothing that can be told: noise, or a script of which no language is known.
pub const UNDETERMINED: &str = "und";
/// What is said of a script that only one language uses, if nothing speaks against it.
const SURE: f64 = 0.995;
/// Share of a text that has to be in some language for it to be the language of the text,
/// if that is not in Latin letters …
const LEAST_SPEECH: f64 = 0.05;
/// … and if it is.
const LEAST_LATIN: f64 = 0.6;
/// Latin letters that are fewer than one of so many bytes are units, variables and initials.
const FEW: u32 = 5;
/// How much more than of another script there must be of Latin.
const LATIN_LEAD: u32 = 3;
/// How much more than of another language there must be of English, which is in what nobody
/// translated, quoted or named otherwise.
const ENGLISH_LEAD: usize = 3;

/// A model of languages: the table, and what its classes mean.
#[derive(Debug)]
pub struct Languages<'b> {
    table: Table<'b>,
    meanings: Vec<Meaning<'b>>,
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
        Some(Self { table, meanings })
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
        passages(text, budget, |passage| whole.add(&self.table.tally(&text[passage])));
        whole
    }

    /// Reads `text`, or passages of about `budget` bytes of it; `None` if it is blank.
    #[must_use]
    pub fn read(&self, text: &str, budget: usize) -> Option<Reading<'b>> {
        let mut heard = Heard::default();
        let mut whole = Tally::default();
        let (mut count, mut only) = (0, None);
        passages(text, budget, |passage| {
            let length = passage.len();
            let tally = self.table.tally(&text[passage]);
            whole.add(&tally);
            count += 1;
            only = self.judge(&tally);
            if let Some(verdict) = &only {
                heard.add(verdict.language, length, &tally);
            }
        });
        if count < 2 {
            return only.map(|verdict| Reading { verdict, share: 1.0, other: None });
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
        let speakers = || heard.votes.iter().filter(|vote| vote.speaks());
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
        let letters = &tally.bytes.letters;
        let all: u32 = letters.iter().sum();
        if all + tally.bytes.signs == 0 {
            return None;
        }
        let most = letters.iter().max().copied().unwrap_or(0);
        if most.saturating_mul(3) < all {
            // Four scripts or more, none of them much: characters that were drawn.
            let language = UNDETERMINED;
            return Some(Verdict { language, script: "Zyyy", confidence: SURE, runner_up: None });
        }
        let trust = self.table.trust(tally.known);
        let main = main_script(&tally.bytes);
        let few = all.saturating_mul(FEW) < all + tally.bytes.signs;
        let Some(script) = main.filter(|script| *script != Script::Latin || !few) else {
            return Some(self.chances(tally, None, trust).best(self, tally, main));
        };
        if let Some(language) = script.only_language() {
            let share = f64::from(letters[script as usize]) / f64::from(all);
            return Some(Verdict {
                language,
                script: script.code(),
                confidence: share * SURE,
                runner_up: None,
            });
        }
        if script == Script::Other {
            let (language, script) = (UNDETERMINED, script.code());
            return Some(Verdict { language, script, confidence: SURE, runner_up: None });
        }
        Some(self.chances(tally, Some(script), trust).best(self, tally, Some(script)))
    }

    /// The chance that what was added up is in the language `code`, if scores were trusted
    /// by the factor `trust`; `None` if its script alone decides that, or if the model does
    /// not know the language.
    #[must_use]
    pub fn chance(&self, tally: &Tally, code: &str, trust: f64) -> Option<f64> {
        let script = main_script(&tally.bytes);
        if script.is_some_and(|script| script.only_language().is_some()) {
            return None;
        }
        self.meanings.iter().position(|meaning| meaning.code == code)?;
        let chances = self.meanings.iter().zip(self.chances(tally, script, trust).0);
        Some(chances.filter(|(meaning, _)| meaning.code == code).map(|(_, chance)| chance).sum())
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
    fn chances(&self, tally: &Tally, script: Option<Script>, trust: f64) -> Chances {
        let bytes = &tally.bytes;
        let own = script.filter(|script| *script != Script::Latin);
        let own = own.map_or(0, |script| bytes.letters[script as usize]);
        // Code has Latin letters; where others are many, somebody speaks.
        let speaks = bytes.letters.iter().sum::<u32>() + bytes.signs <= own.saturating_mul(3);
        let mut chances = Chances([0.0; MOST_CLASSES]);
        let mut most = f64::NEG_INFINITY;
        for (number, class) in self.table.classes().iter().enumerate() {
            let allowed = match class.script {
                None => !(speaks && class.name == NO_LANGUAGE),
                own => own == script,
            };
            let score = if allowed {
                self.table.score(tally, number) * trust + class.start
            } else {
                f64::NEG_INFINITY
            };
            chances.0[number] = score;
            most = most.max(score);
        }
        let classes = &mut chances.0[..self.table.classes().len()];
        let mut sum = 0.0;
        for chance in &mut *classes {
            *chance = (*chance - most).exp();
            sum += *chance;
        }
        for chance in classes {
            *chance /= sum;
        }
        chances
    }
}

struct Chances([f64; MOST_CLASSES]);

impl Chances {
    fn best<'b>(
        &self,
        model: &Languages<'b>,
        tally: &Tally,
        script: Option<Script>,
    ) -> Verdict<'b> {
        // Classes of one language stand together.
        let mut sums = [0.0; MOST_CLASSES];
        for (meaning, chance) in model.meanings.iter().zip(self.0) {
            sums[meaning.first] += chance;
        }
        let count = model.meanings.len();
        let best = largest(&sums[..count], None);
        let next = largest(&sums[..count], Some(best));
        let meaning = model.meanings[best];
        let written = match meaning.code {
            NO_LANGUAGE | UNDETERMINED => script.map_or("Zyyy", Script::code),
            "ja" => "Jpan",
            // Literary Chinese is written in both; what else tells them apart says which.
            "lzh" => model.han(tally),
            code => {
                let own = (0..count).filter(|&class| model.meanings[class].code == code);
                let likely = own.fold(best, |a, b| if self.0[a] < self.0[b] { b } else { a });
                let script = script.map_or("Zyyy", Script::code);
                model.meanings[likely].script.unwrap_or(script)
            }
        };
        let runner_up =
            (0.0 < sums[next] && next != best).then(|| (model.meanings[next].code, sums[next]));
        Verdict { language: meaning.code, script: written, confidence: sums[best], runner_up }
    }
}

impl Languages<'_> {
    /// `Hans` or `Hant`, whichever is likelier.
    fn han(&self, tally: &Tally) -> &'static str {
        let score = |name| {
            let class = self.table.classes().iter().position(|class| class.name == name);
            class.map_or(f64::NEG_INFINITY, |class| self.table.score(tally, class))
        };
        if score("zh-Hans") < score("zh-Hant") { "Hant" } else { "Hans" }
    }
}

/// The script of most bytes, the first of equal ones; `None` without letters. Names, terms
/// and code put Latin letters into texts of every other script, so that Latin has to have
/// [`LATIN_LEAD`] times as much.
#[must_use]
pub fn main_script(bytes: &Bytes) -> Option<Script> {
    let weight = |script: Script| {
        let lead = if script == Script::Latin { 1 } else { LATIN_LEAD };
        bytes.letters[script as usize].saturating_mul(lead)
    };
    let most = Script::ALL.into_iter().map(weight).max().filter(|most| 0 < *most)?;
    Script::ALL.into_iter().find(|script| weight(*script) == most)
}

/// The place of the largest number, the first of equal ones, `except` aside.
fn largest(numbers: &[f64], except: Option<usize>) -> usize {
    let mut best = usize::from(except == Some(0));
    for (place, number) in numbers.iter().enumerate() {
        if Some(place) != except && numbers.get(best).is_none_or(|best| best < number) {
            best = place;
        }
    }
    best.min(numbers.len().saturating_sub(1))
}

/// What passages in each of the first few languages heard add up to.
#[derive(Default)]
struct Heard<'b> {
    votes: [Vote<'b>; 12],
}

#[derive(Default)]
struct Vote<'b> {
    language: &'b str,
    bytes: usize,
    tally: Tally,
}

impl Vote<'_> {
    fn speaks(&self) -> bool {
        ![NO_LANGUAGE, UNDETERMINED, ""].contains(&self.language)
    }

    /// Its bytes, as they count against those of other languages.
    fn weight(&self) -> usize {
        if self.language == "en" { self.bytes } else { self.bytes * ENGLISH_LEAD }
    }
}

impl<'b> Heard<'b> {
    fn add(&mut self, language: &'b str, bytes: usize, tally: &Tally) {
        let mut votes = self.votes.iter_mut();
        let vote = votes.find(|vote| vote.language.is_empty() || vote.language == language);
        if let Some(vote) = vote {
            vote.language = language;
            vote.bytes += bytes;
            vote.tally.add(tally);
        }
    }

    fn all(&self) -> usize {
        self.votes.iter().map(|vote| vote.bytes).sum()
    }

    fn bytes(&self, language: &str) -> usize {
        self.votes.iter().filter(|vote| vote.language == language).map(|vote| vote.bytes).sum()
    }

    /// The language of most bytes, the first of equal ones, `language` aside.
    fn most_but(&self, language: &str) -> Option<(&'b str, usize)> {
        let others = self.votes.iter().filter(|vote| vote.language != language && 0 < vote.bytes);
        let most = others.reduce(|most, vote| if most.bytes < vote.bytes { vote } else { most })?;
        Some((most.language, most.bytes))
    }

    /// What the passages in a language add up to, and their bytes; `None` if there are none,
    /// or if code and noise leave too little of them.
    ///
    /// A manual is in the language of its sentences, however much code it shows. In Latin
    /// letters it takes more of them, since code has comments, names and messages.
    fn speech(&self) -> Option<(Tally, usize)> {
        let mut speech = Tally::default();
        let mut bytes = 0;
        for vote in self.votes.iter().filter(|vote| vote.speaks()) {
            speech.add(&vote.tally);
            bytes += vote.bytes;
        }
        let least = match main_script(&speech.bytes)? {
            Script::Latin => LEAST_LATIN,
            _ => LEAST_SPEECH,
        };
        (least * self.all() as f64 <= bytes as f64).then_some((speech, bytes))
    }

    /// What the passages in no language add up to; `None` if there are none.
    fn silence(&self) -> Option<Tally> {
        let votes = self.votes.iter().filter(|vote| !vote.speaks() && 0 < vote.bytes);
        votes.map(|vote| vote.tally.clone()).reduce(|mut sum, tally| {
            sum.add(&tally);
            sum
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(text: &str) -> &'static str {
        shipped().unwrap().read(text, 8192).unwrap().verdict.language
    }

    #[test]
    fn a_manual_is_in_the_language_of_its_sentences() {
        let code = "let total = rows.iter().map(|row| row.len()).sum();\nprint(total);\n".repeat(6);
        let manual = format!("把每一行的长度加在一起，然后打印出来。\n\n{code}");
        assert_eq!(language(&manual), "zh");
        let commented = format!("// Adds up how long they are.\n{code}");
        assert_eq!(language(&commented), NO_LANGUAGE);
    }

    #[test]
    fn most_passages_decide() {
        let czech = "Voda odešla před svítáním a lodě ležely v přístavu na boku, než přišlo poledne a s ním nová vlna.\n";
        let english = "The tide went out before dawn, and the boats lay in the mud of the harbour until noon came.\n";
        assert_eq!(language(&format!("{english}{}", czech.repeat(2))), "cs");
        // A page that is mostly in English may be one that was translated in part.
        assert_eq!(language(&format!("{}{czech}", english.repeat(2))), "cs");
        assert_eq!(language(&format!("{}{czech}", english.repeat(4))), "en");
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
