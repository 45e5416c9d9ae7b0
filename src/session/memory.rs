//! Whether the worlds of a run fit the memory of this machine, asked before anything is allocated for them.
//!
//! Linux says how much there is; elsewhere nothing is refused.

use crate::scenario::compile::Scenario;
use crate::sim::memory::{bytes_at_most, bytes_at_start};

/// Worlds that a played exercise has at once: its own, and that of one comparison run after the other.
pub const WORLDS_PLAYED: u64 = 2;
/// What helps where a run does not fit.
pub const ADVICE: &str = "fewer hosts need less: a population may simulate one member in so many (`one_in`)";

/// What a run needs and what there is, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    at_start: u64,
    at_most: u64,
    free: Option<u64>,
}

impl Need {
    /// The need of so many worlds at once on this machine.
    pub fn new(scenario: &Scenario, worlds: u64) -> Self {
        Self {
            at_start: bytes_at_start(scenario).saturating_mul(worlds),
            at_most: bytes_at_most(scenario).saturating_mul(worlds),
            free: free(),
        }
    }

    /// Why the worlds may not fit: a clause.
    pub fn problem(self) -> Option<String> {
        let free = self.free.filter(|free| *free < self.at_most)?;
        let (from, to) = (size(self.at_start), size(self.at_most));
        Some(format!("a run takes {from} of memory at its start and up to {to}; this machine has {} free", size(free)))
    }
}

/// `3.2 GB`
fn size(bytes: u64) -> String {
    const GB: f64 = 1e9;
    let bytes = bytes as f64;
    if bytes < 0.1 * GB { format!("{:.0} MB", (bytes / 1e6).ceil()) } else { format!("{:.1} GB", bytes / GB) }
}

/// Bytes that a program may still take: the machine's, or what is left to its group of processes.
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
        let told = "a run takes 0.6 GB of memory at its start and up to 10.2 GB; this machine has 2.0 GB free";
        assert_eq!(need.problem().as_deref(), Some(told));
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
