//! How fast a file is ingested: `throughput FILE OUT [THREADS]`.

use std::{error::Error, io::Write, path::PathBuf, time::Instant};

use assay_ingest::{format_of, ingest};
use assay_ledger::Folder;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let source = PathBuf::from(args.next().ok_or("give a FILE")?);
    let folder = Folder::new(args.next().ok_or("give an OUT folder")?);
    let threads = args.next().map_or(Ok(1), |threads| threads.parse())?;
    let format = format_of(&source).ok_or("the format is unknown")?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let start = Instant::now();
    let plain = ["text".to_owned()];
    let done = pool.install(|| ingest(format, &source, &folder, "throughput.parquet", &plain))?;
    let seconds = start.elapsed().as_secs_f64();
    let megabytes = std::fs::metadata(&source)?.len() as f64 / 1e6;
    writeln!(
        std::io::stdout(),
        "{} rows, {megabytes:.0} MB in {seconds:.2} s: {:.0} MB/s on {threads} threads",
        done.rows,
        megabytes / seconds,
    )?;
    Ok(())
}
