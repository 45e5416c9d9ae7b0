//! The platform's folders for data and settings, and the check that a folder can be written.
//!
//! Must not leave files behind; only the checked folder itself may be new.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::error::{FileError, file_in_the_way};
use super::temporary::{Access, clear_leftovers, temporary_in};

/// The program's own folder below the folders of the platform.
const PROGRAM: &str = "blackstart";
/// The folder for runs and other data of people. None if the system names no such folder.
///
/// `$XDG_DATA_HOME/blackstart` (default `~/.local/share/blackstart`), on macOS
/// `~/Library/Application Support/blackstart`, on Windows `%APPDATA%\blackstart`.
pub fn data() -> Option<PathBuf> {
    Platform::HERE.folder(Purpose::Data, |name| env::var_os(name))
}

/// The folder for settings. None if the system names no such folder.
///
/// `$XDG_CONFIG_HOME/blackstart` (default `~/.config/blackstart`), on macOS and Windows the same
/// folder as [`data`].
pub fn config() -> Option<PathBuf> {
    Platform::HERE.folder(Purpose::Config, |name| env::var_os(name))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Platform {
    Unix,
    MacOs,
    Windows,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Data,
    Config,
}

impl Platform {
    const HERE: Self = if cfg!(windows) {
        Platform::Windows
    } else if cfg!(target_os = "macos") {
        Platform::MacOs
    } else {
        Platform::Unix
    };

    /// The folder for a purpose, from the environment. A relative path in a variable counts as unset, as the XDG
    /// specification demands: its meaning would change with the working folder.
    pub(super) fn folder(self, purpose: Purpose, variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
        let path = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.has_root());
        let home = |below: &str| path("HOME").map(|home| home.join(below));
        let parent = match (self, purpose) {
            (Platform::Unix, Purpose::Data) => path("XDG_DATA_HOME").or_else(|| home(".local/share")),
            (Platform::Unix, Purpose::Config) => path("XDG_CONFIG_HOME").or_else(|| home(".config")),
            (Platform::MacOs, _) => home("Library/Application Support"),
            (Platform::Windows, _) => path("APPDATA"),
        };
        parent.map(|parent| parent.join(PROGRAM))
    }
}

/// Creates the folder if it does not exist, removes temporary files of killed programs from it, and checks that
/// files can be written to it.
///
/// # Errors
/// The path is not a folder, or the folder cannot be created or written.
pub fn check_folder(folder: &Path) -> Result<(), FileError> {
    if !folder.is_dir() {
        let blocked = file_in_the_way(folder);
        if blocked.symlink_metadata().is_ok() {
            return Err(FileError::NotAFolder(blocked));
        }
        fs::create_dir_all(folder).map_err(|error| FileError::from_io("make the folder", folder, error))?;
    }
    clear_leftovers(folder, SystemTime::now());
    // A full disk may still have room for an empty file, so the probe writes bytes.
    let probe = temporary_in(folder, Access::Usual)
        .and_then(|mut probe| probe.write_all(b"blackstart").and_then(|()| probe.close()));
    probe.map_err(|error| FileError::from_io("write to the folder", folder, error))
}
