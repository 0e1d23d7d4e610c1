//! `fasttext_model` against other ways to compute the same, and with files that are broken.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::HashMap, iter};

use assay_operators::{
    contract::{Asset, Assets, BoundGauge, Entry, OptionsError, Value, Workspace},
    registry,
};
use fasttext::FastText;
use proptest::prelude::*;

use crate::model::{Numbers, Quantised, Sketch, Written};

#[path = "support/fasttext.rs"]
mod model;

const TEXTS: [&str; 12] = [
    "the tide went out",
    "tide",
    "harbour boats\nmud   harbour\ttide",
    "潮水 在 黎明 前 退去",
    "潮水在黎明前退去，渔船停在泥滩上。",
    "до рассвета boats é e\u{301} naïve",
    "the the the the the the the the",
    "tide </s> boats and mud",
    "__label__sea tide __label__unknown boats",
    "x\u{a0}y\u{3000}z",
    "unknown words only here",
    "🌊🌊 🌊 tide🌊",
];

const LOSSES: [i32; 4] = [1, 2, 3, 4];
const QUANTISED: Quantised = Quantised { width: 2, norms: true, output: false, kept: 0 };

/// Sketches of all losses, with n-grams and without.
fn sketches(quantised: Option<Quantised>) -> Vec<Sketch> {
    let words = ["</s>", "the", "tide", "boats", "mud", "潮水", "в", "naïve", "harbour"];
    let labels = [("sea", 50), ("market", 20), ("海", 20), ("town", 7), ("rest", 1)];
    let mut all = Vec::new();
    for loss in LOSSES {
        for (word_ngrams, characters, buckets) in
            [(1, (0, 0), 0), (2, (0, 0), 97), (1, (2, 4), 128), (3, (1, 3), 211), (2, (3, 3), 1)]
        {
            all.push(Sketch {
                loss,
                words: words.map(str::to_owned).to_vec(),
                labels: labels.map(|(name, count)| (format!("__label__{name}"), count)).to_vec(),
                columns: 5,
                buckets,
                word_ngrams,
                characters,
                quantised,
            });
        }
    }
    all
}

fn loaded(bytes: &[u8], options: &str) -> Result<BoundGauge, OptionsError> {
    let Some(Entry::Gauge(kind)) = registry::find("fasttext_model") else {
        panic!("it is registered")
    };
    let mut assets = Assets::default();
    let model = assets.add(bytes);
    let mut gauge = kind.bind(&format!("model = '{model}'\n{options}").parse().unwrap()).unwrap();
    gauge.load(&assets).map(|()| gauge)
}

fn measured(gauge: &BoundGauge, text: &str) -> Vec<Value> {
    let mut out = vec![Value::Missing; gauge.card().fields.len()];
    gauge.measure(&Workspace::new().open_text(text), &mut out);
    out
}

/// Probabilities of all labels, in 64 bits, with a string for every feature.
fn computed(sketch: &Sketch, written: &Written, text: &str) -> Vec<f64> {
    let rows = features(sketch, written, text);
    let mean: Vec<f64> = (0..sketch.columns)
        .map(|at| {
            rows.iter().map(|row| f64::from(written.input[*row][at])).sum::<f64>()
                / rows.len() as f64
        })
        .collect();
    let products: Vec<f64> = written
        .output
        .iter()
        .map(|row| row.iter().zip(&mean).map(|(a, b)| f64::from(*a) * b).sum())
        .collect();
    match sketch.loss {
        1 => tree(sketch, &products),
        3 => {
            let sum: f64 = products.iter().map(|product| product.exp()).sum();
            products.iter().map(|product| product.exp() / sum).collect()
        }
        _ => products.iter().map(|product| 1.0 / (1.0 + (-product).exp())).collect(),
    }
}

fn features(sketch: &Sketch, written: &Written, text: &str) -> Vec<usize> {
    let entries: HashMap<&str, usize> =
        sketch.words.iter().enumerate().map(|(row, word)| (word.as_str(), row)).collect();
    let line = text.split("</s>").next().unwrap();
    let spaces = [' ', '\n', '\r', '\t', '\u{b}', '\u{c}', '\0'];
    let words =
        line.split(spaces).filter(|word| !word.is_empty() && !word.starts_with("__label__"));
    let words: Vec<&str> = words.chain(iter::once("</s>")).collect();
    let mut rows = Vec::new();
    let bucket = |hash: u64| {
        let bucket = usize::try_from(hash % sketch.buckets as u64).unwrap();
        written.row_of[bucket].into_iter().collect::<Vec<_>>()
    };
    let (least, most) = sketch.characters;
    for word in &words {
        rows.extend(entries.get(word));
        if *word == "</s>" {
            continue;
        }
        let marked: Vec<char> = format!("<{word}>").chars().collect();
        for from in 0..marked.len() {
            for length in 1..=usize::try_from(most).unwrap() {
                let is_mark = length == 1 && (from == 0 || from + 1 == marked.len());
                let Some(gram) = marked.get(from..from + length) else { continue };
                if usize::try_from(least).unwrap() <= length && !is_mark {
                    rows.extend(bucket(hash(&gram.iter().collect::<String>()).into()));
                }
            }
        }
    }
    for from in 0..words.len() {
        for length in 2..=usize::try_from(sketch.word_ngrams).unwrap() {
            let Some(gram) = words.get(from..from + length) else { continue };
            let signed = gram.iter().map(|word| i64::from(hash(word).cast_signed()));
            let joined =
                signed.reduce(|sum, next| sum.wrapping_mul(116_049_371).wrapping_add(next));
            rows.extend(bucket(joined.unwrap().cast_unsigned()));
        }
    }
    rows
}

fn hash(word: &str) -> u32 {
    word.bytes().fold(2_166_136_261, |hash: u32, byte| {
        let signed = if byte < 128 { u32::from(byte) } else { u32::from(byte) | 0xffff_ff00 };
        (hash ^ signed).wrapping_mul(16_777_619)
    })
}

/// The product of what every fork on the way to a label says.
fn tree(sketch: &Sketch, products: &[f64]) -> Vec<f64> {
    // Weight, forks before labels, the oldest fork and the last label first; labels below.
    let mut pool: Vec<(i64, bool, usize, Vec<usize>)> = sketch
        .labels
        .iter()
        .enumerate()
        .map(|(label, (_, count))| (*count, true, sketch.labels.len() - label, vec![label]))
        .collect();
    let mut chances = vec![1.0; sketch.labels.len()];
    for (fork, product) in products.iter().enumerate().take(sketch.labels.len() - 1) {
        pool.sort();
        let (left, right) = (pool.remove(0), pool.remove(0));
        let chance = 1.0 / (1.0 + (-product).exp());
        left.3.iter().for_each(|label| chances[*label] *= 1.0 - chance);
        right.3.iter().for_each(|label| chances[*label] *= chance);
        pool.push((left.0 + right.0, false, fork, [left.3, right.3].concat()));
    }
    chances
}

/// Checks what is measured of all texts against the probabilities of all labels.
fn check(sketch: &Sketch, seed: u64) {
    let written = sketch.write(seed);
    let gauge = loaded(&written.bytes, "").unwrap();
    let names: Vec<&str> =
        sketch.labels.iter().map(|(name, _)| &name["__label__".len()..]).collect();
    // The sigmoids of two losses are looked up in steps of one 32nd.
    let near = if matches!(sketch.loss, 2 | 4) { 0.01 } else { 2e-4 };
    for text in TEXTS {
        let wanted = computed(sketch, &written, text);
        let found = measured(&gauge, text);
        let (Value::Label(label), Some(chance)) = (&found[1], found[2].as_f64()) else {
            panic!("{text:?}: {found:?}")
        };
        let label = names.iter().position(|name| name == label).unwrap();
        let best = wanted.iter().copied().fold(0.0, f64::max);
        let place = format!("loss {} of {text:?}: {found:?}, {wanted:?}", sketch.loss);
        assert!((wanted[label] - chance).abs() < near && best - wanted[label] < near, "{place}");
        for (name, wanted) in names.iter().zip(&wanted) {
            let gauge = loaded(&written.bytes, &format!("labels = ['{name}']")).unwrap();
            let found = measured(&gauge, text)[0].as_f64().unwrap();
            assert!((found - wanted).abs() < near, "{name}: {found}, {place}");
        }
    }
}

#[test]
fn dense_models_of_all_losses_are_computed() {
    sketches(None).iter().zip(1..).for_each(|(sketch, seed)| check(sketch, seed));
}

#[test]
fn quantised_models_of_all_losses_are_computed() {
    for (width, norms, output, kept) in
        [(2, true, false, 0), (1, false, true, 3), (5, true, true, 2), (3, false, false, 1)]
    {
        let quantised = Quantised { width, norms, output, kept };
        sketches(Some(quantised)).iter().zip(1..).for_each(|(sketch, seed)| check(sketch, seed));
    }
}

#[test]
fn another_reader_of_dense_models_gives_the_same_labels() {
    let all = sketches(None);
    // That reader joins no word with the end of the line, and looks behind it.
    for (sketch, seed) in all.iter().filter(|sketch| sketch.word_ngrams == 1).zip(1..) {
        let bytes = sketch.write(seed).bytes;
        let other = FastText::load(&mut bytes.as_slice()).unwrap();
        let gauge = loaded(&bytes, "prefix = ''").unwrap();
        for text in TEXTS.iter().filter(|text| !text.contains("</s>") && !text.contains('\u{a0}')) {
            let found = measured(&gauge, text);
            // Nor does it say anything if only the end of the line is known.
            let predictions = other.predict(text, 2, 0.0);
            let Some(wanted) = predictions.first() else { continue };
            let place = format!("loss {}, {} buckets, {text:?}", sketch.loss, sketch.buckets);
            assert_eq!(found[1].to_string(), wanted.label, "{place}");
            let difference = found[2].as_f64().unwrap() - f64::from(wanted.prob.min(1.0));
            assert!(difference.abs() < 1e-5, "{place}: {difference}");
        }
    }
}

#[test]
fn a_model_that_was_cut_is_refused_with_the_place() {
    for sketch in [&sketches(None)[3], &sketches(Some(QUANTISED))[8]] {
        let bytes = sketch.write(7).bytes;
        for length in (0..bytes.len()).step_by(7).chain([bytes.len() - 1]) {
            let error = loaded(&bytes[..length], "").unwrap_err();
            assert_eq!(error.key, "model");
            let says_why = ["ends at byte", "does not begin", " at byte "];
            assert!(says_why.iter().any(|why| error.problem.contains(why)), "{}", error.problem);
        }
    }
}

#[test]
fn numbers_that_no_model_has_are_refused_without_asking_for_their_memory() {
    let bytes = sketches(None)[3].write(7).bytes;
    // Columns, n-grams of words, loss, kind, buckets, entries, and words of the dictionary.
    for (at, value, problem) in [
        (0, 1, "does not begin"),
        (4, 13, "version 13"),
        (8, 0, "columns is 0 at byte 8"),
        (8, i32::MAX, "columns is 5"),
        (28, i32::MAX, "n-grams of words is 2147483647"),
        (32, 5, "loss is 5"),
        (36, 1, "not trained with `supervised`"),
        (40, 0, "buckets is 0"),
        (40, i32::MAX, "number of rows is 220"),
        (48, 65, "n-grams of characters is 65"),
        (64, i32::MAX, "entries is 2147483647"),
        (68, -1, "words is -1"),
        (72, 4, "entries is 14 at byte 64"),
    ] {
        let mut bytes = bytes.clone();
        bytes[at..at + 4].copy_from_slice(&i32::to_le_bytes(value));
        let error = loaded(&bytes, "").unwrap_err();
        assert!(error.problem.contains(problem), "{at}: {}", error.problem);
    }
}

#[test]
fn labels_that_the_model_does_not_have_are_refused() {
    let bytes = sketches(None)[0].write(7).bytes;
    let error = loaded(&bytes, "labels = ['markets']").unwrap_err();
    assert_eq!((error.key.as_str(), error.fix.as_str()), ("labels", "did you mean \"market\"?"));
}

#[test]
fn options_that_cannot_work_are_refused() {
    let Some(Entry::Gauge(kind)) = registry::find("fasttext_model") else { return };
    let model = Asset::of(b"any");
    for (options, key) in [
        (String::new(), "model"),
        (format!("model = '{model}'\nfirst-bytes = 0"), "first-bytes"),
        (format!("model = '{model}'\nmin = 0.6\nmax = 0.5"), "min"),
    ] {
        assert_eq!(kind.bind(&options.parse().unwrap()).unwrap_err()[0].key, key);
    }
}

#[test]
fn numbers_that_have_no_sum_are_unmeasured() {
    for loss in LOSSES {
        let mut sketch = sketches(None).swap_remove(0);
        sketch.loss = loss;
        let mut bytes = sketch.write(7).bytes;
        let start = bytes.len() - sketch.labels.len() * sketch.columns * 4;
        for number in bytes[start..].chunks_mut(4) {
            number.copy_from_slice(&f32::INFINITY.to_le_bytes());
        }
        assert_eq!(measured(&loaded(&bytes, "").unwrap(), "tide")[0], Value::Missing);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn a_damaged_model_is_refused_or_measures(
        which in 0_usize..40,
        seed in any::<u64>(),
        flips in prop::collection::vec((any::<u64>(), any::<u8>()), 1..6),
        // Most numbers that decide stand at the start.
        near_start in any::<bool>(),
    ) {
        let all = [sketches(None), sketches(Some(QUANTISED))].concat();
        let mut bytes = all[which].write(seed % 3).bytes;
        let most = if near_start { 300 } else { bytes.len() };
        for (place, flip) in flips {
            let at = usize::try_from(place % most as u64).unwrap();
            bytes[at] ^= flip;
        }
        if seed % 5 == 0 {
            let length = usize::try_from(Numbers(seed).next() % bytes.len() as u64).unwrap();
            bytes.truncate(length);
        }
        if let Ok(gauge) = loaded(&bytes, "") {
            for text in TEXTS {
                for value in measured(&gauge, text) {
                    let number = value.as_f64().unwrap_or_default();
                    prop_assert!((0.0..=1.0).contains(&number), "{:?}: {}", text, number);
                }
            }
        }
    }
}
