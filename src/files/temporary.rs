//! Temporary files: random names, created exclusively, so that no link in a shared folder is followed;
//! and what killed programs left of them.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use tempfile::{Builder, NamedTempFile};

/// What temporary names begin and end with; `check_folder` clears old files with such names.
pub(super) const PREFIX: &str = ".blackstart-";
pub(super) const SUFFIX: &str = ".part";
/// Random letters between the two.
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

/// Who may read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Whoever the user's mask lets read new files.
    Usual,
    /// Its owner alone.
    Owner,
}

pub(super) fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX).rand_bytes(RANDOM_LETTERS);
    // Temporary files are for their owner alone unless told otherwise; these become ordinary files,
    // which the user's mask decides about.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

/// Removes temporary files of this program that are older than an hour. A file that cannot be removed
/// stays: it is in nobody's way.
pub(super) fn clear_leftovers(folder: &Path, now: SystemTime) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if !name.starts_with(PREFIX) || !name.ends_with(SUFFIX) {
            continue;
        }
        // The entry's own metadata: a link is not followed.
        let Ok(metadata) = entry.metadata() else { continue };
        let age = metadata.modified().ok().and_then(|modified| now.duration_since(modified).ok());
        if metadata.is_file() && age.is_some_and(|age| LEFTOVER_AGE <= age) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
