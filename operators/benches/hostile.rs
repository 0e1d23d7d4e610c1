//! Time for each byte of texts that tend to make rules slow, at three sizes: fails if a gauge
//! or a view takes more than its time for long texts. `operators/README.md` tells how to run it.

#![expect(clippy::disallowed_methods, reason = "guides may name files of `tests/assets/`")]
#![expect(clippy::panic, reason = "a guide that cannot be read is shown")]
#![expect(clippy::print_stdout, reason = "a bench shows what it measured")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot start has nothing to report")]

use std::{collections::BTreeSet, env, hint::black_box, process::ExitCode};

use assay_operators::contract::{Value, Workspace};
use rustix::time::{ClockId, clock_gettime};

use crate::{gauges::GAUGES, texts::Endless, views::VIEWS};

#[path = "../tests/support/gauges.rs"]
mod gauges;
#[path = "../tests/support/texts.rs"]
mod texts;
#[path = "../tests/support/views.rs"]
mod views;

/// Bytes of a text, and how often each is measured; the shortest time counts, in memory that
/// was touched before, as it is from the second document on.
const SIZES: [(usize, usize); 3] = [(64 << 10, 5), (1 << 20, 2), (16 << 20, 2)];

/// How many times as long as at the first size a byte may take at the last. What is linear
/// still takes longer for each byte of a long text: tables of millions of words do not fit the
/// caches, and memory is touched for the first time. What is quadratic takes 256 times as long.
const MOST_TIMES: f64 = 8.0;

/// Nanoseconds for each byte below which a multiple says nothing.
const NOISE: f64 = 2.0;

/// What took longest for each byte, at each size.
#[derive(Clone, Copy, Default)]
struct Worst {
    nanoseconds: [f64; SIZES.len()],
    /// Number of the text, at each size.
    text: [usize; SIZES.len()],
    /// The text whose time grew most from the first size to the second, and how many times.
    growing: (usize, f64),
}

impl Worst {
    fn add(&mut self, size: usize, text: usize, nanoseconds: f64) {
        if self.nanoseconds[size] < nanoseconds {
            (self.nanoseconds[size], self.text[size]) = (nanoseconds, text);
        }
    }

    /// How many times as long a byte takes in a long text.
    fn times(&self) -> f64 {
        self.nanoseconds[SIZES.len() - 1] / self.nanoseconds[0].max(NOISE)
    }
}

fn main() -> ExitCode {
    let part = env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let mut texts = texts::texts();
    texts.retain(|text| part.as_ref().is_none_or(|part| text.name.contains(part)));
    let mut worst = vec![Worst::default(); VIEWS.len() + GAUGES.len()];
    for (number, text) in texts.iter().enumerate() {
        let [small, middle] = [0, 1].map(|size| times(text, size));
        for (worst, (small, middle)) in worst.iter_mut().zip(small.into_iter().zip(middle)) {
            worst.add(0, number, small);
            worst.add(1, number, middle);
            let times = middle / small.max(NOISE);
            if worst.growing.1 < times {
                worst.growing = (number, times);
            }
        }
    }
    // Long texts take minutes: of each gauge the slowest text, and the one that is slower the
    // longer it is.
    let long = worst.iter().flat_map(|worst| [worst.text[1], worst.growing.0]);
    for number in long.collect::<BTreeSet<usize>>() {
        for (worst, nanoseconds) in worst.iter_mut().zip(times(&texts[number], 2)) {
            worst.add(2, number, nanoseconds);
        }
    }
    report(&texts, &worst)
}

/// Nanoseconds for each byte of each view and then of each gauge, the views being at hand.
fn times(text: &Endless, size: usize) -> Vec<f64> {
    let (bytes, runs) = SIZES[size];
    let text = text.first(bytes);
    let mut workspace = Workspace::new();
    let mut best = vec![f64::INFINITY; VIEWS.len() + GAUGES.len()];
    let mut out: [Value; 32] = Default::default();
    for _ in 0..runs {
        let document = workspace.open_text(&text);
        let (of_views, of_gauges) = best.split_at_mut(VIEWS.len());
        for ((_, view), best) in VIEWS.iter().zip(of_views) {
            let start = clock();
            black_box(view(&document));
            *best = best.min(clock() - start);
        }
        for (gauge, best) in GAUGES.iter().zip(of_gauges) {
            let slots = &mut out[..gauge.card().fields.len()];
            slots.fill(Value::Missing);
            let start = clock();
            gauge.measure(&document, slots);
            *best = best.min(clock() - start);
            black_box(slots);
        }
    }
    best.iter().map(|nanoseconds| nanoseconds / text.len() as f64).collect()
}

/// Nanoseconds that this thread has worked, so that other work on the machine does not count.
fn clock() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    now.tv_sec as f64 * 1e9 + now.tv_nsec as f64
}

fn report(texts: &[Endless], worst: &[Worst]) -> ExitCode {
    println!("nanoseconds for each byte, of the slowest text; gauges without their views");
    println!("{:>9}{:>9}{:>9}{:>7}", "64 KiB", "1 MiB", "16 MiB", "times");
    let views = VIEWS.iter().map(|(name, _)| format!("view {name}"));
    let names = views.chain(GAUGES.iter().map(|gauge| gauge.measuring().as_str().to_owned()));
    let mut slow = Vec::new();
    for (name, worst) in names.zip(worst) {
        let [small, middle, large] = worst.nanoseconds;
        let (times, text) = (worst.times(), &texts[worst.text[2]].name);
        println!("{small:9.1}{middle:9.1}{large:9.1}{times:7.1}  {name}: {text}");
        if MOST_TIMES < times {
            slow.push(name);
        }
    }
    if slow.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("not linear, more than {MOST_TIMES} times as long for each byte: {slow:?}");
    ExitCode::FAILURE
}
