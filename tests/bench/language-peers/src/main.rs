//! Reads one text a line from standard input; writes what lingua and whichlang call it, as
//! codes of ISO 639, and at the end, to standard error, how long each took.

use std::{
    io::{BufWriter, Write, stdin, stdout},
    time::{Duration, Instant},
};

use lingua::LanguageDetectorBuilder;

fn main() -> std::io::Result<()> {
    let detector =
        LanguageDetectorBuilder::from_all_languages().with_preloaded_language_models().build();
    let mut out = BufWriter::new(stdout().lock());
    let mut took = [Duration::ZERO; 2];
    for line in stdin().lines() {
        let line = line?;
        let start = Instant::now();
        let one = detector.detect_language_of(&line);
        took[0] += start.elapsed();
        let start = Instant::now();
        let other = whichlang::detect_language(&line);
        took[1] += start.elapsed();
        let one = one.map_or_else(String::new, |language| language.iso_code_639_1().to_string());
        writeln!(out, "{one}\t{}", other.three_letter_code())?;
    }
    eprintln!("{}\t{}", took[0].as_secs_f64(), took[1].as_secs_f64());
    out.flush()
}
