//! L3: a run as a value: setup, log, digests, record; pace of the wall clock; twins; the run file.
//!
//! The only room that drives a world. Must not know of panels or windows, and must not judge
//! (that is `assess`).

pub mod fork;
mod looks;
pub mod pace;
pub mod policy;
pub mod record;
pub mod run;
pub mod runfile;
pub mod timeline;
pub mod twins;

pub use fork::{Extent, Fork};
pub use pace::Pace;
pub use record::Record;
pub use run::{LogEntry, Run, Setup};
pub use timeline::Timeline;
