//! L2: the world of a run: commands in at tick boundaries, ticks forward, observables out.
//!
//! A run is a value: the state is a function of (scenario, seed, command log). So nothing here may
//! read a clock, do input or output, start a thread, iterate a hash map or call platform-dependent
//! mathematics; `tests/core/tidy/calls.rs` holds the list of banned calls.

mod advance;
pub mod audit;
mod calendar;
pub mod command;
pub mod memory;
pub mod observe;
pub mod phases;
mod pool;
pub mod possible;
mod queue;
pub mod reach;
mod seal;
mod state;
mod warm;
mod wheel;
mod window;
pub mod world;

pub use command::{Command, Cost, Issuer, Refusal};
pub use possible::{Possible, possible};
pub use world::{HostState, OrderState, World};
