//! Errors of the command line. Each is reported once, on stderr, with an exit status.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::base::characters::{message, terminal};
use crate::files::FileError;
use crate::scenario::diagnostic::{Diagnostics, allowed};
use crate::synth::folder::FolderError;

/// A mistake in the input, ready for printing.
#[derive(Debug)]
pub struct Failure {
    text: String,
    code: u8,
}

impl Failure {
    /// A sentence without its full stop.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: format!("error: {}\n", message(&text.into())), code: 1 }
    }

    /// A sentence with advice.
    pub fn with_help(text: impl Into<String>, help: impl Into<String>) -> Self {
        Self { text: format!("error: {}\n help: {}\n", message(&text.into()), message(&help.into())), code: 1 }
    }

    /// A failure for an unknown name, with the nearest spelling and the list of names.
    pub fn unknown<'a>(what: &str, found: &str, names: impl IntoIterator<Item = &'a str>) -> Self {
        Self::with_help(format!("there is no {what} `{found}`"), allowed(found, names, &format!("{what}s")))
    }

    /// The same failure with more advice.
    pub fn and(mut self, help: &str) -> Self {
        self.text = format!("{}; {help}\n", self.text.trim_end());
        self
    }

    /// The same failure with the input that it concerns, as the last part of its first line.
    pub fn about(mut self, input: &str) -> Self {
        let (first, rest) = self.text.split_once('\n').unwrap_or((&self.text, ""));
        self.text = format!("{first}: {}\n{rest}", message(input));
        self
    }

    /// A failure that has been reported already: only its exit status matters.
    pub fn reported() -> Self {
        Self { text: String::new(), code: 1 }
    }

    /// The same failure with another exit status.
    #[cfg(feature = "gui")]
    pub fn with_code(mut self, code: u8) -> Self {
        self.code = code;
        self
    }

    /// Prints the failure and returns its exit status.
    pub fn report(self) -> ExitCode {
        // The error is dropped: if stderr is closed, the message cannot be printed anywhere.
        let _ = io::stderr().write_all(terminal(&self.text).as_bytes());
        ExitCode::from(self.code)
    }
}

impl From<Diagnostics> for Failure {
    fn from(found: Diagnostics) -> Self {
        Self { text: format!("{found}\n"), code: 1 }
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<FolderError> for Failure {
    fn from(error: FolderError) -> Self {
        match error {
            FolderError::NotEmpty(_) => Self::with_help(error.to_string(), "give a new folder or an empty one"),
            FolderError::File(error) => error.into(),
        }
    }
}

/// Installs a panic hook that says that the program is at fault and asks for a report.
pub fn install_panic_hook() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if ending_behind_panic().is_some() {
            // The end of the window reports it, once.
            return;
        }
        let mut stderr = io::stderr().lock();
        let _ = writeln!(
            stderr,
            "error: this is a mistake of Blackstart, not yours. Please report it with the command line and the lines \
             below; a run file helps if there is one (Blackstart {})",
            env!("CARGO_PKG_VERSION")
        );
        drop(stderr);
        usual(info);
    }));
}

/// The ending of the window behind a panic, with its message and exit status; none for a mistake of this program.
pub fn ending_behind_panic() -> Option<(String, u8)> {
    #[cfg(feature = "gui")]
    return crate::gui::ending::behind_panic().map(|ending| (ending.to_string(), ending.exit_code()));
    #[cfg(not(feature = "gui"))]
    None
}
