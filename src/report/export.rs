//! Results for other programs: tidy tables, sheets of a workbook, statements of learning records.
//!
//! Invariant: equal evidence makes equal bytes; no clock and no number of the machine.

pub mod sheets;
pub mod tidy;
pub mod xapi;
#[cfg(feature = "reports")]
pub mod xlsx;
