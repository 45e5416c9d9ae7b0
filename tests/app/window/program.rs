//! Child processes that end with the test.

use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

pub struct Program {
    pub child: Child,
}

impl Drop for Program {
    fn drop(&mut self) {
        // The error is dropped: the child has usually ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    /// Starts a command and keeps its output for the test.
    pub fn start(command: &mut Command) -> Self {
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        Self { child: child.unwrap_or_else(|error| panic!("{error}: {command:?}")) }
    }

    pub fn ended_within(&mut self, limit: Duration) -> Option<ExitStatus> {
        let begun = Instant::now();
        while begun.elapsed() < limit {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return Some(status);
            }
            sleep(Duration::from_millis(20));
        }
        None
    }

    /// All output of the child, after its end.
    pub fn said(&mut self) -> String {
        let mut text = String::new();
        if let Some(stdout) = &mut self.child.stdout {
            stdout.read_to_string(&mut text).expect("text");
        }
        if let Some(stderr) = &mut self.child.stderr {
            stderr.read_to_string(&mut text).expect("text");
        }
        text
    }

    /// Waits for an end with status 0; returns the output.
    pub fn succeeds_within(&mut self, limit: Duration) -> String {
        let status = self.ended_within(limit).unwrap_or_else(|| panic!("no end after {limit:?}"));
        let said = self.said();
        assert!(status.success() && !said.contains("panicked"), "{status}: {said}");
        said
    }
}

#[cfg(target_os = "linux")]
impl Program {
    /// Processor time used so far.
    pub fn busy(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("the program's figures");
        let after_name = stat.rsplit_once(')').expect("a name in brackets").1;
        // User and system time are fields 14 and 15, in hundredths of a second on every Linux of today.
        let ticks = after_name.split_whitespace().skip(11).take(2).map(|field| field.parse::<u64>().expect("a number"));
        Duration::from_millis(ticks.sum::<u64>() * 10)
    }

    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().expect("kill");
        assert!(status.success());
    }
}
