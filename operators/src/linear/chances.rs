//! The scores and chances of the classes that were asked of a text.

use super::{
    language::{Languages, Verdict},
    script::Script,
    table::{MOST_CLASSES, Tally, largest},
};

/// The scores of the classes that were asked, in their order.
pub(super) struct Scores<'l> {
    pub(super) classes: &'l [usize],
    pub(super) scores: [f64; MOST_CLASSES],
}

/// A chance that does not count.
const NOTHING: f64 = 1e-9;
/// How far below the largest score others count for nothing: chances of less than 5e-5 …
const FAR: f64 = 10.0;
/// … if there are no more than so many that count.
const MOST_NEAR: usize = 24;

impl<'l> Scores<'l> {
    /// The first class of the language that has most of all chances, with its chance, if few
    /// classes count; that there are more, or that none has most, is nothing.
    #[inline]
    pub(super) fn leader(&self, model: &Languages<'_>) -> Option<(usize, f64)> {
        let scores = &self.scores[..self.classes.len()];
        let most = largest(scores);
        let (mut chances, mut firsts, mut count) = ([0.0; MOST_NEAR], [0; MOST_NEAR], 0);
        for (score, &class) in scores.iter().zip(self.classes) {
            if most - FAR < *score {
                *chances.get_mut(count)? = *score;
                firsts[count] = model.meanings[class].first;
                count += 1;
            }
        }
        model.table().chances(&mut chances[..count]);
        let near = || firsts.into_iter().zip(chances).take(count);
        let first = near().find(|(_, chance)| 0.25 < *chance)?.0;
        let chance = near().filter(|near| near.0 == first).map(|near| near.1).sum();
        (0.5 < chance).then_some((first, chance))
    }

    #[inline]
    pub(super) fn chances(self, model: &Languages<'_>) -> Chances<'l> {
        let Self { classes, scores: mut chances } = self;
        model.table().chances(&mut chances[..classes.len()]);
        Chances { classes, chances }
    }
}

/// The chances of the classes that were asked, in their order.
pub(super) struct Chances<'l> {
    pub(super) classes: &'l [usize],
    pub(super) chances: [f64; MOST_CLASSES],
}

impl Chances<'_> {
    #[inline]
    pub(super) fn best<'b>(
        &self,
        model: &Languages<'b>,
        tally: &Tally,
        script: Option<Script>,
    ) -> Verdict<'b> {
        // Classes of one language stand together, at the first of them.
        let mut sums = [0.0; MOST_CLASSES];
        let (mut firsts, mut count) = ([0; MOST_CLASSES], 0);
        for (&class, chance) in self.classes.iter().zip(&self.chances) {
            let first = model.meanings[class].first;
            sums[first] += chance;
            // Without a branch, which could not be foretold.
            firsts[count] = first;
            count += usize::from(NOTHING < *chance);
        }
        let (mut best, mut next) = (firsts[0], None);
        for &first in &firsts[..count] {
            if sums[best] < sums[first] {
                (best, next) = (first, Some(best));
            } else if first != best && next.is_none_or(|next: usize| sums[next] < sums[first]) {
                next = Some(first);
            }
        }
        let meaning = model.meanings[best];
        let written = match meaning.code {
            "ja" => "Jpan",
            // Literary Chinese is written in both; what else tells them apart says which.
            "lzh" => model.han(tally),
            _ if !meaning.varies => script.map_or("Zyyy", Script::code),
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
