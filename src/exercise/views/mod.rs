//! Views by screen: plain data built from a run, ready to print.
//!
//! Must not change anything: a view can be built at any time, any number of times.

pub mod cards;
pub mod debrief;
pub mod room;
pub mod sources;
