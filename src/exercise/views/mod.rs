//! Views by panel and screen: plain data built from an exercise, ready to print.
//!
//! Must not change anything: a view can be built at any time, any number of times.

mod board;
pub mod cards;
mod clock;
pub mod debrief;
mod detail;
mod hosts;
mod inbox;
mod map;
mod mitigations;
mod orders;
pub mod room;
mod source;
pub mod sources;
mod targets;
mod timeline;

pub use clock::clock_text;
pub use source::Source;
pub use targets::target_label;
