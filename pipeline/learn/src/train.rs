//! Training itself, as fastText does it: a text is the mean of the numbers of its grams, a
//! softmax names its class, and each sample moves both a little, less and less.
//!
//! What differs: a sample is set only against the classes that it could be mistaken for,
//! those of its script, as they are when the model is asked.

use assay_operators::linear::{
    grams::grams,
    script::Script,
    table::{DIMS, WAYS, place},
};

use crate::{chance::Chance, samples::Sample, write::Class};

/// How hard the trainer tries.
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
    /// Slots × [`DIMS`]; zero where nothing was chosen.
    pub rows: Vec<f32>,
    /// What stands at the end of every text.
    pub bias: Vec<f32>,
    /// Classes × [`DIMS`].
    pub weights: Vec<f32>,
}

/// A sample as the trainer reads it.
struct Lesson {
    class: usize,
    script: Option<Script>,
    /// Slots of its grams; one past the last stands for the end of the text.
    slots: Vec<u32>,
}

type Numbers = [f32; DIMS];

/// Trains on one thread, which gives the same numbers every time.
#[must_use]
pub fn train(samples: &[Sample], classes: &[Class], slots: &[u64], effort: Effort) -> Learnt {
    let lessons: Vec<Lesson> =
        samples.iter().map(|sample| lesson(sample, classes, slots)).collect();
    let mut chance = Chance::new(u64::from(effort.seed.unsigned_abs()));
    let mut first = |slot: usize| {
        let known = slots.get(slot).is_none_or(|&hash| hash != 0);
        std::array::from_fn(|_| {
            let number = (chance.number() >> 40) as f32 / (1_u32 << 23) as f32 - 1.0;
            if known { number / DIMS as f32 } else { 0.0 }
        })
    };
    let mut rows: Vec<Numbers> = (0..=slots.len()).map(&mut first).collect();
    let mut weights = vec![[0.0; DIMS]; classes.len()];
    let steps = f64::from(effort.epochs) * lessons.len() as f64;
    let mut step = 0.0;
    for _ in 0..effort.epochs {
        for lesson in &lessons {
            #[expect(clippy::cast_possible_truncation, reason = "a rate")]
            let rate = (effort.rate * (1.0 - step / steps)) as f32;
            learn(lesson, classes, &mut rows, &mut weights, rate);
            step += 1.0;
        }
    }
    let bias = rows.pop().unwrap_or([0.0; DIMS]).to_vec();
    Learnt { rows: rows.concat(), bias, weights: weights.concat() }
}

fn lesson(sample: &Sample, classes: &[Class], slots: &[u64]) -> Lesson {
    let buckets = (slots.len() / WAYS) as u64;
    let mut own = Vec::new();
    let mut keep = |slot: usize| own.extend(u32::try_from(slot));
    let bytes = grams(&sample.text, |gram| {
        let (bucket, _) = place(gram.hash, buckets);
        let ways = &slots[bucket * WAYS..][..WAYS];
        if let Some(way) = ways.iter().position(|&hash| hash == gram.hash) {
            keep(bucket * WAYS + way);
        }
    });
    keep(slots.len());
    let script = classes[sample.class].script.or_else(|| bytes.main_script());
    Lesson { class: sample.class, script, slots: own }
}

/// One step down the slope of the cross entropy.
fn learn(
    lesson: &Lesson,
    classes: &[Class],
    rows: &mut [Numbers],
    weights: &mut [Numbers],
    rate: f32,
) {
    let share = 1.0 / lesson.slots.len() as f32;
    let mut mean = [0.0; DIMS];
    for &slot in &lesson.slots {
        add(&mut mean, &rows[slot as usize], share);
    }
    let rival = |class: &Class| class.script.is_none() || class.script == lesson.script;
    let mut scores: Vec<f32> = Vec::with_capacity(classes.len());
    for (class, own) in classes.iter().zip(&*weights) {
        let score = if rival(class) { product(&mean, own) } else { f32::NEG_INFINITY };
        scores.push(score);
    }
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in &mut scores {
        *score = (*score - most).exp();
        sum += *score;
    }
    let mut slope = [0.0; DIMS];
    for (number, (own, score)) in weights.iter_mut().zip(scores).enumerate() {
        let wanted = if number == lesson.class { 1.0 } else { 0.0 };
        let pull = rate * (wanted - score / sum);
        if pull != 0.0 {
            add(&mut slope, own, pull);
            add(own, &mean, pull);
        }
    }
    for &slot in &lesson.slots {
        add(&mut rows[slot as usize], &slope, share);
    }
}

fn add(to: &mut Numbers, from: &Numbers, times: f32) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += from * times;
    }
}

fn product(a: &Numbers, b: &Numbers) -> f32 {
    // In eight sums, which a processor adds at once.
    let mut sums = [0.0; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    sums.iter().sum()
}
