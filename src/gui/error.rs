//! Errors of the window, the endings of an open window included.

use super::ending::Ending;

/// The reason why there is no window, or no longer one.
#[derive(Debug, thiserror::Error)]
pub enum GuiError {
    #[error("there is no display to open a window on: {0}")]
    NoDisplay(String),
    #[error("there is no graphics driver to draw a window with: {0}")]
    NoDriver(String),
    #[error("the window could not be started: {0}")]
    Start(String),
    /// The window was open and was not closed by its user.
    #[error("{0}")]
    Ended(Ending),
    #[error("{0}")]
    Scenario(String),
    #[cfg(feature = "automation")]
    #[error("automation line {line}: {message}")]
    Automation { line: usize, message: String },
    #[cfg(feature = "automation")]
    #[error(transparent)]
    File(#[from] crate::files::FileError),
}

impl GuiError {
    /// True if no window was ever shown, so that the terminal can take over.
    pub fn is_window_missing(&self) -> bool {
        matches!(self, Self::NoDisplay(_) | Self::NoDriver(_) | Self::Start(_))
    }

    /// True if a signal closed the window, which is meant for the whole program.
    pub fn is_signal(&self) -> bool {
        matches!(self, Self::Ended(Ending::Interrupted | Ending::Terminated | Ending::HungUp))
    }

    /// Exit status of the program after this error.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Ended(ending) => ending.exit_code(),
            #[cfg(feature = "automation")]
            Self::Automation { .. } => 3,
            _ => 1,
        }
    }
}
