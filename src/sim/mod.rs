//! L2: the world of a run. Commands enter at boundaries between ticks, steps move the world forward, observables read it.
//!
//! A run is a value: its state is a function of (scenario, seed, command log). So this module must not read a clock, do
//! input or output, start a thread, iterate a hash map or call platform-dependent mathematics; `tests/core/tidy/calls.rs`
//! holds the list of banned calls.

mod advance;
pub mod audit;
mod by_partition;
mod calendar;
mod called_off;
pub mod command;
mod digests;
pub mod fork;
pub mod held;
mod issuer;
pub mod memory;
pub mod messages;
pub mod observe;
pub mod phases;
pub mod possible;
mod prefetch;
mod queue;
mod queue_arena;
pub mod reach;
mod seal;
mod slice;
mod start;
mod state;
mod step;
mod views;
mod wheel;
pub mod world;

pub use command::{Command, Cost, Issuer, Refusal};
pub use possible::{Possible, possible};
pub use world::{HostState, OrderState, World};
