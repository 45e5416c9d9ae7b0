//! Views by panel and screen: plain data built from an exercise, ready to print.
//!
//! Must not change anything: a view can be built at any time, any number of times.

mod board;
pub mod cards;
mod clock;
mod conduct_log;
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
mod script;
mod source;
pub mod sources;
pub mod staff;
pub mod team;
mod timeline;

pub use source::Source;
