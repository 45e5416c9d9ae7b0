//! Saves an exercise while it runs, and words the notice if that fails.
//!
//! An exercise goes on if it cannot be saved; one notice says so, and the debrief offers another folder.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::files::{FileError, write_numbered};
use crate::session::runfile::{Judgement, RunFile, Standing};
use crate::session::{Journal, Run, journal};

/// The journal of an exercise, or the reason why there is none.
#[derive(Debug)]
pub struct Saving {
    journal: Option<Journal>,
    /// The reason why nothing is being saved.
    problem: Option<String>,
    is_reported: bool,
    /// The finished file.
    saved: Option<PathBuf>,
}

impl Saving {
    /// Begins a journal in a folder.
    pub fn begin(folder: &Path, run: &Run) -> Self {
        Self::with_journal(Journal::create(folder, &journal::stem(run), run))
    }

    /// Continues with a journal, or without one if it could not be opened.
    pub fn with_journal(journal: Result<Journal, FileError>) -> Self {
        match journal {
            Ok(journal) => Self { journal: Some(journal), problem: None, is_reported: false, saved: None },
            Err(error) => Self { journal: None, problem: Some(error.to_string()), is_reported: false, saved: None },
        }
    }

    /// The state for a run that is already in a finished file.
    pub fn finished(path: PathBuf) -> Self {
        Self { journal: None, problem: None, is_reported: true, saved: Some(path) }
    }

    /// Writes commands and notes that are new.
    pub fn follow(&mut self, run: &Run) {
        if let Some(journal) = &mut self.journal {
            journal.follow(run);
        }
    }

    /// Advances by wall time, after which the journal may be due to be written.
    pub fn pass_time(&mut self, wall: Duration, run: &Run, standing: impl FnOnce() -> Option<Standing>) {
        if let Some(journal) = &mut self.journal {
            journal.pass_time(wall, run, standing);
        }
    }

    /// Saves everything that has happened; called before the program ends.
    pub fn flush(&mut self, run: &Run) {
        if let Some(journal) = &mut self.journal {
            journal.flush(run);
        }
    }

    /// The notice for the chairs; each problem gives one notice.
    pub fn news(&mut self) -> Option<String> {
        let trouble = self.trouble();
        match (trouble, self.is_reported) {
            (Some(trouble), false) => {
                self.is_reported = true;
                Some(format!(
                    "This exercise is not being saved: {trouble}. You can play on and save it elsewhere at the end"
                ))
            }
            (None, true) if self.journal.is_some() => {
                self.is_reported = false;
                Some("The exercise is being saved again; nothing was lost".to_owned())
            }
            _ => None,
        }
    }

    /// The reason why the last attempt to save failed.
    pub fn trouble(&self) -> Option<String> {
        let of_journal = self.journal.as_ref().and_then(Journal::problem).map(FileError::to_string);
        of_journal.or_else(|| self.problem.clone())
    }

    /// Writes the end of the run.
    pub fn finish(&mut self, run: &Run, seats: Vec<Judgement>) {
        let Some(journal) = &mut self.journal else { return };
        match journal.finish(run, seats) {
            Ok(()) => {
                self.saved = Some(journal.path().to_owned());
                self.journal = None;
                self.problem = None;
            }
            Err(error) => self.problem = Some(error.to_string()),
        }
    }

    /// Saves the whole run into another folder, under a free name.
    pub fn save_to(&mut self, folder: &Path, run: &Run, seats: Vec<Judgement>) {
        let text = RunFile::from_run(run, seats).to_text();
        match write_numbered(folder, &journal::stem(run), "run", text.as_bytes()) {
            Ok(path) => {
                self.saved = Some(path);
                self.problem = None;
            }
            Err(error) => self.problem = Some(error.to_string()),
        }
    }

    /// The finished file.
    pub fn saved(&self) -> Option<&Path> {
        self.saved.as_deref()
    }

    /// The file that is being written, or the finished one.
    pub fn path(&self) -> Option<&Path> {
        self.saved.as_deref().or_else(|| self.journal.as_ref().map(Journal::path))
    }

    /// Was the end written, or is there nothing left to write it to?
    pub fn is_settled(&self) -> bool {
        self.saved.is_some() || self.journal.is_none() || self.problem.is_some()
    }
}
