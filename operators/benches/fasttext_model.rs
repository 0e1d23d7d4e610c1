//! Speed of `fasttext_model` with models of made-up numbers: words only, words and pairs, and
//! quantised n-grams of characters, as models of languages have them.

#![expect(clippy::disallowed_methods, reason = "texts may be given")]
#![expect(clippy::panic, clippy::unwrap_used, reason = "a bench that cannot start ends")]

use std::hint::black_box;

use assay_operators::{
    contract::{Assets, BoundGauge, Entry, Value, Workspace},
    registry,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

use crate::{
    corpora::{bytes, corpora},
    model::{Quantised, Sketch},
};

#[path = "../tests/support/corpora.rs"]
mod corpora;
#[expect(dead_code, reason = "tests compare with the numbers themselves")]
#[path = "../tests/support/fasttext.rs"]
mod model;

criterion_group!(benches, each_model);
criterion_main!(benches);

fn each_model(criterion: &mut Criterion) {
    let corpora = corpora();
    for (name, sketch) in sketches(&corpora) {
        let gauge = loaded(&sketch.write(1).bytes);
        for (corpus_name, corpus) in &corpora {
            let mut group = criterion.benchmark_group(format!("fasttext_model/{corpus_name}"));
            group.throughput(Throughput::Bytes(bytes(corpus)));
            group.bench_function(name, |b| b.iter(|| measure(&gauge, corpus)));
            group.finish();
        }
    }
}

/// Every other word of the texts is known.
fn sketches(corpora: &[(String, Vec<String>)]) -> [(&'static str, Sketch); 3] {
    let texts = corpora.iter().flat_map(|(_, corpus)| corpus);
    let mut words: Vec<String> =
        texts.flat_map(|text| text.split_whitespace().map(str::to_owned)).collect();
    words.sort_unstable();
    words.dedup();
    let words = words.into_iter().step_by(2).chain(["</s>".to_owned()]).collect();
    let labels =
        |count| (0..count).map(|label| (format!("__label__{label}"), 900 - label)).collect();
    let dense = Sketch {
        loss: 3,
        words,
        labels: labels(2),
        columns: 100,
        buckets: 0,
        word_ngrams: 1,
        characters: (0, 0),
        quantised: None,
    };
    let pairs = Sketch { buckets: 200_000, word_ngrams: 2, ..dense.clone() };
    let quantised = Quantised { width: 2, norms: true, output: false, kept: 40 };
    let characters = Sketch {
        loss: 1,
        labels: labels(176),
        columns: 16,
        buckets: 2_000_000,
        characters: (2, 4),
        quantised: Some(quantised),
        ..dense.clone()
    };
    [("words", dense), ("pairs", pairs), ("characters", characters)]
}

fn loaded(bytes: &[u8]) -> BoundGauge {
    let Some(Entry::Gauge(kind)) = registry::find("fasttext_model") else {
        panic!("it is registered")
    };
    let mut assets = Assets::default();
    let model = assets.add(bytes);
    let mut gauge = kind.bind(&format!("model = '{model}'").parse().unwrap()).unwrap();
    gauge.load(&assets).unwrap();
    gauge
}

fn measure(gauge: &BoundGauge, corpus: &[String]) {
    let mut workspace = Workspace::new();
    let mut out: [Value; 5] = Default::default();
    for text in corpus {
        out.fill(Value::Missing);
        gauge.measure(&workspace.open_text(text), &mut out);
        black_box(&out);
    }
}
