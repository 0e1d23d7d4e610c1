//! Speed of what finds near-duplicates: words, shingles, sketches, overlap, comparison.
//!
//! Texts are composed here, unless `ASSAY_TEXTS` names files, separated by `:`, that hold one
//! JSON string on each line.

#![expect(clippy::unwrap_used, reason = "a bench that cannot start has nothing to report")]
#![expect(clippy::disallowed_methods, reason = "texts to measure on may come from files")]

use std::{fs, hint::black_box, path::Path};

use assay_operators::{
    contract::{Sketch, Workspace},
    duplicate::near::{Shingles, Sketcher, overlap, template::Comparer},
    text::words::{self, WordView},
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

criterion_group!(benches, near_duplicates);
criterion_main!(benches);

fn near_duplicates(criterion: &mut Criterion) {
    for (name, corpus) in corpora() {
        let mut group = criterion.benchmark_group(format!("near_duplicates/{name}"));
        group.throughput(Throughput::Bytes(corpus.iter().map(|text| text.len() as u64).sum()));
        group.bench_function("words", |b| {
            let mut found = Vec::new();
            b.iter(|| {
                for text in &corpus {
                    found.clear();
                    words::split(text, WordView::Uax29, &mut found);
                }
            });
        });
        let mut workspace = Workspace::new();
        let mut shingles = Shingles::default();
        let chosen = Sketch { bands: 13, rows: 6, words: 5, characters: 7, seed: 1 };
        group.bench_function("shingles", |b| {
            b.iter(|| {
                for text in &corpus {
                    shingles.fill(&chosen, &workspace.open_text(text));
                    black_box(shingles.hashes().len());
                }
            });
        });
        for (bands, rows) in [(1, 1), (13, 6), (14, 8)] {
            let mut sketcher = Sketcher::new(&Sketch { bands, rows, ..chosen });
            let mut keys = Vec::new();
            group.bench_function(format!("bands_{bands}x{rows}"), |b| {
                b.iter(|| {
                    keys.clear();
                    for text in &corpus {
                        sketcher.bands(&workspace.open_text(text), &mut keys);
                    }
                    keys.len()
                });
            });
        }
        let edited: Vec<String> = corpus.iter().map(|text| edited(text)).collect();
        let hashes = |text: &String| {
            let mut shingles = Shingles::default();
            shingles.fill(&chosen, &Workspace::new().open_text(text));
            shingles.hashes().to_vec()
        };
        let pairs: Vec<_> =
            corpus.iter().zip(&edited).map(|(a, b)| (hashes(a), hashes(b))).collect();
        group.bench_function("overlap", |b| {
            b.iter(|| pairs.iter().map(|(a, b)| overlap(a, b).shared).sum::<u64>());
        });
        let mut comparer = Comparer::default();
        group.bench_function("compare", |b| {
            b.iter(|| {
                for (text, edited) in corpus.iter().zip(&edited) {
                    black_box(comparer.compare(text, edited));
                }
            });
        });
        group.finish();
    }
}

/// `text` with a headline, and without its last tenth.
fn edited(text: &str) -> String {
    let mut end = text.len() / 10 * 9;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("News of the day\n{}", &text[..end])
}

fn corpora() -> Vec<(String, Vec<String>)> {
    let Ok(paths) = std::env::var("ASSAY_TEXTS") else { return composed() };
    let read = |path: &str| {
        let file = fs::read_to_string(path).unwrap();
        let texts = file.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (Path::new(path).file_stem().unwrap().to_str().unwrap().to_owned(), texts)
    };
    paths.split(':').map(read).collect()
}

/// Documents of words in an order that is neither regular nor left to chance.
fn composed() -> Vec<(String, Vec<String>)> {
    let english: Vec<String> = (0..4000).map(|number| format!("w{number:x} ")).collect();
    let chinese: Vec<String> =
        (0..3000).filter_map(|code| char::from_u32(0x4e00 + code).map(String::from)).collect();
    [("english", english), ("chinese", chinese)]
        .map(|(name, words)| {
            let mut state = 1_u64;
            let mut next = || {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                usize::try_from(state >> 33).unwrap_or(0) % words.len()
            };
            let mut document = || {
                let mut text = String::new();
                while text.len() < 3_000 {
                    text.push_str(&words[next()]);
                    if next() % 9 == 0 {
                        text.push_str("。\n");
                    }
                }
                text
            };
            (name.to_owned(), (0..64).map(|_| document()).collect())
        })
        .into()
}
