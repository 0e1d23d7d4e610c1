//! Models of fastText, as it saves them: `.bin` and, with rows as codes, `.ftz`.
//!
//! A model has a row of numbers for each word and each bucket of n-grams ([`dictionary`],
//! [`features`]). The mean of the rows of a text ([`matrix`]) is multiplied by the row of each
//! label, or of each fork on the way to it ([`tree`]). All is done in 32-bit floats and in the
//! order of fastText 0.9.2, since other sums would give other labels now and then.
//!
//! Matrices stay where they are in the file, which is in memory once. Nothing in a file is
//! trusted ([`reader`]): no number of it makes more memory than a few times its length.

mod dictionary;
mod features;
mod matrix;
mod reader;
mod table;
mod tree;

use std::sync::Arc;

pub use self::reader::FormatError;
use self::{
    dictionary::{Buckets, Dictionary},
    features::{Features, LONGEST},
    matrix::Matrix,
    reader::{Reader, fits},
    tree::Tree,
};

const MAGIC: i32 = 793_712_314;
/// Versions of the format; the older one has no n-grams of characters.
const VERSIONS: [i32; 2] = [11, 12];
const SUPERVISED: usize = 3;
/// What fastText adds to a probability before it takes the logarithm.
const LEAST: f64 = 1e-5;
/// Sigmoids are looked up, from −8 to 8 in so many steps.
const STEPS: u16 = 512;
const WIDEST: f32 = 8.0;

/// A model that gives labels to texts.
#[derive(Debug)]
pub struct Model {
    features: Features,
    columns: usize,
    input: Matrix,
    output: Matrix,
    loss: Loss,
}

/// How products become probabilities.
#[derive(Debug)]
enum Loss {
    Softmax,
    /// Each label by itself; the sigmoid of every step.
    Sigmoid(Vec<f32>),
    Tree(Tree),
}

/// The numbers of the file's header that are needed.
struct Header {
    columns: usize,
    words: usize,
    loss: usize,
    buckets: u32,
    characters: (usize, usize),
}

/// Memory for a text, reused from text to text.
#[derive(Debug, Default)]
pub struct Scores {
    mean: Vec<f32>,
    chances: Vec<f32>,
    open: Vec<(usize, f32)>,
}

/// A label and the logarithm of its probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guess {
    /// Number of the label.
    pub label: usize,
    /// The logarithm.
    pub score: f32,
}

/// The two most probable labels; of equal ones the later, as fastText has it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Ranking {
    /// The most probable.
    pub best: Option<Guess>,
    /// The next.
    pub next: Option<Guess>,
}

/// How the probability of one label is found.
#[derive(Debug)]
pub enum Way {
    /// It is computed with all others.
    Chance(usize),
    /// Forks on the way to the label, and whether to turn right.
    Forks(Vec<(usize, bool)>),
}

impl Model {
    /// Reads a model.
    pub fn read(file: &Arc<[u8]>) -> Result<Self, FormatError> {
        let mut reader = Reader::new(Arc::clone(file));
        let header = Header::read(&mut reader)?;
        reader.part = "the dictionary";
        let (dictionary, kept) = Dictionary::read(&mut reader, features::hash)?;
        let buckets = Buckets::read(&mut reader, header.buckets, kept, dictionary.words())?;
        reader.part = "the input matrix";
        let is_product = reader.u8()? != 0;
        let at = reader.at();
        let input = Matrix::read(&mut reader, is_product, header.columns)?;
        let wanted = buckets.rows();
        fits("the number of rows", input.rows(), wanted.max(input.rows()), at)?;
        reader.part = "the output matrix";
        let output_is_product = reader.u8()? != 0;
        let at = reader.at();
        let output = Matrix::read(&mut reader, is_product && output_is_product, header.columns)?;
        fits("the number of rows", output.rows(), dictionary.labels(), at)?;
        let loss = match header.loss {
            1 => Loss::Tree(Tree::new(&dictionary.counts)),
            3 => Loss::Softmax,
            _ => Loss::Sigmoid((0..=STEPS).map(sigmoid).collect()),
        };
        let Header { columns, words, characters, .. } = header;
        Ok(Self {
            features: Features { dictionary, buckets, characters, words },
            columns,
            input,
            output,
            loss,
        })
    }

    /// The names of the labels, in the order of their numbers.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        let dictionary = &self.features.dictionary;
        (0..dictionary.labels()).map(|label| dictionary.label(label))
    }

    /// How the probability of label number `label` is found.
    #[must_use]
    pub fn way(&self, label: usize) -> Way {
        match &self.loss {
            Loss::Tree(tree) => Way::Forks(tree.path(label)),
            Loss::Softmax | Loss::Sigmoid(_) => Way::Chance(label),
        }
    }

    /// The most probable labels of `text`, line feeds being spaces. `None` if it holds nothing
    /// that the model knows, or if its numbers have no sum.
    pub fn rank(&self, text: &str, scores: &mut Scores) -> Option<Ranking> {
        self.average(text.as_bytes(), &mut scores.mean)?;
        let ranking = match &self.loss {
            Loss::Tree(tree) => self.descend(tree, scores)?,
            Loss::Softmax => {
                self.products(scores)?;
                softmax(&mut scores.chances);
                rank(&scores.chances)
            }
            Loss::Sigmoid(table) => {
                self.products(scores)?;
                for chance in &mut scores.chances {
                    *chance = looked_up(table, *chance);
                }
                rank(&scores.chances)
            }
        };
        Some(ranking)
    }

    /// The logarithm of the probability of a label, in the text that was ranked last.
    #[must_use]
    pub fn score(&self, way: &Way, scores: &Scores) -> f32 {
        match way {
            Way::Chance(label) => log(scores.chances[*label]),
            Way::Forks(forks) => forks.iter().fold(0.0, |score, (row, is_right)| {
                let right = right(self.output.dot(*row, &scores.mean));
                score + log(if *is_right { right } else { 1.0 - right })
            }),
        }
    }

    /// The mean of the rows of a text.
    fn average(&self, text: &[u8], mean: &mut Vec<f32>) -> Option<()> {
        mean.clear();
        mean.resize(self.columns, 0.0);
        let count = match &self.input {
            Matrix::Dense(dense) => self.add_up(text, dense.adder(), mean),
            Matrix::Product(product) => self.add_up(text, product.adder(), mean),
        };
        let count = count.filter(|count| 0 < *count)?;
        #[expect(clippy::cast_possible_truncation, reason = "as fastText does")]
        let share = (1.0 / count as f64) as f32;
        for number in mean {
            *number *= share;
        }
        Some(())
    }

    /// Adds the rows of a text to `sum` and counts them; `None` if it holds no token.
    fn add_up(&self, text: &[u8], add: impl Fn(usize, &mut [f32]), sum: &mut [f32]) -> Option<u64> {
        let mut count = 0;
        let has_tokens = self.features.rows(text, |row| {
            count += 1;
            add(row, sum);
        });
        has_tokens.then_some(count)
    }

    /// The product of the mean with the row of each label; `None` if one is not finite.
    fn products(&self, scores: &mut Scores) -> Option<()> {
        scores.chances.clear();
        let rows = 0..self.features.dictionary.labels();
        scores.chances.extend(rows.map(|row| self.output.dot(row, &scores.mean)));
        scores.chances.iter().all(|product| product.is_finite()).then_some(())
    }

    /// The most probable leaves. Ways that are less probable than what was found, or than
    /// fastText can tell from nothing, are left.
    fn descend(&self, tree: &Tree, scores: &mut Scores) -> Option<Ranking> {
        let mut ranking = Ranking::default();
        let least = log(0.0);
        scores.open.clear();
        scores.open.push((tree.root(), 0.0));
        while let Some((node, score)) = scores.open.pop() {
            if score < least || ranking.next.is_some_and(|next| score < next.score) {
                continue;
            }
            let Some((row, [left, right_side])) = tree.fork(node) else {
                ranking.add(Guess { label: node, score });
                continue;
            };
            let product = self.output.dot(row, &scores.mean);
            if !product.is_finite() {
                return None;
            }
            let right = right(product);
            scores.open.push((right_side, score + log(right)));
            scores.open.push((left, score + log(1.0 - right)));
        }
        Some(ranking)
    }
}

impl Header {
    fn read(reader: &mut Reader) -> Result<Self, FormatError> {
        if reader.i32() != Ok(MAGIC) {
            return Err(FormatError::Foreign);
        }
        let version = reader.i32()?;
        if !VERSIONS.contains(&version) {
            return Err(FormatError::Version(version));
        }
        let columns = reader.count("the number of columns", 1, usize::MAX)?;
        // Window, passes, rarest word and wrong labels, which only matter in training.
        for _ in 0..4 {
            reader.i32()?;
        }
        let words = reader.count("the length of n-grams of words", 0, LONGEST)?;
        let loss = reader.count("the loss", 1, 4)?;
        if reader.count("the kind of the model", 1, 3)? != SUPERVISED {
            return Err(FormatError::Unsupervised);
        }
        let at = reader.at();
        let buckets = reader.i32()?;
        let least = reader.i32()?;
        let most_at = reader.at();
        let most = reader.i32()?;
        let (what, value) = ("the length of n-grams of characters", i64::from(most));
        let longest = usize::try_from(most.max(0)).ok().filter(|longest| *longest <= LONGEST);
        let longest = longest.ok_or(FormatError::Number { what, value, at: most_at })?;
        let longest = if version == VERSIONS[0] { 0 } else { longest };
        // How often training told its state, and its sampling of words.
        reader.i32()?;
        reader.i64()?;
        let has_ngrams = 1 < words || 0 < longest;
        let (what, value) = ("the number of buckets", i64::from(buckets));
        let buckets = u32::try_from(buckets).ok().filter(|count| 0 < *count || !has_ngrams);
        let buckets = buckets.ok_or(FormatError::Number { what, value, at })?;
        Ok(Self {
            columns,
            words,
            loss,
            // Rows that are never asked for need not be there.
            buckets: if has_ngrams { buckets } else { 0 },
            characters: (usize::try_from(least).unwrap_or(0), longest),
        })
    }
}

impl Ranking {
    fn add(&mut self, guess: Guess) {
        let beats = |other: Option<Guess>| other.is_none_or(|other| other.score <= guess.score);
        if beats(self.best) {
            self.next = self.best;
            self.best = Some(guess);
        } else if beats(self.next) {
            self.next = Some(guess);
        }
    }
}

fn rank(chances: &[f32]) -> Ranking {
    let mut ranking = Ranking::default();
    for (label, chance) in chances.iter().enumerate() {
        ranking.add(Guess { label, score: log(*chance) });
    }
    ranking
}

fn softmax(products: &mut [f32]) {
    let most = products.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for product in &mut *products {
        *product = exp(*product - most);
        sum += *product;
    }
    for product in products {
        *product /= sum;
    }
}

/// The probability that the way goes right at a fork.
fn right(product: f32) -> f32 {
    1.0 / (1.0 + exp(-product))
}

/// The sigmoid of step number `step`.
fn sigmoid(step: u16) -> f32 {
    1.0 / (1.0 + exp(WIDEST - f32::from(step) * 2.0 * WIDEST / f32::from(STEPS)))
}

fn looked_up(table: &[f32], product: f32) -> f32 {
    if product < -WIDEST {
        return 0.0;
    }
    let step = (product + WIDEST) * f32::from(STEPS) / WIDEST / 2.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 up")]
    let step = step as usize;
    if WIDEST < product { 1.0 } else { table.get(step).copied().unwrap_or(1.0) }
}

/// In 64 bits, where machines agree, then in the 32 of fastText.
#[expect(clippy::cast_possible_truncation, reason = "fastText has 32 bits")]
fn exp(number: f32) -> f32 {
    f64::from(number).exp() as f32
}

#[expect(clippy::cast_possible_truncation, reason = "fastText has 32 bits")]
fn log(chance: f32) -> f32 {
    (f64::from(chance) + LEAST).ln() as f32
}
