//! Files that appear whole or not at all, and never in place of another by accident.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// What to do where the file is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwrite {
    Never,
    Allowed,
}

/// Why a file could not be written or read; the path comes last.
#[derive(Debug, Error)]
pub enum FileError {
    #[error("the file is there already; give another folder or --force: {}", .0.display())]
    Exists(PathBuf),
    #[error("the disk is full, nothing was written: {}", .0.display())]
    DiskFull(PathBuf),
    #[error("there is no permission to {doing}: {}", .path.display())]
    Permission { doing: &'static str, path: PathBuf },
    #[error("this is a file and not a folder: {}", .0.display())]
    NotAFolder(PathBuf),
    #[error("there is no such file or folder: {}", .0.display())]
    Missing(PathBuf),
    #[error("cannot {doing} ({reason}): {}", .path.display())]
    Other { doing: &'static str, reason: io::Error, path: PathBuf },
}

impl FileError {
    pub(super) fn of(doing: &'static str, path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::AlreadyExists => FileError::Exists(path),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => FileError::DiskFull(path),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                FileError::Permission { doing, path }
            }
            io::ErrorKind::NotADirectory => FileError::NotAFolder(path),
            io::ErrorKind::NotFound => FileError::Missing(path),
            _ => FileError::Other { doing, reason: error, path },
        }
    }
}

/// Writes a file under a temporary name in the same folder and gives it its name when it is whole.
///
/// # Errors
/// The file is there (and may not be replaced), the folder cannot be written, the disk is full. The
/// file is then as it was before.
pub fn write_atomic(path: &Path, bytes: &[u8], overwrite: Overwrite) -> Result<(), FileError> {
    if overwrite == Overwrite::Never && path.symlink_metadata().is_ok() {
        return Err(FileError::Exists(path.to_owned()));
    }
    let temporary = temporary_beside(path);
    let written = write_whole(&temporary, bytes).and_then(|()| name(&temporary, path, overwrite));
    if written.is_err() {
        // What is left under the temporary name is of no use to anybody.
        let _ = fs::remove_file(&temporary);
    }
    written.map_err(|error| FileError::of("write the file", path, error))
}

fn temporary_beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.part", std::process::id()))
}

fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn name(temporary: &Path, path: &Path, overwrite: Overwrite) -> io::Result<()> {
    if overwrite == Overwrite::Allowed {
        return fs::rename(temporary, path);
    }
    // A rename would replace a file that appeared meanwhile; a second link refuses to.
    match fs::hard_link(temporary, path) {
        Ok(()) => fs::remove_file(temporary),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // Not every file system has links.
        Err(_) if path.symlink_metadata().is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(temporary, path),
    }
}

/// Makes the folder if it is not there and finds out whether files can be written to it.
///
/// # Errors
/// It is no folder, it cannot be made or it cannot be written.
pub fn check_folder(folder: &Path) -> Result<(), FileError> {
    if folder.exists() && !folder.is_dir() {
        return Err(FileError::NotAFolder(folder.to_owned()));
    }
    fs::create_dir_all(folder).map_err(|error| FileError::of("make the folder", folder, error))?;
    let probe = temporary_beside(&folder.join("probe"));
    let written = fs::write(&probe, b"blackstart");
    let _ = fs::remove_file(&probe);
    written.map_err(|error| FileError::of("write to the folder", folder, error))
}

/// Writes a file as `stem.extension`, or under the first free `stem-2.extension`, `stem-3.extension`, …
///
/// # Errors
/// The folder cannot be made or written, or the disk is full.
pub fn write_numbered(folder: &Path, stem: &str, extension: &str, bytes: &[u8]) -> Result<PathBuf, FileError> {
    check_folder(folder)?;
    let mut number = 1_u32;
    loop {
        let name = match number {
            1 => format!("{stem}.{extension}"),
            _ => format!("{stem}-{number}.{extension}"),
        };
        let path = folder.join(name);
        match write_atomic(&path, bytes, Overwrite::Never) {
            Err(FileError::Exists(_)) => number += 1,
            Err(error) => return Err(error),
            Ok(()) => return Ok(path),
        }
    }
}
