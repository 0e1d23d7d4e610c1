//! Time for each byte of texts that tend to make rules slow, at three sizes: fails if a gauge
//! or a view takes more than its time for long texts. `operators/README.md` tells how to run it.

#![expect(clippy::disallowed_methods, reason = "a bench measures time")]
#![expect(clippy::print_stdout, reason = "a bench shows what it measured")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot start has nothing to report")]

use std::{env, hint::black_box, process::ExitCode, time::Instant};

use assay_operators::contract::{BoundGauge, Value, Workspace};

#[path = "../tests/support/gauges.rs"]
mod gauges;
#[path = "../tests/support/texts.rs"]
mod texts;
#[path = "../tests/support/views.rs"]
mod views;

/// Bytes of a text, and how often each is measured; the shortest time counts.
const SIZES: [(usize, usize); 3] = [(64 << 10, 5), (1 << 20, 2), (16 << 20, 1)];

/// How many times as long as at the first size a byte may take at the last. What is linear
/// still takes longer for each byte of a long text, since tables of 16 million words do not
/// fit the caches: a look-up that costs 2 ns in the first size costs 10 in the last. What is
/// quadratic takes 256 times as long.
const MOST_TIMES: f64 = 8.0;

/// Nanoseconds for each byte below which a multiple says nothing.
const NOISE: f64 = 2.0;

/// The most that something took for each byte, at each size, and with which text.
#[derive(Clone, Copy, Default)]
struct Worst<'n>([(f64, &'n str); SIZES.len()]);

impl<'n> Worst<'n> {
    fn add(&mut self, size: usize, nanoseconds: f64, text: &'n str) {
        if self.0[size].0 < nanoseconds {
            self.0[size] = (nanoseconds, text);
        }
    }

    /// How many times as long a byte takes in a long text.
    fn times(&self) -> f64 {
        self.0[SIZES.len() - 1].0 / self.0[0].0.max(NOISE)
    }
}

fn main() -> ExitCode {
    let part = env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let part = part.unwrap_or_default();
    let texts = texts::texts();
    let gauges = gauges::gauges();
    let views = views::VIEWS.iter().map(|(name, _)| format!("view {name}"));
    let names: Vec<String> =
        views.chain(gauges.iter().map(|gauge| gauge.card().id.to_owned())).collect();
    let mut worst = vec![Worst::default(); names.len()];
    for text in texts.iter().filter(|text| text.name.contains(&part)) {
        for (size, &(bytes, runs)) in SIZES.iter().enumerate() {
            let times = times(&text.first(bytes), runs, &gauges);
            for (worst, nanoseconds) in worst.iter_mut().zip(times) {
                worst.add(size, nanoseconds, &text.name);
            }
        }
    }
    report(&names, &worst)
}

/// Nanoseconds for each byte of each view and then of each gauge, the views being at hand.
fn times(text: &str, runs: usize, gauges: &[BoundGauge]) -> Vec<f64> {
    let mut workspace = Workspace::new();
    let mut best = vec![f64::INFINITY; views::VIEWS.len() + gauges.len()];
    let mut out: [Value; 32] = Default::default();
    for _ in 0..runs {
        let document = workspace.open_text(text);
        let (of_views, of_gauges) = best.split_at_mut(views::VIEWS.len());
        for ((_, view), best) in views::VIEWS.iter().zip(of_views) {
            let start = Instant::now();
            black_box(view(&document));
            *best = best.min(start.elapsed().as_secs_f64());
        }
        for (gauge, best) in gauges.iter().zip(of_gauges) {
            let start = Instant::now();
            let slots = &mut out[..gauge.card().fields.len()];
            slots.fill(Value::Missing);
            gauge.measure(&document, slots);
            black_box(gauge.judge(slots));
            *best = best.min(start.elapsed().as_secs_f64());
        }
    }
    best.iter().map(|seconds| seconds * 1e9 / text.len().max(1) as f64).collect()
}

fn report(names: &[String], worst: &[Worst<'_>]) -> ExitCode {
    println!("nanoseconds for each byte, of the text that takes longest; gauges without views");
    println!("{:>9}{:>9}{:>9}{:>7}", "64 KiB", "1 MiB", "16 MiB", "times");
    let mut slow = Vec::new();
    for (name, worst) in names.iter().zip(worst) {
        let [small, middle, large] = worst.0;
        let times = worst.times();
        println!("{:9.1}{:9.1}{:9.1}{times:7.1}  {name}: {}", small.0, middle.0, large.0, large.1);
        if MOST_TIMES < times {
            slow.push(name);
        }
    }
    if slow.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("not linear, above {MOST_TIMES} times: {slow:?}");
    ExitCode::FAILURE
}
