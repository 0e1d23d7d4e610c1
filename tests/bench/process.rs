//! Figures of a whole process.

use std::{
    fs,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// What a process took.
pub(crate) struct Figures {
    /// Seconds on the clock.
    pub wall: f64,
    /// Seconds of all threads.
    pub cpu: f64,
    /// Largest resident memory in bytes.
    pub peak: f64,
}

/// Runs `command` to its end; it must succeed.
pub(crate) fn measure(command: &mut Command) -> Figures {
    let started = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().expect("the command starts");
    let (mut peak, mut cpu) = (0.0_f64, 0.0_f64);
    let status = loop {
        // The last look before the process is gone is the largest.
        if let Some((bytes, seconds)) = look(child.id()) {
            (peak, cpu) = (peak.max(bytes), cpu.max(seconds));
        }
        if let Some(status) = child.try_wait().expect("the command can be waited for") {
            break status;
        }
        thread::sleep(Duration::from_millis(2));
    };
    let wall = started.elapsed().as_secs_f64();
    assert!(status.code().is_some_and(|code| code == 0 || code == 11), "{command:?}: {status}");
    Figures { wall, cpu, peak }
}

fn look(process: u32) -> Option<(f64, f64)> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some((kilobytes * 1024.0, ticks / 100.0))
}
