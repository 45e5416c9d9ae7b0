//! Writes made-up documents as a folder on the disk. Must not write into a folder that has files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::texts;
use crate::files::{FileError, Overwrite, WriteSet, is_leftover};
use crate::scenario::load::Documents;

/// The reason why a folder was not written.
#[derive(Debug, Error)]
pub enum FolderError {
    #[error("the folder is not empty and nothing is overwritten: {}", .0.display())]
    NotEmpty(PathBuf),
    #[error(transparent)]
    File(#[from] FileError),
}

/// Writes a scenario folder, which must be new or empty: all of its files or none. Every file begins with the head,
/// whole comment lines.
///
/// # Errors
/// The folder has a file already, or it cannot be written. Folders that the function has created are removed again
/// in that case.
pub fn write(folder: &Path, docs: &Documents, head: &str) -> Result<(), FolderError> {
    write_texts(folder, &texts::texts(docs, head))
}

/// Writes files into a folder, which must be new or empty: all of them or none. Names have `/` between folders.
///
/// # Errors
/// As `write`.
pub fn write_texts<N: AsRef<str>>(folder: &Path, texts: &[(N, String)]) -> Result<(), FolderError> {
    check_empty(folder)?;
    let mut made = Vec::new();
    let written = make(folder, &mut made).and_then(|()| write_files(folder, &mut made, texts));
    if written.is_err() {
        // A folder to which another program wrote meanwhile is not empty and stays.
        made.iter().rev().for_each(|folder| drop(fs::remove_dir(folder)));
    }
    Ok(written?)
}

/// Refuses a folder that has files. A folder that does not exist has none.
///
/// # Errors
/// The folder has a file already, or it cannot be read.
pub fn check_empty(folder: &Path) -> Result<(), FolderError> {
    let holds = holds_files(folder).map_err(|error| FileError::from_io("read the folder", folder, error))?;
    if holds { Err(FolderError::NotEmpty(folder.to_owned())) } else { Ok(()) }
}

fn write_files<N: AsRef<str>>(folder: &Path, made: &mut Vec<PathBuf>, texts: &[(N, String)]) -> Result<(), FileError> {
    // Another program may create a file meanwhile: it is not replaced.
    let mut files = WriteSet::new(Overwrite::Never);
    for (name, text) in texts {
        let path = name.as_ref().split('/').fold(folder.to_owned(), |path, part| path.join(part));
        make(path.parent().unwrap_or(folder), made)?;
        files.add(&path, text.as_bytes())?;
    }
    files.commit()
}

/// Creates a folder and its missing parents; `made` then lists the new folders, the uppermost first.
fn make(folder: &Path, made: &mut Vec<PathBuf>) -> Result<(), FileError> {
    let missing = folder.ancestors().take_while(|part| !part.as_os_str().is_empty() && !part.exists());
    let mut missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
    missing.reverse();
    fs::create_dir_all(folder).map_err(|error| FileError::from_io("make the folder", folder, error))?;
    made.extend(missing);
    Ok(())
}

/// Does the folder, or a folder below it, have files other than leftovers of killed programs? A folder that does
/// not exist has none.
fn holds_files(folder: &Path) -> io::Result<bool> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let holds =
            if entry.file_type()?.is_dir() { holds_files(&entry.path())? } else { !is_leftover(&entry.file_name()) };
        if holds {
            return Ok(true);
        }
    }
    Ok(false)
}
