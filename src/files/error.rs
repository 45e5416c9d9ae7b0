//! Errors of reading and writing files. The path comes last in every message.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::base::words::thousands;

/// The reason why a file could not be read or written.
#[derive(Debug, Error)]
pub enum FileError {
    #[error("the file already exists; give another folder or --force: {}", .0.display())]
    Exists(PathBuf),
    #[error("the disk is full, nothing was written: {}", .0.display())]
    DiskFull(PathBuf),
    #[error("there is no permission to {doing}: {}", .path.display())]
    Permission { doing: &'static str, path: PathBuf },
    #[error("this is a file and not a folder: {}", .0.display())]
    NotAFolder(PathBuf),
    /// `kind` is `a folder`, `a pipe`, `a device` or `a socket`.
    #[error("this is {kind} and not a file: {}", .path.display())]
    NotAFile { kind: &'static str, path: PathBuf },
    /// `found` is at least the file's size in bytes; a file that grows while it is read may be larger.
    #[error(
        "the file has {} bytes, and a file of this kind has at most {}: {}",
        thousands(*.found), thousands(*.allowed), .path.display()
    )]
    TooLarge { found: u64, allowed: u64, path: PathBuf },
    #[error("the file is open in another window: {}", .0.display())]
    InUse(PathBuf),
    #[error("there is no such file or folder: {}", .0.display())]
    Missing(PathBuf),
    #[error("cannot {doing} ({reason}): {}", .path.display())]
    Other { doing: &'static str, reason: io::Error, path: PathBuf },
    /// A set of files that could be neither completed nor undone.
    #[error("{cause}; other files of the same command were written and could not be taken back: {}", listed(.left))]
    Partial { cause: Box<FileError>, left: Vec<PathBuf> },
}

impl FileError {
    /// The error of an operation on a path; `doing` completes "cannot …".
    pub fn from_io(doing: &'static str, path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::AlreadyExists => FileError::Exists(path),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => FileError::DiskFull(path),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                FileError::Permission { doing, path }
            }
            io::ErrorKind::IsADirectory => FileError::NotAFile { kind: "a folder", path },
            io::ErrorKind::NotADirectory => FileError::NotAFolder(file_in_the_way(&path)),
            io::ErrorKind::NotFound => FileError::Missing(path),
            _ => FileError::Other { doing, reason: error, path },
        }
    }
}

/// The first part of a path that exists and is not a folder; otherwise the path itself.
pub(super) fn file_in_the_way(path: &Path) -> PathBuf {
    let mut parts: Vec<&Path> = path.ancestors().collect();
    parts.reverse();
    let found = parts.into_iter().find(|part| part.symlink_metadata().is_ok() && !part.is_dir());
    found.unwrap_or(path).to_owned()
}

fn listed(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}
