//! Which share of the time each gauge takes when all run over the same documents. A view is
//! computed for the first gauge that asks for it; what the views take is shown by itself.

#![expect(clippy::disallowed_methods, reason = "texts may be given, guides may name files")]
#![expect(clippy::panic, reason = "a guide that cannot be read is shown")]
#![expect(clippy::print_stdout, reason = "a bench shows what it measured")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot start has nothing to report")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use assay_operators::contract::{BoundGauge, Document, Value, Workspace};
use rustix::time::{ClockId, clock_gettime};

use crate::{
    corpora::{bytes, corpora},
    gauges::GAUGES,
    views::VIEWS,
};

#[path = "../tests/support/corpora.rs"]
mod corpora;
#[path = "../tests/support/gauges.rs"]
mod gauges;
#[path = "../tests/support/views.rs"]
mod views;

/// How often each time is taken; the shortest counts.
const RUNS: usize = 15;

fn main() {
    // The first of each is the one with default options.
    let mut gauges: Vec<&BoundGauge> = GAUGES.iter().collect();
    gauges.dedup_by_key(|gauge| gauge.card().id);
    // The same with Chinese words, where words are an option.
    let chinese: Vec<&BoundGauge> = gauges.iter().map(|gauge| in_chinese(gauge)).collect();
    let gauge_names: Vec<&str> = gauges.iter().map(|gauge| gauge.card().id).collect();
    let view_names: Vec<&str> = VIEWS.iter().map(|(name, _)| *name).collect();
    let mut out: [Value; 32] = Default::default();
    for (name, corpus) in corpora() {
        println!("\n{name}: {} documents, {} bytes", corpus.len(), bytes(&corpus));
        for (title, gauges) in [("gauges", &gauges), ("gauges with `zh` words", &chinese)] {
            table(title, &corpus, &gauge_names, |one, document| {
                let gauge = gauges[one];
                let slots = &mut out[..gauge.card().fields.len()];
                slots.fill(Value::Missing);
                gauge.measure(document, slots);
                black_box(gauge.judge(slots));
            });
        }
        table("views", &corpus, &view_names, |one, document| {
            black_box(VIEWS[one].1(document));
        });
    }
}

/// The gauge as it measures Chinese words, if it can.
fn in_chinese(default: &'static BoundGauge) -> &'static BoundGauge {
    let same = |gauge: &&BoundGauge| gauge.card().id == default.card().id;
    let words = |gauge: &&BoundGauge| gauge.measuring().as_str().contains("\"words\":\"zh\"");
    GAUGES.iter().filter(same).find(words).unwrap_or(default)
}

/// Shows what each of `names` takes, where `run` runs the one of a number and all before it have
/// run on the same document.
fn table(
    title: &str,
    corpus: &[String],
    names: &[&str],
    mut run: impl FnMut(usize, &Document<'_>),
) {
    let mut workspace = Workspace::new();
    // For each document and each of `names`.
    let mut shortest = vec![Duration::MAX; corpus.len() * names.len()];
    let mut all = f64::INFINITY;
    for _ in 0..RUNS {
        let start = clock();
        for text in corpus {
            let document = workspace.open_text(text);
            (0..names.len()).for_each(|one| run(one, &document));
        }
        all = all.min(clock() - start);
        for (text, shortest) in corpus.iter().zip(shortest.chunks_mut(names.len())) {
            let document = workspace.open_text(text);
            let mut before = Instant::now();
            for (one, shortest) in shortest.iter_mut().enumerate() {
                run(one, &document);
                let now = Instant::now();
                *shortest = (now - before).min(*shortest);
                before = now;
            }
        }
    }
    let sum = |one: usize| shortest[one..].iter().step_by(names.len()).sum::<Duration>();
    let bytes = bytes(corpus) as f64;
    println!("{:.1} MB/s for all {title} together, on one core", bytes / all * 1e3);
    let took = (0..names.len()).map(|one| sum(one).as_secs_f64() * 1e9);
    let mut each: Vec<(f64, &str)> = took.zip(names.iter().copied()).collect();
    each.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("{:>9}{:>7}", "ns/byte", "share");
    for (nanoseconds, name) in each {
        let share = nanoseconds / all * 100.0;
        println!("{:9.2}{share:6.1}%  {name}", nanoseconds / bytes);
    }
}

/// Nanoseconds that this thread has worked, so that other work on the machine does not count.
fn clock() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 * 1e9 + now.tv_nsec as f64
}
