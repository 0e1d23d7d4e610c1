//! Measures how `near_duplicates` does on pairs of texts.
//!
//! * `curve [PAIRS]`: how often pairs are proposed, against the curve, by exact similarity.
//! * `pairs FILE`: what is said about pairs, by family. Each line of the file is a JSON object
//!   with the strings `family`, `kept` and `removed`; with `show FAMILY` behind it, what
//!   decided.

#![expect(clippy::disallowed_methods, reason = "measures texts of a file")]

use std::{
    collections::BTreeMap,
    error::Error,
    fs,
    io::{Write, stdout},
};

use assay_operators::{
    contract::{Fraction, Relation, Sketch, Workspace},
    duplicate::{
        near::{
            Shingles, Sketcher, overlap,
            template::{Comparer, Verdict},
        },
        near_duplicates,
    },
};
use serde_json::Value as Json;

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["curve"] => curve(10_000),
        ["curve", pairs] => curve(pairs.parse()?),
        ["pairs", file] => pairs(file, None),
        ["pairs", file, "show", family] => pairs(file, Some(family)),
        _ => Err("give `curve [PAIRS]` or `pairs FILE [show FAMILY]`".into()),
    }
}

/// What was counted of one family.
#[derive(Default)]
struct Family {
    pairs: u64,
    similar: u64,
    /// Of the similar ones.
    proposed: u64,
    copy: u64,
    template: u64,
    longer: u64,
    reverse: u64,
}

fn pairs(file: &str, show: Option<&str>) -> Outcome {
    let sketch = default_sketch()?;
    let mut families = BTreeMap::<String, Family>::new();
    let (mut sketcher, mut comparer) = (Sketcher::new(&sketch), Comparer::default());
    let mut out = stdout().lock();
    for line in fs::read_to_string(file)?.lines() {
        let pair: Json = serde_json::from_str(line)?;
        let text = |key: &str| pair[key].as_str().unwrap_or_default();
        let (name, kept, removed) = (text("family"), text("kept"), text("removed"));
        let family = families.entry(name.to_owned()).or_default();
        family.pairs += 1;
        let [a, b] = [kept, removed].map(|text| shingles(&sketch, text));
        let both = overlap(a.hashes(), b.hashes());
        let similar = both.reaches(Fraction::percent(80));
        let keys = |sketcher: &mut Sketcher, text| {
            let mut keys = Vec::new();
            sketcher.bands(&Workspace::new().open_text(text), &mut keys);
            keys
        };
        let [x, y] = [kept, removed].map(|text| keys(&mut sketcher, text));
        let proposed = x.iter().zip(&y).any(|(x, y)| x == y);
        family.similar += u64::from(similar);
        family.proposed += u64::from(similar && proposed);
        let difference = comparer.compare(kept, removed);
        let verdict = difference.verdict;
        family.copy += u64::from(verdict == Verdict::Copy);
        family.template += u64::from(verdict == Verdict::Template);
        family.longer += u64::from(verdict == Verdict::Longer);
        family.reverse += u64::from(difference.reverse == Verdict::Copy);
        if show == Some(name) {
            writeln!(out, "{verdict:?} {:.3} {} places", both.jaccard(), difference.count)?;
            for place in &difference.places {
                let (kept, removed) = (place.kept.of(kept), place.removed.of(removed));
                writeln!(out, "    {}: {kept:?} → {removed:?}", place.kind)?;
            }
        }
    }
    writeln!(
        out,
        "family | pairs | similar | proposed | copy (95 %) | template | longer | reverse"
    )?;
    for (name, family) in families {
        let Family { pairs, similar, proposed, copy, template, longer, reverse } = family;
        let [low, high] = interval(copy, pairs).map(|share| share * 100.0);
        let share = copy as f64 / pairs as f64 * 100.0;
        writeln!(
            out,
            "{name} | {pairs} | {similar} | {proposed} | {copy} = {share:.1} % \
             ({low:.1}–{high:.1}) | {template} | {longer} | {reverse}"
        )?;
    }
    Ok(())
}

/// Pairs of texts by how similar they are, for sketches in use.
fn curve(pairs: u64) -> Outcome {
    let mut out = stdout().lock();
    let default = default_sketch()?;
    for (bands, rows) in [(default.bands, default.rows), (14, 8)] {
        let sketch = Sketch { bands, rows, ..default };
        writeln!(
            out,
            "\n{bands} × {rows}: text | shingles | Jaccard | pairs | curve | proposed | 95 %"
        )?;
        for (chinese, length) in
            [true, false].into_iter().flat_map(|zh| [30, 100, 500].map(|n| (zh, n)))
        {
            for wanted in (6..=20).map(|twentieths| f64::from(twentieths) / 20.0) {
                let point = Point { chinese, length, wanted };
                let (jaccard, expected, proposed) = point.measure(&sketch, pairs);
                let [low, high] = interval(proposed, pairs);
                let share = proposed as f64 / pairs as f64;
                let within = low - 0.01 <= expected && expected <= high + 0.01;
                writeln!(
                    out,
                    "{} | {length} | {jaccard:.3} | {pairs} | {expected:.4} | {share:.4} | \
                     {low:.4}–{high:.4} {}",
                    if chinese { "zh" } else { "en" },
                    if within { "" } else { "OUTSIDE" },
                )?;
            }
        }
    }
    Ok(())
}

/// Texts of one language and length, as similar as wanted.
struct Point {
    chinese: bool,
    length: usize,
    wanted: f64,
}

impl Point {
    /// Mean of the exact similarity, mean of the chance by the curve, and pairs proposed.
    fn measure(&self, sketch: &Sketch, pairs: u64) -> (f64, f64, u64) {
        let mut sketcher = Sketcher::new(sketch);
        let (mut jaccard, mut expected, mut proposed) = (0.0, 0.0, 0);
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for pair in 0..pairs {
            let [a, b] = self.texts(sketch, pair);
            let exact =
                overlap(shingles(sketch, &a).hashes(), shingles(sketch, &b).hashes()).jaccard();
            (jaccard, expected) = (jaccard + exact, expected + sketch.chance(exact));
            left.clear();
            right.clear();
            sketcher.bands(&Workspace::new().open_text(&a), &mut left);
            sketcher.bands(&Workspace::new().open_text(&b), &mut right);
            proposed += u64::from(left.iter().zip(&right).any(|(a, b)| a == b));
        }
        (jaccard / pairs as f64, expected / pairs as f64, proposed)
    }

    /// Two texts of random words whose beginning is the same.
    fn texts(&self, sketch: &Sketch, pair: u64) -> [String; 2] {
        let window = if self.chinese { sketch.characters } else { sketch.words } as usize - 1;
        // Of n shingles each, s shared: J = s / (2 n − s).
        let shared = (2.0 * self.length as f64 * self.wanted / (1.0 + self.wanted)).round();
        let words = self.length + window;
        let same = (0..=words).find(|same| shared <= same.saturating_sub(window) as f64);
        let mut state = pair.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ self.length as u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            u32::try_from(state >> 33).unwrap_or(0)
        };
        let mut word = |out: &mut String| {
            if self.chinese {
                out.extend(char::from_u32(0x4e00 + next() % 20_000));
            } else {
                out.push_str(&next().to_string());
                out.push(' ');
            }
        };
        let mut first = String::new();
        (0..same.unwrap_or(words)).for_each(|_| word(&mut first));
        let mut second = first.clone();
        for _ in same.unwrap_or(words)..words {
            word(&mut first);
            word(&mut second);
        }
        [first, second]
    }
}

fn default_sketch() -> Result<Sketch, Box<dyn Error>> {
    let signer = near_duplicates::KIND.bind(&toml::Table::new()).map_err(|_| "no defaults")?;
    match signer.relation() {
        Relation::Near(near) => Ok(near.sketch),
        _ => Err("not near".into()),
    }
}

fn shingles(sketch: &Sketch, text: &str) -> Shingles {
    let mut shingles = Shingles::default();
    shingles.fill(sketch, &Workspace::new().open_text(text));
    shingles
}

/// The interval of Clopper and Pearson at 95 %.
fn interval(hits: u64, all: u64) -> [f64; 2] {
    // The chance of at most `hits`, given the share.
    let at_most = |hits: u64, share: f64| -> f64 {
        let (mut sum, mut log) = (0.0, all as f64 * (1.0 - share).ln());
        for k in 0..=hits {
            sum += log.exp();
            log += ((all - k) as f64 / (k + 1) as f64).ln() + (share / (1.0 - share)).ln();
        }
        sum
    };
    let bisect = |above: &dyn Fn(f64) -> bool| {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if above(middle) { high = middle } else { low = middle }
        }
        low
    };
    let low = if hits == 0 { 0.0 } else { bisect(&|p| 0.025 < 1.0 - at_most(hits - 1, p)) };
    let high = if hits == all { 1.0 } else { bisect(&|p| at_most(hits, p) < 0.025) };
    [low, high]
}
