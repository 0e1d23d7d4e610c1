//! The commands that make a model and say how good it is.

use std::{
    collections::BTreeMap,
    fs,
    io::{Write, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
};

use assay_learn::{
    calibrate,
    corpus::{self, Row},
    judge,
    problem::Problem,
    recipe::{Recipe, make},
    train::Effort,
};
use assay_operators::linear::language::Languages;
use clap::{Args, Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Trains, calibrates and judges the models that ship with the operators")]
struct Command {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Make a model of languages out of corpora.
    Language(Make),
    /// Fit the confidence of a model to texts that it has not seen, in place.
    Trust(Judge),
    /// Say how often a model is right on texts that it has not seen.
    Judge(Judge),
    /// Write the answers of a model, one a line: language, script, confidence, share, other, its share.
    Answer(Judge),
}

#[derive(Args)]
struct Make {
    /// Parquet files with the columns text, lang and source.
    #[arg(required = true)]
    corpora: Vec<PathBuf>,
    /// Parquet files of pages and of code in pages, which teach what code looks like.
    #[arg(long)]
    pages: Vec<PathBuf>,
    /// Where the model goes.
    #[arg(short, long)]
    output: PathBuf,
    /// Sources to leave out.
    #[arg(long, value_delimiter = ',')]
    without: Vec<String>,
    /// Samples of each class.
    #[arg(long, default_value_t = 12_000)]
    samples: usize,
    /// Buckets of the table, of four grams each.
    #[arg(long, default_value_t = 27_372)]
    buckets: u32,
    /// How often every sample is seen.
    #[arg(long, default_value_t = 10)]
    epochs: i32,
    /// First learning rate.
    #[arg(long, default_value_t = 0.8)]
    rate: f64,
    /// Of everything that is drawn.
    #[arg(long, default_value_t = 1)]
    seed: i32,
}

#[derive(Args)]
struct Judge {
    /// The model.
    model: PathBuf,
    /// Parquet files with the columns text, lang and source.
    #[arg(required = true)]
    corpora: Vec<PathBuf>,
    /// Only these sources.
    #[arg(long, value_delimiter = ',')]
    source: Vec<String>,
    /// Texts of each source and language, the first ones.
    #[arg(long, default_value_t = usize::MAX)]
    most: usize,
    /// Bytes of each text that are scored, at most.
    #[arg(long, default_value_t = 8192)]
    budget: usize,
    /// A line for each language too.
    #[arg(long)]
    by_language: bool,
    /// How fast, instead of how good.
    #[arg(long)]
    speed: bool,
}

fn main() -> ExitCode {
    match run(&Command::parse().verb) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // Nothing can be done if this fails too.
            let _ = writeln!(std::io::stderr(), "error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(verb: &Verb) -> Result<(), Problem> {
    match verb {
        Verb::Language(args) => language(args),
        Verb::Trust(args) => {
            let missing = || Problem::Model { path: args.model.clone() };
            let bytes = calibrate::trusted(&read(&args.model)?, &chosen(args)?);
            write(&args.model, &bytes.ok_or_else(missing)?)
        }
        Verb::Judge(args) => with_model(args, |model, rows| {
            let out = &mut stdout().lock();
            if args.speed {
                return judge::speed(model, rows, args.budget, out);
            }
            judge::report(&judge::judge(model, rows, args.budget), args.by_language, out)
        }),
        Verb::Answer(args) => with_model(args, |model, rows| {
            let out = &mut stdout().lock();
            for row in rows {
                match model.read(&row.text, args.budget) {
                    Some(reading) => {
                        let verdict = reading.verdict;
                        let (language, script) = (verdict.language, verdict.script);
                        let (other, part) = reading.other.unwrap_or_default();
                        let (sure, share) = (verdict.confidence, reading.share);
                        writeln!(
                            out,
                            "{language}\t{script}\t{sure:.4}\t{share:.4}\t{other}\t{part:.4}"
                        )?;
                    }
                    None => writeln!(out, "\t\t0\t0\t\t0")?,
                }
            }
            Ok(())
        }),
    }
}

fn language(args: &Make) -> Result<(), Problem> {
    let rows = rows(&args.corpora, |row| !args.without.contains(&row.source))?;
    let pages = self::rows(&args.pages, |_| true)?;
    let bytes = make(
        &rows,
        &pages,
        &Recipe {
            samples: args.samples,
            buckets: args.buckets,
            effort: Effort { epochs: args.epochs, rate: args.rate, seed: args.seed },
        },
    )?;
    write(&args.output, &bytes)
}

fn with_model(
    args: &Judge,
    then: impl FnOnce(&Languages<'_>, &[Row]) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let bytes = read(&args.model)?;
    let model =
        Languages::parse(&bytes).ok_or_else(|| Problem::Model { path: args.model.clone() })?;
    then(&model, &chosen(args)?)
}

/// The texts that are asked for.
fn chosen(args: &Judge) -> Result<Vec<Row>, Problem> {
    let wanted = |row: &Row| args.source.is_empty() || args.source.contains(&row.source);
    let mut rows = rows(&args.corpora, wanted)?;
    let mut counts = BTreeMap::<(String, String), usize>::new();
    rows.retain(|row| {
        let count = counts.entry((row.source.clone(), row.lang.clone())).or_default();
        *count += 1;
        *count <= args.most
    });
    Ok(rows)
}

fn rows(corpora: &[PathBuf], wanted: impl Fn(&Row) -> bool) -> Result<Vec<Row>, Problem> {
    let mut all = Vec::new();
    for path in corpora {
        all.extend(corpus::read(path)?.into_iter().filter(&wanted));
    }
    Ok(all)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    fs::write(path, bytes).map_err(|error| Problem::File { path: path.to_owned(), error })
}

fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    fs::read(path).map_err(|error| Problem::File { path: path.to_owned(), error })
}
