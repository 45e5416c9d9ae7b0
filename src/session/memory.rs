//! Checks that the worlds of a run fit the memory of this machine, before they are allocated.
//!
//! Only Linux reports its free memory; on other systems nothing is refused.

use crate::scenario::compile::Scenario;
use crate::sim::memory::{bytes_at_most, bytes_at_start};

/// Number of worlds that an exercise has in memory at once: its own, and the world of one comparison run after the
/// other.
pub const WORLDS_PLAYED: u64 = 2;
/// Advice for a run that does not fit.
pub const ADVICE: &str =
    "fewer hosts need less memory: with `one_in`, a population simulates only one member in so many";

/// The memory that worlds need and the free memory, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    at_start: u64,
    at_most: u64,
    free: Option<u64>,
}

impl Need {
    /// The need of a number of worlds at once on this machine.
    pub fn new(scenario: &Scenario, worlds: u64) -> Self {
        Self {
            at_start: bytes_at_start(scenario).saturating_mul(worlds),
            at_most: bytes_at_most(scenario).saturating_mul(worlds),
            free: free(),
        }
    }

    /// A clause with the reason why the worlds may not fit; none if they fit.
    pub fn problem(self) -> Option<String> {
        let free = self.free.filter(|free| *free < self.at_most)?;
        let (from, to) = (size(self.at_start), size(self.at_most));
        Some(format!("a run needs {from} of memory at its start and up to {to}; this machine has {} free", size(free)))
    }
}

/// `3.2 GB`
fn size(bytes: u64) -> String {
    const GB: f64 = 1e9;
    let bytes = bytes as f64;
    if bytes < 0.1 * GB { format!("{:.0} MB", (bytes / 1e6).ceil()) } else { format!("{:.1} GB", bytes / GB) }
}

/// Bytes that the program can still allocate: the free memory of the machine or of the process's control group,
/// whichever is smaller.
fn free() -> Option<u64> {
    let meminfo = std::fs::read_to_string("/proc/meminfo").ok()?;
    let of_machine = available(&meminfo)?;
    let number =
        |name: &str| std::fs::read_to_string(format!("/sys/fs/cgroup/{name}")).ok()?.trim().parse::<u64>().ok();
    let of_group = number("memory.max").map(|most| most.saturating_sub(number("memory.current").unwrap_or(0)));
    Some(of_group.map_or(of_machine, |group| group.min(of_machine)))
}

/// `MemAvailable` of `/proc/meminfo` in bytes.
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib.saturating_mul(1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_told() {
        let need = Need { at_start: 600_000_000, at_most: 10_200_000_000, free: Some(2_000_000_000) };
        let expected = "a run needs 0.6 GB of memory at its start and up to 10.2 GB; this machine has 2.0 GB free";
        assert_eq!(need.problem().as_deref(), Some(expected));
        assert_eq!(Need { free: Some(20_000_000_000), ..need }.problem(), None);
        assert_eq!(Need { free: None, ..need }.problem(), None);
        assert_eq!(size(12_345_678), "13 MB");
    }

    #[test]
    fn linux_says_what_is_available() {
        assert_eq!(available("MemTotal: 3 kB\nMemAvailable:   1024 kB\n"), Some(1 << 20));
        assert_eq!(available("MemTotal: 3 kB\n"), None);
    }
}
