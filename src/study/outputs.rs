//! Writes the files of a played run, its run file and its table of samples: both or neither.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Played;
use crate::assess::tables::Sampler;
use crate::base::table::MARK;
use crate::files::{Begun, FileError, Overwrite, WriteSet, check_folder};
use crate::scenario::compile::Scenario;
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

    /// Begins the table, which is written during the run, with a byte-order mark if it is wanted.
    ///
    /// # Errors
    /// A file exists and may not be replaced, or the folder cannot be written.
    pub fn begin(&self, scenario: &Arc<Scenario>, overwrite: Overwrite, with_mark: bool) -> Result<Table, FileError> {
        let set = WriteSet::new(overwrite);
        let mut file = set.begin(&self.table)?;
        if with_mark {
            file.write_all(MARK.as_bytes())
                .map_err(|error| FileError::from_io("write the file", &self.table, error))?;
        }
        Ok(Table { set, sampler: Sampler::new(scenario, file) })
    }

    /// Writes both files, or neither.
    ///
    /// # Errors
    /// Another program created a file of this name meanwhile, or the disk is full.
    pub fn write(&self, played: &Played, table: Table) -> Result<(), FileError> {
        let Table { mut set, sampler } = table;
        let file = sampler.finish().map_err(|error| FileError::from_io("write the file", &self.table, error))?;
        set.take(file)?;
        set.add(&self.run, run_text(played).as_bytes())?;
        set.commit()
    }

    /// Writes the run file and a table under the first of `STEM`, `STEM-2`, `STEM-3`, … for which neither file exists.
    ///
    /// # Errors
    /// The folder cannot be made or written, or the disk is full.
    pub fn write_numbered(played: &Played, table: &[u8], folder: &Path, stem: &str) -> Result<Self, FileError> {
        check_folder(folder)?;
        let mut number = 1_u32;
        loop {
            let stem = if number == 1 { stem.to_owned() } else { format!("{stem}-{number}") };
            let files = Self::in_folder(folder, &stem);
            number += 1;
            if files.taken().is_some() {
                continue;
            }
            match files.write_new(played, table) {
                // Another program created a file of this name meanwhile.
                Err(FileError::Exists(_)) => {}
                written => return written.map(|()| files),
            }
        }
    }

    fn write_new(&self, played: &Played, table: &[u8]) -> Result<(), FileError> {
        let mut set = WriteSet::new(Overwrite::Never);
        set.add(&self.run, run_text(played).as_bytes())?;
        set.add(&self.table, table)?;
        set.commit()
    }
}

/// A table on its way to the disk.
pub struct Table {
    set: WriteSet,
    pub sampler: Sampler<Begun>,
}

fn run_text(played: &Played) -> String {
    RunFile::from_run(&played.run, played.judgement.clone().into_iter().collect()).to_text()
}
