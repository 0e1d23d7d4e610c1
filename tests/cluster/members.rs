//! A scheduler and executors as processes of their own.

use std::{
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use assay_tests::Workbench;

/// Running members of a cluster; they end with this value.
pub(crate) struct Members {
    /// Where runs are sent.
    pub url: String,
    token: String,
    processes: Vec<Child>,
}

impl Members {
    /// Starts a scheduler and `executors` executors in the folder of `bench`.
    pub(crate) fn start(bench: &Workbench, executors: usize) -> Self {
        bench.write("token", "a-token-of-at-least-16-characters");
        let token = bench.path("token").display().to_string();
        let address = format!("127.0.0.1:{}", free_port());
        let url = format!("http://{address}");
        let mut members = Self { url: url.clone(), token, processes: Vec::new() };
        members.spawn(&["scheduler", "--bind", &address]);
        wait_for(&address);
        for number in 0..executors {
            let bind = format!("127.0.0.1:{}", free_port());
            let work = bench.path(&format!("executor-{number}")).display().to_string();
            let role = ["executor", "--scheduler", &url, "--bind", &bind, "--work", &work];
            members.spawn(&role);
            wait_for(&bind);
        }
        members
    }

    /// The option that shows the token.
    pub(crate) fn token(&self) -> [&str; 2] {
        ["--token-file", &self.token]
    }

    fn spawn(&mut self, role: &[&str]) {
        let child = Command::new(env!("CARGO_BIN_EXE_assay-under-test"))
            .args(role)
            .args(self.token())
            .args(["--threads", "2"])
            // Relative paths would not mean the same here as in the run.
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        self.processes.push(child);
    }
}

impl Drop for Members {
    fn drop(&mut self) {
        for process in &mut self.processes {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn wait_for(address: &str) {
    let started = Instant::now();
    while TcpStream::connect(address).is_err() {
        assert!(started.elapsed() < Duration::from_secs(30), "{address} does not answer");
        sleep(Duration::from_millis(50));
    }
}
