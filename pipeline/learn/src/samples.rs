//! Training samples: pieces of all lengths, as many of each class, drawn from its sources.

use std::collections::BTreeMap;

use crate::{chance::Chance, corpus::Row};

/// Bytes from which a source of one class counts in full.
const FULL_SOURCE: f64 = 60_000.0;
/// How many times as many samples the class has that is of all the rest: code, tables, logs …
const REST: f64 = 3.0;
/// … and English, in which more is written, and about more, than in any other.
const ENGLISH: f64 = 1.5;
/// Bytes from which a class gets all its samples.
const FULL_CLASS: f64 = 150_000.0;

/// A piece of text and the number of its class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    pub class: usize,
    pub text: String,
}

/// Texts of one class from one source, read round and round.
struct Source<'r> {
    texts: Vec<&'r str>,
    at: usize,
    weight: f64,
}

/// Draws `count` samples of each of `classes`, fewer for those with little text. The order
/// of the samples is that of the draw, the classes mixed.
#[must_use]
pub fn draw(rows: &[Row], classes: &[String], count: usize, seed: u64) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (class, name) in classes.iter().enumerate() {
        let mut sources = sources(rows.iter().filter(|row| row.lang == *name));
        let mut chance = Chance::new(seed ^ ((class as u64 + 1) << 32));
        let bytes: f64 = sources.iter().flat_map(|s| &s.texts).map(|text| text.len() as f64).sum();
        let times = match name.as_str() {
            "zxx" => REST,
            "en" => ENGLISH,
            _ => 1.0,
        };
        let share = (bytes / FULL_CLASS).min(1.0).sqrt() * times;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        let count = (count as f64 * share) as usize;
        let all: f64 = sources.iter().map(|source| source.weight).sum();
        for _ in 0..count {
            let mut pick = chance.below(1 << 30) as f64 / f64::from(1 << 30) * all;
            let mut place = 0;
            while place + 1 < sources.len() && sources[place].weight <= pick {
                pick -= sources[place].weight;
                place += 1;
            }
            samples.push(Sample { class, text: sources[place].piece(&mut chance) });
        }
    }
    Chance::new(seed).shuffle(&mut samples);
    samples
}

/// The sources of one class in order of name, those with text in them.
fn sources<'r>(rows: impl Iterator<Item = &'r Row>) -> Vec<Source<'r>> {
    let mut texts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in rows {
        texts.entry(&row.source).or_default().push(&row.text);
    }
    let sources = texts.into_iter().map(|(name, texts)| {
        let bytes: f64 = texts.iter().map(|text| text.len() as f64).sum();
        Source { texts, at: 0, weight: worth(name) * (bytes / FULL_SOURCE).min(1.0) }
    });
    sources.collect()
}

/// What a source is worth beside the others: sentences more than labels and word lists.
fn worth(source: &str) -> f64 {
    match source.strip_suffix("-converted").unwrap_or(source) {
        "lingua" => 5.0,
        "comments" | "renpy" | "voice" => 3.0,
        "apache" | "chromium" | "matrix" | "tesseract" => 2.0,
        "cldr" | "stopwords" => 0.7,
        "beside-code" | "beside-formulas" | "readme" => 0.5,
        name if name.starts_with("manual-") => 0.5,
        _ => 1.0,
    }
}

impl Source<'_> {
    /// The next piece: a word or two, a phrase, a line, or some lines.
    fn piece(&mut self, chance: &mut Chance) -> String {
        let length = match chance.below(100) {
            0..12 => 3 + chance.below(9),
            12..28 => 10 + chance.below(20),
            28..60 => 28 + chance.below(80),
            _ => 100 + chance.below(220),
        };
        let mut text = String::new();
        loop {
            text.push_str(self.texts[self.at]);
            self.at = (self.at + 1) % self.texts.len();
            if length <= text.len() {
                break;
            }
            text.push('\n');
        }
        if text.len() <= length + length / 2 {
            return text;
        }
        let from = next_word(&text, chance.below(text.len() - length));
        let to = next_word(&text, (from + length).min(text.len()));
        text[from..to].trim_end().to_owned()
    }
}

/// Longest words that a piece is not cut within.
const LONGEST_WORD: usize = 30;

/// Where the first word after `place` begins, if that is near; else the next character.
fn next_word(text: &str, place: usize) -> usize {
    let place = text.ceil_char_boundary(place);
    if place == 0 || text[..place].ends_with(char::is_whitespace) {
        return place;
    }
    let near = text.floor_char_boundary(place + LONGEST_WORD);
    match text[place..near].find(char::is_whitespace) {
        Some(space) => text.ceil_char_boundary(place + space + 1),
        None => place,
    }
}
