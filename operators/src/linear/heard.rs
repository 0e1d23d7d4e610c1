//! The languages of the passages of one text, and which of them decide.

use super::{
    grams::LATIN_LEAD,
    language::{NO_LANGUAGE, UNDETERMINED},
    script::Script,
    table::Tally,
};

/// Share of a text that has to be in some language for it to be the language of the text,
/// if that is not in Latin letters …
const LEAST_SPEECH: f64 = 0.05;
/// … and if it is, each passage by how sure it is, comments beside code not counted.
const LEAST_LATIN: f64 = 0.15;

/// Languages of passages that are told apart in one text; later ones are not heard.
const MOST_VOTES: usize = 12;

/// What passages in each of the first few languages heard add up to.
#[derive(Default)]
pub(super) struct Heard<'b> {
    votes: [Option<Vote<'b>>; MOST_VOTES],
}

pub(super) struct Vote<'b> {
    pub(super) language: &'b str,
    pub(super) bytes: usize,
    /// Those between fences.
    fenced: usize,
    /// Those that are not between fences, times the third power of how sure their language is:
    /// lists of names and addresses are in none that is sure.
    sure: f64,
    /// The same, without those of comments.
    said: f64,
    /// What they add up to.
    pub(super) tally: Tally,
}

/// Where a passage stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Open,
    Comment,
    /// Between the fences of Markdown, where what is shown stands and not what is said.
    Fenced,
}

impl Place {
    pub(super) fn of(fenced: bool, comment: bool) -> Self {
        match (fenced, comment) {
            (true, _) => Self::Fenced,
            (false, true) => Self::Comment,
            (false, false) => Self::Open,
        }
    }
}

impl Vote<'_> {
    fn speaks(&self) -> bool {
        ![NO_LANGUAGE, UNDETERMINED].contains(&self.language)
    }

    /// Its bytes that are not between fences.
    pub(super) fn open(&self) -> usize {
        self.bytes - self.fenced
    }

    fn is_latin(&self) -> bool {
        self.tally.bytes.main_script() == Some(Script::Latin)
    }

    /// Its bytes by how sure they are, as they count against those of other languages:
    /// comments, messages and names in Latin letters are in texts of every other script.
    pub(super) fn weight(&self) -> f64 {
        if self.is_latin() { self.sure } else { self.sure * f64::from(LATIN_LEAD) }
    }
}

impl<'b> Heard<'b> {
    /// Adds a passage in a language that is right with a chance.
    pub(super) fn add(
        &mut self,
        (language, chance): (&'b str, f64),
        bytes: usize,
        place: Place,
        tally: &Tally,
    ) {
        let of = |vote: &&mut Option<Vote<'b>>| {
            vote.as_ref().is_none_or(|vote| vote.language == language)
        };
        let Some(vote) = self.votes.iter_mut().find(of) else { return };
        let none = || Vote {
            language,
            bytes: 0,
            fenced: 0,
            sure: 0.0,
            said: 0.0,
            tally: Tally::default(),
        };
        let vote = vote.get_or_insert_with(none);
        vote.bytes += bytes;
        if place == Place::Fenced {
            vote.fenced += bytes;
            return;
        }
        let sure = bytes as f64 * (chance * chance * chance);
        vote.sure += sure;
        vote.said += if place == Place::Comment { 0.0 } else { sure };
        vote.tally.add(tally);
    }

    fn votes(&self) -> impl Iterator<Item = &Vote<'b>> + Clone {
        self.votes.iter().flatten()
    }

    pub(super) fn all(&self) -> usize {
        self.votes().map(|vote| vote.bytes).sum()
    }

    pub(super) fn bytes(&self, language: &str) -> usize {
        self.votes().filter(|vote| vote.language == language).map(|vote| vote.bytes).sum()
    }

    /// The language of most bytes, the first of equal ones, `language` aside.
    pub(super) fn most_but(&self, language: &str) -> Option<(&'b str, usize)> {
        let others = self.votes().filter(|vote| vote.language != language && 0 < vote.bytes);
        let most = others.reduce(|most, vote| if most.bytes < vote.bytes { vote } else { most })?;
        Some((most.language, most.bytes))
    }

    /// The votes of languages, if code and noise leave enough of them.
    ///
    /// A manual is in the language of its sentences, however much code it shows between
    /// fences. In Latin letters it takes more of them, since code has names and messages, and
    /// comments beside it are none; where they are too few, other letters may be enough.
    pub(super) fn speakers(&self) -> impl Iterator<Item = &Vote<'b>> + Clone {
        let speakers = || self.votes().filter(|vote| vote.speaks());
        let open: usize = self.votes().map(Vote::open).sum();
        let silent = open - speakers().map(Vote::open).sum::<usize>();
        let is_all = silent as f64 <= LEAST_SPEECH * open as f64;
        let said = |vote: &Vote<'_>| if is_all { vote.open() as f64 } else { vote.said };
        let all: f64 = speakers().map(said).sum();
        let others: f64 = speakers().filter(|vote| !vote.is_latin()).map(said).sum();
        let least = LEAST_SPEECH * self.all() as f64;
        let is_enough = least.max(LEAST_LATIN * open as f64) <= all;
        let others_are = least <= others;
        let speaks =
            move |vote: &&Vote<'_>| vote.speaks() && (is_enough || others_are && !vote.is_latin());
        self.votes().filter(speaks)
    }

    /// What the passages in no language add up to; `None` if there are none.
    pub(super) fn silence(&self) -> Option<Tally> {
        sum(self.votes().filter(|vote| !vote.speaks() && 0 < vote.open()))
    }
}

/// What all of these add up to; `None` if there are none.
pub(super) fn sum<'v, 'b: 'v>(votes: impl Iterator<Item = &'v Vote<'b>>) -> Option<Tally> {
    votes.map(|vote| vote.tally.clone()).reduce(|mut sum, tally| {
        sum.add(&tally);
        sum
    })
}
