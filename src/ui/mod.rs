//! L5, feature `ui`: egui panels, which are functions from a view (`view`) to actions (`action`).
//!
//! Knows egui and the session's words, nothing of Bevy. No panel changes anything but `UiState`.
//! The one entry is [`shell_ui`]; the window aligns its own drawing with [`projection`].

mod map;
pub mod projection;
pub mod state;
pub mod theme;

mod briefing;
mod debrief;
mod dialogs;
mod exercise_screen;
mod keyboard;
mod leaves;
mod letters;
mod opening;
mod page;
mod runs;
mod seats;
mod shell;
mod shortcuts;
mod sources;
mod start;
mod wall;
mod widgets;

pub use crate::base::words as format;
pub use shell::{SIZE_MIN, ShellOutput, shell_ui};
pub use state::UiState;
