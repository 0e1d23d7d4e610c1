//! Speed of what `language` is made of: grams and shapes of texts, and the reading of whole
//! ones, on the texts of the other benches and on programs.

#![expect(clippy::disallowed_methods, reason = "texts may be given")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot start ends")]

use std::hint::black_box;

use assay_operators::linear::{grams::grams, language::shipped, shapes::shapes};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

use crate::corpora::{bytes, corpora};

#[path = "../tests/support/corpora.rs"]
mod corpora;

criterion_group!(benches, parts);
criterion_main!(benches);

/// Bytes of a text that the operator scores.
const SAMPLE: usize = 8192;

fn parts(criterion: &mut Criterion) {
    let model = shipped().unwrap();
    let program = "    let total: usize = rows.iter().map(|row| row.len()).sum(); // of all\n";
    let mut corpora = corpora();
    corpora.push(("program".to_owned(), vec![program.repeat(80); 8]));
    for (name, corpus) in &corpora {
        let corpus: Vec<String> = corpus.iter().map(|text| start(text)).collect();
        let mut group = criterion.benchmark_group(format!("language/{name}"));
        group.throughput(Throughput::Bytes(bytes(&corpus)));
        group.bench_function("grams", |b| {
            b.iter(|| {
                for text in &corpus {
                    black_box(grams(text, |gram| _ = black_box(gram)));
                }
            });
        });
        group.bench_function("shapes", |b| {
            b.iter(|| {
                for text in &corpus {
                    shapes(text, |slot, _| _ = black_box(slot));
                }
            });
        });
        group.bench_function("read", |b| {
            b.iter(|| {
                for text in &corpus {
                    black_box(model.read(text, SAMPLE));
                }
            });
        });
        group.finish();
    }
}

fn start(text: &str) -> String {
    text[..text.floor_char_boundary(SAMPLE)].to_owned()
}
