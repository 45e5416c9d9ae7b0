//! L3: a run as a value: setup, log, digests, record; pace of the wall clock; the run file; many runs at once.
//!
//! The only module that drives a world. Must not know of panels or windows, and must not judge
//! (that is `assess`).

pub mod cast;
pub mod fork;
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
pub mod timeline;

pub use cast::{Cast, CastSeat, Player};
pub use fork::{Change, Extent, Fork};
pub use journal::Journal;
pub use log::{LogEntry, Note, NoteTag, Origin, Remarks};
pub use pace::Pace;
pub use record::Record;
pub use run::{Run, Setup};
pub use timeline::Timeline;
