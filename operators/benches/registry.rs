//! Speed of every operator, of all together, and of the shared views. Views are computed anew
//! for each document, as in use.

#![expect(clippy::disallowed_methods, reason = "texts may be given, guides may name files")]
#![expect(clippy::panic, reason = "a guide that cannot be read is shown")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot start has nothing to report")]

use std::hint::black_box;

use assay_operators::{
    contract::{BoundGauge, Edit, Entry, Value, Workspace},
    registry::REGISTRY,
    text::{characters, lines, normal, words},
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

use crate::{
    corpora::{bytes, corpora},
    gauges::GAUGES,
};

#[path = "../tests/support/corpora.rs"]
mod corpora;
#[path = "../tests/support/gauges.rs"]
mod gauges;

criterion_group!(benches, each_operator, all_gauges_together, views);
criterion_main!(benches);

fn each_operator(criterion: &mut Criterion) {
    for (name, corpus) in corpora() {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(bytes(&corpus)));
        for entry in REGISTRY {
            let id = entry.card().id;
            match entry {
                Entry::Gauge(_) => {
                    let gauges = [gauge(id)];
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
    let entries = REGISTRY.iter().filter(|entry| matches!(entry, Entry::Gauge(_)));
    let gauges: Vec<&BoundGauge> = entries.map(|entry| gauge(entry.card().id)).collect();
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

/// The gauge with default options, and with the files of its guide if it needs any.
fn gauge(id: &str) -> &'static BoundGauge {
    GAUGES.iter().find(|gauge| gauge.card().id == id).unwrap()
}

fn measure(gauges: &[&BoundGauge], corpus: &[String]) {
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
