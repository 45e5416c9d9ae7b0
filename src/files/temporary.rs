//! Creates temporary files exclusively under random names, so that no link in a shared folder is followed, and
//! removes temporary files of killed programs.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use tempfile::{Builder, NamedTempFile};

/// Beginning and end of temporary names; `check_folder` removes old files with such names.
pub(super) const PREFIX: &str = ".blackstart-";
pub(super) const SUFFIX: &str = ".part";
/// Number of random letters between beginning and end.
const RANDOM_LETTERS: usize = 12;

/// A temporary file of this age belongs to a program that was killed. No write takes this long.
const LEFTOVER_AGE: Duration = Duration::from_secs(60 * 60);

/// A new file with a random name that only this program writes to, removed when it is dropped.
pub(super) fn temporary_in(folder: &Path, access: Access) -> io::Result<NamedTempFile> {
    let mut builder = builder();
    #[cfg(unix)]
    if access == Access::Owner {
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600));
    }
    // Other systems give a new file the access of its folder.
    let _ = access;
    builder.tempfile_in(folder)
}

/// The people who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Everybody who may read new files under the user's umask.
    Usual,
    /// Only the file's owner.
    Owner,
}

pub(super) fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX).rand_bytes(RANDOM_LETTERS);
    // By default only the owner may read a temporary file. This one becomes an ordinary file, so it gets the rights
    // that the user's umask allows.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

/// Is this the name of a temporary file of this program?
pub fn is_leftover(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with(PREFIX) && name.ends_with(SUFFIX)
}

/// Removes temporary files of this program that are older than an hour. A file that cannot be removed stays: it
/// does no harm.
pub(super) fn clear_leftovers(folder: &Path, now: SystemTime) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if !is_leftover(&entry.file_name()) {
            continue;
        }
        // This reads the metadata of the entry itself: a link is not followed.
        let Ok(metadata) = entry.metadata() else { continue };
        let age = metadata.modified().ok().and_then(|modified| now.duration_since(modified).ok());
        if metadata.is_file() && age.is_some_and(|age| LEFTOVER_AGE <= age) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
