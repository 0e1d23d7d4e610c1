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
/// … and if it is, comments beside code not counted.
const LEAST_LATIN: f64 = 0.3;

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
    /// Those of comments.
    comments: usize,
    pub(super) tally: Tally,
}

impl Vote<'_> {
    pub(super) fn speaks(&self) -> bool {
        ![NO_LANGUAGE, UNDETERMINED].contains(&self.language)
    }

    /// Its bytes, as they count against those of other languages: comments, messages and
    /// names in Latin letters are in texts of every other script.
    pub(super) fn weight(&self) -> usize {
        match self.tally.bytes.main_script() {
            Some(Script::Latin) => self.bytes,
            _ => self.bytes * LATIN_LEAD as usize,
        }
    }
}

impl<'b> Heard<'b> {
    pub(super) fn add(&mut self, language: &'b str, bytes: usize, comment: bool, tally: &Tally) {
        let comments = if comment { bytes } else { 0 };
        let of = |vote: &&mut Option<Vote<'b>>| {
            vote.as_ref().is_none_or(|vote| vote.language == language)
        };
        match self.votes.iter_mut().find(of) {
            Some(Some(vote)) => {
                vote.bytes += bytes;
                vote.comments += comments;
                vote.tally.add(tally);
            }
            Some(none) => *none = Some(Vote { language, bytes, comments, tally: tally.clone() }),
            None => {}
        }
    }

    pub(super) fn votes(&self) -> impl Iterator<Item = &Vote<'b>> {
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

    /// What the passages in a language add up to, and their bytes; `None` if there are none,
    /// or if code and noise leave too little of them.
    ///
    /// A manual is in the language of its sentences, however much code it shows. In Latin
    /// letters it takes more of them, since code has names and messages, and comments beside
    /// it are none.
    pub(super) fn speech(&self) -> Option<(Tally, usize)> {
        let mut speech = Tally::default();
        let (mut bytes, mut comments) = (0, 0);
        for vote in self.votes().filter(|vote| vote.speaks()) {
            speech.add(&vote.tally);
            bytes += vote.bytes;
            comments += vote.comments;
        }
        let all = self.all();
        let (said, least) = match speech.bytes.main_script()? {
            Script::Latin if bytes < all => (bytes - comments, LEAST_LATIN),
            _ => (bytes, LEAST_SPEECH),
        };
        (least * all as f64 <= said as f64).then_some((speech, bytes))
    }

    /// What the passages in no language add up to; `None` if there are none.
    pub(super) fn silence(&self) -> Option<Tally> {
        let votes = self.votes().filter(|vote| !vote.speaks() && 0 < vote.bytes);
        votes.map(|vote| vote.tally.clone()).reduce(|mut sum, tally| {
            sum.add(&tally);
            sum
        })
    }
}
