//! Which share of the time each gauge takes when all run over the same documents. A view is
//! computed for the first gauge that asks for it; what the views take is shown by itself.

#![expect(clippy::disallowed_methods, reason = "texts may be given, guides may name files")]
#![expect(clippy::panic, reason = "a guide that cannot be read is shown")]
#![expect(clippy::print_stdout, reason = "a bench shows what it measured")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot start has nothing to report")]

use std::hint::black_box;

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
const RUNS: usize = 5;

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
            table(title, &corpus, &gauge_names, |count, document| {
                for gauge in &gauges[..count] {
                    let slots = &mut out[..gauge.card().fields.len()];
                    slots.fill(Value::Missing);
                    gauge.measure(document, slots);
                    black_box(gauge.judge(slots));
                }
            });
        }
        table("views", &corpus, &view_names, |count, document| {
            for (_, view) in &VIEWS[..count] {
                black_box(view(document));
            }
        });
    }
}

/// The gauge as it measures Chinese words, if it can.
fn in_chinese(default: &'static BoundGauge) -> &'static BoundGauge {
    let same = |gauge: &&BoundGauge| gauge.card().id == default.card().id;
    let words = |gauge: &&BoundGauge| gauge.measuring().as_str().contains("\"words\":\"zh\"");
    GAUGES.iter().filter(same).find(words).unwrap_or(default)
}

/// Shows what each of `names` adds to the time of those before it. `run` runs the first so
/// many of them: asking for the time after each would take longer than most gauges do.
fn table(
    title: &str,
    corpus: &[String],
    names: &[&str],
    mut run: impl FnMut(usize, &Document<'_>),
) {
    let mut workspace = Workspace::new();
    let mut time = |count: usize| {
        let start = clock();
        for text in corpus {
            run(count, &workspace.open_text(text));
        }
        clock() - start
    };
    let times: Vec<f64> = (0..=names.len())
        .map(|count| (0..RUNS).map(|_| time(count)).fold(f64::INFINITY, f64::min))
        .collect();
    let (bytes, all) = (bytes(corpus) as f64, times[names.len()]);
    println!("{:.1} MB/s for all {title} together, on one core", bytes / all * 1e3);
    let mut added: Vec<(f64, &str)> =
        times.windows(2).map(|pair| pair[1] - pair[0]).zip(names.iter().copied()).collect();
    added.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("{:>9}{:>7}", "ns/byte", "share");
    for (nanoseconds, name) in added {
        let share = nanoseconds / all * 100.0;
        println!("{:9.2}{share:6.1}%  {name}", nanoseconds / bytes);
    }
}

/// Nanoseconds that this thread has worked, so that other work on the machine does not count.
fn clock() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 * 1e9 + now.tv_nsec as f64
}
