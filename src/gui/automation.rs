//! Automation, feature `automation`: a file of commands operates the real window, for tests and pictures.
//!
//! The player sends the messages that winit would send and reads the screen through egui's accessibility tree. It
//! must not call panels or the desk directly: a click goes mouse → Bevy → egui → action → desk. The frame's systems
//! must not know automation.

mod frame_times;
mod keys;
mod labels;
mod language;
mod player;
mod watch;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use bevy::prelude::App;

use super::error::GuiError;
use crate::files::read_regular;
use language::NumberedStep;

/// Largest automation file in bytes; real ones have some hundred lines.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// An automation file that was read and can be played.
pub struct Automation {
    steps: Vec<NumberedStep>,
    failure: FailureSlot,
}

impl Automation {
    /// Reads an automation file.
    ///
    /// # Errors
    /// The file cannot be read, or a line is no command.
    pub fn read(path: &Path) -> Result<Self, GuiError> {
        let bytes = read_regular(path, FILE_BYTES_MAX)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let steps = language::parse(&String::from_utf8_lossy(&bytes), folder)?;
        Ok(Self { steps, failure: FailureSlot::default() })
    }

    /// Adds the player, which takes the steps.
    pub fn install(&mut self, app: &mut App) {
        frame_times::install(app);
        watch::install(app);
        player::install(app, std::mem::take(&mut self.steps), self.failure.clone());
    }

    /// The step that failed; valid after the window was closed.
    pub fn failure(&self) -> Option<GuiError> {
        self.failure.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// The first step that failed; the player and [`Automation`] share it.
#[derive(Clone, Default)]
struct FailureSlot(Arc<Mutex<Option<GuiError>>>);

impl FailureSlot {
    fn set(&self, failure: GuiError) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(failure);
    }
}
