//! Writes made-up documents as a folder on the disk. Must not write into a folder that has entries.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::texts;
use crate::scenario::load::Documents;

/// The reason why a folder was not written.
#[derive(Debug, Error)]
pub enum FolderError {
    #[error("the folder is not empty and nothing is overwritten: {}", .0.display())]
    NotEmpty(PathBuf),
    #[error("this is no folder: {}", .0.display())]
    NotAFolder(PathBuf),
    #[error("{source}: {}", .path.display())]
    Io { path: PathBuf, source: io::Error },
}

/// Writes a scenario folder, which must be new or empty. Every file begins with the head, whole
/// comment lines.
///
/// # Errors
/// The folder has an entry already, or it cannot be written.
pub fn write(folder: &Path, docs: &Documents, head: &str) -> Result<(), FolderError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| FolderError::Io { path, source }
    };
    check_empty(folder)?;
    for part in [folder.to_owned(), folder.join("organisations")] {
        fs::create_dir_all(&part).map_err(failed(&part))?;
    }
    for (name, text) in texts::texts(docs, head) {
        let path = name.split('/').fold(folder.to_owned(), |path, part| path.join(part));
        // Another program may have created the file meanwhile: it is not replaced.
        let mut file = fs::File::create_new(&path).map_err(failed(&path))?;
        io::Write::write_all(&mut file, text.as_bytes()).map_err(failed(&path))?;
    }
    Ok(())
}

fn check_empty(folder: &Path) -> Result<(), FolderError> {
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(FolderError::NotEmpty(folder.to_owned())),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Err(FolderError::NotAFolder(folder.to_owned())),
        Err(source) => Err(FolderError::Io { path: folder.to_owned(), source }),
    }
}
