//! `assay doctor`: what the machine offers.

use std::{fmt::Write, fs, path::PathBuf};

use bytesize::ByteSize;
use clap::Args;

use super::run::to_json;
use crate::{Exit, app::Common, error::CliError, terminal};

/// Show what assay finds on this machine, and what may get in the way.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Where runs would be written.
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
}

impl Doctor {
    pub(crate) fn run(&self, common: &Common) -> Result<Exit, CliError> {
        let mut facts: Vec<(&str, String)> = vec![
            ("version", env!("CARGO_PKG_VERSION").to_owned()),
            ("threads", common.threads().to_string()),
            ("memory", memory().map_or("unknown".into(), |it| ByteSize(it).to_string())),
            ("memory used at most", ByteSize(common.max_memory()).to_string()),
            ("processor", processor().to_owned()),
        ];
        let mut warnings = Vec::new();
        match writable(&self.folder) {
            Ok(locks) => {
                facts.push(("folder", format!("{} can be written", self.folder.display())));
                if !locks {
                    warnings.push(
                        "the file system has no locks: two runs in one folder cannot be kept apart",
                    );
                }
            }
            Err(error) => {
                facts.push(("folder", format!("{}: {error}", self.folder.display())));
                warnings.push("runs cannot be written here");
            }
        }
        if let Some(limit) = open_files() {
            facts.push(("open files", limit.to_string()));
            if limit < 1024 {
                warnings.push("few files may be open at a time; raise `ulimit -n`");
            }
        }
        if common.json {
            let facts: serde_json::Map<String, serde_json::Value> =
                facts.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
            let all = serde_json::json!({ "facts": facts, "warnings": warnings });
            terminal::data(format_args!("{}\n", to_json(&all)?))?;
        } else {
            let mut out = String::new();
            for (name, value) in facts {
                let _ = writeln!(out, "{name:20} {value}");
            }
            for warning in warnings {
                let _ = writeln!(out, "warning: {warning}");
            }
            terminal::data(out)?;
        }
        Ok(Exit::Ok)
    }
}

/// Bytes of memory that this process may use: the machine's, or its control group's.
pub(crate) fn memory() -> Option<u64> {
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?.trim().to_owned();
        line.strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    });
    let limits = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];
    let group = limits.iter().find_map(|path| fs::read_to_string(path).ok()?.trim().parse().ok());
    match (machine, group) {
        (Some(machine), Some(group)) => Some(machine.min(group)),
        (one, other) => one.or(other),
    }
}

/// Vector instructions that the kernels pick at run time.
fn processor() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512bw") {
            return "x86-64 with AVX-512";
        }
        if is_x86_feature_detected!("avx2") {
            return "x86-64 with AVX2";
        }
    }
    std::env::consts::ARCH
}

fn writable(folder: &std::path::Path) -> Result<bool, std::io::Error> {
    let path = folder.join(format!(".assay-doctor-{}", std::process::id()));
    let file = fs::File::create(&path)?;
    let locks = file.try_lock().is_ok();
    fs::remove_file(&path)?;
    Ok(locks)
}

fn open_files() -> Option<u64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find(|line| line.starts_with("Max open files"))?;
    line.split_whitespace().nth(3)?.parse().ok()
}
