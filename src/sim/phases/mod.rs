//! The phases of a minute, one in each file; `World::step` calls them in a fixed order.
//!
//! docs/model.md states the rules. A phase must not visit entities that are not on its work lists or calendars.

pub mod hands;
pub mod hosts;
pub mod orders;
pub mod script;
pub mod services;
pub mod team;
pub mod trust;
