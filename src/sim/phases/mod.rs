//! What happens in a minute, one phase a file, in the order `World::step` calls them.

pub mod hands;
pub mod hosts;
pub mod orders;
pub mod script;
pub mod services;
pub mod trust;
