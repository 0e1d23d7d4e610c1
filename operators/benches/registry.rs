//! Speed of every operator, of all together, and of the shared views. Views are computed anew
//! for each document, as in use.

#![expect(clippy::disallowed_methods, reason = "texts may be given")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot start has nothing to report")]

use std::hint::black_box;

use assay_operators::{
    contract::{BoundGauge, Edit, Entry, Value, Workspace},
    registry::REGISTRY,
    text::{characters, lines, normal, words},
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

use crate::corpora::{bytes, corpora};

#[path = "../tests/support/corpora.rs"]
mod corpora;

criterion_group!(benches, each_operator, all_gauges_together, views);
criterion_main!(benches);

fn each_operator(criterion: &mut Criterion) {
    for (name, corpus) in corpora() {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(bytes(&corpus)));
        for entry in REGISTRY {
            let id = entry.card().id;
            match entry {
                Entry::Gauge(kind) => {
                    // What cannot do without a file has a bench of its own.
                    let Ok(gauge) = kind.bind(&toml::Table::new()) else { continue };
                    let gauges = [gauge];
                    group.bench_function(id, |b| b.iter(|| measure(&gauges, &corpus)));
                }
                Entry::Rewriter(kind) => {
                    let Ok(rewriter) = kind.bind(&toml::Table::new()) else { continue };
                    let (mut workspace, mut edits) = (Workspace::new(), Vec::<Edit>::new());
                    group.bench_function(id, |b| {
                        b.iter(|| {
                            edits.clear();
                            for text in &corpus {
                                rewriter.edits(&workspace.open_text(text), &mut edits);
                            }
                            edits.len()
                        });
                    });
                }
                Entry::Signer(_) => {}
            }
        }
        group.finish();
    }
}

fn all_gauges_together(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("all_gauges_together");
    let kinds = REGISTRY.iter().filter_map(|entry| match entry {
        Entry::Gauge(kind) => Some(kind),
        Entry::Rewriter(_) | Entry::Signer(_) => None,
    });
    let gauges: Vec<BoundGauge> =
        kinds.filter_map(|kind| kind.bind(&toml::Table::new()).ok()).collect();
    for (name, corpus) in corpora() {
        group.throughput(Throughput::Bytes(bytes(&corpus)));
        group.bench_function(name, |b| b.iter(|| measure(&gauges, &corpus)));
    }
    group.finish();
}

fn views(criterion: &mut Criterion) {
    for (name, corpus) in corpora() {
        let mut group = criterion.benchmark_group(format!("views/{name}"));
        group.throughput(Throughput::Bytes(bytes(&corpus)));
        let mut buffer = Vec::new();
        group.bench_function("key", |b| {
            b.iter(|| corpus.iter().map(|text| normal::key(text, &mut buffer).bytes).sum::<u64>());
        });
        group.bench_function("content", |b| {
            b.iter(|| {
                corpus.iter().map(|text| normal::content(text.as_bytes()).bytes).sum::<u64>()
            });
        });
        group.bench_function("characters", |b| {
            b.iter(|| corpus.iter().map(|text| characters::count(text).letters).sum::<u64>());
        });
        let mut found = Vec::new();
        group.bench_function("lines", |b| {
            b.iter(|| {
                for text in &corpus {
                    found.clear();
                    lines::split(text, &mut found);
                }
            });
        });
        for (view_name, view) in [
            ("uax29", words::WordView::Uax29),
            ("whitespace", words::WordView::Whitespace),
            ("tokens", words::WordView::Tokens),
            ("zh", words::WordView::Zh),
        ] {
            let mut found = Vec::new();
            group.bench_function(view_name, |b| {
                b.iter(|| {
                    for text in &corpus {
                        found.clear();
                        words::split(text, view, &mut found);
                    }
                });
            });
        }
        let mut workspace = Workspace::new();
        group.bench_function("tokens_and_ngrams", |b| {
            b.iter(|| {
                let ngrams = |text: &String| {
                    workspace.open_text(text).ngrams(words::WordView::Tokens).words()
                };
                corpus.iter().map(ngrams).sum::<usize>()
            });
        });
        group.finish();
    }
}

fn measure(gauges: &[BoundGauge], corpus: &[String]) {
    let mut workspace = Workspace::new();
    let mut out: [Value; 32] = Default::default();
    for text in corpus {
        let document = workspace.open_text(text);
        for gauge in gauges {
            let slots = &mut out[..gauge.card().fields.len()];
            slots.fill(Value::Missing);
            gauge.measure(&document, slots);
            black_box(gauge.judge(slots));
        }
    }
}
