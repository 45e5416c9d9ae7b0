//! Writes the files of a played run, its run file and its table of samples: both or neither.

use std::path::{Path, PathBuf};

use super::Played;
use crate::assess::tables::csv_bytes;
use crate::files::{FileError, Overwrite, WriteSet, check_folder};
use crate::session::runfile::RunFile;

/// The paths of the files of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFiles {
    pub run: PathBuf,
    pub table: PathBuf,
}

impl RunFiles {
    /// `STEM.run` and `STEM.csv` in a folder.
    pub fn in_folder(folder: &Path, stem: &str) -> Self {
        Self { run: folder.join(format!("{stem}.run")), table: folder.join(format!("{stem}.csv")) }
    }

    /// The first of the two paths that already exists.
    pub fn taken(&self) -> Option<&Path> {
        [&self.run, &self.table].into_iter().find(|path| path.symlink_metadata().is_ok()).map(PathBuf::as_path)
    }

    /// Writes both files, or neither.
    ///
    /// # Errors
    /// A file exists and may not be replaced, the folder cannot be written, or the disk is full.
    pub fn write(&self, played: &Played, overwrite: Overwrite) -> Result<(), FileError> {
        let run = &played.run;
        let judgements = played.judgement.clone().into_iter().collect();
        let mut set = WriteSet::new(overwrite);
        set.add(&self.run, RunFile::from_run(run, judgements).to_text().as_bytes())?;
        if let Some(sampler) = &played.sampler {
            set.add(&self.table, &csv_bytes(sampler, &run.setup.scenario))?;
        }
        set.commit()
    }

    /// Writes both files under the first of `STEM`, `STEM-2`, `STEM-3`, … for which neither file exists.
    ///
    /// # Errors
    /// The folder cannot be made or written, or the disk is full.
    pub fn write_numbered(played: &Played, folder: &Path, stem: &str) -> Result<Self, FileError> {
        check_folder(folder)?;
        let mut number = 1_u32;
        loop {
            let stem = if number == 1 { stem.to_owned() } else { format!("{stem}-{number}") };
            let files = Self::in_folder(folder, &stem);
            number += 1;
            if files.taken().is_some() {
                continue;
            }
            match files.write(played, Overwrite::Never) {
                // Another program created a file of this name meanwhile.
                Err(FileError::Exists(_)) => {}
                written => return written.map(|()| files),
            }
        }
    }
}
