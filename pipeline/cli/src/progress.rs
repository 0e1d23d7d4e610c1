//! What a run says while it works: a bar on a terminal, nothing where nobody looks.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use assay_engine::{Observer, Progress, RunEvent};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{heap, terminal};

/// Shows the events and counters of a run.
pub(crate) struct Display {
    bar: Arc<Mutex<Option<ProgressBar>>>,
    quiet: bool,
}

impl Display {
    pub(crate) fn new(quiet: bool) -> Self {
        Self { bar: Arc::default(), quiet }
    }

    /// Takes the events of a run whose counters are `progress`. Between stages, what the last
    /// one held goes back to the system.
    pub(crate) fn observer(&self, progress: &Arc<Progress>) -> Observer {
        let (bar, quiet) = (self.bar.clone(), self.quiet);
        let shown = !quiet && terminal::stderr_is_terminal();
        let progress = progress.clone();
        Arc::new(move |event| {
            if matches!(event, RunEvent::StageStarted { .. } | RunEvent::StageFinished { .. }) {
                heap::give_back();
            }
            let mut bar = bar.lock().unwrap_or_else(PoisonError::into_inner);
            match event {
                RunEvent::Warning(warning) if !quiet => match &*bar {
                    Some(bar) => bar.println(format!("warning: {warning}")),
                    None => terminal::say(format_args!("warning: {warning}")),
                },
                RunEvent::InputRead { files, rows, bytes } if shown => {
                    let size = bytesize::ByteSize(bytes);
                    terminal::say(format_args!("{files} files, {rows} rows, {size}"));
                }
                RunEvent::StageStarted { stage, rows, units, resumed } if shown => {
                    *bar = Some(start(stage, rows, units, resumed, &progress));
                }
                RunEvent::StageFinished { .. } => {
                    if let Some(bar) = bar.take() {
                        bar.finish_and_clear();
                    }
                }
                _ => {}
            }
        })
    }
}

fn start(
    stage: &str,
    rows: u64,
    units: u64,
    resumed: u64,
    progress: &Arc<Progress>,
) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(rows), ProgressDrawTarget::stderr());
    let template = "{prefix:>8} {bar:30} {percent:>3} % {human_pos} rows, {msg}, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_prefix(stage.to_owned());
    if 0 < resumed {
        bar.println(format!("{stage}: {resumed} of {units} units were done before"));
    }
    let (follower, progress) = (bar.clone(), Arc::downgrade(progress));
    let started = std::time::Instant::now();
    // The counters are polled, so that the hot loops know nothing of a display.
    std::thread::spawn(move || {
        while !follower.is_finished() {
            let Some(progress) = progress.upgrade() else { return };
            follower.set_position(progress.rows());
            let seconds = started.elapsed().as_secs_f64().max(0.001);
            let rate = progress.text_bytes() as f64 / seconds / 1e6;
            follower.set_message(format!("{rate:.0} MB/s"));
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    bar
}
