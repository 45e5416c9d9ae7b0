//! Views by panel and screen: plain data built from an exercise, ready to print.
//!
//! Must not change anything: a view can be built at any time, any number of times.

mod board;
pub mod cards;
mod clock;
pub mod debrief;
mod detail;
pub mod exercise_screen;
mod holds;
mod hosts;
mod inbox;
mod map;
mod mitigations;
mod notes;
mod orders;
mod source;
pub mod sources;
mod timeline;

pub use source::Source;
