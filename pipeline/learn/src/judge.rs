//! How good a model is on texts whose language is known.

use std::{collections::BTreeMap, io::Write, time::Instant};

use assay_operators::linear::language::Languages;

use crate::{corpus::Row, problem::Problem};

/// What was right, and how sure the model was.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Score {
    /// Texts.
    pub count: usize,
    /// Texts whose language was named.
    pub right: usize,
    /// Texts by tenth of confidence, with how many were right and the sum of confidences.
    bins: [(usize, usize, f64); 10],
}

impl Score {
    /// Adds one answer.
    pub fn add(&mut self, right: bool, confidence: f64) {
        self.count += 1;
        self.right += usize::from(right);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place")]
        let bin = &mut self.bins[((confidence * 10.0) as usize).min(9)];
        bin.0 += 1;
        bin.1 += usize::from(right);
        bin.2 += confidence;
    }

    /// Share of right answers.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        self.right as f64 / self.count.max(1) as f64
    }

    /// Expected calibration error, over ten bins of equal width.
    #[must_use]
    pub fn calibration_error(&self) -> f64 {
        let gap = |&(_, right, sum): &(usize, usize, f64)| (right as f64 - sum).abs();
        self.bins.iter().map(gap).sum::<f64>() / self.count.max(1) as f64
    }
}

/// Answers to all of `rows`, by source and by class.
#[must_use]
pub fn judge(
    model: &Languages<'_>,
    rows: &[Row],
    budget: usize,
) -> BTreeMap<(String, String), Score> {
    let mut scores: BTreeMap<(String, String), Score> = BTreeMap::new();
    for row in rows {
        let reading = model.read(&row.text, budget);
        let right = reading.is_some_and(|reading| {
            agrees(&row.lang, reading.verdict.language, reading.verdict.script)
        });
        let confidence = reading.map_or(0.0, |reading| reading.verdict.confidence);
        scores.entry((row.source.clone(), row.lang.clone())).or_default().add(right, confidence);
    }
    scores
}

/// Whether an answer is the one wanted: the language, and its script if that is named.
/// Noise may be called without language and the other way round: both refuse it.
#[must_use]
pub fn agrees(wanted: &str, language: &str, script: &str) -> bool {
    match wanted.split_once('-') {
        Some((code, own)) => code == language && own == script,
        None if ["und", "zxx"].contains(&wanted) => ["und", "zxx"].contains(&language),
        None => wanted == language,
    }
}

/// Writes accuracy by source and, with `by_language`, by language.
pub fn report(
    scores: &BTreeMap<(String, String), Score>,
    by_language: bool,
    out: &mut impl Write,
) -> Result<(), Problem> {
    let mut sources: BTreeMap<&str, Vec<(&str, &Score)>> = BTreeMap::new();
    for ((source, lang), score) in scores {
        sources.entry(source).or_default().push((lang, score));
    }
    writeln!(out, "source\tlanguages\ttexts\tmacro accuracy\tcalibration error")?;
    for (source, langs) in &sources {
        let mut whole = Score::default();
        for (_, score) in langs {
            whole.count += score.count;
            whole.right += score.right;
            for (sum, more) in whole.bins.iter_mut().zip(score.bins) {
                *sum = (sum.0 + more.0, sum.1 + more.1, sum.2 + more.2);
            }
        }
        let mean =
            langs.iter().map(|(_, score)| score.accuracy()).sum::<f64>() / langs.len() as f64;
        let (count, error) = (whole.count, whole.calibration_error());
        writeln!(out, "{source}\t{}\t{count}\t{mean:.4}\t{error:.4}", langs.len())?;
        if by_language {
            for (lang, score) in langs {
                writeln!(out, "  {lang}\t\t{}\t{:.4}", score.count, score.accuracy())?;
            }
        }
    }
    Ok(())
}

/// Writes how fast `rows` are read on one thread, once whole and once within `budget`.
pub fn speed(
    model: &Languages<'_>,
    rows: &[Row],
    budget: usize,
    out: &mut impl Write,
) -> Result<(), Problem> {
    let read: usize = rows.iter().map(|row| row.text.len()).sum();
    writeln!(out, "budget\tbytes read\tbytes scored\tMB/s read\tMB/s scored")?;
    for budget in [usize::MAX, budget] {
        let scored: usize = rows.iter().map(|row| row.text.len().min(budget)).sum();
        let mut fastest = f64::INFINITY;
        for _ in 0..3 {
            let start = Instant::now();
            let answers = rows.iter().filter_map(|row| model.read(&row.text, budget)).count();
            std::hint::black_box(answers);
            fastest = fastest.min(start.elapsed().as_secs_f64());
        }
        let rate = |bytes: usize| bytes as f64 / 1e6 / fastest;
        let budget = if budget == usize::MAX { "all".to_owned() } else { budget.to_string() };
        writeln!(out, "{budget}\t{read}\t{scored}\t{:.1}\t{:.1}", rate(read), rate(scored))?;
    }
    Ok(())
}
