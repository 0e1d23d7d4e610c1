//! Which grams a model knows: those that tell most about the class, as many as it has room.

use assay_operators::linear::{
    grams::grams,
    table::{WAYS, place},
};

use crate::samples::Sample;

/// Occurrences in a class below which a gram is not looked at.
const RARE: u32 = 3;

/// The place of each chosen gram: slots in order, 0 where nothing was chosen.
#[must_use]
pub fn choose(samples: &[Sample], groups: &[u32], buckets: u32) -> Vec<u64> {
    let counts: Vec<Vec<(u64, f64)>> =
        (0..groups.len()).map(|class| frequencies(samples, class)).collect();
    let mut scored = scored(&counts, groups);
    // The best first; equal ones by hash, so that the order is always the same.
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut slots = vec![0_u64; buckets as usize * WAYS];
    for (hash, _) in scored {
        let (bucket, check) = place(hash, u64::from(buckets));
        let ways = &mut slots[bucket * WAYS..][..WAYS];
        // Two grams that look the same in a bucket cannot both be known.
        let clash = ways.iter().any(|&own| own != 0 && place(own, u64::from(buckets)).1 == check);
        if !clash && let Some(free) = ways.iter_mut().find(|own| **own == 0) {
            *free = hash;
        }
    }
    slots
}

/// The grams of a class with their shares of all grams, in order of hash.
fn frequencies(samples: &[Sample], class: usize) -> Vec<(u64, f64)> {
    let mut hashes = Vec::new();
    for sample in samples.iter().filter(|sample| sample.class == class) {
        grams(&sample.text, |gram| hashes.push(gram.hash));
    }
    hashes.sort_unstable();
    let all = hashes.len() as f64;
    let runs = hashes.chunk_by(|a, b| a == b).filter(|run| RARE as usize <= run.len());
    runs.map(|run| (run[0], run.len() as f64 / all)).collect()
}

/// What each gram tells: the sum over classes of `p ln(p / mean)`, the mean being that of
/// the classes it could be mistaken among (of one script).
fn scored(counts: &[Vec<(u64, f64)>], groups: &[u32]) -> Vec<(u64, f64)> {
    let mut all: Vec<(u64, usize, f64)> = Vec::new();
    for (class, grams) in counts.iter().enumerate() {
        all.extend(grams.iter().map(|&(hash, share)| (hash, class, share)));
    }
    all.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut scored = Vec::new();
    for run in all.chunk_by(|a, b| a.0 == b.0) {
        let group = groups[run[0].1];
        let rivals = groups.iter().filter(|other| **other == group).count().max(2);
        let sum: f64 = run.iter().map(|(_, _, share)| share).sum();
        let mean = sum / rivals.max(run.len()) as f64;
        let told: f64 = run.iter().map(|(_, _, share)| share * (share / mean).ln()).sum();
        scored.push((run[0].0, told));
    }
    scored
}
