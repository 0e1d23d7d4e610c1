//! Learns what the shapes of passages say about whether they are code.

use std::collections::BTreeMap;

use assay_operators::linear::{
    grams::grams,
    passages::passages,
    script::Script,
    shapes::{SLOTS, shapes},
};

use crate::{
    chance::Chance,
    corpus::Row,
    write::{CUT_OFF, extent},
};

/// Passages of one source: of code, of English, of any other language, and of pages with
/// their headings, lists and tables.
const MOST_CODE: usize = 2500;
const MOST_ENGLISH: usize = 1500;
const MOST_OTHERS: usize = 150;
const MOST_PAGES: usize = 5000;
/// How sources of pages are called.
const PAGES: &str = "page-";
/// Fewest bytes of a passage that is learnt from.
const LEAST: usize = 16;
/// Sentences and messages are put together until they have so many bytes.
const LONG: usize = 400;
/// What the share of a run in its passage is multiplied by.
const WEIGHT: f64 = 20.0;
const EPOCHS: usize = 12;
const RATE: f64 = 0.4;
/// How much numbers are drawn to 0 with every step.
const DECAY: f64 = 2e-6;
/// Steps of a number between 0 and the largest.
const STEPS: f64 = 127.0;

/// A passage as the trainer reads it.
struct Lesson {
    code: bool,
    /// Slots with their shares, times [`WEIGHT`].
    runs: Vec<(u16, f32)>,
}

/// The bytes of the table that is learnt from `rows`: those in no language are code, and those
/// in Latin letters are not.
#[must_use]
pub fn learn(rows: &[Row], seed: u64) -> Vec<u8> {
    let mut chance = Chance::new(seed);
    let mut lessons: Vec<Lesson> = draw(rows, &mut chance)
        .into_iter()
        .map(|(text, code)| Lesson { code, runs: runs(&text) })
        .collect();
    let mut weights = vec![0.0; SLOTS];
    let mut bias = 0.0;
    // Adagrad: each number moves less the more it has moved.
    let mut moved = vec![1e-2; SLOTS];
    let mut bias_moved = 1e-2;
    for _ in 0..EPOCHS {
        chance.shuffle(&mut lessons);
        for lesson in &lessons {
            let told = |(slot, share): &(u16, f32)| weights[usize::from(*slot)] * f64::from(*share);
            let odds: f64 = bias + lesson.runs.iter().map(told).sum::<f64>();
            let pull = f64::from(u8::from(lesson.code)) - 1.0 / (1.0 + (-odds).exp());
            bias_moved += pull * pull;
            bias += RATE * pull / f64::sqrt(bias_moved);
            for &(slot, share) in &lesson.runs {
                let slot = usize::from(slot);
                let slope = pull * f64::from(share) - DECAY * weights[slot];
                moved[slot] += slope * slope;
                weights[slot] += RATE * slope / f64::sqrt(moved[slot]);
            }
        }
    }
    bytes(&weights, bias)
}

/// Passages, and whether they are code.
fn draw(rows: &[Row], chance: &mut Chance) -> Vec<(String, bool)> {
    let mut sources: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for row in rows {
        sources.entry((&row.source, &row.lang)).or_default().push(&row.text);
    }
    let mut drawn = Vec::new();
    for ((source, lang), mut texts) in sources {
        let code = lang == "zxx";
        // Comments are code only for where they stand.
        let none = lang == "und" || code && source == "comments";
        if none || !code && !is_latin(&texts) {
            continue;
        }
        chance.shuffle(&mut texts);
        let page = source.starts_with(PAGES);
        let whole = if code || page {
            texts.into_iter().map(str::to_owned).collect()
        } else {
            together(&texts, chance)
        };
        let mut own = Vec::new();
        for text in whole {
            passages(&text, usize::MAX, |range| {
                if LEAST <= text[range.clone()].trim().len() {
                    own.push((text[range].to_owned(), code));
                }
            });
        }
        chance.shuffle(&mut own);
        own.truncate(match lang {
            "zxx" => MOST_CODE,
            _ if page => MOST_PAGES,
            "en" => MOST_ENGLISH,
            _ => MOST_OTHERS,
        });
        drawn.append(&mut own);
    }
    drawn
}

fn is_latin(texts: &[&str]) -> bool {
    let latin = |text: &&&str| grams(text, |_| ()).main_script() == Some(Script::Latin);
    let first = texts.iter().take(20);
    first.len() < 2 * first.filter(latin).count()
}

/// Short texts one after the other, in a line, in lines or in paragraphs.
fn together(texts: &[&str], chance: &mut Chance) -> Vec<String> {
    let mut all = Vec::new();
    let mut text = String::new();
    for part in texts {
        if !text.is_empty() {
            text.push_str([" ", "\n", "\n\n"][chance.below(3)]);
        }
        text.push_str(part);
        if LONG < text.len() {
            all.push(std::mem::take(&mut text));
        }
    }
    all.push(text);
    all
}

fn runs(text: &str) -> Vec<(u16, f32)> {
    let mut slots = Vec::new();
    shapes(text, |slot, _| slots.extend(u16::try_from(slot)));
    slots.sort_unstable();
    let one = WEIGHT / slots.len().max(1) as f64;
    let same = slots.chunk_by(|one, other| one == other);
    #[expect(clippy::cast_possible_truncation, reason = "a share")]
    same.map(|run| (run[0], (run.len() as f64 * one) as f32)).collect()
}

/// Numbers as `assay_operators::linear::shapes` reads them.
fn bytes(weights: &[f64], bias: f64) -> Vec<u8> {
    let step = extent(weights, CUT_OFF) / STEPS;
    #[expect(clippy::cast_possible_truncation, reason = "rounded")]
    let mut out: Vec<u8> =
        [step * WEIGHT, bias].iter().flat_map(|n| (*n as f32).to_le_bytes()).collect();
    #[expect(clippy::cast_possible_truncation, reason = "within the steps")]
    out.extend(
        weights.iter().flat_map(|w| ((w / step).round().clamp(-STEPS, STEPS) as i8).to_le_bytes()),
    );
    out
}
