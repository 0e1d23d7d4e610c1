//! Speed of every operator, of all together, and of the shared views, over texts that
//! are composed here. Views are computed anew for each document, as in use.

use std::hint::black_box;

use assay_operators::{
    contract::{BoundGauge, Edit, Entry, Value, Workspace},
    registry::REGISTRY,
    text::{characters, lines, normal, words},
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const DOCUMENTS: usize = 64;
const DOCUMENT_BYTES: usize = 3_000;

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

fn bytes(corpus: &[String]) -> u64 {
    corpus.iter().map(|text| text.len() as u64).sum()
}

fn corpora() -> [(&'static str, Vec<String>); 3] {
    let english = "the tide went out before dawn and boats lay in mud of harbour that have with be \
        to a slow morning light over water we waited because nobody knew when it would come back \
        don't 1,024 well-known “quoted” however children fishermen weather government";
    let english: Vec<String> = english.split_whitespace().map(|word| format!("{word} ")).collect();
    let chinese = "潮水在黎明前退去渔船停泥滩上等待下一次涨的时候我们站码头看远处灯光慢变暗风从海吹来带着盐味道人说今天会有雨但没相信他";
    let chinese: Vec<String> = chinese.chars().map(String::from).collect();
    let mixed: Vec<String> = english.iter().step_by(3).chain(&chinese).cloned().collect();
    [
        ("english", documents(&english, &[". ", ", ", "? ", ".\n", ".\n\n", "...\n- "])),
        ("chinese", documents(&chinese, &["，", "。", "、", "。\n", "！\n", "……\n"])),
        ("mixed", documents(&mixed, &["，", ". ", "。\n", "\n", "（", "）"])),
    ]
}

/// Documents of words in an order that is neither regular nor left to chance.
fn documents(words: &[String], marks: &[&str]) -> Vec<String> {
    let mut state = 1_u64;
    let mut next = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0) % below
    };
    let mut document = || {
        let mut text = String::new();
        while text.len() < DOCUMENT_BYTES {
            text.push_str(&words[next(words.len())]);
            if next(9) == 0 {
                text.truncate(text.trim_end().len());
                text.push_str(marks[next(marks.len())]);
            }
        }
        text
    };
    (0..DOCUMENTS).map(|_| document()).collect()
}
