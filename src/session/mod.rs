//! L3: runs as values. A run has a setup, a log, digests and a record. The module also holds the exercise clock,
//! the run file and the execution of many runs in parallel.
//!
//! No other module advances a world. Must not know panels or windows, and must not judge runs (that is `assess`).

pub mod cast;
pub mod conduct;
pub mod fork;
pub mod held_back;
pub mod journal;
pub mod log;
mod looks;
pub mod memory;
pub mod pace;
pub mod parallel;
pub mod policy;
pub mod record;
pub mod run;
pub mod runfile;
pub mod service_time;
pub mod timeline;

pub use cast::{Cast, CastSeat, Player};
pub use conduct::Conduct;
pub use fork::{Change, Extent, Fork};
pub use journal::Journal;
pub use log::{LogEntry, Note, NoteTag, Origin, Remarks};
pub use pace::Pace;
pub use record::{Record, Sampling};
pub use run::{Run, Setup};
pub use timeline::Timeline;
