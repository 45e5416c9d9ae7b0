//! Reads regular files up to a size limit, so that a pipe cannot hang the program and a device cannot fill its
//! memory.

use std::fs::{self, File, Metadata};
use std::io::Read;
use std::path::Path;

use super::error::FileError;

/// Reads a file of at most `bytes_max` bytes. Links are followed.
///
/// # Errors
/// The file does not exist, is a folder, a pipe, a device or a socket, is larger than `bytes_max`, or cannot be
/// read.
pub fn read_regular(path: &Path, bytes_max: u64) -> Result<Vec<u8>, FileError> {
    let failed = |error| FileError::from_io("read the file", path, error);
    // Opening a pipe waits for a writer, so the kind of the file is checked before it is opened.
    check(path, &fs::metadata(path).map_err(failed)?, bytes_max)?;
    let file = File::open(path).map_err(failed)?;
    // Another file may have replaced it meanwhile.
    let metadata = file.metadata().map_err(failed)?;
    check(path, &metadata, bytes_max)?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    // Files that grow, and files of /proc, have more bytes than their metadata says.
    file.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    check_size(path, bytes.len() as u64, bytes_max)?;
    Ok(bytes)
}

fn check(path: &Path, metadata: &Metadata, bytes_max: u64) -> Result<(), FileError> {
    if !metadata.is_file() {
        return Err(FileError::NotAFile { kind: kind(metadata), path: path.to_owned() });
    }
    check_size(path, metadata.len(), bytes_max)
}

fn check_size(path: &Path, found: u64, allowed: u64) -> Result<(), FileError> {
    if found <= allowed { Ok(()) } else { Err(FileError::TooLarge { found, allowed, path: path.to_owned() }) }
}

#[cfg(unix)]
fn kind(metadata: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let file_type = metadata.file_type();
    if file_type.is_dir() {
        "a folder"
    } else if file_type.is_fifo() {
        "a pipe"
    } else if file_type.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn kind(metadata: &Metadata) -> &'static str {
    if metadata.is_dir() { "a folder" } else { "a device" }
}
