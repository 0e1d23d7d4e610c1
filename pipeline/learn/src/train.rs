//! Training itself: fastText learns from the chosen grams as if they were words.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use assay_operators::linear::{
    grams::grams,
    table::{DIMS, WAYS, place},
};
use fasttext::{
    FastText,
    args::{Args, LossName, ModelName},
};

use crate::{problem::Problem, samples::Sample};

/// What fastText is asked to do.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// How often every sample is seen.
    pub epochs: i32,
    /// First learning rate.
    pub rate: f64,
    /// Of the first numbers.
    pub seed: i32,
}

/// What was learnt: numbers of each slot, of every text, and of each class.
#[derive(Debug)]
pub struct Learnt {
    /// Slots × [`DIMS`]; zero where no sample had the gram.
    pub rows: Vec<f32>,
    /// What fastText gives to the end of every line.
    pub bias: Vec<f32>,
    /// Classes × [`DIMS`].
    pub weights: Vec<f32>,
}

/// Trains on one thread, which gives the same numbers every time.
pub fn train(
    samples: &[Sample],
    classes: usize,
    slots: &[u64],
    effort: Effort,
) -> Result<Learnt, Problem> {
    let folder = tempfile::tempdir()?;
    let input = folder.path().join("samples");
    write_samples(&input, samples, slots)
        .map_err(|error| Problem::File { path: input.clone(), error })?;
    let mut args = Args { input, model: ModelName::Supervised, ..Args::default() };
    args.apply_supervised_defaults();
    args.loss = LossName::Softmax;
    args.dim = i32::try_from(DIMS).unwrap_or(i32::MAX);
    args.epoch = effort.epochs;
    args.lr = effort.rate;
    args.seed = effort.seed;
    args.thread = 1;
    args.min_count = 1;
    args.word_ngrams = 1;
    (args.minn, args.maxn, args.bucket) = (0, 0, 0);
    args.verbose = 0;
    let model = FastText::train(args).map_err(|error| Problem::Training(error.to_string()))?;
    Ok(numbers(&model, classes, slots))
}

/// A line for each sample: the label of its class and the slots of its grams.
fn write_samples(path: &Path, samples: &[Sample], slots: &[u64]) -> std::io::Result<()> {
    let buckets = (slots.len() / WAYS) as u64;
    let mut out = BufWriter::new(File::create(path)?);
    let mut line = String::new();
    for sample in samples {
        line.clear();
        line.push_str("__label__");
        line.push_str(&sample.class.to_string());
        let empty = line.len();
        grams(&sample.text, |gram| {
            let (bucket, _) = place(gram.hash, buckets);
            let ways = &slots[bucket * WAYS..][..WAYS];
            if let Some(way) = ways.iter().position(|&own| own == gram.hash) {
                line.push(' ');
                line.push_str(&(bucket * WAYS + way).to_string());
            }
        });
        if empty < line.len() {
            line.push('\n');
            out.write_all(line.as_bytes())?;
        }
    }
    out.flush()
}

fn numbers(model: &FastText, classes: usize, slots: &[u64]) -> Learnt {
    let row = |word: &str| {
        let id = model.get_word_id(word)?;
        Some(model.input_matrix().row(i64::from(id)))
    };
    let mut rows = vec![0.0; slots.len() * DIMS];
    for (slot, own) in rows.chunks_exact_mut(DIMS).enumerate() {
        if let Some(numbers) = row(&slot.to_string()) {
            own.copy_from_slice(numbers);
        }
    }
    let bias = row("</s>").map_or_else(|| vec![0.0; DIMS], <[f32]>::to_vec);
    let mut weights = vec![0.0; classes * DIMS];
    let (labels, _) = model.get_labels();
    for (place, label) in labels.iter().enumerate() {
        let class = label.strip_prefix("__label__").and_then(|number| number.parse::<usize>().ok());
        if let Some(class) = class {
            let numbers = model.output_matrix().row(i64::try_from(place).unwrap_or(0));
            weights[class * DIMS..][..DIMS].copy_from_slice(numbers);
        }
    }
    Learnt { rows, bias, weights }
}
