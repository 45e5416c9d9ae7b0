//! Blackstart replays a documented IT incident as a living simulation and lets people run the recovery.
//!
//! The rooms of the house, from the ground up; arrows point down only (`docs/ARCHITECTURE.md` has
//! the laws, `tests/core/tidy/layers.rs` holds the table of who may use whom):
//!
//! | room | what it is for |
//! |---|---|
//! | [`base`] | ticks, shares, keyed draws, digests |
//! | [`files`] | files that appear whole, bounded reading, the platform's folders |
//! | [`scenario`] | the scenario as authors write it, its diagnostics, its compiled form |
//! | [`sim`] | the world: commands in, ticks forward, observables out |
//! | [`session`] | a run as a value: log, pace, run file |
//! | [`assess`] | score and tables |
//! | [`synth`] | made-up scenarios |
//! | [`study`] | many runs: hindcast, sensitivity, swarm |
//! | [`report`] | results as tables, CSV, JSON and pictures |
//! | [`exercise`] | an exercise behind its screens: views, actions, the desk |
//! | `ui` (feature `ui`) | panels: functions from a view model to actions |
//! | `gui` (feature `gui`) | the window: Bevy around the panels |
//! | `server` (feature `server`) | a facilitated exercise for browsers on the local network |
//! | [`cli`] | subcommands |

pub mod assess;
pub mod base;
pub mod cli;
pub mod exercise;
pub mod files;
#[cfg(feature = "gui")]
pub mod gui;
pub mod report;
pub mod scenario;
#[cfg(feature = "server")]
pub mod server;
pub mod session;
pub mod sim;
pub mod study;
pub mod synth;
#[cfg(feature = "ui")]
pub mod ui;
