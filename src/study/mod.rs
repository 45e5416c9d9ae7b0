//! L4: studies over many runs, and the result of one run as numbers.
//!
//! `hindcast` compares runs with published numbers, `sensitivity` varies a scenario's figures, `swarm` tries
//! made-up scenarios. `Played` is one run with its score, its result and its files. Must not print, and must not
//! know windows.

pub mod calibrate;
pub mod confidence;
pub mod decisions;
mod evidence;
pub mod hindcast;
pub mod known;
pub mod novices;
mod outputs;
mod playbook;
mod played;
mod result;
mod score_band;
pub mod sensitivity;
pub mod swarm;
pub mod uncertain;
pub mod worth;

pub use crate::assess::comparisons::Progress;
pub use crate::assess::known::{FirstSign, Sight, Sign};
pub use crate::session::parallel;
pub use evidence::Evidence;
pub use outputs::{RunFiles, Table};
pub use playbook::add_playbook;
pub use played::{Played, setup_by_playbook, ticks_to_simulate};
pub use result::{Hosts, Recovery, RunResult, recoveries};
pub use score_band::{ScoreBand, percentiles};
