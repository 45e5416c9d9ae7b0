//! Writes each file completely or not at all, and the files of one command together or not at all.
//!
//! Bytes go to a temporary file with a random name in the same folder, created exclusively, so that
//! no link in a shared folder is followed. The file gets its name once its bytes are on the disk, and
//! then the folder is synced, so that the name survives a power failure too.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use super::error::FileError;
use super::folders::check_folder;
use super::temporary::{Access, builder, temporary_in};

/// May a file that already exists be replaced?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwrite {
    Never,
    Allowed,
}

/// Files that appear under their names together, or not at all.
///
/// `add` writes a file's bytes under a temporary name. `commit` then gives all files their names; if one of them
/// cannot get its name, the files named before lose theirs again, and replaced files come back. A set that is
/// dropped without `commit` leaves nothing.
#[derive(Debug)]
pub struct WriteSet {
    overwrite: Overwrite,
    staged: Vec<(PathBuf, TempPath)>,
}

impl WriteSet {
    pub fn new(overwrite: Overwrite) -> Self {
        Self { overwrite, staged: Vec::new() }
    }

    /// Writes a file's bytes to the disk, under a temporary name.
    ///
    /// # Errors
    /// The name is taken (and may not be replaced), the folder cannot be written, the disk is full.
    pub fn add(&mut self, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
        self.add_with(path, |file| file.write_all(bytes))
    }

    /// The same for a private file (a key), which only its owner may read.
    ///
    /// # Errors
    /// As `add`.
    pub fn add_private(&mut self, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
        self.stage(path, Access::Owner, |file| file.write_all(bytes))
    }

    /// The same for bytes that `write` produces while it writes them to an unbuffered file.
    ///
    /// # Errors
    /// As `add`, and the errors of `write`.
    pub fn add_with(&mut self, path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), FileError> {
        self.stage(path, Access::Usual, write)
    }

    /// Begins a file that the caller writes step by step; `take` adds it to the set. The file is removed if it is
    /// dropped before that.
    ///
    /// # Errors
    /// As `add`.
    pub fn begin(&self, path: &Path) -> Result<Begun, FileError> {
        self.check(path)?;
        let temporary = temporary_in(folder_of(path), Access::Usual);
        let temporary = temporary.map_err(|error| FileError::from_io("write the file", path, error))?;
        Ok(Begun { path: path.to_owned(), temporary: BufWriter::with_capacity(BUFFER_BYTES, temporary) })
    }

    /// Writes the rest of a begun file to the disk and adds the file to the set.
    ///
    /// # Errors
    /// The disk is full or does not answer.
    pub fn take(&mut self, file: Begun) -> Result<(), FileError> {
        let Begun { path, temporary } = file;
        let failed = |error| FileError::from_io("write the file", &path, error);
        let temporary = temporary.into_inner().map_err(|error| failed(error.into_error()))?;
        temporary.as_file().sync_all().map_err(failed)?;
        self.staged.push((path, temporary.into_temp_path()));
        Ok(())
    }

    fn check(&self, path: &Path) -> Result<(), FileError> {
        if path.is_dir() {
            return Err(FileError::NotAFile { kind: "a folder", path: path.to_owned() });
        }
        if self.overwrite == Overwrite::Never && path.symlink_metadata().is_ok() {
            return Err(FileError::Exists(path.to_owned()));
        }
        Ok(())
    }

    fn stage(
        &mut self,
        path: &Path,
        access: Access,
        write: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> Result<(), FileError> {
        let failed = |error| FileError::from_io("write the file", path, error);
        self.check(path)?;
        let mut temporary = temporary_in(folder_of(path), access).map_err(failed)?;
        write(temporary.as_file_mut()).and_then(|()| temporary.as_file().sync_all()).map_err(failed)?;
        self.staged.push((path.to_owned(), temporary.into_temp_path()));
        Ok(())
    }

    /// Gives all files their names.
    ///
    /// # Errors
    /// A name was taken meanwhile, or a folder changed. The folder is then as it was before, or the error is
    /// `FileError::Partial` and names the files that could not be removed again.
    pub fn commit(self) -> Result<(), FileError> {
        let mut named: Vec<Named> = Vec::with_capacity(self.staged.len());
        for (path, temporary) in self.staged {
            match name(path, temporary, self.overwrite) {
                Ok(done) => named.push(done),
                Err(error) => return Err(undo(error, named)),
            }
        }
        named.iter().for_each(|file| sync_folder(folder_of(&file.path)));
        Ok(())
    }
}

/// Size of the buffer of a begun file.
const BUFFER_BYTES: usize = 64 << 10;

/// A begun file of a set; its owner writes to it.
#[derive(Debug)]
pub struct Begun {
    path: PathBuf,
    temporary: BufWriter<NamedTempFile>,
}

impl Begun {
    /// The name that the file will have.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Write for Begun {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.temporary.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.temporary.flush()
    }
}

/// A file of the set that has got its name.
struct Named {
    path: PathBuf,
    /// A second link to the file that had the name before; removed when it is dropped.
    replaced: Replaced,
}

enum Replaced {
    Nothing,
    File(TempPath),
    /// A file was replaced on a file system without links, so it cannot be restored.
    Lost,
}

fn name(path: PathBuf, temporary: TempPath, overwrite: Overwrite) -> Result<Named, FileError> {
    let failed = |error: tempfile::PathPersistError| FileError::from_io("write the file", &path, error.error);
    if overwrite == Overwrite::Never {
        temporary.persist_noclobber(&path).map_err(failed)?;
        return Ok(Named { path, replaced: Replaced::Nothing });
    }
    let replaced = keep(&path);
    temporary.persist(&path).map_err(failed)?;
    Ok(Named { path, replaced })
}

/// Links the file to a second, temporary name, so that it can be restored.
fn keep(path: &Path) -> Replaced {
    if path.symlink_metadata().is_err() {
        return Replaced::Nothing;
    }
    let link = builder().make_in(folder_of(path), |temporary| fs::hard_link(path, temporary));
    link.map_or(Replaced::Lost, |link| Replaced::File(link.into_temp_path()))
}

/// Takes the names away again, the last one first, and restores replaced files.
fn undo(cause: FileError, named: Vec<Named>) -> FileError {
    let mut left = Vec::new();
    for file in named.into_iter().rev() {
        let is_undone = match file.replaced {
            Replaced::Nothing => fs::remove_file(&file.path).is_ok(),
            Replaced::File(before) => before.persist(&file.path).is_ok(),
            Replaced::Lost => false,
        };
        if !is_undone {
            left.push(file.path);
        }
    }
    if left.is_empty() { cause } else { FileError::Partial { cause: Box::new(cause), left } }
}

/// Writes one file, completely or not at all.
///
/// # Errors
/// The file exists and may not be replaced, the folder cannot be written, or the disk is full. The folder is then
/// as it was before.
pub fn write_atomic(path: &Path, bytes: &[u8], overwrite: Overwrite) -> Result<(), FileError> {
    let mut files = WriteSet::new(overwrite);
    files.add(path, bytes)?;
    files.commit()
}

/// Writes a file as `stem.extension`, or under the first free `stem-2.extension`, `stem-3.extension`, …
///
/// # Errors
/// The folder cannot be made or written, or the disk is full.
pub fn write_numbered(folder: &Path, stem: &str, extension: &str, bytes: &[u8]) -> Result<PathBuf, FileError> {
    check_folder(folder)?;
    at_free_path(folder, stem, extension, |path| write_atomic(path, bytes, Overwrite::Never)).map(|(path, ())| path)
}

/// Calls `take` with `stem.extension`, `stem-2.extension`, `stem-3.extension`, … until a name is free. `take` must
/// refuse to replace a file.
///
/// # Errors
/// The first error other than `FileError::Exists`.
pub fn at_free_path<T>(
    folder: &Path,
    stem: &str,
    extension: &str,
    mut take: impl FnMut(&Path) -> Result<T, FileError>,
) -> Result<(PathBuf, T), FileError> {
    let mut number = 1_u32;
    loop {
        let name = match number {
            1 => format!("{stem}.{extension}"),
            _ => format!("{stem}-{number}.{extension}"),
        };
        let path = folder.join(name);
        match take(&path) {
            Err(FileError::Exists(_)) => number += 1,
            Err(error) => return Err(error),
            Ok(taken) => return Ok((path, taken)),
        }
    }
}

/// Moves a file unchanged into a folder, which is created if it does not exist. Returns the new path: the file
/// keeps its name or gets the first free name like it.
///
/// # Errors
/// The folder cannot be created or written. The file then stays where it was.
pub fn set_aside(path: &Path, folder: &Path) -> Result<PathBuf, FileError> {
    let failed = |error| FileError::from_io("move the file aside", path, error);
    fs::create_dir_all(folder).map_err(failed)?;
    let part = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, extension) = (part(path.file_stem()), part(path.extension()));
    let (place, ()) = at_free_path(folder, &stem, &extension, |place| match fs::hard_link(path, place) {
        // Creating a link never replaces a file; the old name is removed after the link exists.
        Ok(()) => fs::remove_file(path).map_err(failed),
        Err(_) if place.symlink_metadata().is_ok() => Err(FileError::Exists(place.to_owned())),
        // Some file systems have no links, and folders cannot be linked.
        Err(_) => fs::rename(path, place).map_err(failed),
    })?;
    Ok(place)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Syncs a folder, so that a new name is on the disk. Some file systems cannot sync a folder; the file is complete
/// nevertheless, so such a failure is ignored.
fn sync_folder(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}
