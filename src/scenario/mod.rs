//! L1: the scenario. Types of the documents that authors write (`schema`), reading (`load`), checks (`validate`),
//! and the indexed, immutable form on which the simulation runs (`compile`).
//!
//! Must not know of worlds, runs or windows.

pub mod compile;
pub mod diagnostic;
mod digest;
pub mod documents;
pub mod figures;
mod folder;
pub mod foreign;
mod graph;
pub mod letters;
pub mod library;
mod limits;
pub mod load;
pub mod message;
pub mod morning;
pub mod msel;
pub mod observable;
pub mod open;
pub mod place;
pub mod recover;
pub mod schema;
mod sheet;
mod source_files;
pub mod subjects;
mod texts;
pub mod validate;
mod walk;
