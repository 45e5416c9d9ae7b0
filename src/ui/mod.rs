//! L5, feature `ui`: egui panels: functions from a view model (`view`) to actions (`action`).
//!
//! Knows egui and the session's words, nothing of Bevy. No panel changes anything but `UiState`.
//! The one entry is [`shell_ui`]; the window aligns its own drawing with [`map`].

pub mod map;
pub mod state;
pub mod theme;

mod briefing;
mod debrief;
mod dialogs;
mod keys;
mod room;
mod seats;
mod shell;
mod sources;
mod start;
mod widgets;

pub use crate::base::words as format;
pub use shell::{ShellOutput, shell_ui};
pub use state::UiState;
