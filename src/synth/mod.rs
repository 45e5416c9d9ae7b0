//! L4: scenarios that a program makes up from a number, as an author would have written them.
//!
//! `generate` makes worlds of any size, `swarm` small scenarios full of corner cases, and commands for
//! them. `texts` prints documents as the files of a scenario folder, `folder` writes them. Equal numbers
//! give equal documents and bytes on every machine. Must not simulate anything.

pub mod dice;
pub mod folder;
pub mod generate;
pub mod swarm;
pub mod texts;
