//! What happens in a minute, one phase a file, in the order `World::step` calls them.
//!
//! docs/model.md states the rules; a phase changes state only for entities on its work lists.

pub mod hands;
pub mod hosts;
pub mod orders;
pub mod script;
pub mod services;
pub mod trust;
