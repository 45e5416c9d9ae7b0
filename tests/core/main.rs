//! Tests of everything below the panels: the engine, the second engine beside it, the command line, the laws of the
//! source tree. They build without egui and Bevy.

mod advance;
#[cfg(feature = "server")]
#[path = "../support/browser.rs"]
mod browser;
mod changes;
mod cli;
mod comparisons;
mod debrief;
mod decisions;
mod desk;
mod engine;
mod exact;
mod exercise;
mod homework;
mod hosted;
mod kills;
mod known;
mod messages;
mod naive;
mod possible;
mod program;
mod reports;
mod runfiles;
#[cfg(feature = "server")]
mod server;
mod supply;
#[path = "../support/mod.rs"]
mod support;
mod swarm;
mod tidy;
mod time;
mod timeline;
mod trainee;
mod uncertain;
mod untrusted;
mod worlds;
mod worth;
